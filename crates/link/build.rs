//! Assembles the runtime of each generation of Go, so that no program has to. In the build folder, `go1_15.bin` has the
//! symbols and their names, and `go1_15.o` is an object of these symbols without relocations. Objects of programs take their part of the runtime from
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

/// The source files in `src/runtime` that all generations share.
const SHARED: [&str; 8] = [
    "rt0.s", "stack.s", "print.s", "panic.s", "signal.s", "pctab.s", "fmt.s", "alg.s",
];

/// The source files that each generation has in its folder.
const OWN: [&str; 3] = ["main.s", "type.s", "traceback.s"];

/// The folders of the generations.
const GENERATIONS: [&str; 2] = ["go1_15", "go1_27"];

/// The headers that sources include: one for all and one in the folder of the generation.
const HEADER: &str = "runtime.h";
const OWN_HEADER: &str = "generation.h";

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
    for generation in GENERATIONS {
        let mut syms = SymTable::new();
        let symbols = assemble(generation, &mut syms)?;
        let names: Vec<&SymData> = syms.iter().map(|(_, data)| data).collect();
        let bytes = postcard::to_allocvec(&(names, &symbols)).map_err(|err| err.to_string())?;
        let write = |extension: &str, bytes: &[u8]| {
            let target = Path::new(&out).join(format!("{generation}.{extension}"));
            std::fs::write(&target, bytes).map_err(|err| format!("{}: {err}", target.display()))
        };
        write("bin", &bytes)?;
        write("o", &object(&syms, &symbols)?)?;
    }
    Ok(())
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
            decl: declaration(symbol, name, segment, is_static(sym)),
            contents: contents(symbol, true)?,
        });
    }
    let target = TARGET.parse().map_err(|err| format!("{err:?}"))?;
    part::object(
        &target,
        "<runtime>",
        defined,
        &BTreeMap::new(),
        &[],
        Vec::new(),
    )
}

/// Assembles the runtime of a generation. All its functions are NOSPLIT, so any version's assembler will do.
fn assemble(generation: &str, syms: &mut SymTable) -> Result<Vec<LSym>, String> {
    let header = read(HEADER)?;
    let own_header = read(&format!("{generation}/{OWN_HEADER}"))?;
    let include = |name: &str| -> Result<asm::Reader<'static>, String> {
        match name {
            HEADER => Ok(Box::new(Cursor::new(header.clone()))),
            OWN_HEADER => Ok(Box::new(Cursor::new(own_header.clone()))),
            _ => Err(format!("{name}: no such file")),
        }
    };
    let shared = SHARED.iter().map(|name| (*name, (*name).to_owned()));
    let own = OWN
        .iter()
        .map(|name| (*name, format!("{generation}/{name}")));
    let mut positions = PosTable::default();
    let mut symbols = Vec::new();
    let mut texts = Vec::new();
    for (name, path) in shared.chain(own) {
        let shown = format!("<runtime>/{name}");
        let file = asm::read(&shown, &read(&path)?, &[], &include, syms, &mut positions)?;
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
