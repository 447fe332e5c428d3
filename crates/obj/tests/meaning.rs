//! The meaning of the recorded forms' bytes to an independent decoder: the same operation on the same registers and
//! memory.
//!
//! The decoder's names are Intel's. `intel_name` converts Go's names that differ by more than a size at the end.

use std::fs;
use std::path::Path;

use iced_x86::{Decoder, DecoderOptions, EncodingKind, Instruction, OpKind};
use minigo_obj::Reg;
use registers::{go_number, number};

mod registers;

/// Returns Intel's name of an operation in upper case, without a size where Go's name has one.
fn intel_name(go: &str) -> String {
    let name = go.split('.').next().unwrap_or(go);
    for (from, to) in [
        ("CVTTPD2PL", "CVTTPD2DQ"),
        ("CVTTPS2PL", "CVTTPS2DQ"),
        ("CVTPD2PL", "CVTPD2DQ"),
        ("CVTPS2PL", "CVTPS2DQ"),
        ("CVTPL2", "CVTDQ2"),
    ] {
        if let Some(rest) = name.strip_prefix(from) {
            return format!("{to}{rest}");
        }
    }
    name.to_owned()
}

/// Reports whether a register that was not decoded is one that Go replaces: X0 where it is implied, AH to BH beside a
/// register that needs a REX prefix, MMX registers in place of general ones.
fn is_go_s((kind, n): (char, usize), have: &[(char, usize)]) -> bool {
    match kind {
        'X' => n == 0,
        'H' => have.contains(&('R', n + 4)),
        'M' => have.contains(&('R', n)),
        _ => false,
    }
}

/// Reports whether a mnemonic is data or a prefix, or gc takes operands for it that processors don't.
fn is_lax(go: &str) -> bool {
    let lax = [
        "BYTE",
        "WORD",
        "LONG",
        "QUAD",
        "LOCK",
        "REP",
        "REPN",
        "XACQUIRE",
        "XRELEASE",
        "BOUNDW",
        "CMPXCHG16B",
        "CMPXCHG8B",
        "FCOMDPP",
        "FUCOMPP",
        "MOVHPD",
        "MOVLPD",
        "MOVNTIL",
        "MOVNTIQ",
        "MOVNTO",
        "MOVNTPD",
        "MOVNTPS",
        "MOVNTQ",
        "UD1",
        "XRSTORS",
        "XRSTORS64",
        "INVPCID",
    ];
    lax.contains(&go)
}

/// Reports whether a decoded operation is the one that was written.
fn same_operation(go: &str, intel: &str) -> bool {
    let name = intel_name(go);
    let shorter = name.strip_suffix(['B', 'W', 'L', 'Q', 'X', 'Y', 'Z']);
    name == intel || shorter == Some(intel)
}

/// Returns the registers that are operands, sorted.
fn written(operands: &str) -> Vec<(char, usize)> {
    // A list stands for its first register.
    let first = |operand: &str| match operand.strip_prefix('[') {
        Some(list) => go_number(Reg::from_name(list.split('-').next()?)?),
        None => go_number(Reg::from_name(operand)?),
    };
    let mut found: Vec<_> = operands.split(", ").filter_map(first).collect();
    found.sort();
    found
}

fn decoded(instruction: &Instruction) -> Vec<(char, usize)> {
    let mut found: Vec<_> = (0..instruction.op_count())
        .filter(|&i| instruction.op_kind(i) == OpKind::Register)
        .filter_map(|i| number(instruction.op_register(i)))
        .chain(number(instruction.op_mask()))
        .collect();
    found.sort();
    found
}

#[test]
fn forms_mean_what_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/obj");
    let mut n_lines = 0;
    let mut wrong = Vec::new();
    for name in ["forms-1.txt", "forms-2.txt"] {
        for line in fs::read_to_string(folder.join(name))
            .expect("readable")
            .lines()
        {
            let (text, hex) = line.split_once(" // ").expect("bytes");
            if hex == "!" || hex.is_empty() {
                continue;
            }
            let (go, operands) = text.split_once(' ').unwrap_or((text, ""));
            let bytes: Vec<u8> = (0..hex.len() / 2)
                .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("a byte"))
                .collect();
            let instruction = Decoder::new(64, &bytes, DecoderOptions::NONE).decode();
            let is_vector =
                go.starts_with(['V', 'K']) && instruction.encoding() != EncodingKind::Legacy;
            if instruction.is_invalid() || instruction.len() != bytes.len() {
                // Only Go has zeroing without a mask or in memory, and some legacy operands.
                let only_go = if go.starts_with('V') {
                    go.contains(".Z")
                } else {
                    is_lax(go)
                };
                if !only_go {
                    wrong.push(format!("{line}: no single instruction"));
                }
                continue;
            }
            let intel = format!("{:?}", instruction.mnemonic()).to_uppercase();
            if !same_operation(go, &intel) {
                if is_vector {
                    wrong.push(format!("{line}: {intel}"));
                }
                continue;
            }
            n_lines += 1;
            let (want, have) = (written(operands), decoded(&instruction));
            let same = match is_vector {
                true => want == have,
                false => want
                    .iter()
                    .all(|&reg| have.contains(&reg) || is_go_s(reg, &have)),
            };
            if !same {
                wrong.push(format!("{line}: {have:?}"));
            }
        }
    }
    let n_wrong = wrong.len();
    wrong.truncate(30);
    assert!(wrong.is_empty(), "{n_wrong} wrong:\n{}", wrong.join("\n"));
    assert!(n_lines > 25_000, "only {n_lines} lines");
}
