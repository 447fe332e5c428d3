//! Every form of every mnemonic with random operands has the same bytes as in Go's assembler.
//!
//! A line of `tests/obj/forms-*.txt` is an instruction and, after `//`, its bytes, or `!` if the instruction is
//! invalid.

use std::fs;
use std::path::Path;

use minigo_base::PosTable;
use minigo_obj::{SymTable, Unit, asm, assemble, dialect};

/// Returns the bytes of an instruction, or `!`.
fn encode(instruction: &str) -> String {
    let text = format!("TEXT f(SB), 516, $0\n\t{instruction}\n");
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let includes = |name: &str| Err(format!("no {name}"));
    let Ok(mut file) = asm::read("in.s", &text, &[], &includes, &mut syms, &mut files) else {
        return "!".to_owned();
    };
    let unit = Unit {
        hand_written: true,
        ..Unit::new(&syms, &files, &dialect::GO1_15)
    };
    match assemble(file.texts.remove(0), &unit) {
        Ok(symbol) => symbol.data.iter().map(|b| format!("{b:02x}")).collect(),
        Err(_) => "!".to_owned(),
    }
}

#[test]
fn forms_have_go_s_bytes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/obj");
    let mut n_lines = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if !name.starts_with("forms-") {
            continue;
        }
        for line in fs::read_to_string(&path).expect("readable").lines() {
            let (instruction, expected) = line.split_once(" // ").expect("bytes");
            let found = encode(instruction);
            if found != expected {
                wrong.push(format!("{line}, not {found}"));
            }
            n_lines += 1;
        }
    }
    let n_wrong = wrong.len();
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{n_wrong} wrong:\n{}", wrong.join("\n"));
    assert!(n_lines > 20_000, "only {n_lines} lines");
}
