//! Compares the construction of SSA with recorded dumps: `start [-go VERSION] [-N] [-v NAME] FILE…`.
//!
//! Each FILE is the path of a Go program without its extension. Beside it lies a dump that holds the states of its
//! functions, as the instrumented gc prints them. Every function is lowered and built, and compared with its recorded
//! state before the first pass. `-v` shows the differences of one function in full.

use std::collections::BTreeSet;
use std::process::ExitCode;

use minigo_base::{Diagnostics, GoVersion, PosTable};
use minigo_obj::{SymTable, dialect};
use minigo_ssa::profile::{GO1_10, GO1_15, GO1_27};
use minigo_ssa::{Config, dump_state};
use minigo_ssagen::inline::Messages;
use minigo_ssagen::{Assembly, Front, Memory, Symbols, build, pgen};
use minigo_syntax::ast::Ast;
use minigo_types::{Imports, check};

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut version = GoVersion::Go1_15;
    if args.len() > 1 && args[0] == "-go" {
        version = GoVersion::parse(&args[1]).unwrap_or(version);
        args.drain(..2);
    }
    let optimize = args.first().is_none_or(|arg| arg != "-N");
    args.drain(..usize::from(!optimize));
    let mut wanted = None;
    if args.len() > 1 && args[0] == "-v" {
        wanted = Some(args[1].clone());
        args.drain(..2);
    }
    let (mut same, mut total) = (0, 0);
    for file in &args {
        match compare(file, version, optimize, wanted.as_deref()) {
            Ok((s, t)) => {
                same += s;
                total += t;
            }
            Err(why) => println!("{file}: {why}"),
        }
    }
    println!("{same} / {total}");
    match same == total {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Compares the functions of one file. Returns the numbers of identical and of all recorded functions.
fn compare(
    file: &str,
    version: GoVersion,
    optimize: bool,
    wanted: Option<&str>,
) -> Result<(usize, usize), String> {
    let text = std::fs::read(format!("{file}.go")).map_err(|err| err.to_string())?;
    let dump = std::fs::read_to_string(format!("{file}.dump")).map_err(|err| err.to_string())?;
    let dump = format!("\n{dump}");
    let recorded: Vec<&str> = dump
        .split("\n== ")
        .filter(|state| {
            state
                .lines()
                .next()
                .is_some_and(|line| line.contains(": start nb="))
        })
        .collect();
    let built = std::panic::catch_unwind(|| states(&text, version, optimize))
        .unwrap_or_else(|_| Err("panic".to_owned()));
    let built = match built {
        Ok(built) => built,
        Err(why) => {
            println!("{file}: {why}");
            return Ok((0, recorded.len()));
        }
    };
    let mut same = 0;
    let name_of = |state: &str| state.split(':').next().unwrap_or("").to_owned();
    let ours = |name: &str| {
        let ours = built.iter().find(|(known, _)| known == name);
        ours.map_or("", |(_, state)| state)
    };
    let recorded_bases = bases(recorded.iter().copied());
    let built_bases = bases(recorded.iter().map(|state| ours(&name_of(state))));
    for state in &recorded {
        let name = &*name_of(state);
        let (want, have) = (
            visible(state, &recorded_bases),
            visible(ours(name), &built_bases),
        );
        let equal = want == have;
        same += usize::from(equal);
        let show_all = wanted == Some(name);
        if wanted.is_some() && !show_all || equal {
            continue;
        }
        let differs = |(a, b): (&String, &String)| a != b;
        let first = want.iter().zip(&have).position(differs);
        let first = first.unwrap_or(want.len().min(have.len()));
        println!("--- {file}: {name}: line {first}");
        if show_all {
            println!("{}\n+++\n{}", want.join("\n"), have.join("\n"));
            continue;
        }
        for (mark, lines) in [('-', &want), ('+', &have)] {
            for line in lines.iter().skip(first).take(4) {
                println!("{mark} {line}");
            }
        }
    }
    Ok((same, recorded.len()))
}

/// Returns the position bases of the values and blocks of states. gc numbers those of imported packages, too.
fn bases<'a>(states: impl Iterator<Item = &'a str>) -> BTreeSet<u32> {
    let words = states.flat_map(|state| state.split_ascii_whitespace());
    words
        .filter_map(|word| position(word)?.0.parse().ok())
        .collect()
}

