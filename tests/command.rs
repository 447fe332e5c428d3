//! The command line: files, flags, exit statuses.

use libtest_mimic::{Failed, Trial};

use crate::{folder, minigo_command, refused, same};

const ADD: &[u8] = include_bytes!("../examples/add/direct_topfunc_call.go");
const FAILS: &[u8] = b"package main\n\nfunc main() {\n\tx := 1\n}\n";

/// A trial: its name and its body.
type Named = (&'static str, fn() -> Result<(), Failed>);

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let all: [Named; 23] = [
        (
            "build writes an executable named after the file",
            executable,
        ),
        ("build -S prints and writes nothing", listing_writes_nothing),
        (
            "build -c writes an object that ld and cc link",
            object_links,
        ),
        ("build takes a folder", folder_of_files),
        ("run ends with the program's exit status", run_status),
        ("programs of Go 1.10 initialise themselves", guarded_init),
        ("asm writes an object and prints a listing", assembly),
        (
            "asm refuses a file as go tool asm does, and writes nothing",
            assembly_errors,
        ),
        ("vet has the exit status of go vet", vet_status),
        ("vet reads packages of the same module", vet_imports),
        ("vet -stub writes assembly without mistakes", stub),
        ("sig prints the places of arguments", places),
        ("errors go to standard error, status 1", errors),
        ("missing and unreadable files, status 2", missing_files),
        ("an unknown flag, status 2", unknown_flag),
        ("sources are never overwritten", sources_are_kept),
        (
            "included files are never overwritten",
            included_files_are_kept,
        ),
        ("other files are not overwritten", other_files_are_kept),
        (
            "an output that can't be written leaves nothing",
            unwritable_output,
        ),
        (
            "a failed build keeps the old executable",
            failure_keeps_output,
        ),
        ("a package other than main is only checked", no_program),
        ("dumps follow the passes", dumps),
        ("MINIGO_GO is the default of -go", default_version),
    ];
    all.into_iter()
        .map(|(name, run)| Trial::test(format!("command: {name}"), run))
        .collect()
}

/// Runs the command in a folder. Returns standard output, standard error and exit status.
fn run(dir: &tempfile::TempDir, args: &[&str]) -> Result<(String, String, i32), Failed> {
    let output = minigo_command()
        .current_dir(dir.path())
        .args(args)
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap_or(-1),
    ))
}

fn expect(what: &str, fact: bool, output: &(String, String, i32)) -> Result<(), Failed> {
    if fact {
        Ok(())
    } else {
        Err(format!(
            "{what}\nstdout: {}\nstderr: {}\nstatus: {}",
            output.0, output.1, output.2
        )
        .into())
    }
}

/// Returns the names of the files in a folder.
fn names(dir: &tempfile::TempDir) -> Result<Vec<String>, Failed> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir.path())? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn executable() -> Result<(), Failed> {
    use object::{Object, ObjectSymbol, SymbolKind};
    let dir = folder(&[("add.go", ADD)])?;
    let output = run(&dir, &["build", "add.go"])?;
    expect(
        "succeeds silently",
        output == (String::new(), String::new(), 0),
        &output,
    )?;
    same("the folder", "add add.go", &names(&dir)?.join(" "))?;
    let bytes = std::fs::read(dir.path().join("add"))?;
    let file = object::File::parse(&*bytes)?;
    let add = file
        .symbols()
        .find(|symbol| symbol.name() == Ok("main.add"))
        .ok_or("no symbol main.add")?;
    expect(
        "main.add is a function of 20 bytes",
        add.kind() == SymbolKind::Text && add.size() == 20,
        &output,
    )?;
    let status = std::process::Command::new(dir.path().join("add")).status()?;
    expect("the program succeeds", status.success(), &output)
}

