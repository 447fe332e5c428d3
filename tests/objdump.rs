//! `minigo objdump`: text that assembles to the same bytes, the layout of `go tool objdump`, and files that aren't for
//! it.

use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use minigo::{GoVersion, Options, Source};
use minigo_disasm::{File, Statistics};
use minigo_tests::{Archive, disassembled, files, root, round_trip};

use crate::{folder, minigo_command, refused, same};

/// A trial: its name and its body.
type Named = (&'static str, fn() -> Result<(), Failed>);

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let trials: [Named; 10] = [
        ("objects assemble to their bytes", objects),
        ("executables assemble to their bytes", executables),
        ("every form of the assembler", forms),
        ("objects and executables of C", of_c),
        ("the layout is Go's", layout),
        ("assembly, with source", assembly),
        ("Mach-O", mach_o),
        ("files that aren't for it", refusals),
        ("damaged files", damaged),
        ("a closed and a full standard output", outputs),
    ];
    let trial = |(name, run)| Trial::test(format!("objdump: {name}"), run);
    trials.map(trial).into()
}

/// The versions whose code and assembler are tested.
const VERSIONS: [GoVersion; 2] = [GoVersion::Go1_15, GoVersion::Go1_27];

/// The largest share of instructions that are data, apart from padding, in code of Go and minigo.
const MOST_DATA: f64 = 0.01;

/// The instructions of several files.
#[derive(Default)]
struct Total(Statistics);

impl Total {
    fn add(&mut self, statistics: Statistics) {
        self.0.instructions += statistics.instructions;
        self.0.data += statistics.data;
        self.0.padding += statistics.padding;
        self.0.relocations += statistics.relocations;
    }

    /// Checks that there are many instructions, and that few of them are data.
    fn check(&self, least: usize, most: f64) -> Result<(), Failed> {
        let share = self.0.data as f64 / self.0.instructions as f64;
        match self.0.instructions >= least && share < most {
            true => Ok(()),
            false => Err(format!("{:?}: a share of {share}", self.0).into()),
        }
    }
}

/// Returns the texts of programs: the examples, and every so many tests in Go.
fn programs() -> Result<Vec<(String, String)>, Failed> {
    /// Each takes a part of a second.
    const STEP: usize = 12;
    let mut programs = Vec::new();
    for path in files(&root().join("examples"), ".go") {
        programs.push((path.display().to_string(), std::fs::read_to_string(&path)?));
    }
    let tests = files(&root().join("tests"), ".txtar").into_iter();
    for path in tests.step_by(STEP) {
        let archive = Archive::parse(&std::fs::read_to_string(&path)?);
        if let Some(text) = archive.section("in.go") {
            programs.push((path.display().to_string(), text.to_owned()));
        }
    }
    Ok(programs)
}

/// Programs as objects. Some are refused by the compiler, or need assembly.
fn objects() -> Result<(), Failed> {
    for version in VERSIONS {
        let mut total = Total::default();
        let mut seen_runtime = false;
        for (name, text) in programs()? {
            let options = Options {
                version,
                ..Options::default()
            };
            let Ok(built) = minigo::compile(&[Source::new("in.go", text)], &options) else {
                continue;
            };
            let Ok(object) = built.object("in.o") else {
                continue;
            };
            // The runtime is the same in all of them.
            let is_wanted = |name: &str| name.starts_with("main.") || !seen_runtime;
            let statistics = round_trip(&object, version, is_wanted);
            total.add(statistics.map_err(|why| format!("{name}, Go {version}: {why}"))?);
            seen_runtime = true;
        }
        total.check(3000, MOST_DATA)?;
    }
    Ok(())
}

fn executables() -> Result<(), Failed> {
    for version in VERSIONS {
        let mut total = Total::default();
        for name in ["add/direct_topfunc_call", "primes/primes", "kelvin/kelvin"] {
            let path = root().join("examples").join(name).with_extension("go");
            let options = Options {
                version,
                complete: true,
                debugging: true,
                ..Options::default()
            };
            let text = std::fs::read_to_string(path)?;
            let executable = |options: &Options| -> Result<Vec<u8>, Failed> {
                let source = Source::new("in.go", text.as_str());
                let built = minigo::compile(&[source], options).map_err(|err| err.to_string())?;
                Ok(built.executable().map_err(|err| err.to_string())?)
            };
            let full = executable(&options)?;
            let statistics = round_trip(&full, version, |_| true);
            total.add(statistics.map_err(|why| format!("{name}, Go {version}: {why}"))?);
            // Without symbols, the table of functions has the names.
            let stripped = executable(&Options {
                symbol_table: false,
                debugging: false,
                ..options
            })?;
            for file in [&full, &stripped] {
                if !disassembled(file)?.contains("TEXT main.main(SB) in.go\n  in.go:") {
                    return Err(format!("{name}, Go {version}: no lines of main").into());
                }
            }
        }
        total.check(1000, MOST_DATA)?;
    }
    Ok(())
}

