//! Programs in assembly, linked with the runtime and run.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use minigo_base::PosTable;
use minigo_link::{LinkError, Paths, Program, Runtime, link, profile};
use minigo_obj::{LSym, SymTable, Unit, amd64, asm, dialect};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

/// Assembles and links a package main.
fn executable(source: &str) -> Result<Vec<u8>, LinkError> {
    let (symbols, syms) = assemble(source);
    link(&Program {
        profile: &profile::GO1_15,
        syms: &syms,
        package: "main",
        paths: &Paths::default(),
        symbols: symbols.iter().collect(),
        runtime: None,
    })
}

/// Assembles, links and runs a package main.
fn run(source: &str) -> Output {
    let program = executable(source).expect("the program links");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("program");
    std::fs::write(&path, program).expect("the program is written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))
        .expect("the program becomes executable");
    loop {
        match Command::new(&path).output() {
            // What another test has just started still has the file open.
            Err(err) if err.kind() == ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            output => return output.expect("the program runs"),
        }
    }
}

fn assemble(source: &str) -> (Vec<LSym>, SymTable) {
    let mut syms = SymTable::new();
    let mut positions = PosTable::default();
    let source =
        format!("#include \"textflag.h\"\nGLOBL ·\u{b7}inittask(SB), NOPTR, $24\n{source}\n");
    let no_includes = |name: &str| Err(format!("{name}: no such file"));
    let file = asm::read(
        "main.s",
        &source,
        &[],
        &no_includes,
        &mut syms,
        &mut positions,
    )
    .expect("the source is read");
    let mut symbols = Runtime::new(&profile::GO1_15, &mut syms, 2048).symbols;
    symbols.extend(file.data);
    let unit = Unit {
        hand_written: true,
        ..Unit::new(&syms, &positions, &dialect::GO1_15)
    };
    for text in file.texts {
        symbols.push(amd64::assemble(text, &unit).expect("the source assembles"));
    }
    (symbols, syms)
}

#[test]
fn a_program_prints_and_ends() {
    let output = run("
TEXT ·main(SB), $16-0
	MOVQ $-42, 0(SP)
	CALL runtime·printint(SB)
	CALL runtime·printsp(SB)
	MOVQ $0x8000000000000000, AX
	MOVQ AX, 0(SP)
	CALL runtime·printint(SB)
	CALL runtime·printsp(SB)
	CALL runtime·printuint(SB)
	CALL runtime·printsp(SB)
	MOVB $1, 0(SP)
	CALL runtime·printbool(SB)
	MOVB $0, 0(SP)
	CALL runtime·printbool(SB)
	CALL runtime·printnl(SB)
	CALL runtime·printunlock(SB)
	RET");
    let expected = "-42 -9223372036854775808 9223372036854775808 truefalse\n";
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stderr).as_ref(),
            output.status.code()
        ),
        (expected, Some(0))
    );
}

#[test]
fn deep_recursion_grows_the_stack_and_keeps_frame_pointers() {
    // Sums 1 to n on the way back; each level checks that BP is where it left it.
    let output = run("
TEXT ·sum(SB), $24-16
	MOVQ n+0(FP), AX
	TESTQ AX, AX
	JEQ zero
	DECQ AX
	MOVQ AX, 0(SP)
	CALL ·sum(SB)
	LEAQ 24(SP), CX
	CMPQ CX, BP
	JNE wrong
	MOVQ 8(SP), AX
	ADDQ n+0(FP), AX
zero:
	MOVQ AX, ret+8(FP)
	RET
wrong:
	MOVQ $-1, ret+8(FP)
	RET

TEXT ·main(SB), $16-0
	MOVQ $3000000, 0(SP)
	CALL ·sum(SB)
	MOVQ 8(SP), AX
	MOVQ AX, 0(SP)
	CALL runtime·printint(SB)
	CALL runtime·printunlock(SB)
	RET");
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stderr).as_ref(),
            output.status.code()
        ),
        ("4500001500000", Some(0))
    );
}

#[test]
fn endless_recursion_ends_with_gos_message() {
    let output = run("
TEXT ·main(SB), $40-0
	CALL ·main(SB)
	RET");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        text.starts_with("runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=0x"),
        "{text}"
    );
    assert!(text.contains("]\nfatal error: stack overflow\n"), "{text}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn panics_end_with_status_2() {
    let output = run("
TEXT ·main(SB), $8-0
	CALL runtime·panicdivide(SB)
	RET");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        text.starts_with(
            "panic: runtime error: integer divide by zero\n\ngoroutine 1 [running]:\n"
        ),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_return_to_nowhere_is_told() {
    let output = run("
TEXT ·main(SB), 4, $0-0
	MOVQ $0x777, 0(SP)
	RET");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = "panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x777 pc=0x777]

goroutine 1 [running]:
runtime: unknown pc 0x777
";
    assert_eq!((text.as_str(), output.status.code()), (expected, Some(2)));
}

#[test]
fn what_is_not_defined_is_reported_once() {
    let linked = executable("TEXT ·main(SB), $0\n\tCALL ·f(SB)\n\tCALL ·f(SB)\n\tRET");
    assert_eq!(
        linked.map_err(|err| err.0),
        Err("main.main: relocation target main.f not defined".to_owned())
    );
}

#[test]
fn gos_tools_find_the_table_of_functions() {
    let bytes = executable("TEXT ·main(SB), 7, $0-0\n\tRET").expect("the program links");
    let file = object::File::parse(&*bytes).expect("an ELF file");
    let section = file.section_by_name(".gopclntab").expect("the section");
    let table = section.data().expect("its bytes");
    assert_eq!(table[..8], [0xfb, 0xff, 0xff, 0xff, 0, 0, 1, 8]);
    let word = |at: usize| u64::from_le_bytes(table[at..at + 8].try_into().expect("8 bytes"));
    let entries: Vec<u64> = (0..word(8)).map(|n| word(16 + 16 * n as usize)).collect();
    let mut functions: Vec<u64> = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text)
        .map(|symbol| symbol.address())
        .collect();
    functions.sort();
    assert_eq!(entries, functions);
}
