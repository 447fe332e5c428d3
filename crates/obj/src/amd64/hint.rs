//! Hints for invalid instructions: the operands that the mnemonic takes, and the operand that doesn't fit.

use super::opcode::As;
use super::operand::classes;
use super::optab::{Class, FormOperands, operand_forms};
use super::reg::Reg;
use crate::func_text::FuncText;
use crate::print;
use crate::prog::{Addr, AddrKind, ProgId};
use crate::unit::Unit;

/// The largest number of forms in a hint.
const MOST: usize = 6;

/// Returns the hint for an instruction that matches no form.
pub(super) fn operand_hint(f: &FuncText, id: ProgId, unit: &Unit) -> String {
    let p = &f[id];
    let rest = f.rest(p);
    let operands: Vec<&Addr> = std::iter::once(&p.from)
        .chain(rest)
        .chain([&p.to])
        .filter(|a| a.is_some())
        .collect();
    if let Some(hint) = known_mistake(p.as_, &operands) {
        return hint;
    }
    let mut forms: Vec<FormOperands> = operand_forms(p.as_).collect();
    if forms.is_empty() {
        return format!("Go has the name {} but no form of it", p.as_);
    }
    // Forms for general registers are the most likely ones.
    forms.sort_by_key(|form| !form.classes.iter().any(is_general));
    let takes = takes(&forms);
    let as_ = p.as_;
    let fits = |form: &FormOperands, index: usize| {
        classes(operands[index]) & form.classes[index].bit() != 0
    };
    let n_fitting = |form: &FormOperands| (0..operands.len()).filter(|&i| fits(form, i)).count();
    let same_length = forms
        .iter()
        .filter(|form| form.classes.len() == operands.len());
    // Of equally near forms, the first.
    let Some(nearest) = same_length.rev().max_by_key(|form| n_fitting(form)) else {
        let n = operands.len();
        let s = if n == 1 { "" } else { "s" };
        return format!("{as_} takes {takes}; here it has {n} operand{s}");
    };
    match (0..operands.len()).find(|&i| !fits(nearest, i)) {
        Some(index) => {
            let text = print::addr_string(f, operands[index], unit.syms);
            let want = nearest.classes[index].name();
            let place = index + 1;
            format!("{as_} takes {takes}; operand {place}, {text}, is not {want}")
        }
        None => format!("{as_} takes {takes}; no form has the suffix"),
    }
}

/// Returns the hint for a common mistake.
fn known_mistake(as_: As, operands: &[&Addr]) -> Option<String> {
    let name = as_.name();
    let is_memory = |a: &Addr| matches!(a.kind, AddrKind::Mem | AddrKind::Indir);
    let is_constant = |a: &Addr| a.kind == AddrKind::Const;
    let is_jump = name.starts_with('J') || as_ == As::CALL;
    if is_jump && operands.is_empty() {
        return Some("its label is not defined".to_owned());
    }
    let [first, .., last] = operands else {
        let number = operands.first().filter(|a| a.is_at_number())?;
        return Some(format!("a constant has a $ in front: ${}", number.offset));
    };
    let sized = name.strip_suffix(['B', 'W', 'L', 'Q']).unwrap_or(name);
    let shifts = matches!(
        sized,
        "SHL" | "SHR" | "SAL" | "SAR" | "ROL" | "ROR" | "RCL" | "RCR"
    );
    if shifts && first.kind == AddrKind::Reg && first.reg != Reg::CX {
        return Some(format!("the count of {as_} is a constant or in CX"));
    }
    if matches!(as_, As::IMULW | As::IMULL | As::IMULQ) && operands.len() == 3 {
        let size = &name[4..];
        return Some(format!(
            "with a constant and two registers it is IMUL3{size}"
        ));
    }
    if is_constant(last)
        && !is_constant(first)
        && (name.starts_with("MOV") || name.starts_with("ADD") || name.starts_with("SUB"))
    {
        return Some("the destination is the last operand".to_owned());
    }
    if operands.len() == 2 && is_memory(first) && is_memory(last) {
        return Some(format!(
            "{as_} takes at most one operand in memory: load the other into a register first"
        ));
    }
    if matches!(as_, As::LEAQ | As::LEAL | As::LEAW) && first.kind == AddrKind::Reg {
        return Some(format!(
            "{as_} takes the address of memory: {as_} ({}), {}",
            first.reg, last.reg
        ))
        .filter(|_| last.kind == AddrKind::Reg);
    }
    let fits = |value: i64| i32::try_from(value).is_ok() || u32::try_from(value).is_ok();
    if is_constant(first) && !fits(first.offset) && as_ != As::MOVQ {
        return Some(match name.ends_with('Q') {
            true => {
                "a constant here has 32 bits: MOVQ loads a longer one into a register".to_owned()
            }
            false => format!("the constant has more than 32 bits; {as_} keeps 32"),
        });
    }
    None
}

fn is_general(class: &Class) -> bool {
    matches!(class, Class::Rl | Class::Ml | Class::Rb | Class::Mb)
}

/// Returns the operands of forms, each once: `reg, reg/mem | imm32, reg/mem`.
fn takes(forms: &[FormOperands]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for form in forms {
        let names: Vec<&str> = form
            .classes
            .iter()
            .map(|class: &Class| class.name())
            .collect();
        let text = match names.is_empty() {
            true => "no operands".to_owned(),
            false => names.join(", "),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let more = texts.len() > MOST;
    texts.truncate(MOST);
    let mut text = texts.join(" | ");
    if more {
        text.push_str(" | ...");
    }
    text
}
