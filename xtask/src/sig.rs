//! `cargo xtask golden sig`: `minigo sig` beside `go vet` and the compiler, live.
//!
//! Random declarations. `go vet` reads assembly that names every argument where minigo says it is. The compiler, without
//! optimizations, stores parameters from their registers at the beginning of a function and loads results into theirs
//! at its end.

use std::path::{Path, PathBuf};

use minigo::sig;
use minigo_tests::{GO_MOD, declarations, listed, references, registers};

use crate::bless::text;
use crate::go::{Go, run};
use crate::vet::layout::{DECLARATIONS, Type};
use minigo_fuzz::random::Random;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Sig {
    /// The go command to compare with (default: the one on PATH); its compiler must pass arguments in registers
    #[arg(long, value_name = "FILE")]
    pub go: Option<PathBuf>,

    /// Number of random signatures
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub signatures: usize,

    /// Seed of the signatures
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,

    /// Print the declarations and the assembly as sections of a test, too
    #[arg(long)]
    pub print: bool,
}

/// Runs the command.
///
/// # Errors
///
/// There is no Go, or a difference.
pub fn golden(flags: &Sig) -> Result<(), String> {
    let Some(go) = Go::find_or_recorded(flags.go.as_deref(), &["tests/sig/"])? else {
        return Ok(());
    };
    let declared = random_declarations(&mut Random::new(flags.seed), flags.signatures);
    if flags.print {
        let assembly = references(&declared)?;
        print!("-- in.go --\n{declared}-- in.s --\n{assembly}");
    }
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let dir = work.path();
    for (name, text) in [
        ("go.mod", GO_MOD),
        ("x.go", &declared),
        ("x_amd64.s", &references(&declared)?),
    ] {
        std::fs::write(dir.join(name), text).map_err(|err| err.to_string())?;
    }
    let findings = go.vet(dir);
    let (want, have) = (registers_of(&go, dir, &declared)?, registers(&declared)?);
    let (want, have) = (functions(&want), functions(&have));
    let pairs = want.iter().zip(&have);
    let different: Vec<_> = pairs.filter(|(want, have)| want != have).collect();
    for (want, have) in different.iter().take(10) {
        println!("go:\n{want}minigo:\n{have}");
    }
    println!(
        "{findings}{} of {} signatures have the same registers; {} findings of go vet",
        want.len() - different.len(),
        flags.signatures,
        findings.lines().count()
    );
    match different.is_empty() && want.len() == flags.signatures && findings.is_empty() {
        true => Ok(()),
        false => Err("signatures differ".to_owned()),
    }
}

fn random_declarations(random: &mut Random, n: usize) -> String {
    let mut go = format!("package p\n\n{DECLARATIONS}\n");
    for index in 0..n {
        let mut list = |prefix: &str, most: usize| {
            let n = random.below(most);
            let names = (0..n).map(|index| {
                let typ = Type::random(random, 2).text;
                format!("{prefix}{index} {typ}")
            });
            names.collect::<Vec<_>>().join(", ")
        };
        let (params, results) = (list("p", 7), list("r", 5));
        go += &format!("func f{index}({params}) ({results})\n");
    }
    go
}

/// Splits a listing of registers into functions.
fn functions(text: &str) -> Vec<String> {
    let mut functions: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match functions.last_mut() {
            Some(last) if line.starts_with('\t') => last.push_str(line),
            _ => functions.push(line.to_owned()),
        }
    }
    functions
}

/// Returns the registers of the arguments of each declaration without body, as the compiler uses them.
///
/// # Errors
///
/// The compiler's messages.
pub fn registers_of(go: &Go, dir: &Path, declared: &str) -> Result<String, String> {
    let (file, listing) = ("bodies.go", bodies(declared)?);
    std::fs::write(dir.join(file), listing).map_err(|err| err.to_string())?;
    let symabis = dir.join("symabis");
    std::fs::write(&symabis, "").map_err(|err| err.to_string())?;
    let mut command = go.tool("compile");
    command.current_dir(dir).arg("-symabis").arg(&symabis);
    command.args(["-p", "p", "-N", "-l", "-S", "-o", "bodies.o", file]);
    let output = run(&mut command);
    let listing = text(&output.stdout);
    if !output.status.success() {
        return Err(listing + &text(&output.stderr));
    }
    let known: Vec<&str> = declarations(declared).filter_map(name_of).collect();
    let mut out = String::new();
    let mut lines = listing.lines().peekable();
    while let Some(line) = lines.next() {
        let name = line
            .strip_prefix("p.")
            .and_then(|line| line.split_once(' '));
        let Some((name, header)) = name.filter(|(name, _)| known.contains(name)) else {
            continue;
        };
        let room = number(header, "args=0x").unwrap_or(0);
        let mut function = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with('\t')) {
            function.push(line);
        }
        out.push_str(&listed(name, room, places(&function)));
    }
    Ok(out)
}

