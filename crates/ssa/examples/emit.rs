//! Lists functions from recorded dumps: `emit DUMP FILE`.
//!
//! DUMP holds states of functions as the instrumented gc prints them; those after the last pass are
//! emitted, assembled and listed. FILE is the name of the source in the listing.

use std::process::ExitCode;

use minigo_base::PosTable;
use minigo_obj::{SymTable, Unit, assemble, dialect, list};
use minigo_ssa::amd64::{StackMaps, emit};
use minigo_ssa::profile::GO1_15;
use minigo_ssa::{Config, liveness, parse};

/// The symbol of stack maps without bits.
const EMPTY_MAP: &str = "gclocals·33cdeccccebe80329f1fdbee7f5874cb";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dump, file] = &args[..] else {
        eprintln!("usage: emit DUMP FILE");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(dump) {
        Ok(text) => text,
        Err(err) => {
            eprintln!("{dump}: {err}");
            return ExitCode::from(2);
        }
    };
    let mut files = PosTable::default();
    let source = files.add_file(file);
    for call in 0..20_000 {
        files.add_inlining(source, call);
    }
    let mut syms = SymTable::new();
    let empty = syms.lookup(EMPTY_MAP);
    let maps = StackMaps {
        args: empty,
        locals: empty,
        objects: None,
    };
    let text = format!("\n{text}");
    let mut out = String::new();
    for state in text.split("\n== ").skip(1) {
        let header = state.lines().next().unwrap_or("");
        if !header.contains(": trim nb=") {
            continue;
        }
        let listed = parse(&format!("== {state}"), &mut syms, &GO1_15).and_then(|dump| {
            let progs = emit(
                &dump.func,
                &Config::new(&GO1_15),
                &liveness(&dump.func),
                maps,
            );
            let unit = Unit::new(&syms, &files, &dialect::GO1_15);
            let s = assemble(progs, &unit).map_err(|errors| errors.join("\n"))?;
            list::write_symbol(&mut out, &s, &unit);
            Ok(())
        });
        if let Err(err) = listed {
            eprintln!("{header}: {err}");
        }
    }
    print!("{out}");
    ExitCode::SUCCESS
}