fn listing_writes_nothing() -> Result<(), Failed> {
    let dir = folder(&[("direct_topfunc_call.go", ADD)])?;
    let output = run(&dir, &["build", "-S", "direct_topfunc_call.go"])?;
    same(
        "the listing",
        include_str!("../examples/add/listing.txt"),
        &output.0,
    )?;
    same(
        "the folder",
        "direct_topfunc_call.go",
        &names(&dir)?.join(" "),
    )?;
    let output = run(
        &dir,
        &["build", "-S", "-o", "add.txt", "direct_topfunc_call.go"],
    )?;
    expect(
        "prints nothing",
        output.0.is_empty() && output.2 == 0,
        &output,
    )?;
    same(
        "the file",
        include_str!("../examples/add/listing.txt"),
        &std::fs::read_to_string(dir.path().join("add.txt"))?,
    )
}

fn object_links() -> Result<(), Failed> {
    let dir = folder(&[
        ("add.go", ADD),
        ("main.c", b"int main(void) { return 0; }\n"),
    ])?;
    let output = run(&dir, &["build", "-c", "add.go"])?;
    expect("succeeds", output.2 == 0, &output)?;
    for (program, args) in [
        (
            "ld",
            &["-e", "_rt0_amd64_linux", "-o", "with-ld", "add.o"][..],
        ),
        ("cc", &["-o", "with-cc", "main.c", "add.o"]),
    ] {
        let linked = std::process::Command::new(program)
            .current_dir(dir.path())
            .args(args)
            .output()?;
        let text = String::from_utf8_lossy(&linked.stderr).into_owned();
        expect(
            &format!("{program}: {text}"),
            linked.status.success() && !text.contains("warning"),
            &output,
        )?;
        let status =
            std::process::Command::new(dir.path().join(format!("with-{program}"))).status()?;
        expect(
            &format!("what {program} linked runs"),
            status.success(),
            &output,
        )?;
    }
    Ok(())
}

fn folder_of_files() -> Result<(), Failed> {
    let dir = folder(&[
        (
            "a.go",
            b"package main\n\nfunc main() { println(double(21)) }\n",
        ),
        (
            "b.go",
            b"package main\n\nfunc double(x int32) int32 { return 2 * x }\n",
        ),
        ("b_test.go", b"package broken {\n"),
    ])?;
    let output = run(&dir, &["run", "."])?;
    expect(
        "prints 42",
        output == (String::new(), "42\n".to_owned(), 0),
        &output,
    )?;
    let output = run(&dir, &["build", "-o", "out", "a.go", "b.go"])?;
    expect(
        "builds",
        output.2 == 0 && dir.path().join("out").is_file(),
        &output,
    )
}

fn run_status() -> Result<(), Failed> {
    let dir = folder(&[(
        "div.go",
        b"package main\n\nvar zero int32\n\nfunc main() { println(1 / zero) }\n",
    )])?;
    let output = run(&dir, &["run", "div.go"])?;
    expect(
        "panics",
        output
            .1
            .starts_with("panic: runtime error: integer divide by zero\n")
            && output.2 == 2,
        &output,
    )?;
    same("the folder", "div.go", &names(&dir)?.join(" "))
}

fn default_version() -> Result<(), Failed> {
    let dir = folder(&[("add.go", ADD)])?;
    let header = |version: &str, flags: &[&str]| -> Result<String, Failed> {
        let mut command = minigo_command();
        command.current_dir(dir.path()).env("MINIGO_GO", version);
        let output = command
            .args(["build", "-S"])
            .args(flags)
            .arg("add.go")
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().nth(1).unwrap_or_default().to_owned())
    };
    let go1_10 = "\t0x0000 00000 (add.go:4)\tTEXT\t\"\".add(SB), NOSPLIT, $0-16";
    same("the variable", go1_10, &header("1.10", &[])?)?;
    let go1_15 = "\t0x0000 00000 (add.go:4)\tTEXT\t\"\".add(SB), NOSPLIT|ABIInternal, $0-16";
    same("the flag", go1_15, &header("1.10", &["-go", "1.15"])?)?;
    same("an empty variable", go1_15, &header("", &[])?)?;
    let mut command = minigo_command();
    command
        .current_dir(dir.path())
        .env("MINIGO_GO", "1.16")
        .args(["build", "add.go"]);
    refused(
        &mut command,
        "minigo: MINIGO_GO=1.16: minigo knows Go 1.10, 1.15, 1.27\n",
        2,
    )
}

