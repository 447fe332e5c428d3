//! Command lines as Go's commands take them, colours, and lists of passes.

use std::io::Write;
use std::process::Stdio;

use libtest_mimic::{Failed, Trial};

use crate::{folder, minigo_command, same};

const ADD: &[u8] = include_bytes!("../examples/add/direct_topfunc_call.go");
const LISTING: &str = include_str!("../examples/add/listing.txt");
const NAME: &str = "direct_topfunc_call.go";

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    type Named = (&'static str, fn() -> Result<(), Failed>);
    let all: [Named; 10] = [
        ("listings by Go's words", listings),
        ("commands that are missing", missing),
        ("flags that are missing", flags),
        ("patterns of packages", patterns),
        ("run takes the current folder", run_here),
        ("programs from standard input", standard_input),
        ("colours", colors),
        ("passes and functions", passes),
        ("files that belong to a package", files),
        ("CGO_ENABLED chooses files", cgo),
    ];
    all.into_iter()
        .map(|(name, run)| Trial::test(format!("habits: {name}"), run))
        .collect()
}

/// Runs the command in a folder with variables. Returns standard output, standard error and status.
fn run(
    dir: &tempfile::TempDir,
    variables: &[(&str, &str)],
    line: &str,
) -> Result<(String, String, i32), Failed> {
    let output = minigo_command()
        .current_dir(dir.path())
        .envs(variables.iter().copied())
        .args(line.split(' '))
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = output.status.code().unwrap_or(-1);
    Ok((text(&output.stdout), text(&output.stderr), status))
}

fn listings() -> Result<(), Failed> {
    let dir = folder(&[(NAME, ADD)])?;
    for line in [
        "-S",
        "build -S=1",
        "build -gcflags=-S",
        "build -gcflags=all=-S",
        "tool compile -S",
    ] {
        let (out, err, _) = run(&dir, &[], &format!("{line} {NAME}"))?;
        same(&format!("{line}: {err}"), LISTING, &out)?;
    }
    let (out, ..) = run(&dir, &[], &format!("build -S=0 {NAME}"))?;
    same("-S=0", "", &out)?;
    let (out, ..) = run(&dir, &[], &format!("build -S=-1 {NAME}"))?;
    same("-S=-1", "", &out)?;
    let (optimized, ..) = run(&dir, &[], &format!("build -S -N -N=0 {NAME}"))?;
    same("-N=0", LISTING, &optimized)?;
    // gc's tool writes an object; a file alone is built.
    for (line, file) in [
        ("tool compile", "direct_topfunc_call.o"),
        ("-l", "direct_topfunc_call"),
    ] {
        let dir = folder(&[(NAME, ADD)])?;
        let (_, err, status) = run(&dir, &[], &format!("{line} {NAME}"))?;
        if status != 0 || !dir.path().join(file).exists() {
            return Err(format!("{line}: status {status}: {err}").into());
        }
    }
    Ok(())
}

fn missing() -> Result<(), Failed> {
    let dir = folder(&[])?;
    for (line, expected) in [
        ("fmt x.go", "minigo: there is no command fmt; use gofmt\n"),
        (
            "tool nm x",
            "minigo: there is no command nm; use nm or go tool nm, which read minigo's executables\n",
        ),
        (
            "biuld",
            "minigo: there is no command biuld; did you mean build?\n",
        ),
        (
            "transmogrify",
            "minigo: there is no command transmogrify; minigo help lists the commands\n",
        ),
        (
            "build nowhere/",
            "minigo: nowhere/: No such file or directory (os error 2)\n",
        ),
        (
            "build -S=2 x.go",
            "error: invalid value '2' for '-S[=<BOOL>]': \
             from 2 on, Go lists its debugging information, too: minigo has -S\n\n\
             For more information, try '--help'.\n",
        ),
        (
            "build -l=4 x.go",
            "error: invalid value '4' for '-l[=<BOOL>]': \
             minigo inlines as gc does by default (0), or not at all (1)\n\n\
             For more information, try '--help'.\n",
        ),
    ] {
        let output = run(&dir, &[], line)?;
        same(
            line,
            &format!("{:?}", ("", expected, 2)),
            &format!("{output:?}"),
        )?;
    }
    Ok(())
}

