//! Objects for other linkers: the examples in C and Rust, and Mach-O read back.

use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};
use minigo_tests::root;
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};

use crate::{folder, minigo_command, refused, same};

/// Returns the trials of this file. They need `cc` and `rustc`.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("objects: the example in C", example_in_c),
        Trial::test("objects: the example in Rust", example_in_rust),
        Trial::test("objects: PCALIGN aligns sections", alignment),
        Trial::test("objects: Go functions linked into C", go_in_c),
        Trial::test("objects: Mach-O has addends in its bytes", mach_o),
        Trial::test("objects: Mach-O has no stack checks", mach_o_refusal),
        Trial::test("objects: a shared library in assembly", dynlink),
        Trial::test(
            "objects: programs have the parts of the runtime that they need",
            needed,
        ),
        Trial::test("objects: programs start without flags for linkers", plain),
        Trial::test("objects: the same with a listing", listed),
        Trial::test("objects: the table of functions is sorted", sorted_table),
    ]
}

/// Runs a command in a folder. It must succeed.
fn run(dir: &Path, command: &mut Command) -> Result<Output, Failed> {
    let output = command.current_dir(dir).output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{:?}: {text}", command.get_program()).into());
    }
    Ok(output)
}

/// The versions whose assemblers make the examples' objects.
const VERSIONS: [&str; 2] = ["1.15", "1.27"];

/// Copies an example's folder and assembles its `plan9.s` there.
fn example(name: &str, version: &str) -> Result<tempfile::TempDir, Failed> {
    let dir = tempfile::tempdir()?;
    for entry in std::fs::read_dir(root().join("examples").join(name))? {
        let entry = entry?;
        std::fs::copy(entry.path(), dir.path().join(entry.file_name()))?;
    }
    run(
        dir.path(),
        minigo_command().args(["asm", "-go", version, "plan9.s"]),
    )?;
    Ok(dir)
}

fn example_in_c() -> Result<(), Failed> {
    for version in VERSIONS {
        let dir = example("c", version)?;
        let cc = ["-Wall", "-Werror", "-O2", "-o", "main", "main.c", "plan9.o"];
        run(dir.path(), Command::new("cc").args(cc))?;
        let output = run(dir.path(), &mut Command::new("./main"))?;
        same(
            "the output",
            "add 42\ngcd 21\nprimes 2 7, sum 42, calls 1\nnext(40)\nnext(41)\ntwice 42\n",
            &String::from_utf8_lossy(&output.stdout),
        )?;
    }
    Ok(())
}

/// A function with PCALIGN begins where its padding is right.
fn alignment() -> Result<(), Failed> {
    let text = "TEXT f(SB), 4, $0-0\n\tRET\n\tPCALIGN $64\n\tRET\nTEXT h(SB), 4, $0-0\n\tRET\n";
    let dir = folder(&[("x.s", text.as_bytes())])?;
    let arguments = ["asm", "-go", "1.27", "x.s"];
    run(dir.path(), minigo_command().args(arguments))?;
    let bytes = std::fs::read(dir.path().join("x.o"))?;
    let file = object::File::parse(&*bytes)?;
    for (name, align) in [(".text.f", 64), (".text.h", 16)] {
        let section = file.section_by_name(name).ok_or("no section")?;
        if section.align() != align {
            return Err(format!("{name} is aligned to {}", section.align()).into());
        }
    }
    Ok(())
}

fn example_in_rust() -> Result<(), Failed> {
    for version in VERSIONS {
        let dir = example("rust", version)?;
        let rustc = ["-O", "main.rs", "-C", "link-arg=plan9.o"];
        run(dir.path(), Command::new("rustc").args(rustc))?;
        let output = run(dir.path(), &mut Command::new("./main"))?;
        same(
            "the output",
            "popcount 9\naverage 1.75\n",
            &String::from_utf8_lossy(&output.stdout),
        )?;
    }
    Ok(())
}

/// Tracebacks search the table of functions by address, and the system's linker fills in the addresses.
fn sorted_table() -> Result<(), Failed> {
    let go =
        "package main\n\nimport \"fmt\"\n\nfunc f()\n\nfunc main() {\n\tf()\n\tfmt.Println(1)\n}\n";
    let asm = "TEXT \u{b7}f(SB), 4, $0\n\tCALL g<>(SB)\n\tRET\n\nTEXT g<>(SB), 4, $0\n\tRET\n";
    let dir = folder(&[("x.go", go.as_bytes()), ("x.s", asm.as_bytes())])?;
    run(
        dir.path(),
        minigo_command().args(["build", "-c", "-o", "x.o", "."]),
    )?;
    let cc = [
        "-static",
        "-nostdlib",
        "-Wl,-e,_rt0_amd64_linux",
        "-o",
        "x",
        "x.o",
    ];
    run(dir.path(), Command::new("cc").args(cc))?;
    let bytes = std::fs::read(dir.path().join("x"))?;
    let file = object::File::parse(&*bytes)?;
    let table = file.symbol_by_name("runtime.pclntab").ok_or("no table")?;
    let index = table.section_index().ok_or("no section")?;
    let section = file.section_by_index(index)?;
    let data = &section.data()?[(table.address() - section.address()) as usize..];
    let word = |at: usize| u64::from_le_bytes(data[at..at + 8].try_into().expect("eight bytes"));
    let entries: Vec<u64> = (0..word(8) as usize).map(|n| word(16 + 16 * n)).collect();
    if entries.len() < 50 || !entries.is_sorted() {
        return Err(format!("not the functions in order: {entries:x?}").into());
    }
    Ok(())
}

