//! Programs in assembly, linked with the runtime and run.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use minigo_base::{GoVersion, PosTable};
use minigo_link::{LinkError, Paths, Profile, Program, Runtime, Settings, link};
use minigo_obj::{Dialect, LSym, SymTable, Unit, amd64, asm};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

/// Assembles and links a package main of Go 1.15.
fn executable(source: &str) -> Result<Vec<u8>, LinkError> {
    executable_of(GoVersion::Go1_15, source)
}

/// Assembles and links a package main.
fn executable_of(version: GoVersion, source: &str) -> Result<Vec<u8>, LinkError> {
    let (symbols, syms) = assemble(version, source);
    link(&Program {
        profile: Profile::of(version),
        syms: &syms,
        package: "main",
        paths: &Paths::default(),
        symbols: symbols.iter().collect(),
        runtime: None,
        debugging: None,
        symbol_table: true,
    })
}

/// Assembles, links and runs a package main of Go 1.15.
fn run(source: &str) -> Output {
    run_of(GoVersion::Go1_15, source)
}

/// Assembles, links and runs a package main.
fn run_of(version: GoVersion, source: &str) -> Output {
    let program = executable_of(version, source).expect("the program links");
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

fn assemble(version: GoVersion, source: &str) -> (Vec<LSym>, SymTable) {
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
    let settings = Settings {
        stack0: 2048,
        growth: None,
    };
    let mut symbols = Runtime::new(Profile::of(version), &mut syms, settings).symbols;
    symbols.extend(file.data);
    let unit = Unit {
        hand_written: true,
        ..Unit::new(&syms, &positions, Dialect::of(version))
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
runtime: unknown pc 0x777
";
    assert_eq!((text.as_str(), output.status.code()), (expected, Some(2)));
}

#[test]
fn what_is_not_defined_is_reported_once() {
    let linked = executable("TEXT ·main(SB), $0\n\tCALL ·f(SB)\n\tCALL ·f(SB)\n\tRET");
    assert_eq!(
        linked.map_err(|err| err.to_string()),
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

#[test]
fn arguments_of_go_1_27_are_in_registers() {
    // R14 is g and X15 zero, as compiled code expects them after every call.
    let output = run_of(
        GoVersion::Go1_27,
        "
TEXT ·main(SB), $16-0
	CALL runtime·printlock(SB)
	MOVQ $-42, AX
	CALL runtime·printint(SB)
	CALL runtime·printsp(SB)
	MOVQ $0x8000000000000000, AX
	CALL runtime·printuint(SB)
	CALL runtime·printsp(SB)
	MOVL $0x101, AX
	CALL runtime·printbool(SB)
	LEAQ text<>(SB), AX
	MOVL $3, BX
	CALL runtime·printstring(SB)
	MOVQ (TLS), CX
	CMPQ CX, R14
	JNE wrong
	MOVQ X15, AX
	CALL runtime·printint(SB)
wrong:
	CALL runtime·printunlock(SB)
	RET

DATA text<>+0(SB)/3, $\"abc\"
GLOBL text<>(SB), 8, $3",
    );
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stderr).as_ref(),
            output.status.code()
        ),
        ("-42 9223372036854775808 trueabc0", Some(0))
    );
}

#[test]
fn fmt_of_go_1_27_prints_from_registers() {
    let output = run_of(
        GoVersion::Go1_27,
        "
DATA int8type<>+23(SB)/1, $3
GLOBL int8type<>(SB), RODATA, $48
DATA stringtype<>+23(SB)/1, $24
GLOBL stringtype<>(SB), RODATA, $48
DATA text<>+0(SB)/3, $\"abc\"
GLOBL text<>(SB), RODATA, $3

TEXT ·main(SB), $48-0
	LEAQ int8type<>(SB), AX
	MOVQ AX, 0(SP)
	MOVB $-5, 40(SP)
	LEAQ 40(SP), AX
	MOVQ AX, 8(SP)
	LEAQ stringtype<>(SB), AX
	MOVQ AX, 16(SP)
	LEAQ text<>(SB), AX
	MOVL $3, BX
	CALL runtime·convTstring(SB)
	MOVQ AX, 24(SP)
	MOVQ SP, AX
	MOVL $2, BX
	MOVL $2, CX
	CALL fmt·Println(SB)
	TESTQ BX, BX
	JNE wrong
	MOVQ AX, 32(SP)
	MOVQ SP, AX
	MOVL $2, BX
	MOVL $2, CX
	CALL fmt·Print(SB)
	MOVQ (TLS), CX
	CMPQ CX, R14
	JNE wrong
	MOVQ X15, CX
	TESTQ CX, CX
	JNE wrong
	ADDQ 32(SP), AX
	CALL os·Exit(SB)
wrong:
	RET",
    );
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stdout).as_ref(),
            output.status.code()
        ),
        ("-5 abc\n-5abc", Some(7 + 5))
    );
}