/// The recorded instructions of `tests/obj`, but data, and those that processors refuse: with zeroing and no mask.
fn forms() -> Result<(), Failed> {
    let dir = folder(&[])?;
    let mut total = Total::default();
    for name in ["forms-1.txt", "forms-2.txt"] {
        let text = std::fs::read_to_string(root().join("tests/obj").join(name))?;
        let is_good = |line: &&str| {
            let data = ["BYTE", "WORD", "LONG", "QUAD"];
            let mnemonic = line.split(' ').next().unwrap_or("");
            !line.ends_with(" // !") && !data.contains(&mnemonic) && !mnemonic.ends_with(".Z")
        };
        let lines: Vec<&str> = text.lines().filter(is_good).step_by(5).collect();
        let mut source = String::new();
        for (number, chunk) in lines.chunks(50).enumerate() {
            source.push_str(&format!("TEXT f{number}(SB), 516, $0\nl:\n"));
            for line in chunk {
                // These move SP, or begin an instruction that another line ends.
                let other = ["PUSH", "POP", "ADJSP", "RET", "LOCK", "REP", "X"];
                if !other.iter().any(|start| line.starts_with(start)) {
                    source.push_str(&format!("\t{line}\n"));
                }
            }
        }
        std::fs::write(dir.path().join("x.s"), source)?;
        let output = minigo_command()
            .current_dir(dir.path())
            .args(["asm", "x.s"])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let object = std::fs::read(dir.path().join("x.o"))?;
        total.add(round_trip(&object, GoVersion::Go1_15, |_| true)?);
    }
    total.check(4000, MOST_DATA)
}

/// Files of other compilers: only the bytes are tested.
fn of_c() -> Result<(), Failed> {
    let text = "#include <math.h>\n#include <stdio.h>\nstatic int table[8]; int elsewhere; extern int other(int);\n\
        double f(double x, int n) { for (int i = 0; i < n; i++) x = sqrt(x) * table[i & 7] + elsewhere++; return x; }\n\
        int g(const char *s) { switch (*s) { case 1: return 5; case 2: return other(7); case 3: return 8; case 4: \
        return 11; case 5: return 19; } return printf(\"%s\", s); }\n";
    let dir = folder(&[("x.c", text.as_bytes())])?;
    for flags in [["-O2", "-fno-pic"], ["-O2", "-fpic"], ["-O0", "-g"]] {
        let mut cc = Command::new("cc");
        let status = cc
            .current_dir(dir.path())
            .args(flags)
            .args(["-c", "x.c"])
            .status()?;
        if !status.success() {
            return Err("cc failed".into());
        }
        let object = std::fs::read(dir.path().join("x.o"))?;
        for version in VERSIONS {
            round_trip(&object, version, |_| true)?;
        }
        if flags.contains(&"-g") && !disassembled(&object)?.contains("  x.c:4\t") {
            return Err("no lines of the source".into());
        }
    }
    let path = Path::new("/bin/true");
    match std::fs::read(path) {
        Ok(data) => {
            round_trip(&data, GoVersion::Go1_15, |_| true)?;
        }
        Err(_) => eprintln!("skipped: there is no {}", path.display()),
    }
    Ok(())
}

