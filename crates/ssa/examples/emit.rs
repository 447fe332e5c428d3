//! Lists functions from recorded dumps: `emit [-go VERSION] [-N] DUMP FILE [LISTING]`.
//!
//! DUMP holds states of functions as the instrumented gc prints them; those after the last pass are
//! emitted, assembled and listed. FILE is the name of the source in the listing. With LISTING, which gc has made of the
//! same source, prints how many functions have the same listing and where the first of the others differ.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

use minigo_base::PosTable;
use minigo_obj::{SymTable, Unit, assemble, list};
use minigo_ssa::amd64::{StackMaps, emit, jump_tables, stack_map};
use minigo_ssa::profile::{GO1_15, GO1_27};
use minigo_ssa::{Config, Profile, argument_info, liveness, parse, run_pass};

/// The lines of a difference that are printed.
const SHOWN: usize = 8;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut profile: &'static Profile = &GO1_15;
    if args.len() > 1 && args[0] == "-go" {
        if args[1] == "1.27" {
            profile = &GO1_27;
        }
        args.drain(..2);
    }
    let optimize = args.first().is_none_or(|arg| arg != "-N");
    args.drain(..usize::from(!optimize));
    let config = Config {
        optimize,
        ..Config::new(profile)
    };
    let (dump, file, listing) = match &args[..] {
        [dump, file] => (dump, file, None),
        [dump, file, listing] => (dump, file, Some(listing)),
        _ => {
            eprintln!("usage: emit [-go VERSION] [-N] DUMP FILE [LISTING]");
            return ExitCode::from(2);
        }
    };
    let read = |path: &str| std::fs::read_to_string(path).map_err(|err| format!("{path}: {err}"));
    let text = match read(dump) {
        Ok(text) => text,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let listing = match listing.map(|path| read(path)).transpose() {
        Ok(listing) => listing,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let symbols = listing.as_deref().map(symbols).unwrap_or_default();
    let mut out = Vec::new();
    let text = format!("\n{text}");
    for state in text.split("\n== ").skip(1) {
        let header = state.lines().next().unwrap_or("");
        let last = if optimize {
            ": trim nb="
        } else {
            ": regalloc nb="
        };
        let Some((name, _)) = header.split_once(last) else {
            continue;
        };
        let state = format!("== {state}");
        // States don't hold the types that are converted to interfaces.
        let listed = symbols.get(&*format!("main.{name}"));
        let lines = listed.map_or("", |text| &**text).lines();
        let used_types = lines.filter_map(|line| {
            let (_, sym) = line.split_once(" t=R_USEIFACE ")?;
            sym.strip_suffix("+0")
        });
        let used_types: Vec<&str> = used_types.collect();
        let listed = std::panic::catch_unwind(|| function(&state, file, &config, &used_types));
        let listed = listed.unwrap_or_else(|_| Err("panic".to_owned()));
        out.push((name.to_owned(), listed));
    }
    if listing.is_some() {
        return compare(&out, &symbols);
    }
    for (name, listed) in out {
        match listed {
            Ok(text) => print!("{text}"),
            Err(why) => eprintln!("{name}: {why}"),
        }
    }
    ExitCode::SUCCESS
}

/// Returns the listing of the function in a state after the last pass.
fn function(
    state: &str,
    file: &str,
    config: &Config,
    used_types: &[&str],
) -> Result<String, String> {
    let profile = config.profile;
    let mut files = PosTable::default();
    let source = files.add_file(file);
    for call in 0..2_000 {
        files.add_inlining(source, call);
    }
    let mut syms = SymTable::with_naming(&profile.dialect.naming, "main");
    let mut f = parse(state, &mut syms, profile)?.func;
    if let Some(pass) = profile
        .pass("stackframe")
        .filter(|_| profile.emit.argument_tables)
    {
        run_pass(&mut f, pass, config);
    }
    let liveness = liveness(&f, config);
    let name = syms.name(f.sym).to_owned();
    let mut table = |content: Option<&[u8]>, suffix: &str| {
        content.map(|_| syms.lookup(&format!("{name}{suffix}")))
    };
    let arg_info = table(argument_info(&f).as_deref(), ".arginfo1");
    let arg_live = table(liveness.argument_maps(), ".argliveinfo");
    let objects = match liveness.objects() {
        [] => None,
        _ => Some(syms.lookup(&format!("{name}.stkobj"))),
    };
    let empty = syms.lookup_gclocals(&stack_map(0));
    let (mut args, mut locals) = (empty, empty);
    if liveness.has_pointers() {
        args = syms.lookup_gclocals(&liveness.args_map());
        locals = syms.lookup_gclocals(&liveness.locals_map());
    }
    let jump_tables: Vec<_> = jump_tables(&f)
        .map(|b| (b, syms.lookup(&format!("{name}.jump{}", b.as_u32()))))
        .collect();
    let maps = StackMaps {
        args,
        locals,
        objects,
        arg_info,
        arg_live,
        jump_tables: &jump_tables,
    };
    let mut progs = emit(&f, config, &liveness, maps);
    progs.used_types = used_types.iter().map(|name| syms.lookup(name)).collect();
    let unit = Unit {
        tracebacks: false,
        optimize: config.optimize,
        ..Unit::new(&syms, &files, profile.dialect)
    };
    let s = assemble(progs, &unit).map_err(|errors| errors.join("\n"))?;
    let mut out = String::new();
    list::write_symbol(&mut out, &s, &unit);
    let tables = [
        (arg_info, argument_info(&f)),
        (arg_live, liveness.argument_maps().map(<[u8]>::to_vec)),
    ];
    for table in s.jump_tables() {
        list::write_symbol(&mut out, &table, &unit);
    }
    for (sym, content) in tables {
        if let (Some(sym), Some(content)) = (sym, content) {
            let _ = write!(out, "{}:", syms.name(sym));
            for byte in content {
                let _ = write!(out, " {byte:02x}");
            }
            out.push('\n');
        }
    }
    Ok(out)
}

/// Reports whether a symbol is that of a jump table.
fn is_jump_table(name: &str) -> bool {
    let number = name.rsplit_once(".jump").map(|(_, number)| number);
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Returns the symbols of a listing by name: functions as they are, others as name and bytes.
fn symbols(listing: &str) -> BTreeMap<&str, String> {
    let mut symbols = BTreeMap::new();
    let mut current = "";
    for line in listing.lines() {
        if !line.starts_with('\t') {
            current = line.split(' ').next().unwrap_or("");
            // Functions and jump tables.
            if line.contains(" STEXT ") || is_jump_table(current) {
                symbols.insert(current, format!("{line}\n"));
            } else {
                symbols.insert(current, format!("{current}:"));
            }
            continue;
        }
        let Some(text) = symbols.get_mut(current) else {
            continue;
        };
        if text.ends_with('\n') {
            let _ = writeln!(text, "{line}");
        } else if line.starts_with("\t0x") && line.len() > 8 + 3 * 16 {
            let bytes = &line[8..8 + 3 * 16];
            let _ = write!(text, " {}", bytes.trim());
        }
    }
    symbols
}

/// Returns a listing without what states don't hold: the files of positions and the order in which types were converted.
fn comparable(listing: &str) -> String {
    let without_file = |line: &str| match (line.find('('), line.find(".go:")) {
        (Some(start), Some(end)) if line.starts_with("\t0x") && start < end => {
            format!("{}{}\n", &line[..=start], &line[end + 4..])
        }
        _ => format!("{line}\n"),
    };
    let mut lines: Vec<String> = listing.lines().map(without_file).collect();
    let is_type = |line: &String| line.contains(" t=R_USEIFACE ");
    if let Some(first) = lines.iter().position(is_type) {
        let n = lines[first..]
            .iter()
            .take_while(|line| is_type(line))
            .count();
        lines[first..first + n].sort_unstable();
    }
    lines.concat()
}

fn compare(out: &[(String, Result<String, String>)], symbols: &BTreeMap<&str, String>) -> ExitCode {
    let mut n_same = 0;
    for (name, listed) in out {
        let full = format!("main.{name}");
        let mut want = symbols.get(&*full).cloned().unwrap_or_default();
        let prefix = format!("{full}.jump");
        let tables = symbols
            .range(&*prefix..)
            .take_while(|(name, _)| name.starts_with(&prefix));
        let mut tables: Vec<(u32, &String)> = tables
            .filter_map(|(name, text)| Some((name[prefix.len()..].parse().ok()?, text)))
            .collect();
        tables.sort_unstable();
        tables.iter().for_each(|(_, text)| want.push_str(text));
        for suffix in [".arginfo1", ".argliveinfo"] {
            if let Some(table) = symbols.get(&*format!("{full}{suffix}")) {
                let _ = writeln!(want, "{table}");
            }
        }
        let want = comparable(&want);
        match listed.as_ref().map(|have| comparable(have)) {
            Ok(have) if have == want => n_same += 1,
            Ok(have) => {
                println!("--- {name}");
                let lines =
                    |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
                let (want, have) = (lines(&want), lines(&have));
                // The sizes in the first line follow from others.
                let differs = |n: &usize| want.get(*n) != have.get(*n);
                let first = (1..want.len().max(have.len())).find(differs).unwrap_or(0);
                for line in want.iter().skip(first).take(SHOWN) {
                    println!("- {line}");
                }
                for line in have.iter().skip(first).take(SHOWN) {
                    println!("+ {line}");
                }
            }
            Err(why) => println!("--- {name}\n{why}"),
        }
    }
    println!("identical {n_same} / {}", out.len());
    if n_same == out.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
