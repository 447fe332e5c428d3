//! Packages of Go and assembly files: the outputs that their tests record.

use std::process::Command;

use libtest_mimic::{Failed, Trial};
use minigo::Source;
use minigo_tests::{Archive, Content, Section, without_hints};

use crate::{build_command, folder, minigo_command, options, refused, run_built, same};

const ADD_GO: &[u8] =
    b"package main\n\nfunc add(a, b int) int\n\nfunc main() { println(add(40, 2)) }\n";
const ADD_S: &[u8] = "TEXT \u{b7}add(SB), 4, $0-24\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET\n".as_bytes();

/// Returns the trials of the command with such packages.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("package: files are named in any order", named_files),
        Trial::test("package: listings of both, Go first", both_listings),
        Trial::test(
            "package: the system's linker makes the same program",
            external_linker,
        ),
        Trial::test("package: a program may be assembly only", assembly_only),
        Trial::test("package: other systems are refused", other_systems),
        Trial::test("package: chains of more than 500 calls", long_chain),
        Trial::test("package: messages name files as go build does", places),
    ]
}

fn named_files() -> Result<(), Failed> {
    let dir = folder(&[
        ("add.go", ADD_GO),
        ("sum.s", ADD_S),
        ("other.s", b"\tBROKEN\n"),
    ])?;
    for command in [
        ["build", "add.go", "sum.s"],
        ["build", "sum.s", "add.go"],
        ["run", "sum.s", "add.go"],
    ] {
        let output = minigo_command()
            .current_dir(dir.path())
            .args(command)
            .output()?;
        let expected = if command[0] == "run" { "42\n" } else { "" };
        same(
            "messages",
            expected,
            &String::from_utf8_lossy(&output.stderr),
        )?;
        if command[0] == "build" {
            let program = Command::new(dir.path().join("add")).output()?;
            same(
                "the output",
                "42\n",
                &String::from_utf8_lossy(&program.stderr),
            )?;
            std::fs::remove_file(dir.path().join("add"))?;
        }
    }
    Ok(())
}