fn guarded_init() -> Result<(), Failed> {
    let source = b"package main\n\nvar a = f()\n\nfunc f() int32 { println(1); return 2 }\n\nfunc init() { println(a) }\n\nfunc main() { println(3) }\n";
    let dir = folder(&[("x.go", source)])?;
    let output = run(&dir, &["run", "-go", "1.10", "x.go"])?;
    expect(
        "runs init, then main",
        output == (String::new(), "1\n2\n3\n".to_owned(), 0),
        &output,
    )
}

fn assembly() -> Result<(), Failed> {
    let source = "#include \"textflag.h\"\n\n#define RESULT ret+16(FP)\n\nTEXT \u{b7}add(SB), NOSPLIT, $0-24\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tMOVQ AX, RESULT\n\tRET\n";
    let dir = folder(&[("add.s", source.as_bytes())])?;
    let output = run(&dir, &["asm", "-S", "-p", "sum", "add.s"])?;
    let header = "\"\".add STEXT nosplit size=16 args=0x18 locals=0x0\n\t0x0000 00000 (add.s:5)\tTEXT\t\"\".add(SB), NOSPLIT, $0-24\n";
    expect(
        "a listing",
        output.0.starts_with(header) && output.2 == 0,
        &output,
    )?;
    let bytes = std::fs::read(dir.path().join("add.o"))?;
    use object::{Object, ObjectSymbol};
    let file = object::File::parse(&*bytes)?;
    let add = file
        .symbols()
        .find(|symbol| symbol.name() == Ok("sum.add"))
        .ok_or("no symbol sum.add")?;
    expect(
        "a function of 16 bytes",
        add.size() == 16 && add.is_global(),
        &output,
    )
}

fn assembly_errors() -> Result<(), Failed> {
    // Recorded from go tool asm 1.15.
    for (source, expected) in [
        (
            "TEXT f(SB), 4, $0\n\tFOO AX\n\tRET\n",
            "x.s:2: unrecognized instruction \"FOO\"\nasm: assembly of x.s failed\n",
        ),
        (
            "TEXT f(SB), 4, $0\n\tMOVQ (AX), (BX)\n\tRET\n",
            "asm: invalid instruction: 00000 (x.s:2)\tMOVQ\t(AX), (BX)\nasm: assembly failed\n",
        ),
    ] {
        let dir = folder(&[("x.s", source.as_bytes())])?;
        let output = run(&dir, &["asm", "x.s"])?;
        expect("status 1", output.2 == 1, &output)?;
        same(
            "the messages",
            expected,
            &minigo_tests::without_hints(&output.1),
        )?;
        same("the folder", "x.s", &names(&dir)?.join(" "))?;
    }
    Ok(())
}

fn vet_status() -> Result<(), Failed> {
    let dir = folder(&[
        ("f.go", b"package p\n\nfunc f(x int32)\n"),
        ("f.s", "TEXT \u{b7}f(SB), 4, $0-8\n\tRET\n".as_bytes()),
        ("right.go", b"package p\n\nfunc f(x int64)\n"),
        (
            "far.go",
            b"package p\n\nimport \"far/away\"\n\nfunc f(x away.T, y *away.T)\n",
        ),
    ])?;
    let wrong = "f.s:1:1: [amd64] f: wrong argument size 8; expected $...-4\n";
    for (args, text, status) in [
        (&["vet", "f.go", "f.s"][..], format!("./{wrong}"), 2),
        (&["vet", "f.s", "-go=1.27", "f.go"], wrong.to_owned(), 1),
        (&["vet", "-asmdecl=false", "f.go", "f.s"], String::new(), 0),
        (&["vet", "-framepointer", "f.go", "f.s"], String::new(), 0),
        (&["vet", "right.go", "f.s"], String::new(), 0),
        (&["vet", "f.go"], String::new(), 0),
        (
            &["vet", "f.s", "far.go"],
            "./far.go:5:10: f is not compared: minigo does not know far/away.T: it has no source of package far/away\n".to_owned(),
            2,
        ),
        (
            &["vet", "f.go", "f.c"],
            "minigo: f.c: not a Go or assembly file\n".to_owned(),
            2,
        ),
    ] {
        let (_, errors, found) = run(&dir, args)?;
        same(
            &args.join(" "),
            &format!("{text}{status}"),
            &format!("{errors}{found}"),
        )?;
    }
    Ok(())
}

