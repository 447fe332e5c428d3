//! Inputs that are larger, deeper or stranger than a person would write: they get a message or a result in reasonable
//! time, and never a panic.

use std::time::Duration;

use libtest_mimic::{Failed, Trial};

use crate::{folder, minigo_command};

/// The expected result.
enum Expected {
    /// The input compiles.
    Accepted,
    /// There is one message, which contains this text.
    Refused(&'static str),
}

use Expected::{Accepted, Refused};

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let body =
        |text: &str| format!("package p\n\nfunc f(a int32) int32 {{\n{text}\n}}\n").into_bytes();
    let nested = |open: &str, middle: &str, close: &str, n: usize| {
        body(&format!(
            "\treturn {}{middle}{}",
            open.repeat(n),
            close.repeat(n)
        ))
    };
    let all: Vec<(&str, Vec<u8>, Expected)> = vec![
        ("an empty file", Vec::new(), Refused("syntax error: package statement must be first")),
        ("NUL bytes", b"package p\n\0\n".to_vec(), Refused("invalid NUL character")),
        ("invalid UTF-8", b"package p\n\nvar \xff int32\n".to_vec(), Refused("invalid UTF-8 encoding")),
        ("10 MB of comments", [b"package p\n".to_vec(), b"// a comment, and then another one\n".repeat(300_000)].concat(), Accepted),
        ("100,000 nested parentheses", nested("(", "a", ")", 100_000), Accepted),
        ("100,000 unary operators", nested("-^", "a", "", 50_000), Accepted),
        ("a chain of 3,000 additions", nested("", &format!("a{}", " + a".repeat(3_000)), "", 0), Accepted),
        ("100,000 open parentheses", body(&format!("\treturn {}", "(".repeat(100_000))), Refused("syntax error")),
        ("10,000 nested blocks", body(&format!("{}{}\nreturn a", "{".repeat(10_000), "}".repeat(10_000))), Accepted),
        ("a line of 1 MB", body(&format!("\treturn a{}", " ".repeat(1 << 20))), Accepted),
        ("an identifier of 1 MB", body(&format!("\tvar {0} = a; return {0}", "x".repeat(1 << 20))), Accepted),
        ("an integer of 100,000 digits", body(&format!("\treturn {}", "9".repeat(100_000))), Refused("constant too large")),
        ("2,000 functions", (0..2000).fold(b"package p\n".to_vec(), |text, n| {
            [text, format!("func f{n}(a, b int32) int32 {{ if a > b {{ return a - b }}; return f{}(b, a) }}\n", (n + 1) % 2000).into_bytes()].concat()
        }), Accepted),
        ("65,001 defined types", (0..65_001).fold(b"package p\n".to_vec(), |mut text, n| {
            text.extend(format!("type t{n} int\n").into_bytes());
            text
        }), Refused("minigo does not support more than 65000 defined types")),
        ("3,000 blocks", body(&format!("{}\treturn a", "\tif a > 3 { a -= 2 } else { a *= 3 }\n".repeat(1000))), Accepted),
    ];
    all.into_iter()
        .map(|(name, source, expected)| {
            Trial::test(format!("large: {name}"), move || check(&source, &expected))
        })
        .collect()
}

fn check(source: &[u8], expected: &Expected) -> Result<(), Failed> {
    // A generous limit that only catches endless loops, for the machine may be busy.
    const LIMIT: Duration = Duration::from_secs(900);
    let dir = folder(&[("x.go", source)])?;
    let mut child = minigo_command()
        .current_dir(dir.path())
        .args(["build", "-S", "-o", "x.txt", "x.go"])
        .stderr(std::fs::File::create(dir.path().join("errors"))?)
        .spawn()?;
    let start = std::time::Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if start.elapsed() > LIMIT => {
                child.kill()?;
                return Err("takes too long".into());
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let mut errors = std::fs::read_to_string(dir.path().join("errors"))?;
    errors.truncate(2000.min(errors.len()));
    match (status.code(), expected) {
        (Some(0), Accepted) => Ok(()),
        (Some(1), Refused(text)) if errors.contains(text) => Ok(()),
        (code, _) => Err(format!("status {code:?}: {errors}").into()),
    }
}