fn both_listings() -> Result<(), Failed> {
    let dir = folder(&[("add.go", ADD_GO), ("sum.s", ADD_S)])?;
    let listing = |args: &[&str]| -> Result<String, Failed> {
        let output = minigo_command()
            .current_dir(dir.path())
            .args(args)
            .output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let go = listing(&["build", "-S", "add.go"])?;
    let alias = "\"\".add SABIALIAS dupok size=0\n\trel 0+0 t=0 \"\".add+0\n";
    let assembly = listing(&["asm", "-S", "sum.s"])?;
    same(
        "the listing",
        &format!("{go}{alias}{assembly}"),
        &listing(&["build", "-S", "."])?,
    )
}

fn external_linker() -> Result<(), Failed> {
    let dir = folder(&[("add.go", ADD_GO), ("sum.s", ADD_S)])?;
    let external = |file: &[&str]| {
        let mut command = minigo_command();
        command.current_dir(dir.path());
        command.args(["build", "-linkmode=external", "-o", "program"]);
        command.args(file);
        command
    };
    let output = external(&["."]).output()?;
    same("messages", "", &String::from_utf8_lossy(&output.stderr))?;
    let program = Command::new(dir.path().join("program")).output()?;
    same(
        "the output",
        "42\n",
        &String::from_utf8_lossy(&program.stderr),
    )?;
    std::fs::write(dir.path().join("sum.s"), "TEXT add(SB), 4, $0\n\tRET\n")?;
    let message = "main.main: relocation target main.add not defined\n";
    refused(&mut external(&["add.go", "sum.s"]), message, 1)
}

fn assembly_only() -> Result<(), Failed> {
    let source = "TEXT \u{b7}main(SB), 0, $8-0\n\tMOVQ $42, 0(SP)\n\tCALL runtime\u{b7}printint(SB)\n\tCALL runtime\u{b7}printnl(SB)\n\tCALL runtime\u{b7}printunlock(SB)\n\tRET\n";
    let dir = folder(&[("x.s", source.as_bytes()), ("sum.s", ADD_S)])?;
    let minigo = |args: &[&str]| minigo_command().current_dir(dir.path()).args(args).output();
    let output = minigo(&["run", "x.s"])?;
    same(
        "the output",
        "42\n",
        &String::from_utf8_lossy(&output.stderr),
    )?;
    let built = minigo(&["build", "-c", "-o", "built.o", "sum.s"])?;
    same("messages", "", &String::from_utf8_lossy(&built.stderr))?;
    minigo(&["asm", "-o", "built2.o", "sum.s"])?;
    let names = |file: &str| -> Result<Vec<String>, Failed> {
        use object::{Object, ObjectSymbol};
        let bytes = std::fs::read(dir.path().join(file))?;
        let file = object::File::parse(&*bytes)?;
        let symbols = file.symbols().filter(|symbol| symbol.is_definition());
        Ok(symbols.map(|s| s.name().unwrap_or("").to_owned()).collect())
    };
    same(
        "the symbols",
        &names("built2.o")?.join(" "),
        &names("built.o")?.join(" "),
    )
}

fn other_systems() -> Result<(), Failed> {
    let dir = folder(&[("add.go", ADD_GO), ("sum.s", ADD_S)])?;
    for (variable, value, message) in [
        (
            "GOOS",
            "foo",
            "minigo: unsupported GOOS/GOARCH pair foo/amd64\n",
        ),
        (
            "GOARCH",
            "arm64",
            "minigo: minigo does not support linux/arm64: it makes code for linux/amd64, and objects for darwin/amd64\n",
        ),
        (
            "GOOS",
            "darwin",
            "minigo: minigo has no runtime for darwin/amd64; -c makes an object\n",
        ),
    ] {
        let mut command = minigo_command();
        command.current_dir(dir.path()).env(variable, value);
        refused(command.args(["build", "."]), message, 2)?;
    }
    Ok(())
}

/// Returns minigo's output of a package for a section: the listing of its Go files, the header for assembly, the reasons
/// why it is refused, or the program's outcome. None for sections of other tests.
pub fn output(archive: &Archive, section: &Section) -> Result<Option<String>, Failed> {
    if section.content == Content::Listing {
        return listing(archive, section).map(Some);
    }
    let dir = tempfile::tempdir()?;
    for (file, text) in archive.package() {
        std::fs::write(dir.path().join(file), text)?;
    }
    match section.content {
        Content::Header => {
            build_command(dir.path(), section)
                .args(["-asmhdr", "header", "."])
                .output()?;
            Ok(Some(std::fs::read_to_string(dir.path().join("header"))?))
        }
        Content::Refusal => {
            let built = build_command(dir.path(), section).arg(".").output()?;
            let errors = String::from_utf8_lossy(&built.stderr);
            // minigo's explanations follow a blank line.
            let end = errors.find("\n\n").map_or(errors.len(), |end| end + 1);
            // Messages are recorded without the folder, too.
            let folder = format!("{}/", dir.path().display());
            let errors = errors[..end].replace(&folder, "");
            Ok(Some(without_hints(&errors)))
        }
        Content::Outcome => run_built(dir.path(), section, ".", &archive.go_text()).map(Some),
        _ => Ok(None),
    }
}

fn places() -> Result<(), Failed> {
    let dir = folder(&[])?;
    let sub = dir.path().join("sub");
    std::fs::create_dir(&sub)?;
    std::fs::write(sub.join("add.go"), ADD_GO)?;
    std::fs::write(sub.join("sum.s"), "\tBLOB\n#include \"x.h\"\n")?;
    std::fs::write(sub.join("x.h"), "\n\n\n\tBLAB\n")?;
    // Recorded from Go 1.15.
    let inside = "./sum.s:1: unrecognized instruction \"BLOB\"\nx.h:4: unrecognized instruction \"BLAB\"\nasm: assembly of ./sum.s failed\n";
    let above = "sub/sum.s:1: unrecognized instruction \"BLOB\"\nx.h:4: unrecognized instruction \"BLAB\"\nasm: assembly of sub/sum.s failed\n";
    let beside = &above.replace("sub/sum.s", "../sub/sum.s");
    let full = sub.canonicalize()?;
    let full = full.to_str().ok_or("a name")?;
    let other = dir.path().join("other");
    std::fs::create_dir(&other)?;
    for (folder, arguments, message) in [
        (sub.as_path(), &["."][..], inside),
        (&sub, &[], inside),
        (dir.path(), &["./sub"], above),
        (dir.path(), &["sub/"], above),
        (dir.path(), &[full], above),
        (&other, &["../sub"], beside),
        (&other, &[full], beside),
    ] {
        let mut command = minigo_command();
        command.current_dir(folder).arg("build").args(arguments);
        refused(&mut command, message, 1)?;
    }
    // Go files are named in the same way.
    std::fs::write(sub.join("bad.go"), "package main\n\nvar x int = 1.5\n")?;
    for (folder, argument, name) in [
        (sub.as_path(), "../sub/./bad.go", "./bad.go"),
        (dir.path(), "./sub/bad.go", "sub/bad.go"),
        (dir.path(), &format!("{full}/bad.go"), "sub/bad.go"),
        (&other, "../sub/bad.go", "../sub/bad.go"),
    ] {
        let mut command = minigo_command();
        command.current_dir(folder).args(["build", argument]);
        let message = format!("{name}:3:5: constant 1.5 truncated to integer\n");
        refused(&mut command, &message, 1)?;
    }
    std::fs::remove_file(sub.join("bad.go"))?;
    // The encoder's messages name files in full.
    std::fs::write(
        sub.join("sum.s"),
        "TEXT \u{b7}f(SB), 4, $0\n\tMOVQ (AX), (BX)\n",
    )?;
    let message = format!(
        "asm: invalid instruction: 00000 ({full}/sum.s:2)\tMOVQ\t(AX), (BX)\nasm: assembly failed\n"
    );
    for (folder, argument) in [
        (sub.as_path(), "."),
        (dir.path(), "./sub"),
        (&sub, "../sub"),
    ] {
        let mut command = minigo_command();
        command.current_dir(folder).args(["build", argument]);
        refused(&mut command, &message, 1)?;
    }
    // A missing header is reported with a hint.
    std::fs::write(sub.join("sum.s"), "#include \"no.h\"\n")?;
    let output = minigo_command()
        .current_dir(&sub)
        .args(["build", "."])
        .output()?;
    let expected = "./sum.s:2: #include: open no.h: no such file or directory\n\
        \thint: minigo asm -I adds a folder to those that are searched\n";
    same(
        "the message",
        expected,
        &String::from_utf8_lossy(&output.stderr),
    )
}

/// Go's linker doesn't follow chains of more calls, of any functions, and reports that.
fn long_chain() -> Result<(), Failed> {
    let build = |n: usize| -> Result<String, Failed> {
        let mut source = "package main\n\nfunc main() { println(f0(0)) }\n".to_owned();
        for index in 0..n {
            source.push_str(&format!(
                "//go:noinline\nfunc f{index}(a int) int {{ return f{}(a+1) + 1 }}\n",
                index + 1
            ));
        }
        source.push_str(&format!(
            "//go:noinline\nfunc f{n}(a int) int {{ println(a); return 1 }}\n"
        ));
        let dir = folder(&[("x.go", source.as_bytes())])?;
        let output = minigo_command()
            .current_dir(dir.path())
            .args(["build", "x.go"])
            .output()?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    };
    same("messages", "", &build(400)?)?;
    let messages = build(520)?;
    // Recorded from Go 1.15.
    let start = "runtime.morestack: nosplit stack check too deep\nruntime.morestack: nosplit stack overflow\n\t792\tguaranteed after split check in main.main\n";
    let lines: Vec<&str> = messages.split_inclusive('\n').take(3).collect();
    same("messages", start, &lines.concat())
}

/// Returns the listing of the Go files of a package.
fn listing(archive: &Archive, section: &Section) -> Result<String, Failed> {
    let files = archive.package().into_iter();
    let source = |(name, text): &(String, String)| Source::new(name.as_str(), text.as_str());
    let sources: Vec<Source> = files.map(source).collect();
    let built = minigo::compile(&sources, &options(section))?;
    Ok(built.listing().collect())
}
