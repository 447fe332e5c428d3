//! The target `asm`: assembly text to bytes.

use minigo::Tool;
use minigo_base::PosTable;
use minigo_obj::{Dialect, FuncText, SymTable, Unit, asm, list};

/// Assembles a text.
///
/// # Panics
///
/// Bytes or messages differ without a listing.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    assert!(
        assemble(&text),
        "bytes or messages differ without a listing"
    );
}

/// Assembles a file with a listing and without, as each version of Go. Reports whether the bytes and messages are the
/// same.
pub fn assemble(text: &str) -> bool {
    let mut versions = Tool::Assembler.versions();
    versions.all(|version| assemble_as(Dialect::of(version), text))
}

fn assemble_as(dialect: &'static Dialect, text: &str) -> bool {
    let assemble = |body| {
        let mut syms = SymTable::with_naming(&dialect.naming, "main");
        let mut positions = PosTable::default();
        let includes = |name: &str| Err(format!("open {name}: no such file or directory"));
        let options = asm::Options {
            dialect,
            defines: &[("GOARCH_amd64", "1")],
            includes: &includes,
            all_errors: false,
            lenient: false,
            body,
        };
        let mut listing = String::new();
        let mut results = Vec::new();
        let mut each = |f: FuncText, syms: &SymTable, files: &PosTable| {
            let unit = Unit {
                hand_written: true,
                ..Unit::new(syms, files, dialect)
            };
            let result = minigo_obj::assemble(f, &unit);
            if let (Ok(symbol), asm::Body::Instructions) = (&result, body) {
                list::write_symbol(&mut listing, symbol, &unit);
            }
            results.push(result.map(|symbol| (symbol.attrs, symbol.data, symbol.relocs)));
        };
        let text = Box::new(text.as_bytes());
        let read = asm::read_each(
            "x.s",
            text,
            &options,
            &mut syms,
            &mut positions,
            &mut asm::Variables::default(),
            &mut each,
        );
        let messages = match read {
            Ok(read) => read.messages,
            Err(failed) => failed.messages,
        };
        (results, messages)
    };
    assemble(asm::Body::Instructions) == assemble(asm::Body::Encoded)
}
