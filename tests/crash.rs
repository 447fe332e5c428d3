//! The output of programs that crash, however they were built.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use minigo_base::GoVersion;
use minigo_tests::{Archive, outcome};
use tempfile::TempDir;

use crate::{folder, minigo_command, same};

/// A test whose output was recorded from Go.
const RECORDED: &str = include_str!("run/panic_inlined.txtar");

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("crash: in a program of the system's linker", || {
            external("out", GoVersion::Go1_15)
        }),
        Trial::test("crash: in one of Go 1.27", || {
            external("out -go 1.27", GoVersion::Go1_27)
        }),
        Trial::test("crash: in a position-independent program", || {
            relocated("out", GoVersion::Go1_15)
        }),
        Trial::test("crash: in a position-independent one of Go 1.27", || {
            relocated("out -go 1.27", GoVersion::Go1_27)
        }),
        Trial::test("crash: in a program of Go 1.10", old_version),
        Trial::test("crash: -trimpath cuts folders", trimmed_paths),
        Trial::test("crash: names in line directives get the folder", directives),
        Trial::test("crash: behind the end of assembly", || {
            off_the_end(GoVersion::Go1_15)
        }),
        Trial::test("crash: behind the end of assembly, Go 1.27", || {
            off_the_end(GoVersion::Go1_27)
        }),
        Trial::test("crash: SIGQUIT in a loop", quit),
        Trial::test("crash: not at a closed standard error", closed_error),
        Trial::test("crash: at a closed standard output", || {
            closed_output(GoVersion::Go1_15)
        }),
        Trial::test("crash: at a closed standard output, Go 1.27", || {
            closed_output(GoVersion::Go1_27)
        }),
    ]
}

fn recorded(section: &str) -> String {
    let archive = Archive::parse(RECORDED);
    archive.section(section).unwrap_or_default().to_owned()
}

/// Builds a program with these flags, in a new folder.
fn build(source: &str, flags: &[&str]) -> Result<TempDir, Failed> {
    let dir = folder(&[("in.go", source.as_bytes())])?;
    let build = ["build", "-o", "program"];
    let args = build.iter().chain(flags).chain(&["in.go"]);
    let built = minigo_command()
        .current_dir(dir.path())
        .args(args)
        .output()?;
    same("messages", "", &String::from_utf8_lossy(&built.stderr))?;
    Ok(dir)
}

/// A command that runs the program in a folder.
fn program(dir: &TempDir) -> Command {
    Command::new(dir.path().join("program"))
}

/// The system's linker links the program.
fn external(section: &str, version: GoVersion) -> Result<(), Failed> {
    let flags = ["-linkmode=external", "-go", version.name()];
    same(
        "the output",
        &recorded(section),
        &built_with(&flags, version)?,
    )
}

/// Builds the recorded program with these flags, runs it and returns its outcome.
fn built_with(flags: &[&str], version: GoVersion) -> Result<String, Failed> {
    let source = recorded("in.go");
    let dir = build(&source, flags)?;
    Ok(outcome(
        &program(&dir).output()?,
        dir.path(),
        &source,
        version,
    ))
}

/// The program isn't loaded at the address that it was linked for.
fn relocated(section: &str, version: GoVersion) -> Result<(), Failed> {
    let source = recorded("in.go");
    let dir = folder(&[("in.go", source.as_bytes())])?;
    let run = |command: &mut Command| -> Result<(), Failed> {
        let output = command.current_dir(dir.path()).output()?;
        same("messages", "", &String::from_utf8_lossy(&output.stderr))
    };
    let build = ["build", "-go", version.name(), "-c"];
    run(minigo_command().args(build).args(["-o", "in.o", "in.go"]))?;
    let flags = ["-pie", "-nostdlib", "-Wl,-e,_rt0_amd64_linux"];
    run(Command::new("cc")
        .args(flags)
        .args(["-o", "program", "in.o"]))?;
    let output = program(&dir).output()?;
    same(
        "the output",
        &recorded(section),
        &outcome(&output, dir.path(), &source, version),
    )
}

/// The function in assembly is the program's last in Go's executables. Recorded from them up to the registers.
fn off_the_end(version: GoVersion) -> Result<(), Failed> {
    const GO: &str = "package main\n\nfunc f(n int32) int32\n\nfunc main() { println(f(1)) }\n";
    const ASSEMBLY: &str = "\
TEXT ·f(SB), 4, $0-12
	MOVL	n+0(FP), AX
	MOVL	AX, ret+8(FP)
";
    let traceback = match version {
        GoVersion::Go1_27 => {
            "goroutine 1 gp=… m=… mp=… [running]:
main.f(0x100)
	?:0 +0x9 frame=0x7
runtime: g 1: unexpected return pc for main.f called from …
"
        }
        _ => {
            "goroutine 1 [running]:
runtime: unknown pc …
runtime: unknown pc …
"
        }
    };
    let expected =
        format!("[stderr]\nSIGTRAP: trace trap\nPC=… m=0 sigcode=128\n\n{traceback}\nrax\n");
    let dir = folder(&[("in.go", GO.as_bytes()), ("in.s", ASSEMBLY.as_bytes())])?;
    let built = minigo_command()
        .current_dir(dir.path())
        .args([
            "build",
            "-go",
            version.name(),
            "-o",
            "program",
            "in.go",
            "in.s",
        ])
        .output()?;
    same("messages", "", &String::from_utf8_lossy(&built.stderr))?;
    let outcome = outcome(&program(&dir).output()?, dir.path(), GO, version);
    let end = outcome.find("rbx").unwrap_or(outcome.len());
    same("the output", &expected, &outcome[..end])
}

