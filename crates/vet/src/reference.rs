//! The check of a reference to an argument by name: offset and width (asmdecl.go, asmCheckVar).

use std::fmt::Write;

use crate::text;
use minigo_layout::{Arguments, Kind, Var};

/// Returns the mistake in `text`, which is in `line` and names `var` with `offset`.
pub(crate) fn check(
    arguments: &Arguments,
    var: &Var,
    line: &str,
    text: &str,
    offset: i64,
) -> Option<String> {
    let Some(op) = text::opcode(line) else {
        return Some("cannot find assembly opcode".to_owned());
    };
    let widths = Widths::of(op);
    let is_source = line.find(text) <= line.find(',');
    let width = if is_source { widths.from } else { widths.to };
    let is_address = text.starts_with('$') || widths.address;
    // The width of the variable, and its size and type in a message.
    let whole = (var.kind, var.size, &*var.typ);
    let (kind, size, typ) = match var.kind {
        _ if is_address => (Kind::Bytes(8), 8, "address"),
        // The name of the whole may stand for the pointer at its start.
        Kind::Interface | Kind::String | Kind::Slice => {
            let first = arguments.inner(var).next();
            first.map_or(whole, |part| (part.kind, part.size, &*part.typ))
        }
        _ => whole,
    };
    if u64::try_from(offset) != Ok(var.offset) {
        let mut message = format!(
            "invalid offset {text}; expected {}+{}(FP)",
            var.name, var.offset
        );
        let n = var.inner.len();
        for (index, part) in arguments.inner(var).enumerate() {
            let comma = if n > 1 { "," } else { "" };
            let or = if index + 1 == n { "or " } else { "" };
            let _ = write!(message, "{comma} {or}{}+{}(FP)", part.name, part.offset);
        }
        return Some(message);
    }
    // One instruction may move both halves of a complex number.
    let moves_complex = var.kind == Kind::Complex && width == Some(var.size);
    let have = match width {
        Some(_) if moves_complex => Kind::Complex,
        Some(bytes) => Kind::Bytes(bytes),
        None => return None,
    };
    if have == kind {
        return None;
    }
    let mut message = format!("invalid {op} of {text}; {typ} is {size}-byte value");
    let n = var.inner.len();
    for (index, part) in arguments.inner(var).enumerate() {
        message.push_str(if index == 0 { " containing" } else { "" });
        let comma = if index > 0 && n > 2 { "," } else { "" };
        let and = if index > 0 && index + 1 == n {
            "and "
        } else {
            ""
        };
        let _ = write!(message, "{comma} {and}{}+{}(FP)", part.name, part.offset);
    }
    Some(message)
}

/// Returns the widths in bytes of an instruction's first operand and of the others, as far as its name tells.
struct Widths {
    from: Option<u64>,
    to: Option<u64>,
    /// Whether it takes the address of its operand.
    address: bool,
}

impl Widths {
    fn of(op: &str) -> Widths {
        let width = match op {
            "LEAQ" => {
                return Widths {
                    from: None,
                    to: Some(8),
                    address: true,
                };
            }
            "MOVO" | "MOVOU" => Some(16),
            // x87, doubles: FMOVD, FMOVDP.
            _ if op.starts_with('F') && (op.ends_with('D') || op.ends_with("DP")) => Some(8),
            // PINSRD and PEXTRD.
            _ if op.starts_with('P') && op.ends_with("RD") => Some(4),
            // x87, singles. F alone is no suffix.
            _ if op.starts_with('F') && (op.ends_with('F') || op.ends_with("FP")) => Some(4),
            _ if op.ends_with("SD") => Some(8),
            _ if op.ends_with("SS") => Some(4),
            _ if op.starts_with("SET") => Some(1),
            _ => match op.as_bytes().last() {
                Some(b'B') => Some(1),
                Some(b'W') => Some(2),
                Some(b'L') => Some(4),
                Some(b'D' | b'Q') => Some(8),
                _ => None,
            },
        };
        Widths {
            from: width,
            to: width,
            address: false,
        }
    }
}
