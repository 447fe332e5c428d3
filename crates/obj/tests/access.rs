//! The accesses to operands, as an independent decoder sees them: size and use of memory, and the registers that are
//! written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use iced_x86::{
    Decoder, DecoderOptions, Instruction, InstructionInfoFactory, OpAccess, OpKind, UsedRegister,
};
use minigo_base::PosTable;
use minigo_obj::amd64::{Access, accesses};
use minigo_obj::{Addr, AddrKind, SymTable, asm};
use registers::{go_number, number};

mod registers;

/// The use of memory and the registers that are written.
#[derive(Debug, Default, PartialEq, Eq)]
struct Uses {
    /// Size in bytes, whether it is read, whether it is written.
    memory: Option<(i64, bool, bool)>,
    written: BTreeSet<(char, usize)>,
}

/// Returns the accesses that minigo finds.
fn found(instruction: &str) -> Vec<(Addr, Access)> {
    let text = format!("TEXT f(SB), 516, $0\n\t{instruction}\n");
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let includes = |name: &str| Err(format!("no {name}"));
    let file = asm::read("in.s", &text, &[], &includes, &mut syms, &mut files);
    let file = file.expect("it was assembled");
    let f = &file.texts[0];
    let (_, prog) = f.iter().last().expect("an instruction");
    accesses(prog, f.rest(prog)).collect()
}

fn uses(accesses: &[(Addr, Access)]) -> Uses {
    let mut uses = Uses::default();
    for (operand, access) in accesses {
        match operand.kind {
            AddrKind::Mem => uses.memory = Some((access.size, access.reads, access.writes)),
            AddrKind::Reg if access.writes => uses.written.extend(go_number(operand.reg)),
            _ => {}
        }
    }
    uses
}

/// Returns the accesses of the decoder.
fn decoded(instruction: &Instruction) -> Uses {
    let mut factory = InstructionInfoFactory::new();
    let info = factory.info(instruction);
    let mut uses = Uses::default();
    for operand in 0..instruction.op_count() {
        let access = info.op_access(operand);
        let reads = matches!(
            access,
            OpAccess::Read | OpAccess::CondRead | OpAccess::ReadWrite | OpAccess::ReadCondWrite
        );
        let writes = matches!(
            access,
            OpAccess::Write | OpAccess::CondWrite | OpAccess::ReadWrite | OpAccess::ReadCondWrite
        );
        match instruction.op_kind(operand) {
            OpKind::Memory => {
                let size = match reads || writes {
                    true => instruction.memory_size().size() as i64,
                    false => 0,
                };
                uses.memory = Some((size, reads, writes));
            }
            OpKind::Register if writes => uses
                .written
                .extend(number(instruction.op_register(operand))),
            _ => {}
        }
    }
    // The mask of a gather or scatter.
    let mask = instruction.op_mask();
    let clears = |used: &&UsedRegister| used.register() == mask && used.access() != OpAccess::Read;
    let cleared = info.used_registers().iter().find(clears);
    uses.written
        .extend(cleared.and_then(|used| number(used.register())));
    uses
}

/// Reports whether Go and the decoder call the operands of an instruction differently.
fn is_special(text: &str) -> bool {
    let (name, operands) = text.split_once(' ').unwrap_or((text, ""));
    let has = |names: [&str; 4]| operands.split(", ").any(|operand| names.contains(&operand));
    match name {
        // Data, which isn't an instruction.
        "WORD" => true,
        // AX, and the memory of XLAT, are implied.
        "INB" | "INL" | "INW" | "LODSB" | "LODSL" | "LODSQ" | "LODSW" | "XLAT" => true,
        // The one that is NOP.
        "XCHGQ" => operands == "AX, AX",
        // An MMX register stands for the general one of its number.
        "PEXTRB" | "PEXTRD" | "PEXTRQ" => operands.contains(", M"),
        // In NEG or beside a REX prefix, their numbers are those of SPB to DIB.
        _ => has(["AH", "BH", "CH", "DH"]),
    }
}

#[test]
fn accesses_are_those_of_the_decoder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/obj");
    let (mut n_lines, mut n_memory) = (0, 0);
    let mut wrong = Vec::new();
    for name in ["forms-1.txt", "forms-2.txt"] {
        let lines = fs::read_to_string(folder.join(name)).expect("readable");
        for line in lines.lines() {
            let (text, hex) = line.split_once(" // ").expect("bytes");
            if hex == "!" || hex.is_empty() {
                continue;
            }
            let bytes: Vec<u8> = (0..hex.len() / 2)
                .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("a byte"))
                .collect();
            let instruction = Decoder::new(64, &bytes, DecoderOptions::NONE).decode();
            if instruction.is_invalid() || instruction.len() != bytes.len() || is_special(text) {
                continue;
            }
            let (found, decoded) = (uses(&found(text)), decoded(&instruction));
            n_lines += 1;
            n_memory += usize::from(found.memory.is_some());
            if found != decoded {
                wrong.push(format!("{line}: {found:?}, not {decoded:?}"));
            }
        }
    }
    let n_wrong = wrong.len();

    wrong.truncate(30);
    assert!(wrong.is_empty(), "{n_wrong} wrong:\n{}", wrong.join("\n"));
    assert!(
        n_lines > 25_000 && n_memory > 10_000,
        "only {n_lines} lines, {n_memory} of memory"
    );
}
