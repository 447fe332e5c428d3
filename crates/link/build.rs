//! Assembles the runtime, so that no program has to. In the build folder, `runtime.bin` has the symbols and their names, and
//! `runtime.o` is an object of these symbols without relocations. Objects of programs take their part of the runtime from
//! it instead of having faerie make it again, which saves about 8 % of the time for a small program; its symbols are named
//! by their numbers in it (`part::prebuilt_name`).

#[allow(dead_code)]
#[path = "src/memory.rs"]
mod memory;
#[allow(dead_code)]
#[path = "src/part.rs"]
mod part;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::ExitCode;

use minigo_base::PosTable;
use minigo_obj::{Attrs, LSym, Sym, SymData, SymTable, Unit, amd64, asm, dialect};

use memory::Segment;
use part::{Defined, contents, declaration, prebuilt_name};

/// The source files in `src/runtime`.
const SOURCES: [&str; 8] = [
    "rt0.s",
    "stack.s",
    "print.s",
    "panic.s",
    "signal.s",
    "traceback.s",
    "fmt.s",
    "alg.s",
];

/// The header that they include.
const HEADER: &str = "runtime.h";

/// The target of objects with the runtime.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={}", message.replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let out = std::env::var("OUT_DIR").map_err(|err| format!("OUT_DIR: {err}"))?;
    let mut syms = SymTable::new();
    let symbols = assemble(&mut syms)?;
    let names: Vec<&SymData> = syms.iter().map(|(_, data)| data).collect();
    let bytes = postcard::to_allocvec(&(names, &symbols)).map_err(|err| err.to_string())?;
    let write = |name: &str, bytes: &[u8]| {
        let target = Path::new(&out).join(name);
        std::fs::write(&target, bytes).map_err(|err| format!("{}: {err}", target.display()))
    };
    write("runtime.bin", &bytes)?;
    write("runtime.o", &object(&syms, &symbols)?)
}

/// Returns an object of the symbols that are loaded, without their relocations.
fn object(syms: &SymTable, symbols: &[LSym]) -> Result<Vec<u8>, String> {
    let loaded = symbols
        .iter()
        .filter_map(|symbol| Some((symbol, symbol.sym?, Segment::of(symbol.kind)?)));
    let loaded: Vec<(&LSym, Sym, Segment)> = loaded.collect();
    let is_static = |sym: Sym| syms[sym].attrs.has(Attrs::STATIC);
    let name = |sym: Sym| prebuilt_name(syms.name(sym), is_static(sym), sym.as_u32());
    let names: Vec<String> = loaded.iter().map(|&(_, sym, _)| name(sym)).collect();
    let mut defined = Vec::new();
    for (&(symbol, sym, segment), name) in loaded.iter().zip(&names) {
        defined.push(Defined {
            name,
            decl: declaration(symbol, segment, is_static(sym)),
            contents: contents(symbol, true)?,
        });
    }
    let target = TARGET.parse().map_err(|err| format!("{err:?}"))?;
    part::object(&target, "<runtime>", defined, &BTreeMap::new(), &[])
}

fn assemble(syms: &mut SymTable) -> Result<Vec<LSym>, String> {
    let header = read(HEADER)?;
    let include = |name: &str| -> Result<asm::Reader<'static>, String> {
        match name {
            HEADER => Ok(Box::new(Cursor::new(header.clone()))),
            _ => Err(format!("{name}: no such file")),
        }
    };
    let mut positions = PosTable::default();
    let mut symbols = Vec::new();
    let mut texts = Vec::new();
    for name in SOURCES {
        let shown = format!("<runtime>/{name}");
        let file = asm::read(&shown, &read(name)?, &[], &include, syms, &mut positions)?;
        symbols.extend(file.data);
        texts.extend(file.texts);
    }
    let unit = Unit {
        hand_written: true,
        ..Unit::new(syms, &positions, &dialect::GO1_15)
    };
    for text in texts {
        let symbol = amd64::assemble(text, &unit).map_err(|errors| errors.join("\n"))?;
        symbols.push(symbol);
    }
    Ok(symbols)
}

fn read(name: &str) -> Result<String, String> {
    let path = format!("src/runtime/{name}");
    println!("cargo::rerun-if-changed={path}");
    std::fs::read_to_string(&path).map_err(|err| format!("{path}: {err}"))
}