/// The code differs, but frames and lines are the same.
fn old_version() -> Result<(), Failed> {
    let frames = |text: String| -> String {
        let places = text
            .lines()
            .map(|line| line.split(" +0x").next().unwrap_or(""));
        places.flat_map(|line| [line, "\n"]).collect()
    };
    same(
        "the frames",
        &frames(recorded("out")),
        &frames(built_with(&["-go", "1.10"], GoVersion::Go1_10)?),
    )
}

fn trimmed_paths() -> Result<(), Failed> {
    let folder = std::env::temp_dir().canonicalize()?;
    let cut = format!("-trimpath={}=>cut", folder.display());
    for (version, flag, begin) in [
        (GoVersion::Go1_15, cut.as_str(), "\tcut/"),
        (
            GoVersion::Go1_15,
            "-trimpath",
            "\tcommand-line-arguments/in.go:",
        ),
        (GoVersion::Go1_27, cut.as_str(), "\tcut/"),
        (GoVersion::Go1_27, "-trimpath", "\t./in.go:"),
    ] {
        let output = built_with(&["-go", version.name(), flag], version)?;
        let places = output.lines().filter(|line| line.starts_with(begin));
        same("places", "4", &places.count().to_string())?;
    }
    Ok(())
}

fn directives() -> Result<(), Failed> {
    let source = "package main\n\n//line other.y:7\nfunc main() {\n\tpanic(1)\n}\n";
    for version in ["1.15", "1.27"] {
        let dir = build(source, &["-go", version])?;
        let output = program(&dir).output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let place = format!("\t{}/other.y:8 +0x", dir.path().canonicalize()?.display());
        let places = text.lines().filter(|line| line.starts_with(&place));
        same("places", "1", &places.count().to_string())?;
    }
    Ok(())
}

fn quit() -> Result<(), Failed> {
    let source = "package main\n\nfunc spin(a int64) {\n\tprintln(a)\n\tfor {\n\t}\n}\n\nfunc main() {\n\tspin(7)\n}\n";
    let dir = build(source, &["-l"])?;
    let mut program = program(&dir).stderr(Stdio::piped()).spawn()?;
    let mut errors = program.stderr.take().ok_or("a pipe was asked for")?;
    // The program runs its loop once it has printed.
    let mut text = vec![0; 2];
    errors.read_exact(&mut text)?;
    let pid = program.id().to_string();
    Command::new("kill").args(["-QUIT", &pid]).status()?;
    errors.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let expected = ["7", "SIGQUIT: quit"];
    same(
        "the first lines",
        &expected.join("\n"),
        &lines[..2].join("\n"),
    )?;
    let names = [
        "goroutine 1 [running]:",
        "main.spin(0x7)",
        "main.main()",
        "runtime.main()",
    ];
    let shown = lines.iter().filter(|line| names.contains(line)).copied();
    same(
        "the frames",
        &names.join("\n"),
        &shown.collect::<Vec<_>>().join("\n"),
    )?;
    same(
        "the status",
        "Some(2)",
        &format!("{:?}", program.wait()?.code()),
    )
}

/// As in Go, print ignores that nobody reads its output.
fn closed_error() -> Result<(), Failed> {
    let source =
        "package main\n\nfunc main() {\n\tfor i := 0; i < 100000; i++ {\n\t\tprintln(i)\n\t}\n}\n";
    let dir = build(source, &[])?;
    let mut program = program(&dir).stderr(Stdio::piped()).spawn()?;
    drop(program.stderr.take());
    let status = program.wait()?;
    same("the status", "Some(0)", &format!("{:?}", status.code()))
}

/// As in Go, fmt.Println doesn't.
fn closed_output(version: GoVersion) -> Result<(), Failed> {
    const SIGPIPE: i32 = 13;
    let source =
        "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfor {\n\t\tfmt.Println(1)\n\t}\n}\n";
    let dir = build(source, &["-go", version.name()])?;
    let mut program = program(&dir).stdout(Stdio::piped()).spawn()?;
    drop(program.stdout.take());
    let status = program.wait()?;
    same(
        "the signal",
        &format!("{:?}", Some(SIGPIPE)),
        &format!("{:?}", status.signal()),
    )
}
