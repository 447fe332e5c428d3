//! Hints for invalid instructions: the operands that the mnemonic takes, and the operand that doesn't fit.

use super::operand::classes;
use super::optab::{Class, FormOperands, operand_forms};
use crate::func_text::FuncText;
use crate::print;
use crate::prog::{Addr, ProgId};
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
