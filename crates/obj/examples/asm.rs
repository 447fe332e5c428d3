//! Lists a hand-written file of package main: `asm [-go VERSION] FILE`.

use std::process::ExitCode;

use minigo_base::PosTable;
use minigo_obj::asm::{Body, Options, Variables, read_each, reason};
use minigo_obj::dialect::{GO1_15, GO1_27};
use minigo_obj::{Attrs, FuncText, SymTable, Unit, attempt, list};

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut dialect = &GO1_15;
    if args.len() > 1 && args[0] == "-go" {
        if args[1] == "1.27" {
            dialect = &GO1_27;
        }
        args.drain(..2);
    }
    let [file] = &args[..] else {
        eprintln!("usage: asm [-go VERSION] FILE");
        return ExitCode::from(2);
    };
    let text = match std::fs::File::open(file) {
        Ok(text) => text,
        Err(err) => {
            eprintln!("{file}: {}", reason(&err));
            return ExitCode::from(2);
        }
    };
    let mut syms = SymTable::with_naming(&dialect.naming, "main");
    let mut files = PosTable::default();
    let options = Options {
        dialect,
        defines: &[],
        includes: &|name| match std::fs::File::open(name) {
            Ok(file) => Ok(Box::new(std::io::BufReader::new(file))),
            Err(err) => Err(reason(&err)),
        },
        all_errors: false,
        lenient: false,
        body: Body::Instructions,
    };
    let mut variables = Variables::default();
    let mut listing = String::new();
    let mut errors = Vec::new();
    let mut each = |f: FuncText, syms: &SymTable, files: &PosTable| {
        let unit = Unit {
            hand_written: true,
            tracebacks: false,
            ..Unit::new(syms, files, dialect)
        };
        let mut attempt = attempt(f, &unit);
        list::write_symbol(&mut listing, &attempt.symbol, &unit);
        errors.append(&mut attempt.errors);
    };
    let read = read_each(
        file,
        Box::new(std::io::BufReader::new(text)),
        &options,
        &mut syms,
        &mut files,
        &mut variables,
        &mut each,
    );
    let constants = match read {
        Ok(outcome) => {
            eprint!("{}", outcome.messages);
            outcome.constants
        }
        Err(failed) => {
            eprint!("{}", failed.messages(file));
            Vec::new()
        }
    };
    for error in errors {
        eprintln!("{error}");
    }
    let mut data = variables.collect(&mut syms);
    // Go 1.27 lists constants too, by name.
    if std::ptr::eq(dialect, &GO1_27) {
        let mut constants = constants;
        constants.sort_by_key(|symbol| symbol.sym.map(|sym| syms.name(sym).to_owned()));
        constants
            .iter_mut()
            .for_each(|symbol| symbol.attrs = Attrs::NONE);
        data.extend(constants);
    }
    let unit = Unit::new(&syms, &files, dialect);
    for symbol in &data {
        list::write_symbol(&mut listing, symbol, &unit);
    }
    print!("{listing}");
    ExitCode::SUCCESS
}
