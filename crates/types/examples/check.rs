//! Prints the messages about Go programs: `check [-go VERSION] FILE…`.
//!
//! Each FILE is a program of its own. A line with its name stands in front of its messages.

use minigo_base::{Diagnostics, GoVersion, PosTable};
use minigo_syntax::ast::Ast;
use minigo_types::{Imports, Profile, check};

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mut version = GoVersion::Go1_15;
    if files.len() > 1 && files[0] == "-go" {
        version = GoVersion::parse(&files[1]).unwrap_or(version);
        files.drain(..2);
    }
    for file in files {
        let messages = std::thread::Builder::new().stack_size(4 << 30);
        let name = file.clone();
        let messages = messages.spawn(move || messages_about(&name, version));
        let messages = messages.expect("a thread").join();
        let messages = messages.unwrap_or_else(|_| "panic\n".to_owned());
        print!("== {file}\n{messages}");
    }
}

fn messages_about(file: &str, version: GoVersion) -> String {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(why) => return format!("{file}: {why}\n"),
    };
    let syntax = minigo_syntax::Profile::of(version);
    let (mut ast, mut positions) = (Ast::default(), PosTable::default());
    let mut diags = Diagnostics::default();
    minigo_syntax::parse_file(&mut ast, &mut positions, &mut diags, file, &text, syntax);
    let imports = Imports {
        folder: "",
        exists: |_| false,
    };
    if diags.syntax_errors == 0 || !syntax.all_files {
        check(&ast, &positions, &mut diags, imports, Profile::of(version));
    }
    diags.render(&positions)
}