/// Returns the name of a declared function.
fn name_of(declaration: &str) -> Option<&str> {
    declaration.strip_prefix("func ")?.split('(').next()
}

/// Returns a file with bodies that keep results in memory.
fn bodies(declared: &str) -> Result<String, String> {
    let mut out = String::new();
    for line in declared.lines() {
        out.push_str(line);
        if line.starts_with("package ") {
            out.push_str("\n\nimport \"unsafe\"\n\n//go:noescape\nfunc use(unsafe.Pointer)");
        }
        if let Some(name) = name_of(line).filter(|_| !line.ends_with('}')) {
            // The names of the results are all that is needed.
            let results = line.rsplit_once(") (").map_or(")", |(_, results)| results);
            let declaration = format!("func {name}({results}");
            let types = sig::Source {
                name: "types".to_owned(),
                text: declared
                    .lines()
                    .filter(|line| !line.starts_with("func "))
                    .collect::<Vec<_>>()
                    .join("\n")
                    .into_bytes(),
            };
            let signature =
                sig::signature(&declaration, &[types]).map_err(|err| err.to_string())?;
            out.push_str(" { use(nil)");
            for result in &signature.call.args {
                out.push_str(&format!("; use(unsafe.Pointer(&{}))", result.name));
            }
            out.push_str("; return }");
        }
        out.push('\n');
    }
    Ok(out)
}

/// Returns the number after a word, in hexadecimal.
fn number(line: &str, word: &str) -> Option<u64> {
    let rest = line.split_once(word)?.1;
    let end = rest.find(|c: char| !c.is_ascii_hexdigit());
    u64::from_str_radix(&rest[..end.unwrap_or(rest.len())], 16).ok()
}

/// Returns the moves between registers and arguments of a function.
fn places(lines: &[&str]) -> Vec<(String, u64, String)> {
    let instructions: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.split('\t').skip(2).collect())
        .collect();
    let is_use = |words: &Vec<&str>| words[..].first() == Some(&"CALL") && words[1] == "p.use(SB)";
    let first = instructions.iter().position(is_use).unwrap_or(0);
    let last = instructions.iter().rposition(is_use).unwrap_or(0);
    let frame = instructions.iter().find_map(|words| match words[..] {
        ["TEXT", operands] => {
            let frame = operands.rsplit_once('$')?.1.split('-').next()?;
            frame.parse::<u64>().ok()
        }
        _ => None,
    });
    // Above the frame is the return address.
    let base = frame.unwrap_or(0) + 8;
    let mut found = Vec::new();
    for words in &instructions[..first] {
        if let [_, operands] = words[..]
            && let Some((register, place)) = operands.split_once(", ")
            && let (Some(register), Some((name, offset))) = (whole(register), variable(place))
            && name.starts_with('p')
        {
            found.push((name, offset - base, register));
        }
    }
    let mut results: Vec<(String, u64, String)> = Vec::new();
    let end = instructions.iter().position(|words| words[..] == ["RET"]);
    for words in &instructions[last..end.unwrap_or(last)] {
        if let [_, operands] = words[..]
            && let Some((place, register)) = operands.split_once(", ")
            && let (Some(register), Some((name, offset))) = (whole(register), variable(place))
            && name.starts_with('r')
        {
            results.push((name, offset, register));
        }
    }
    for index in 0..results.len() {
        let (name, offset, register) = &results[index];
        let same = results.iter().filter(|(other, ..)| other == name);
        let start = same.map(|(_, offset, _)| *offset).min().unwrap_or(0);
        found.push((name.clone(), offset - start, register.clone()));
    }
    found
}

/// Returns the whole register of which an operand is a part.
fn whole(register: &str) -> Option<String> {
    let whole = match register {
        "AL" => "AX",
        "BL" => "BX",
        "CL" => "CX",
        "DIB" => "DI",
        "SIB" => "SI",
        _ => register,
    };
    let is_name = whole.chars().all(|c| c.is_ascii_alphanumeric());
    let whole = match whole.strip_prefix('R') {
        Some(number) => format!("R{}", number.trim_end_matches('B')),
        None => whole.to_owned(),
    };
    is_name.then_some(whole)
}

/// Returns the name and the offset of `p.x+8(SP)`.
fn variable(place: &str) -> Option<(String, u64)> {
    let (name, offset) = place
        .strip_prefix("p.")?
        .strip_suffix("(SP)")?
        .split_once('+')?;
    Some((name.to_owned(), offset.parse().ok()?))
}
