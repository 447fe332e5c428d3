//! Functions have the same bytes whether their instructions are encoded early or not.

use minigo_base::PosTable;
use minigo_obj::{Attrs, Reloc, SymTable, Unit, asm, assemble, dialect};

/// Attributes, bytes and relocations of a function, or the messages about it.
type Function = Result<(Attrs, Vec<u8>, Vec<Reloc>), Vec<String>>;

/// Returns the functions of a file, and the messages about it.
fn functions(text: &str, body: asm::Body) -> (Vec<Function>, String) {
    let (mut syms, mut files) = (SymTable::new(), PosTable::default());
    let options = asm::Options {
        dialect: &dialect::GO1_15,
        defines: &[],
        includes: &|name| Err(format!("no {name}")),
        all_errors: false,
        lenient: false,
        body,
    };
    let mut functions = Vec::new();
    let mut each = |f, syms: &SymTable, files: &PosTable| {
        let unit = Unit {
            hand_written: true,
            tracebacks: false,
            ..Unit::new(syms, files, &dialect::GO1_15)
        };
        let assembled = assemble(f, &unit);
        functions.push(assembled.map(|s| (s.attrs, s.data, s.relocs)));
    };
    let text = Box::new(text.as_bytes());
    let read = asm::read_each(
        "x.s",
        text,
        &options,
        &mut syms,
        &mut files,
        &mut asm::Variables::default(),
        &mut each,
    );
    let messages = match read {
        Ok(read) => read.messages,
        Err(failed) => failed.messages,
    };
    (functions, messages)
}

fn check(text: &str) {
    let kept = functions(text, asm::Body::Instructions);
    assert!(!kept.0.is_empty(), "{}", kept.1);
    assert_eq!(kept, functions(text, asm::Body::Encoded));
}

#[test]
fn lines_that_recur() {
    let body = "l:\n\tADDQ $1, AX\n\tMOVQ AX, x+8(SB)\n\tMOVB $1, AX\n\tJNE l\n\tJEQ m\n\tMOVQ a+0(FP), BX\n\tPUSHQ BX\n\tVADDPD.Z Z1, Z2, K3, Z4\n\tPOPQ BX\nm: ADDQ $1, AX\n\tMOVSD $1.5, X1\n\tRET\n";
    check(&format!(
        "TEXT f(SB), $16-8\n{body}TEXT g(SB), 4, $0-8\n{body}TEXT h(SB), $0-8\n\tCALL f(SB)\n{body}"
    ));
}

#[test]
fn variables_are_where_the_frame_has_them() {
    let lines = [
        "MOVQ x+8(FP), AX",
        "MOVQ AX, y-16(SP)",
        "LEAQ x+0(FP), BX",
        "CMPB z-1(SP), $7",
        "VPSHUFD $1, x+8(FP), X1",
        "VPBLENDVB X1, x+8(FP), X2, X3",
        "VADDPD x+8(FP), Z1, K2, Z3",
        "SHRQ $3, AX, x+8(FP)",
        "MOVQ $x+8(FP), AX",
        "MOVQ x+8(FP)(CX*8), AX",
        "MOVQ x+2147483600(FP), DX",
    ];
    let moves = [
        "",
        "PUSHQ AX",
        "ADJSP $64",
        "POPQ AX",
        "ADDQ $8, SP",
        "CALL f(SB)",
    ];
    let heads = [
        "$0",
        "4, $0-16",
        "$8",
        "$16-0",
        "512, $24",
        "4, $4096-8",
        "32, $128",
        "$-8",
        "$0",
    ];
    let texts = heads.iter().enumerate().map(|(index, head)| {
        let moves = &moves[..moves.len() - index % 2];
        // The last line is an error if SP is low.
        let lines = &lines[..lines.len() - usize::from(index % 4 != 0)];
        let body: String = moves
            .iter()
            .flat_map(|of_stack| [of_stack].into_iter().chain(lines))
            .map(|line| format!("\t{line}\n"))
            .collect();
        format!("TEXT f{index}(SB), {head}\n{body}{body}\tMOVQ x+8(FP), CX\n")
    });
    let text: String = texts.collect();
    check(&text);
    let (functions, _) = functions(&text, asm::Body::Encoded);
    assert!(functions.iter().filter(|function| function.is_ok()).count() > 3);
}

#[test]
fn branches_by_number_divide_what_is_in_a_row() {
    let row = "\tADDQ $1, AX\n\tMOVQ AX, x(SB)\n\tMOVB AX, BX\n\tINCQ CX\n";
    for n in -9..10 {
        check(&format!(
            "TEXT f(SB), 4, $0\n\tRET\nTEXT g(SB), 4, $0\n{row}{row}\tJMP {n}(PC)\n{row}{row}\tJNE -3(PC)\n\tJEQ -5(PC)\n\tRET\n"
        ));
    }
    check(&format!(
        "TEXT f(SB), 4, $0\n{row}\tJNE -4(PC)\n\tJMP 100(PC)\n"
    ));
}

#[test]
fn rows_that_are_too_long_for_short_branches() {
    let row = "\tMOVQ $0x123456789a, AX\n".repeat(13);
    let text =
        format!("TEXT f(SB), 4, $0\nl:\n{row}\tJNE l\n\tJMP m\n\tADDB $1, AX\n{row}m:\n\tRET\n");
    check(&text);
    check(&text.replace("\tJMP m\n", "\tJMP m\n\tINT $3\n"));
}

#[test]
fn mistakes_between_instructions_in_a_row() {
    check(
        "TEXT f(SB), 4, $0\n\tADDQ $1, AX\n\tADDQ $1, AX\n\tADDQ X0, AX\n\tADDQ $1, AX\n\tMOVQ X0, ES\n\tRET\nTEXT g(SB), 4, $0\n\tRET\n",
    );
}