fn vet_imports() -> Result<(), Failed> {
    let dir = folder(&[("go.mod", b"module example.org/m\n\ngo 1.15\n")])?;
    std::fs::create_dir_all(dir.path().join("a/b"))?;
    for (file, text) in [
        (
            "a/a.go",
            "package a\n\nimport \"example.org/m/a/b\"\n\nfunc f(x b.T, y bool)\n",
        ),
        (
            "a/a.s",
            "TEXT example\u{b7}org\u{2215}m\u{2215}a\u{b7}g(SB), 4, $0-0\n\tRET\nTEXT \u{b7}f(SB), 4, $0-13\n\tMOVQ x+0(FP), AX\n\tRET\n",
        ),
        ("a/b/b.go", "package b\n\ntype T [3]int32\n"),
    ] {
        std::fs::write(dir.path().join(file), text)?;
    }
    let (_, errors, _) = run(&dir, &["vet", "-asmdecl", "./a"])?;
    let want =
        "a/a.s:4:1: [amd64] f: invalid MOVQ of x+0(FP); example.org/m/a/b.T is 12-byte value\n";
    same("findings", want, &errors)
}

fn stub() -> Result<(), Failed> {
    let go = "package p\n\nimport \"unsafe\"\n\ntype pair struct {\n\ta int8\n\tb [2]string\n}\n\n\
              func f(s string, p pair) (n int, err error)\nfunc g(p unsafe.Pointer, x, y float32) (c complex128, b bool)\n\
              func none()\nfunc known(x []byte) int64\n";
    let known = "TEXT \u{b7}known(SB), 4, $0-32\n\tMOVQ $0, ret+24(FP)\n\tRET\n";
    let dir = folder(&[("x.go", go.as_bytes()), ("known_amd64.s", known.as_bytes())])?;
    for version in ["1.15", "1.27"] {
        let stub = ["vet", "-go", version, "-stub=stub_amd64.s"];
        let output = run(&dir, &stub)?;
        expect("written", output == Default::default(), &output)?;
        let text = std::fs::read_to_string(dir.path().join("stub_amd64.s"))?;
        let texts = text.lines().filter(|line| line.starts_with("TEXT"));
        let want = "TEXT \u{b7}f(SB), NOSPLIT, $0-80\nTEXT \u{b7}g(SB), NOSPLIT, $0-33\nTEXT \u{b7}none(SB), NOSPLIT, $0-0";
        same("the functions", want, &texts.collect::<Vec<_>>().join("\n"))?;
        let output = run(&dir, &["vet", "-go", version])?;
        expect("no findings", output == Default::default(), &output)?;
        let output = run(&dir, &["asm", "-go", version, "-o", "x.o", "stub_amd64.s"])?;
        expect("assembles", output == Default::default(), &output)?;
        // Now nothing is missing.
        let output = run(&dir, &["vet", "-go", version, "-stub"])?;
        same("an empty skeleton", "#include \"textflag.h\"\n", &output.0)?;
        std::fs::remove_file(dir.path().join("stub_amd64.s"))?;
    }
    Ok(())
}