fn flags() -> Result<(), Failed> {
    let dir = folder(&[])?;
    for (line, expected) in [
        (
            "build -race x.go",
            "'-race' found\n\n  tip: programs have one goroutine\n\nUsage",
        ),
        ("build --gcflags=-N,-l x.go", "'-N,-l' found\n\nUsage"),
        (
            "build -hlep",
            "'-hlep' found\n\n  tip: a similar argument exists: '--help'\n\nUsage",
        ),
        ("vet -copylocks x.go", "'-copylocks' found\n\nUsage"),
    ] {
        let (_, err, status) = run(&dir, &[], line)?;
        let expected = format!("error: unexpected argument {expected}");
        same(line, &expected, err.get(..expected.len()).unwrap_or(&err))?;
        same("the status", "2", &status.to_string())?;
    }
    Ok(())
}

fn patterns() -> Result<(), Failed> {
    let dir = folder(&[])?;
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder"))?;
        std::fs::write(path, text)
    };
    write("a/a.go", "package a\n\nfunc f() int { return 1 }\n")?;
    write("b/c/c.go", "package main\n\nfunc main() {}\n")?;
    write("testdata/wrong.go", "package wrong\n\nvar x int = true\n")?;
    same(
        "all are right",
        "(\"\", \"\", 0)",
        &format!("{:?}", run(&dir, &[], "build ./...")?),
    )?;
    same(
        "nothing is written",
        "false",
        &dir.path().join("c").exists().to_string(),
    )?;
    write("d/d.go", "package d\n\nfunc f() { x := 1 }\n")?;
    let (_, err, status) = run(&dir, &[], "build ./...")?;
    same("messages", "d/d.go:3:12: x declared but not used\n", &err)?;
    same("status", "1", &status.to_string())?;
    let (_, err, status) = run(&dir, &[], "build testdata/...")?;
    same("a folder that is named", "1", &format!("{status}"))?;
    same(
        "its message",
        "testdata/wrong.go:3:5: cannot use true (type untyped bool) as type int in assignment\n",
        &err,
    )
}

fn run_here() -> Result<(), Failed> {
    let dir = folder(&[("x.go", b"package main\n\nfunc main() { println(7) }\n")])?;
    same(
        "its output",
        "(\"\", \"7\\n\", 0)",
        &format!("{:?}", run(&dir, &[], "run")?),
    )
}

fn standard_input() -> Result<(), Failed> {
    let dir = folder(&[])?;
    let fed = |args: &[&str], text: &str| -> Result<String, Failed> {
        let mut child = minigo_command()
            .current_dir(dir.path())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        child
            .stdin
            .take()
            .expect("it is piped")
            .write_all(text.as_bytes())?;
        let output = child.wait_with_output()?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    };
    same(
        "run",
        "7\n",
        &fed(
            &["run", "-"],
            "package main\n\nfunc main() { println(7) }\n",
        )?,
    )?;
    same(
        "build",
        "<standard input>:3:15: undefined: y\n",
        &fed(&["build", "-"], "package main\n\nfunc main() { y = 1 }\n")?,
    )?;
    same(
        "build writes main",
        "",
        &fed(&["build", "-"], "package main\n\nfunc main() {}\n")?,
    )?;
    same(
        "main",
        "true",
        &dir.path().join("main").exists().to_string(),
    )
}

fn colors() -> Result<(), Failed> {
    let dir = folder(&[
        (NAME, ADD),
        ("wrong.go", b"package p\n\nvar \xe4\xb8\x96 = y\n"),
    ])?;
    let listing = format!("build -S {NAME}");
    let plain = |variables: &[(&str, &str)], line: &str| -> Result<bool, Failed> {
        let (out, err, _) = run(&dir, variables, line)?;
        Ok(!(out + &err).contains('\x1b'))
    };
    let forced = ("CLICOLOR_FORCE", "1");
    for (variables, flag, is_plain) in [
        (&[][..], "", true),
        (&[forced], "", false),
        (&[forced, ("NO_COLOR", "1")], "", true),
        (&[("NO_COLOR", "1")], " -color=always", false),
        (&[forced], " -color=never", true),
    ] {
        for line in [&*listing, "build wrong.go"] {
            let found = plain(variables, &format!("{line}{flag}"))?;
            same(
                &format!("{variables:?}{flag} {line}"),
                &is_plain.to_string(),
                &found.to_string(),
            )?;
        }
    }
    let (out, ..) = run(&dir, &[forced], &listing)?;
    let mut text = out;
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[36m"] {
        text = text.replace(code, "");
    }
    same("a listing in colour", LISTING, &text)?;
    let (_, err, _) = run(&dir, &[forced], "build wrong.go")?;
    let caret = err.lines().nth(2).unwrap_or_default();
    same(
        "a caret behind a wide character",
        "             \x1b[1;32m^\x1b[0m",
        caret,
    )
}