/// The article's program as an executable, by the command.
fn article(version: &str) -> Result<tempfile::TempDir, Failed> {
    let example = root().join("examples/add/direct_topfunc_call.go");
    let dir = folder(&[("add.go", &std::fs::read(example)?)])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .args(["build", "-go", version, "-trimpath", "-o", "add", "add.go"])
        .output()?;
    match output.status.success() {
        true => Ok(dir),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

/// Returns what the command prints.
fn printed(dir: &tempfile::TempDir, args: &[&str]) -> Result<String, Failed> {
    let output = minigo_command()
        .current_dir(dir.path())
        .args(args)
        .output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

/// `go tool objdump -s main.add` of Go 1.15 prints this about the same executable.
const ADD: &str = "\
TEXT main.add(SB) command-line-arguments/add.go\n\
\x20 add.go:4\t\t0x401000\t\t8b44240c\t\tMOVL 0xc(SP), AX\t\n\
\x20 add.go:4\t\t0x401004\t\t8b4c2408\t\tMOVL 0x8(SP), CX\t\n\
\x20 add.go:4\t\t0x401008\t\t01c8\t\t\tADDL CX, AX\t\t\n\
\x20 add.go:4\t\t0x40100a\t\t89442410\t\tMOVL AX, 0x10(SP)\t\n\
\x20 add.go:4\t\t0x40100e\t\tc644241401\t\tMOVB $0x1, 0x14(SP)\t\n\
\x20 add.go:4\t\t0x401013\t\tc3\t\t\tRET\t\t\t\n";

fn layout() -> Result<(), Failed> {
    let dir = article("1.15")?;
    let plain = ["objdump", "-s", r"main\.add", "add"];
    same("the function", ADD, &printed(&dir, &plain)?)?;
    let args: Vec<&str> = ["tool"].into_iter().chain(plain).collect();
    same("minigo tool objdump", ADD, &printed(&dir, &args)?)
}

/// The function as assembly, with the source.
const ASSEMBLY: &str = r#"#include "textflag.h"

// main.add command-line-arguments/add.go
TEXT main·add(SB), NOSPLIT|NOFRAME, $0
	// func add(a, b int32) (int32, bool) { return a + b, true }
	MOVL 0xc(SP), AX
	MOVL 0x8(SP), CX
	ADDL CX, AX
	MOVL AX, 0x10(SP)
	MOVB $0x1, 0x14(SP)
	RET

// main.main command-line-arguments/add.go
TEXT main·main(SB), NOSPLIT|NOFRAME, $0
	// func main() { add(10, 32) }
L0:	MOVQ -0x8(FS), CX
	CMPQ SP, 0x10(CX)
	JLS L3a
	SUBQ $0x18, SP
	MOVQ BP, 0x10(SP)
	LEAQ 0x10(SP), BP
	MOVQ $0x200000000a, AX
	MOVQ AX, 0(SP)
	CALL main·add(SB)
	MOVQ 0x10(SP), BP
	ADDQ $0x18, SP
	RET
L3a:	CALL runtime·morestack_noctxt(SB)
	XCHGL AX, AX
	JMP L0

// 21 instructions; as data: 0, and 0 of padding
"#;

fn assembly() -> Result<(), Failed> {
    let dir = article("1.15")?;
    // The name of the source in the executable, from the folder where the command runs.
    let folder = dir.path().join("command-line-arguments");
    std::fs::create_dir(&folder)?;
    std::fs::copy(dir.path().join("add.go"), folder.join("add.go"))?;
    let args = ["objdump", "-asm", "-S", "-s", "^main", "add"];
    same("the assembly", ASSEMBLY, &printed(&dir, &args)?)
}

fn mach_o() -> Result<(), Failed> {
    let text = "DATA table<>+0(SB)/8, $7\nGLOBL table<>(SB), 8, $16\nTEXT f(SB), 4, $0\n\tMOVQ table<>+4(SB), AX\n\
        \tCMPB elsewhere+3(SB), $1\n\tCALL imported(SB)\n\tLEAQ f+4(SB), BX\n\tRET\n";
    let dir = folder(&[("x.s", text.as_bytes())])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .env("GOOS", "darwin")
        .args(["asm", "x.s"])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let object = std::fs::read(dir.path().join("x.o"))?;
    let statistics = round_trip(&object, GoVersion::Go1_15, |_| true)?;
    let expected = Statistics {
        instructions: 5,
        ..Statistics::default()
    };
    if statistics != expected {
        return Err(format!("{statistics:?}").into());
    }
    let expected = "TEXT f(SB)\n  0x0\t\t\t488b0504000000\t\tMOVQ table.N+4(SB), AX\t\t\n  \
        0x7\t\t\t803d0200000001\t\tCMPB elsewhere+3(SB), $0x1\t\n  0xe\t\t\te800000000\t\tCALL imported(SB)\t\t\n  \
        0x13\t\t\t488d1d04000000\t\tLEAQ f+4(SB), BX\t\t\n  0x1a\t\t\tc3\t\t\tRET\t\t\t\t\n";
    let printed = printed(&dir, &["objdump", "x.o"])?;
    let numbered = printed.replace("table.", "table.N");
    let number = |c: char| c.is_ascii_digit();
    let printed = match numbered.split_once(".N") {
        Some((before, after)) => format!("{before}.N{}", after.trim_start_matches(number)),
        None => printed,
    };
    same("the disassembly", expected, &printed)
}

fn refusals() -> Result<(), Failed> {
    let arm: Vec<u8> = {
        let mut header = b"\x7fELF\x02\x01\x01".to_vec();
        header.resize(16, 0);
        header.extend([1, 0, 183, 0, 1, 0, 0, 0]);
        header.resize(52, 0);
        header.extend([64, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0]);
        header
    };
    let dir = folder(&[
        ("x.s", b"TEXT f(SB), 4, $0\n\tRET\n"),
        ("empty", b""),
        ("text", b"package main\n"),
        ("go.o", b"!<arch>\n__.PKGDEF       0           0     0     644     133       `\ngo object linux amd64\n"),
        ("lib.a", b"!<arch>\nx.o/            0           0     0     644     133       `\n\x7fELF"),
        ("arm.o", &arm),
        ("cut", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0"),
    ])?;
    printed(&dir, &["asm", "x.s"])?;
    for (args, message) in [
        (
            &["none"][..],
            "none: No such file or directory (os error 2)",
        ),
        (&["."], ".: Is a directory (os error 21)"),
        (
            &["empty"],
            "empty: want an object or an executable in the ELF or Mach-O format",
        ),
        (
            &["text"],
            "text: want an object or an executable in the ELF or Mach-O format",
        ),
        (
            &["go.o"],
            "go.o: Go's own object format, which minigo doesn't read; go tool objdump reads it, and minigo executables of Go",
        ),
        (
            &["lib.a"],
            "lib.a: an archive; ar x takes the objects out of it",
        ),
        (
            &["arm.o"],
            "arm.o: ELF for Aarch64; minigo disassembles amd64",
        ),
        (
            &["cut"],
            "cut: damaged: Invalid ELF header size or alignment",
        ),
        (
            &["-s", "g", "x.o"],
            "x.o: no function has a name that matches g",
        ),
        (
            &["-s", "(", "x.o"],
            "-s (: found open group without closing ')'",
        ),
    ] {
        let mut command = minigo_command();
        command.current_dir(dir.path()).arg("objdump").args(args);
        refused(&mut command, &format!("minigo: {message}\n"), 2)?;
    }
    Ok(())
}

/// Cut and changed files are refused or printed, whatever is in them.
fn damaged() -> Result<(), Failed> {
    let text = "package main\n\nfunc main() { println(1) }\n";
    let options = Options {
        debugging: true,
        complete: true,
        ..Options::default()
    };
    let compiled = || {
        let source = Source::new("in.go", text);
        minigo::compile(&[source], &options).map_err(|err| Failed::from(err.to_string()))
    };
    let object = compiled()?.object("in.o").map_err(|err| err.to_string())?;
    let executable = compiled()?.executable().map_err(|err| err.to_string())?;
    let mut random = 1u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize % below
    };
    let mut n_read = 0;
    for data in [&object, &executable] {
        for round in 0..100 {
            let mut data = data.clone();
            if round % 3 == 0 {
                data.truncate(next(data.len()));
            }
            for _ in 0..round % 7 {
                // Half of the changes are in the header, or in tables near it.
                let end = if next(2) == 0 {
                    data.len()
                } else {
                    data.len().min(2000)
                };
                if end > 0 {
                    let at = next(end);
                    data[at] = next(256) as u8;
                }
            }
            if File::parse(&data).is_ok() {
                n_read += usize::from(disassembled(&data).is_ok());
            }
        }
    }
    match n_read > 20 {
        true => Ok(()),
        false => Err(format!("only {n_read} files were read").into()),
    }
}

fn outputs() -> Result<(), Failed> {
    let dir = article("1.15")?;
    let status_with = |stdout: Stdio, closes: bool| -> Result<Option<i32>, Failed> {
        let mut command = minigo_command();
        command.current_dir(dir.path()).args(["objdump", "add"]);
        let mut child = command.stdout(stdout).stderr(Stdio::null()).spawn()?;
        if closes {
            drop(child.stdout.take());
        }
        Ok(child.wait()?.code())
    };
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full")?;
    let statuses = (
        status_with(Stdio::piped(), true)?,
        status_with(full.into(), false)?,
    );
    match statuses {
        (Some(0), Some(2)) => Ok(()),
        other => Err(format!("statuses {other:?}").into()),
    }
}