fn places() -> Result<(), Failed> {
    let dir = folder(&[("t.go", b"package t\n\ntype T struct{ a, b int32 }\n")])?;
    let output = run(
        &dir,
        &["sig", "func sum(t T, x []float64) (float64, bool)", "t.go"],
    )?;
    let want = "TEXT \u{b7}sum(SB), NOSPLIT, $0-41\n\n\
                ABI0          bytes  type        ABIInternal\n\
                t_a+0(FP)         4  int32       AX, kept at 0\n\
                t_b+4(FP)         4  int32       BX, kept at 4\n\
                x_base+8(FP)      8  slice base  CX, kept at 8\n\
                x_len+16(FP)      8  slice len   DI, kept at 16\n\
                x_cap+24(FP)      8  slice cap   SI, kept at 24\n\
                ret+32(FP)        8  float64     X0\n\
                ret1+40(FP)       1  bool        AX\n\n\
                ABI0: 41 bytes on the stack\n\
                ABIInternal: 0 bytes on the stack, 32 to keep registers in\n";
    same("the places", want, &output.0)?;
    let cases = [
        (
            "func(x unsafe.Pointer, t T)",
            "signature:1:26: undefined: T\n",
            1,
        ),
        (
            "func(x int",
            "signature:1:11: syntax error: unexpected newline, expecting comma or )\n",
            1,
        ),
        ("func(x [1<<40]int)", "signature:1:8: type too large\n", 1),
    ];
    for (signature, message, status) in cases {
        let output = run(&dir, &["sig", signature])?;
        let refused = output.1 == message && output.2 == status;
        expect(signature, refused, &output)?;
    }
    Ok(())
}

fn errors() -> Result<(), Failed> {
    let dir = folder(&[("x.go", FAILS)])?;
    let output = run(&dir, &["build", "x.go"])?;
    let expected = (
        String::new(),
        "./x.go:4:2: x declared but not used\n".to_owned(),
        1,
    );
    expect("gc's message", output == expected, &output)?;
    same("the folder", "x.go", &names(&dir)?.join(" "))
}

fn missing_files() -> Result<(), Failed> {
    let dir = folder(&[("x.txt", b"")])?;
    for args in [
        &["build", "none.go"][..],
        &["build", "x.txt"],
        &["build", "."],
        &["run", "none.go"],
        &["build", "no\0ne.go"],
    ] {
        if args.iter().any(|arg| arg.contains('\0')) {
            continue;
        }
        let output = run(&dir, args)?;
        expect(
            "a message and status 2",
            output.1.starts_with("minigo: ") && output.2 == 2,
            &output,
        )?;
    }
    std::fs::create_dir(dir.path().join("d.go"))?;
    let output = run(&dir, &["build", "d.go", "x.go"])?;
    expect(
        "a folder among files",
        output.2 == 2 && output.1.contains("d.go"),
        &output,
    )
}

fn unknown_flag() -> Result<(), Failed> {
    let dir = folder(&[])?;
    for args in [
        &["build", "-Q", "x.go"][..],
        &["frobnicate"],
        &["build", "-go", "1.99", "x.go"],
        &["build", "-d", "ssa/nopass/off", "x.go"],
    ] {
        let output = run(&dir, args)?;
        expect(
            "a message and status 2",
            !output.1.is_empty() && output.2 == 2,
            &output,
        )?;
    }
    Ok(())
}

fn sources_are_kept() -> Result<(), Failed> {
    for flag in ["-c", "-S", "-N"] {
        let dir = folder(&[("x.go", ADD)])?;
        let output = run(&dir, &["build", flag, "-o", "x.go", "x.go"])?;
        expect(
            "refused",
            output.2 == 2 && output.1.contains("x.go"),
            &output,
        )?;
        expect(
            "kept",
            std::fs::read(dir.path().join("x.go"))? == ADD,
            &output,
        )?;
    }
    Ok(())
}

