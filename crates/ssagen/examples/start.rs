//! Prints the functions of a program as they stand before the first pass: `start [-N] [-l] FILE [FUNCTION]`.

use std::process::ExitCode;

use minigo_base::{Diagnostics, PosTable};
use minigo_obj::SymTable;
use minigo_ssa::{Config, dump};
use minigo_ssagen::inline::Messages;
use minigo_ssagen::pgen::{Options, lower_package};
use minigo_ssagen::{Symbols, build};
use minigo_syntax::ast::Ast;
use minigo_types::check;

fn main() -> ExitCode {
    let (flags, args): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|arg| arg.starts_with('-'));
    let optimize = !flags.iter().any(|flag| flag == "-N");
    let no_inline = flags.iter().any(|flag| flag == "-l");
    let (file, wanted) = match &args[..] {
        [file] => (file.clone(), None),
        [file, function] => (file.clone(), Some(function.clone())),
        _ => {
            eprintln!("usage: start [-N] [-l] FILE [FUNCTION]");
            return ExitCode::from(2);
        }
    };
    // Expressions nest as deep as the program says.
    std::thread::Builder::new()
        .stack_size(1 << 30)
        .spawn(move || print_functions(&file, wanted.as_deref(), optimize, no_inline))
        .expect("threads can be made")
        .join()
        .expect("no panic")
}

fn print_functions(file: &str, wanted: Option<&str>, optimize: bool, no_inline: bool) -> ExitCode {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(err) => {
            eprintln!("{file}: {err}");
            return ExitCode::from(2);
        }
    };
    let (mut ast, mut positions, mut diags) =
        (Ast::default(), PosTable::default(), Diagnostics::default());
    minigo_syntax::parse_file(&mut ast, &mut positions, &mut diags, file, &text);
    let types = check(&ast, &positions, &mut diags);
    let options = Options {
        no_inline,
        messages: Messages::None,
    };
    let package = if diags.is_empty() {
        lower_package(&ast, &types, &mut positions, &mut diags, options).0
    } else {
        Default::default()
    };
    if !diags.is_empty() {
        eprint!("{}", diags.render(&positions));
        return ExitCode::FAILURE;
    }
    let mut syms = SymTable::new();
    let symbols = Symbols::new(&package, &positions, &mut syms);
    let config = Config {
        optimize,
        ..Config::default()
    };
    for (id, func) in &package.funcs {
        if func.has_body && wanted.is_none_or(|wanted| wanted == &*func.name) {
            let f = build(&package, id, &symbols, &config);
            print!("{}", dump(&f, "start", &syms));
        }
    }
    ExitCode::SUCCESS
}
