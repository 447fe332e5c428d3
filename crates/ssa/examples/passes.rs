//! Compares single passes with recorded dumps: `passes DUMP [PASS…]`.
//!
//! DUMP holds states of functions after every pass, as the instrumented gc prints them. For every
//! function and pass, the state before is read, the pass is run on it, and the result is compared with
//! the recorded state after.

use std::collections::BTreeMap;
use std::process::ExitCode;

use minigo_obj::SymTable;
use minigo_ssa::compile::PASSES;
use minigo_ssa::{Config, dump_state, parse};

/// Lines that later passes cannot see, and that a comparison of one pass must not depend on.
fn visible(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| {
            ![
                "  var ",
                "  names",
                "  aux ",
                "  auxnum",
                "  func ",
                "  inlined ",
                "  type ",
            ]
            .iter()
            .any(|p| line.starts_with(p))
        })
        .collect()
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((file, wanted)) = args.split_first() else {
        eprintln!("usage: passes DUMP [PASS...]");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(err) => {
            eprintln!("{file}: {err}");
            return ExitCode::from(2);
        }
    };
    let text = format!("\n{text}");
    let states: Vec<&str> = text.split("\n== ").skip(1).collect();
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut shown: Vec<usize> = Vec::new();
    for pair in states.windows(2) {
        let name = |state: &str| state.split(": ").next().unwrap_or("").to_owned();
        let pass_of = |state: &str| {
            let header = state.lines().next().unwrap_or("");
            header
                .split_once(": ")
                .and_then(|(_, rest)| rest.split(" nb=").next())
                .unwrap_or("")
                .to_owned()
        };
        let pass = pass_of(pair[1]);
        let Some(at) = PASSES.iter().position(|known| known.name == pass) else {
            continue;
        };
        if name(pair[0]) != name(pair[1])
            || pass == "start"
            || !wanted.is_empty() && !wanted.contains(&pass)
        {
            continue;
        }
        let mut syms = SymTable::new();
        let before = format!("== {}\n", pair[0]);
        let after = format!("== {}\n", pair[1]);
        let mut f = match parse(&before, &mut syms) {
            Ok(dump) => dump.func,
            Err(why) => {
                println!("{}: {why}", name(pair[0]));
                continue;
            }
        };
        f.pass = PASSES[at].name;
        let config = Config {
            check: false,
            ..Config::default()
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            (PASSES[at].run)(&mut f, &config);
            dump_state(&f, &pass, &syms)
        }));
        let count = counts.entry(at).or_default();
        count.1 += 1;
        let ours = result.unwrap_or_else(|_| "panic".to_owned());
        let (want, have) = (visible(&after), visible(&ours));
        if want == have {
            count.0 += 1;
        } else if !shown.contains(&at) {
            shown.push(at);
            println!("--- {}: {pass}", name(pair[0]));
            let first = want
                .iter()
                .zip(&have)
                .position(|(a, b)| a != b)
                .unwrap_or(want.len().min(have.len()));
            for line in &want[first..want.len().min(first + 6)] {
                println!("- {line}");
            }
            for line in &have[first..have.len().min(first + 6)] {
                println!("+ {line}");
            }
        }
    }
    let mut all = true;
    for (at, (same, total)) in counts {
        println!("{:<28} {same} / {total}", PASSES[at].name);
        all &= same == total;
    }
    if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