/// The object of a program has the parts of the runtime that the program needs, as a linker takes them from an archive.
fn needed() -> Result<(), Failed> {
    let print = "import \"fmt\"\n\nfunc main() {\n\tfmt.Println(1)\n}\n";
    for (body, has_print) in [("func main() {\n}\n", false), (print, true)] {
        let dir = folder(&[("x.go", format!("package main\n\n{body}").as_bytes())])?;
        run(dir.path(), minigo_command().args(["build", "-c", "x.go"]))?;
        let bytes = std::fs::read(dir.path().join("x.o"))?;
        let file = object::File::parse(&*bytes)?;
        let defines = |name: &str| {
            file.symbols()
                .any(|s| s.is_definition() && s.name() == Ok(name))
        };
        if !defines("_rt0_amd64_linux") || defines("fmt.Fprintln") != has_print {
            return Err(
                format!("symbols that are not needed, or none that are, for {body}").into(),
            );
        }
    }
    Ok(())
}

/// The object of a package other than main has no runtime. Its NOSPLIT functions can be called from C, through a
/// function in assembly that saves C's callee-saved registers.
fn go_in_c() -> Result<(), Failed> {
    let dir = folder(&[
        (
            "collatz.go",
            b"package collatz\n\n//go:nosplit\nfunc Steps(n uint64) (steps int64) {\n\tfor n != 1 {\n\t\tif n%2 == 0 {\n\t\t\tn /= 2\n\t\t} else {\n\t\t\tn = 3*n + 1\n\t\t}\n\t\tsteps++\n\t}\n\treturn\n}\n",
        ),
        (
            "shim.s",
            "TEXT steps(SB), 4, $56\n\tMOVQ BX, 16(SP)\n\tMOVQ R12, 24(SP)\n\tMOVQ R13, 32(SP)\n\tMOVQ R14, 40(SP)\n\tMOVQ R15, 48(SP)\n\tMOVQ DI, 0(SP)\n\tCALL \u{b7}Steps(SB)\n\tMOVQ 8(SP), AX\n\tMOVQ 16(SP), BX\n\tMOVQ 24(SP), R12\n\tMOVQ 32(SP), R13\n\tMOVQ 40(SP), R14\n\tMOVQ 48(SP), R15\n\tRET\n"
                .as_bytes(),
        ),
        (
            "main.c",
            b"#include <stdio.h>\nlong steps(unsigned long);\nint main(void) { printf(\"%ld\\n\", steps(27)); return 0; }\n",
        ),
    ])?;
    let minigo = ["build", "-c", "-o", "collatz.o", "."];
    run(dir.path(), minigo_command().args(minigo))?;
    let cc = ["-o", "main", "main.c", "collatz.o"];
    run(dir.path(), Command::new("cc").args(cc))?;
    let output = run(dir.path(), &mut Command::new("./main"))?;
    same(
        "the output",
        "111\n",
        &String::from_utf8_lossy(&output.stdout),
    )
}

const DARWIN: &str = "
DATA pad<>+0(SB)/8, $7
GLOBL pad<>(SB), 16, $24
DATA table+0(SB)/8, $1
DATA table+8(SB)/8, $pad<>+16(SB)
DATA table+16(SB)/8, $elsewhere-4(SB)
GLOBL table(SB), 16, $24

TEXT f(SB), 4, $0
	MOVQ	$9, table+8(SB)
	CMPB	elsewhere+3(SB), $1
	CALL	imported(SB)
	LEAQ	f+4(SB), BX
	RET
";

fn mach_o() -> Result<(), Failed> {
    let dir = folder(&[("x.s", DARWIN.as_bytes())])?;
    let mut minigo = minigo_command();
    run(
        dir.path(),
        minigo.env("GOOS", "darwin").args(["asm", "x.s"]),
    )?;
    let bytes = std::fs::read(dir.path().join("x.o"))?;
    let file = object::File::parse(&*bytes)?;
    let mut text = format!("{:?} {:?}\n", file.format(), file.architecture());
    for section in file.sections() {
        let data = section.data()?;
        for (offset, reloc) in section.relocations() {
            let RelocationTarget::Symbol(symbol) = reloc.target() else {
                return Err("a relocation without symbol".into());
            };
            let size = usize::from(reloc.size() / 8);
            let mut field = [0; 8];
            field[..size].copy_from_slice(&data[offset as usize..][..size]);
            let unused = 64 - 8 * size;
            let addend = i64::from_le_bytes(field) << unused >> unused;
            let name = unnumbered(file.symbol_by_index(symbol)?.name()?);
            text.push_str(&format!(
                "{}+{offset}: {name} {addend} in {size} bytes\n",
                section.name()?
            ));
        }
    }
    let expected = "MachO X86_64\n\
        __text+3: _table 4 in 4 bytes\n\
        __text+13: _elsewhere 2 in 4 bytes\n\
        __text+19: _imported 0 in 4 bytes\n\
        __text+26: _f 4 in 4 bytes\n\
        __data+32: _pad.N 16 in 8 bytes\n\
        __data+40: _elsewhere -4 in 8 bytes\n";
    same("the object", expected, &text)
}