fn included_files_are_kept() -> Result<(), Failed> {
    const HEADER: &[u8] = b"#define X 1\n";
    let text = "#include \"inc.h\"\nTEXT \u{b7}f(SB), 4, $0\n\tRET\n".as_bytes();
    let go: &[u8] = b"package p\n\nfunc f()\n";
    let commands: [&[&str]; 3] = [
        &["asm", "-gensymabis", "-o", "inc.h", "x.s"],
        &["build", "-S", "-o", "inc.h", "x.go", "x.s"],
        &["build", "-asmhdr", "inc.h", "x.go", "x.s"],
    ];
    for args in commands {
        let dir = folder(&[("inc.h", HEADER), ("x.s", text), ("x.go", go)])?;
        let output = run(&dir, args)?;
        let message = "build output \"inc.h\" is one of the source files";
        let refused = output.2 == 2 && output.1.contains(message);
        expect("refused", refused, &output)?;
        let kept = std::fs::read(dir.path().join("inc.h"))? == HEADER;
        expect("kept", kept, &output)?;
    }
    // A header that the compiler writes is written again.
    let text = "#include \"go_asm.h\"\nTEXT \u{b7}f(SB), 4, $0\n\tRET\n".as_bytes();
    let dir = folder(&[("x.s", text), ("x.go", go)])?;
    for _ in 0..2 {
        let output = run(&dir, &["build", "-asmhdr", "go_asm.h", "x.go", "x.s"])?;
        expect("written", output.2 == 0, &output)?;
    }
    Ok(())
}

fn other_files_are_kept() -> Result<(), Failed> {
    let dir = folder(&[("x.go", ADD), ("notes", b"important")])?;
    let output = run(&dir, &["build", "-o", "notes", "x.go"])?;
    let message = "build output \"notes\" already exists and is not an object file";
    expect(
        "refused",
        output.2 == 2 && output.1.contains(message),
        &output,
    )?;
    same(
        "the file",
        "important",
        &std::fs::read_to_string(dir.path().join("notes"))?,
    )?;
    // An executable may be replaced by a newer one.
    for _ in 0..2 {
        let output = run(&dir, &["build", "x.go"])?;
        expect("builds", output.2 == 0, &output)?;
    }
    Ok(())
}

fn unwritable_output() -> Result<(), Failed> {
    let dir = folder(&[("x.go", ADD)])?;
    let output = run(&dir, &["build", "-o", "none/x", "x.go"])?;
    expect(
        "a message",
        output.2 == 2 && output.1.contains("none/x"),
        &output,
    )?;
    same("the folder", "x.go", &names(&dir)?.join(" "))?;
    let output = run(&dir, &["build", "-o", "/dev/full", "x.go"])?;
    expect(
        "a message",
        output.2 == 2 && output.1.contains("/dev/full"),
        &output,
    )
}

fn failure_keeps_output() -> Result<(), Failed> {
    let dir = folder(&[("x.go", FAILS), ("x", b"\x7fELF old")])?;
    let output = run(&dir, &["build", "x.go"])?;
    expect("fails", output.2 == 1, &output)?;
    expect(
        "keeps",
        std::fs::read(dir.path().join("x"))? == b"\x7fELF old",
        &output,
    )
}

fn no_program() -> Result<(), Failed> {
    let dir = folder(&[("p.go", b"package p\n\nfunc F() {}\n")])?;
    let output = run(&dir, &["build", "p.go"])?;
    expect(
        "succeeds",
        output == (String::new(), String::new(), 0),
        &output,
    )?;
    same("the folder", "p.go", &names(&dir)?.join(" "))?;
    let output = run(&dir, &["run", "p.go"])?;
    expect(
        "does not run",
        output.2 == 1 && output.1.contains("non-main package"),
        &output,
    )
}

fn dumps() -> Result<(), Failed> {
    let dir = folder(&[("x.go", ADD)])?;
    let output = run(&dir, &["build", "-S", "-d", "ssa/all/dump=add", "x.go"])?;
    let passes: Vec<&str> = output
        .0
        .lines()
        .filter_map(|line| line.strip_prefix("== add: "))
        .collect();
    let named = |pass: &minigo_ssa::Pass| passes.iter().any(|line| line.starts_with(pass.name));
    let known = minigo_ssa::profile::GO1_15.passes;
    let all = known.iter().all(named) && passes[0].starts_with("start nb=");
    expect(
        "every pass",
        all && passes.len() == known.len() + 1,
        &output,
    )
}
