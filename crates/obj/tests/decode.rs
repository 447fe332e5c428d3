//! Encodings checked by an independent decoder: every instruction of `tests/obj` decodes to one instruction of the
//! same length, and branches have the targets that listings show.

use std::fs;
use std::path::Path;

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction};
use minigo_base::PosTable;
use minigo_obj::{AddrKind, As, LSym, SymTable, Unit, asm, assemble, dialect};

/// Reports whether an instruction is only data, or a prefix of the next one.
fn is_part(as_: As) -> bool {
    matches!(
        as_,
        As::BYTE
            | As::WORD
            | As::LONG
            | As::QUAD
            | As::REP
            | As::REPN
            | As::LOCK
            | As::XACQUIRE
            | As::XRELEASE
    )
}

/// Reports whether gc takes operands that processors don't: registers in place of memory, other registers of the x87
/// stack, no operands, or any in 64-bit mode.
fn is_lax(as_: As) -> bool {
    use As::*;
    matches!(
        as_,
        CMPXCHG8B | CMPXCHG16B | MOVNTIL | MOVNTIQ | MOVHPD | MOVLPD | MOVNTO | MOVNTPD | MOVNTPS
    ) || matches!(
        as_,
        UD1 | MOVNTQ | INVPCID | XRSTORS | XRSTORS64 | FCOMDPP | FUCOMPP | BOUNDW
    )
}

fn check(name: &str, symbol: &LSym) -> usize {
    let f = symbol.text.as_ref().expect("a function");
    let progs: Vec<_> = f.iter().map(|(_, p)| p).collect();
    let mut n_checked = 0;
    for (index, p) in progs.iter().enumerate() {
        let end = progs
            .get(index + 1)
            .map_or(symbol.data.len(), |next| next.pc as usize);
        let bytes = &symbol.data[p.pc as usize..end];
        let follows_part = index > 0 && is_part(progs[index - 1].as_);
        // NOP stands for padding of any length.
        if bytes.is_empty() || is_part(p.as_) || follows_part || is_lax(p.as_) || p.as_ == As::NOP {
            continue;
        }
        let mut decoder = Decoder::with_ip(64, bytes, u64::from(p.pc), DecoderOptions::NONE);
        let mut instruction = Instruction::default();
        decoder.decode_out(&mut instruction);
        let context = format!("{name}: {:?} at {:#x}: {bytes:02x?}", p.as_, p.pc);
        assert!(!instruction.is_invalid(), "{context}");
        assert_eq!(instruction.len(), bytes.len(), "{context}");
        let target = p.target.expand().filter(|_| {
            let flow = instruction.flow_control();
            let jumps = matches!(
                flow,
                FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch
            );
            // gc doesn't count the prefix of JCXZL when it measures a backward jump.
            jumps && p.to.name.sym().is_none() && p.as_ != As::JCXZL
        });
        if let (Some(target), AddrKind::Branch) = (target, p.to.kind) {
            let expected = u64::from(f[target].pc);
            assert_eq!(instruction.near_branch_target(), expected, "{context}");
        }
        n_checked += 1;
    }
    n_checked
}

#[test]
fn a_decoder_reads_what_was_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/obj");
    let mut n_checked = 0;
    for name in ["integer", "branch", "prologue", "padding", "sse", "system"] {
        let text = fs::read_to_string(folder.join(name).with_extension("txtar")).expect("readable");
        let (_, source) = text.split_once("-- in.s --\n").expect("a source");
        let source = &source[..source.find("\n-- ").expect("an expectation") + 1];
        let mut syms = SymTable::new();
        let mut files = PosTable::default();
        let includes = |name: &str| Err(format!("no {name}"));
        let file = asm::read("in.s", source, &[], &includes, &mut syms, &mut files).expect("valid");
        for hand_written in [true, false] {
            let unit = Unit {
                hand_written,
                ..Unit::new(&syms, &files, &dialect::GO1_15)
            };
            for f in file.texts.clone() {
                let symbol = assemble(f, &unit).expect("valid");
                n_checked += check(name, &symbol);
            }
        }
    }
    assert!(n_checked > 5000, "only {n_checked} instructions");
}