#[test]
fn stacks_of_go_1_27_grow_to_fit_a_frame() {
    // Each level checks that BP is where it left it and that R14 is g.
    let output = run_of(
        GoVersion::Go1_27,
        "
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
	MOVQ (TLS), CX
	CMPQ CX, R14
	JNE wrong
	MOVQ 8(SP), AX
	ADDQ n+0(FP), AX
zero:
	MOVQ AX, ret+8(FP)
	RET
wrong:
	MOVQ $-1, ret+8(FP)
	RET

TEXT ·large(SB), $1000000-8
	MOVQ $1, 0(SP)
	MOVQ 0(SP), AX
	MOVQ AX, ret+0(FP)
	RET

TEXT ·main(SB), $16-0
	CALL ·large(SB)
	MOVQ $1000000, 0(SP)
	CALL ·sum(SB)
	MOVQ 8(SP), AX
	CALL runtime·printint(SB)
	CALL runtime·printunlock(SB)
	RET",
    );
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stderr).as_ref(),
            output.status.code()
        ),
        ("500000500000", Some(0))
    );
}

#[test]
fn a_frame_that_is_too_large_leaves_the_stack_of_go_1_27_as_it_is() {
    let output = run_of(
        GoVersion::Go1_27,
        "
TEXT ·large(SB), $600000000-0
	RET

TEXT ·main(SB), $16-0
	CALL ·large(SB)
	RET",
    );
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let bounds = text.lines().nth(1).unwrap_or("");
    let numbers = bounds
        .split(['[', ',', ']'])
        .filter_map(|word| u64::from_str_radix(word.trim().strip_prefix("0x")?, 16).ok());
    let numbers: Vec<u64> = numbers.collect();
    assert_eq!(numbers.len(), 2, "{text}");
    assert_eq!(numbers[1] - numbers[0], 2048, "{text}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn gos_tools_find_the_table_of_functions_of_go_1_27() {
    let program = "TEXT ·main(SB), 7, $0-0\n\tRET";
    let bytes = executable_of(GoVersion::Go1_27, program).expect("the program links");
    let file = object::File::parse(&*bytes).expect("an ELF file");
    let section = file.section_by_name(".gopclntab").expect("the section");
    let table = section.data().expect("its bytes");
    assert_eq!(table[..8], [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8]);
    let word = |at: usize| u64::from_le_bytes(table[at..at + 8].try_into().expect("8 bytes"));
    let half = |at: usize| u32::from_le_bytes(table[at..at + 4].try_into().expect("4 bytes"));
    let (names, functions) = (word(32) as usize, word(64) as usize);
    let text = file
        .section_by_name(".text")
        .expect("the section")
        .address();
    let found = (0..word(8) as usize).map(|n| {
        let [entry, record] = [0, 4].map(|at| half(functions + 8 * n + at));
        let record = functions + record as usize;
        assert_eq!(half(record), entry);
        let name = &table[names + half(record + 4) as usize..];
        let name = name.split(|&byte| byte == 0).next().unwrap_or(name);
        let name = String::from_utf8_lossy(name).into_owned();
        (text + u64::from(entry), name)
    });
    let found: Vec<(u64, String)> = found.collect();
    let functions = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    let mut functions: Vec<(u64, String)> = functions
        .map(|symbol| (symbol.address(), symbol.name().unwrap_or("").to_owned()))
        .collect();
    functions.sort();
    assert_eq!(found, functions);
}

/// As Go 1.27's linker reports it.
#[test]
fn paths_without_enough_stack_are_shown() {
    let linked = executable_of(
        GoVersion::Go1_27,
        "
TEXT ·main(SB), 4, $0
	CALL ·big(SB)
	CALL ·ring(SB)
	RET

TEXT ·big(SB), 4, $800-12
	CALL ·leaf(SB)
	CALL AX
	RET

TEXT ·leaf(SB), 4, $40-0
	RET

TEXT ·ring(SB), 4, $24-0
	CALL ·ring(SB)
	RET",
    );
    let expected = "\
main.main: nosplit stack over 792 byte limit
main.main<0>
    grows 16 bytes, calls main.big<0>
        grows 816 bytes, calls main.leaf<0>
            grows 48 bytes
            88 bytes over limit
        grows 816 bytes, calls indirect
            grows 8 bytes, calls runtime.morestack<0>
            infinite cycle
    grows 16 bytes, calls main.ring<0>
        grows 40 bytes, calls main.ring<0>
        infinite cycle";
    assert_eq!(
        linked.map_err(|err| err.to_string()),
        Err(expected.to_owned())
    );
}