/// Replaces by `N` the number in a name that distinguishes static symbols of different files.
fn unnumbered(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, number)) if number.bytes().all(|b| b.is_ascii_digit()) => format!("{stem}.N"),
        _ => name.to_owned(),
    }
}

/// A shared library uses a variable of the program that loads it.
fn dynlink() -> Result<(), Failed> {
    const LIBRARY: &[u8] = b"TEXT next(SB), 4, $8
	MOVQ R15, 0(SP)
	ADDQ $1, counter(SB)
	MOVQ counter(SB), AX
	MOVQ 0(SP), R15
	RET
TEXT where(SB), 4, $0
	MOVQ $counter(SB), AX
	RET
";
    const PROGRAM: &[u8] = b"#include <stdio.h>
long counter = 40;
long next(void);
long *where(void);
int main(void) { next(); printf(\"%ld %d\\n\", next(), where() == &counter); return 0; }
";
    let dir = folder(&[("library.s", LIBRARY), ("main.c", PROGRAM)])?;
    run(
        dir.path(),
        minigo_command().args(["asm", "-dynlink", "library.s"]),
    )?;
    let cc = |args: &[&str]| run(dir.path(), Command::new("cc").args(args));
    cc(&["-shared", "-o", "library.so", "library.o"])?;
    cc(&["-o", "main", "main.c", "./library.so"])?;
    let output = run(dir.path(), &mut Command::new("./main"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    same("the output", "42 1\n", &text)
}

/// Linkers find the entry of a program under the name that they look for.
fn plain() -> Result<(), Failed> {
    const PROGRAM: &[u8] = b"package main\n\nfunc main() { print(6 * 7) }\n";
    for version in VERSIONS {
        let dir = folder(&[("x.go", PROGRAM)])?;
        let build = ["build", "-go", version, "-c", "x.go"];
        run(dir.path(), minigo_command().args(build))?;
        let linkers: [&[&str]; 3] = [
            &["ld", "x.o"],
            &["ld.lld", "x.o"],
            &["cc", "-nostdlib", "x.o"],
        ];
        for command in linkers {
            let mut linker = Command::new(command[0]);
            let linked = linker.args(&command[1..]).current_dir(dir.path()).output();
            let Ok(linked) = linked else {
                eprintln!("skipped: {} isn't installed", command[0]);
                continue;
            };
            same("messages", "", &String::from_utf8_lossy(&linked.stderr))?;
            let output = run(dir.path(), &mut Command::new(dir.path().join("a.out")))?;
            let printed = String::from_utf8_lossy(&output.stderr);
            same(&format!("{command:?} {version}"), "42", &printed)?;
        }
    }
    Ok(())
}

/// Without a listing, instructions are encoded while they are read. The object is the same but for the numbers in
/// names of static symbols.
fn listed() -> Result<(), Failed> {
    let source = b"TEXT \xc2\xb7f(SB), $16-8\nl:\n\tMOVQ x+0(FP), AX\n\tMOVQ AX, y-8(SP)\n\tMOVQ AX, v<>(SB)\n\tJNE l\n\tRET\n\
        TEXT g<>(SB), 4, $0\n\tMOVQ $v<>(SB), AX\n\tJMP \xc2\xb7f(SB)\nGLOBL v<>(SB), 16, $8\n";
    let dir = folder(&[("x.s", source)])?;
    let object = |flags: &[&str]| -> Result<Vec<u8>, Failed> {
        let mut minigo = minigo_command();
        run(dir.path(), minigo.arg("asm").args(flags).arg("x.s"))?;
        Ok(std::fs::read(dir.path().join("x.o"))?)
    };
    if object(&[])? == object(&["-S"])? {
        return Ok(());
    }
    Err("another object with a listing".into())
}

fn mach_o_refusal() -> Result<(), Failed> {
    let source = b"TEXT f(SB), 0, $8\n\tCALL g(SB)\n\tRET\n";
    let dir = folder(&[("x.s", source)])?;
    let mut minigo = minigo_command();
    minigo.current_dir(dir.path()).env("GOOS", "darwin");
    let message = "f: minigo does not support stack checks and other uses of TLS in objects for darwin/amd64\n";
    refused(minigo.args(["asm", "x.s"]), message, 1)
}