fn passes() -> Result<(), Failed> {
    let dir = folder(&[(NAME, ADD)])?;
    let (out, _, status) = run(&dir, &[], "build -d ssa/help")?;
    for line in [
        "usage: -d ssa/PASS/SETTING, several with commas",
        "\tprove                   debug",
        "\tregalloc                required",
    ] {
        if status != 0 || !out.lines().any(|other| other == line) {
            return Err(format!("no {line:?} in {out}").into());
        }
    }
    for (setting, expected) in [
        (
            "ssa/provee/dump=main",
            "-d=ssa/provee/dump=main: there is no pass provee; -d ssa/help lists the passes",
        ),
        (
            "ssa/prove/dump=mian",
            "-d: there is no function mian to dump",
        ),
        (
            "ssa/regalloc/off",
            "-d=ssa/regalloc/off: pass regalloc is required",
        ),
    ] {
        let output = run(&dir, &[], &format!("build -S -d {setting} {NAME}"))?;
        let expected = format!("minigo: {expected}\n");
        same(
            setting,
            &format!("{:?}", ("", expected, 2)),
            &format!("{output:?}"),
        )?;
    }
    Ok(())
}

/// Hints name the file that is missing, or that should be.
fn files() -> Result<(), Failed> {
    let dir = folder(&[
        (
            "a.go",
            b"package main\n\nfunc f() int\n\nfunc main() { println(f(), g()) }\n",
        ),
        (
            "b.go",
            b"//go:build amd64\n\npackage main\n\nfunc g() int { return 1 }\n",
        ),
        (
            "c.go",
            b"//go:build !amd64\n\npackage main\n\nfunc g() int { return 2 }\n",
        ),
        (
            "f_amd64.s",
            "//go:build !purego\n\nTEXT \u{b7}f(SB), 4, $0-8\n\tMOVQ $5, ret+0(FP)\n\tRET\n"
                .as_bytes(),
        ),
    ])?;
    let always = [("CLICOLOR_FORCE", "1")];
    for (line, hint) in [
        (
            "build a.go b.go",
            "f_amd64.s has f: name that file, too, or the folder",
        ),
        (
            "build",
            "./c.go has a //go:build line, which Go 1.15 doesn't read; -go 1.27 does",
        ),
    ] {
        let (_, err, status) = run(&dir, &always, line)?;
        let found = err.lines().any(|line| line == format!("    hint: {hint}"));
        if !found || status != 1 {
            return Err(format!("{line}: status {status}, no hint {hint:?} in\n{err}").into());
        }
    }
    // Recorded from Go 1.27.
    let (out, err, _) = run(&dir, &[], "run -go 1.27 .")?;
    same(&out, "5 1\n", &err)
}

fn cgo() -> Result<(), Failed> {
    let dir = folder(&[
        (
            "a.go",
            b"//go:build !cgo\n// +build !cgo\n\npackage p\n\nfunc f(x int)\n",
        ),
        ("a_amd64.s", "TEXT \u{b7}f(SB), 4, $0-4\n\tRET\n".as_bytes()),
    ])?;
    let (_, err, status) = run(&dir, &[("CGO_ENABLED", "0")], "vet -go 1.27")?;
    // Recorded from Go 1.27.
    let finding = "a_amd64.s:1:1: [amd64] f: wrong argument size 4; expected $...-8\n";
    same("without cgo", finding, &err)?;
    same("status", "1", &status.to_string())?;
    let (_, err, _) = run(&dir, &[("CGO_ENABLED", "1")], "vet -go 1.27")?;
    same(
        "with cgo",
        "minigo: build constraints exclude all Go files in .\n",
        &err,
    )
}
