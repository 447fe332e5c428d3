//! Sentences about single instructions: for hand-written functions and those that the compiler makes without values.

use minigo_obj::list::Row;
use minigo_obj::{Addr, NameKind, SymTable};

use super::sentence::Sentence;
use super::values::OPERATORS;

/// The mnemonics that only move, without a size.
const MOVES: [&str; 12] = [
    "MOVB", "MOVW", "MOVL", "MOVQ", "MOVO", "MOVOU", "MOVOA", "MOVUPS", "MOVAPS", "MOVSS", "MOVSD",
    "MOVUPD",
];

/// Returns what an instruction of one or two operands does, if it is a common one.
pub(super) fn meaning(row: &Row, syms: &SymTable) -> Option<Sentence> {
    let p = row.instruction;
    if p.suffix != 0 || !row.function.rest(p).is_empty() {
        return None;
    }
    let text = row.text(syms);
    let (name, operands) = text.split_once('\t')?;
    let assign = |to: &str, value: String| {
        let to = to.to_owned();
        Some(Sentence::Assign { to, value })
    };
    let Some((from, to)) = operands.split_once(", ") else {
        return match without_size(name)? {
            "INC" => assign(operands, format!("{operands} + 1")),
            "DEC" => assign(operands, format!("{operands} - 1")),
            "NEG" => assign(operands, format!("-{operands}")),
            "NOT" => assign(operands, format!("^{operands}")),
            _ => None,
        };
    };
    if to.contains(", ") {
        return None;
    }
    let value = number(from);
    if MOVES.contains(&name) {
        return assign(to, value.to_owned());
    }
    if name.starts_with("MOV") && (name.ends_with("ZX") || name.ends_with("SX")) {
        let (to, value) = (to.to_owned(), value.to_owned());
        return Some(Sentence::Widen { to, value });
    }
    let short = without_size(name)?;
    match short {
        "LEA" => assign(to, address(&p.from).unwrap_or_else(|| format!("&{from}"))),
        "XOR" if from == to => assign(to, "0".to_owned()),
        "CMP" => Some(Sentence::Compare {
            left: value.to_owned(),
            right: number(to).to_owned(),
        }),
        "TEST" if from == to => Some(Sentence::Compare {
            left: to.to_owned(),
            right: "0".to_owned(),
        }),
        "TEST" => Some(Sentence::TestBits {
            left: to.to_owned(),
            right: value.to_owned(),
        }),
        _ => {
            let (_, sign) = OPERATORS.iter().find(|(operator, _)| *operator == short)?;
            let note = if short == "SHR" { " (unsigned)" } else { "" };
            assign(to, format!("{to} {sign} {value}{note}"))
        }
    }
}

/// Returns a mnemonic without the letter of its size; none if it has none.
fn without_size(name: &str) -> Option<&str> {
    name.strip_suffix(['B', 'W', 'L', 'Q'])
}

/// Returns an operand without the dollar of a number.
fn number(operand: &str) -> &str {
    match operand.strip_prefix('$') {
        Some(rest) if rest.parse::<i64>().is_ok() => rest,
        _ => operand,
    }
}

/// Returns an address that is only computed as a sum; none if it has a name.
fn address(a: &Addr) -> Option<String> {
    if a.name.kind() != NameKind::None {
        return None;
    }
    let mut parts = Vec::new();
    if a.reg.is_some() {
        parts.push(a.reg.name().to_owned());
    }
    if a.index.is_some() {
        let index = a.index.name();
        parts.push(match a.scale {
            0 | 1 => index.to_owned(),
            scale => format!("{scale}*{index}"),
        });
    }
    let sum = parts.join(" + ");
    Some(match a.offset {
        0 => sum,
        offset if offset < 0 => format!("{sum} - {}", -offset),
        offset => format!("{sum} + {offset}"),
    })
}