/// Splits a position into its base and the rest.
fn position(word: &str) -> Option<(&str, &str)> {
    word.strip_prefix('@')?.split_once(':')
}

/// Returns the lines of a state without the marks of used variables, which stackframe sets anew, without the
/// positions of inlined calls, which gc lists as far as the function has them, and without the defined types, which gc
/// lists in another order. Position bases are numbered among
/// `bases`. The header is last.
fn visible(state: &str, bases: &BTreeSet<u32>) -> Vec<String> {
    let renumbered = |word: &str| match position(word) {
        Some((base, rest)) => {
            let base = base.parse().unwrap_or(0);
            format!("@{}:{rest}", bases.range(..base).count())
        }
        None => word.to_owned(),
    };
    let renumbered = |line: &str| {
        let words = line.split(' ').map(renumbered);
        words.collect::<Vec<String>>().join(" ")
    };
    let mut lines = state.trim_start_matches("== ").lines();
    let header = lines.next();
    lines
        .filter(|line| !line.starts_with("  inlined ") && !line.starts_with("  type "))
        .chain(header)
        .map(renumbered)
        .map(|line| match line.strip_prefix("  var ") {
            Some(var) => {
                let words: Vec<&str> = var.split(' ').collect();
                match words[..] {
                    // gc omits the package of a variable's name here.
                    [name, .., pos] => format!(
                        "  var {} {} {pos}",
                        name.trim_start_matches("fmt."),
                        words[1..words.len() - 2].join(" ")
                    ),
                    _ => line.clone(),
                }
            }
            None => line.replace("{\"\".", "{main."),
        })
        .collect()
}

/// Compiles a program up to the first pass. Returns the state of each function by name.
fn states(
    text: &[u8],
    version: GoVersion,
    optimize: bool,
) -> Result<Vec<(String, String)>, String> {
    let (front, profile) = match version {
        GoVersion::Go1_10 => (Front::of(version), &GO1_10),
        GoVersion::Go1_15 => (Front::of(version), &GO1_15),
        GoVersion::Go1_27 => (Front::of(version), &GO1_27),
    };
    let front = front.ok_or("there is no front end of this version")?;
    let mut positions = PosTable::default();
    let mut diags = Diagnostics::default();
    let mut ast = Ast::default();
    let syntax = minigo_syntax::Profile::of(version);
    minigo_syntax::parse_file(&mut ast, &mut positions, &mut diags, "x.go", text, syntax);
    let imports = Imports {
        folder: "",
        exists: |_| false,
    };
    let profile_of_types = minigo_types::Profile::of(version);
    let types = check(&ast, &positions, &mut diags, imports, profile_of_types);
    if !diags.is_empty() {
        return Err(diags.render(&positions));
    }
    let options = pgen::Options {
        is_program: true,
        no_inline: false,
        optimize,
        messages: Messages::None,
        front,
    };
    let (mut package, _) =
        pgen::lower_package(ast, types, &mut positions, options, &Assembly::default());
    let mut syms = SymTable::with_naming(&dialect::GO1_27.naming, "main");
    let symbols = Symbols::new(&package, &positions, profile, &mut syms);
    let config = Config {
        optimize,
        ..Config::new(profile)
    };
    let mut memory = Memory::default();
    let mut states = Vec::new();
    let mut trees = package.take_trees();
    for (id, func) in &package.funcs {
        if let Some(mut tree) = trees[id].take()
            && &*func.name != "_"
        {
            pgen::lower(&package, &mut tree, options, &mut memory);
            let scratch = Box::default();
            let f = build(
                &package,
                id,
                &tree,
                &symbols,
                front,
                &config,
                scratch,
                &mut memory,
            );
            memory.take_back(*tree);
            states.push((f.name.clone(), dump_state(&f, "start", &syms)));
        }
    }
    Ok(states)
}
