//! `minigo run -growth`: what it says about growths of the stack. The figures are those that a debugger shows at each call of
//! `runtime.morestack_noctxt`; only where stacks are is the system's choice.

use libtest_mimic::{Failed, Trial};

use crate::{folder, minigo_command, same};

/// Calls itself a hundred times in frames of 32 bytes and a return address.
const DEEP: &[u8] = b"package main

func depth(n int64) int64 {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

func main() { println(depth(100)) }
";

/// The same with a division by zero at the end.
const BROKEN: &[u8] = b"package main

var zero int64

func depth(n int64) int64 {
	if n == 0 {
		return 1 / zero
	}
	return depth(n-1) + 1
}

func main() { println(depth(100)) }
";

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("growth: each growth is told", told),
        Trial::test("growth: programs behave as without", behaviour),
        Trial::test("growth: JSON", json),
    ]
}

/// Runs the command on a program. Returns standard output, standard error and exit status.
fn run(source: &[u8], flags: &[&str]) -> Result<(String, String, Option<i32>), Failed> {
    let dir = folder(&[("deep.go", source)])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .arg("run")
        .args(flags)
        .arg("deep.go")
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((
        text(&output.stdout),
        text(&output.stderr),
        output.status.code(),
    ))
}

/// Removes where stacks moved.
fn without_moves(report: &str) -> String {
    let line = |line: &str| match (line.split_once(", moved by "), line.split_once("; ")) {
        (Some((before, _)), Some((_, after))) => format!("{before}; {after}\n"),
        _ => format!("{line}\n"),
    };
    report.lines().map(line).collect()
}

fn told() -> Result<(), Failed> {
    let (_, errors, _) = run(DEEP, &["-growth", "-lang", "en"])?;
    let expected = "\
100
growth 1: main.depth ./deep.go:3 +0x60 found 8 bytes too few above the guard
    2048 \u{2192} 4096 bytes, 1136 in use and copied; 31 saved BPs adjusted
growth 2: main.depth ./deep.go:3 +0x60 found 8 bytes too few above the guard
    4096 \u{2192} 8192 bytes, 3184 in use and copied; 95 saved BPs adjusted
stack: 8192 bytes at the end, growths: 2
";
    same("the report", expected, &without_moves(&errors))?;
    let (_, errors, _) = run(DEEP, &["-growth", "-lang", "zh", "-stack0", "65536"])?;
    let expected = "100\n栈：结束时 65536 字节，扩栈 0 次\n";
    same("the report", expected, &errors)
}

fn behaviour() -> Result<(), Failed> {
    for source in [DEEP, BROKEN] {
        for version in ["1.10", "1.15"] {
            let (output, errors, status) = run(source, &["-go", version])?;
            let (told_output, told_errors, told_status) =
                run(source, &["-go", version, "-growth"])?;
            same("standard output", &output, &told_output)?;
            if status != told_status {
                return Err(format!("{status:?} without, {told_status:?} with").into());
            }
            // What the program writes comes first, then the report, then the exit status.
            let own = errors.split("exit status").next().unwrap_or_default();
            let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
            same(
                "the first line",
                &first_line(own),
                &first_line(&told_errors),
            )?;
            if told_errors.matches("main.depth ./deep.go").count() != 2 {
                return Err(format!("not two growths:\n{told_errors}").into());
            }
        }
    }
    Ok(())
}

fn json() -> Result<(), Failed> {
    let dir = folder(&[("deep.go", DEEP)])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .args(["run", "-growth=grown.json", "deep.go"])
        .output()?;
    same(
        "standard error",
        "100\n",
        &String::from_utf8_lossy(&output.stderr),
    )?;
    let text = std::fs::read_to_string(dir.path().join("grown.json"))?;
    crate::json::valid(&text)?;
    for part in [
        "\"growth\":{\"stack0\":2048,\"stack\":8192,\"growths\":[{\"function\":\"main.depth\",\"file\":\"deep.go\",\"line\":3,",
        "\"offset\":96,\"below_guard\":8,\"old_size\":4096,\"new_size\":8192,\"used\":3184,\"saved_bps\":95}]}}\n",
    ] {
        if !text.contains(part) {
            return Err(format!("no {part:?} in {text}").into());
        }
    }
    Ok(())
}
