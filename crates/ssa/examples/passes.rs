//! Compares single passes with recorded dumps: `passes [-go VERSION] [-N] [-v NAME] DUMP [PASS…]`.
//!
//! DUMP holds states of functions after every pass, as the instrumented gc prints them. For every
//! function and pass, the state before is read, the pass is run on it, and the result is compared with
//! the recorded state after. `-v` shows the differences of one function in full.

use std::collections::BTreeMap;
use std::process::ExitCode;

use minigo_obj::SymTable;
use minigo_ssa::check::check;
use minigo_ssa::profile::{GO1_10, GO1_15, GO1_27};
use minigo_ssa::{Config, dump_state, parse, run_pass};

/// The lines that a comparison of one pass depends on. Variables are named by their properties, for
/// gc's list of them is sorted and cut by stackframe; then what was known of the others is lost.
fn visible(text: &str, pass: &str) -> Vec<String> {
    let hidden = [
        "  var ",
        "  names",
        "  aux ",
        "  auxnum",
        "  inlined ",
        "  type ",
    ];
    let vars: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  var "))
        // gc omits the package of a variable's name here.
        .map(|var| var.trim_start_matches("fmt."))
        .collect();
    let var = |index: &str| index.parse().ok().and_then(|n: usize| vars.get(n));
    let is_hidden = |line: &str| {
        hidden.iter().any(|prefix| line.starts_with(prefix))
            || line.starts_with("  func ") && pass != "stackframe"
            || line.starts_with("  name ") && pass == "trim"
    };
    let lines = text.lines().filter(|line| !is_hidden(line));
    lines
        .map(|line| match line.split_once(" slot ") {
            Some((home, index)) => format!("{home} slot {}", var(index).unwrap_or(&"?")),
            // regalloc frees the moves that it does not need in the order of a Go map.
            None if pass == "regalloc" && line.starts_with("  free ") => {
                let mut values: Vec<&str> = line.split(' ').collect();
                values.sort_unstable();
                values.join(" ")
            }
            None if pass == "trim" => match (line.find(" ("), line.find(" u")) {
                (Some(names), Some(uses)) if names < uses => {
                    format!("{}{}", &line[..names], &line[uses..])
                }
                _ => line.to_owned(),
            },
            None => line.to_owned(),
        })
        .collect()
}

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut profile = &GO1_15;
    if args.len() > 1 && args[0] == "-go" {
        profile = match &*args[1] {
            "1.27" => &GO1_27,
            "1.10" => &GO1_10,
            _ => &GO1_15,
        };
        args.drain(..2);
    }
    let optimize = args.first().is_none_or(|arg| arg != "-N");
    args.drain(..usize::from(!optimize));
    let mut shown_in_full = None;
    if args.len() > 1 && args[0] == "-v" {
        shown_in_full = Some(args[1].clone());
        args.drain(..2);
    }
    let Some((file, wanted)) = args.split_first() else {
        eprintln!("usage: passes [-go VERSION] [-N] [-v NAME] DUMP [PASS...]");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(err) => {
            eprintln!("{file}: {err}");
            return ExitCode::from(2);
        }
    };
    let text = format!("\n{}", text.trim_end());
    let states: Vec<&str> = text.split("\n== ").skip(1).collect();
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut shown: Vec<usize> = Vec::new();
    let mut n_foreign = 0;
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
        let Some(at) = profile.passes.iter().position(|known| known.name == pass) else {
            continue;
        };
        if name(pair[0]) != name(pair[1])
            || pass == "start"
            || !wanted.is_empty() && !wanted.contains(&pass)
        {
            continue;
        }
        let mut syms = SymTable::with_naming(&profile.dialect.naming, "main");
        let before = format!("== {}\n", pair[0]);
        let after = format!("== {}\n", pair[1]);
        let mut f = match parse(&before, &mut syms, profile) {
            Ok(dump) => dump.func,
            Err(why) => {
                println!("{}: {why}", name(pair[0]));
                continue;
            }
        };
        // A function with anything that minigo does not have does not read back as it was.
        let pass_before = pass_of(pair[0]);
        if visible(&dump_state(&f, &pass_before, &syms), "") != visible(&before, "") {
            n_foreign += 1;
            continue;
        }
        let config = Config {
            check: pass == "regalloc",
            optimize,
            ..Config::new(profile)
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run_pass(&mut f, &profile.passes[at], &config);
            match check(&f) {
                Ok(()) => dump_state(&f, &pass, &syms),
                Err(why) => format!("check: {why}"),
            }
        }));
        let count = counts.entry(at).or_default();
        count.1 += 1;
        let ours = result.unwrap_or_else(|_| "panic".to_owned());
        let (want, have) = (visible(&after, &pass), visible(&ours, &pass));
        if want == have {
            count.0 += 1;
        } else if shown_in_full.as_deref() == Some(&*name(pair[0])) {
            println!("--- {}: {pass}", name(pair[0]));
            println!("{}\n+++\n{}", want.join("\n"), have.join("\n"));
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
    if n_foreign > 0 {
        println!("{n_foreign} states not of minigo's language");
    }
    let mut all = true;
    for (at, (same, total)) in counts {
        println!("{:<28} {same} / {total}", profile.passes[at].name);
        all &= same == total;
    }
    if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
