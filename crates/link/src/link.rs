//! The static linker: makes an ELF executable for Linux on amd64 of the symbols of one program.
//!
//! Each step is one pass: resolve names, drop unreachable symbols, lay out the four segments, copy bytes and apply
//! relocations, write headers and the symbol table.

use gimli::write::Address;
use minigo_obj::{LSym, Reloc, RelocKind, SymKind};

use crate::dwarf::{self, Function};
use crate::elf::{self, Section, Symbol};
use crate::memory::{Segment, TLS_OFFSET, size};
use crate::pclntab;
use crate::program::{LinkError, Program, Resolved, distant};

/// Address of the first byte of the file in memory (gc: link/internal/amd64/obj.go).
const BASE: u64 = 0x40_0000;
/// Alignment of segments: the size of a page.
const PAGE: u64 = 0x1000;
/// The byte between functions: INT $3.
const FUNC_PAD: u8 = 0xcc;
/// Messages after which linking stops (gc: link/internal/ld/util.go, afterErrorAction).
const MAX_ERRORS: usize = 20;
/// The symbol at which the kernel enters the program.
pub const ENTRY: &str = "_rt0_amd64_linux";

/// Links a program and its runtime to a static executable.
///
/// # Errors
///
/// Two definitions of a symbol, functions that may run out of stack, a reference to a symbol that is not defined
/// or more than 2 GB away.
pub fn link(program: &Program) -> Result<Vec<u8>, LinkError> {
    let resolved = program.reachable(program.resolve()?, ENTRY);
    let tables = tables(program, &resolved);
    let resolved = resolved.with(&tables);
    check(program, &resolved)?;
    let layout = Layout::new(&resolved, program.profile.function_align);
    let mut contents = [
        layout.bytes(Segment::Text),
        layout.bytes(Segment::Rodata),
        layout.bytes(Segment::Data),
    ];
    for (symbol, place) in resolved.symbols.iter().zip(&layout.places) {
        if place.segment == Segment::Bss {
            continue;
        }
        let bytes = &mut contents[place.segment as usize];
        let at = (place.address - layout.start(place.segment)) as usize;
        bytes[at..at + symbol.data.len()].copy_from_slice(&symbol.data);
        for reloc in &symbol.relocs {
            let target = resolved.target(reloc);
            if target.is_none() && distant(reloc).is_some() {
                continue;
            }
            let address = target.map_or(0, |index| layout.places[index].address);
            apply(reloc, bytes, at, place.address, address).map_err(|problem| {
                let target =
                    target.map_or("".into(), |index| program.name_of(resolved.symbols[index]));
                let what = problem.replace("TARGET", &target);
                LinkError::Program(format!("{}: {what}", program.name_of(symbol)))
            })?;
        }
    }
    let entry = program
        .syms
        .get(ENTRY)
        .and_then(|sym| resolved.defined[sym]);
    let entry =
        entry.ok_or_else(|| LinkError::Program(format!("entry symbol {ENTRY} not defined")))?;
    let (rodata, size) = layout.segments[Segment::Rodata as usize];
    let pclntab = program
        .syms
        .get(pclntab::NAME)
        .and_then(|sym| resolved.defined[sym]);
    let pclntab = match pclntab {
        Some(table) => layout.places[table as usize].address,
        None => rodata + size,
    };
    let debugging = program.debugging.map(|debugging| {
        let functions = functions(&resolved, &layout);
        dwarf::executable(program, debugging, &functions)
    });
    let symbols = match program.symbol_table {
        true => Some(symbols(program, &resolved, &layout)),
        false => None,
    };
    Ok(elf::executable(
        &layout.sections(contents),
        pclntab,
        symbols.as_deref(),
        &debugging.unwrap_or_default(),
        layout.places[entry as usize].address,
    ))
}

/// Checks a program for another linker as [`link`] does.
///
/// # Errors
///
/// The errors of [`link`].
pub fn verify(program: &Program) -> Result<(), LinkError> {
    let resolved = program.reachable(program.resolve()?, ENTRY);
    let tables = tables(program, &resolved);
    check(program, &resolved.with(&tables))
}

/// Returns the tables of a program's functions, the first of which is at the beginning of the text.
fn tables(program: &Program, resolved: &Resolved) -> Vec<LSym> {
    (program.profile.tables)(program, &resolved.symbols, Some(BASE + PAGE))
}

/// Reports functions that may run out of stack and references to undefined symbols, as Go's linker does, and then draws
/// the chains of calls as trees.
fn check(program: &Program, resolved: &Resolved) -> Result<(), LinkError> {
    let (mut messages, trees) = (program.profile.check_stack)(program, resolved);
    let sizes = resolved.symbols.iter().map(|s| program.check_size(s));
    messages.extend(sizes.filter_map(Result::err).map(|err| err.to_string()));
    messages.extend(program.undefined(resolved));
    if messages.is_empty() {
        return Ok(());
    }
    if messages.len() > MAX_ERRORS {
        messages.truncate(MAX_ERRORS + 1);
        // Go's linker stops before it explains the last message.
        let last = &mut messages[MAX_ERRORS];
        last.truncate(last.find('\n').unwrap_or(last.len()));
        messages.push("too many errors".to_owned());
    }
    messages.extend(
        trees
            .into_iter()
            .take(MAX_ERRORS)
            .map(|tree| format!("\n{}", tree.trim_end())),
    );
    Err(LinkError::Program(messages.join("\n")))
}

/// The segment and the address of a symbol.
#[derive(Clone, Copy)]
struct Place {
    segment: Segment,
    address: u64,
}

/// Addresses of segments and symbols.
struct Layout {
    /// Places by index into [`Resolved::symbols`].
    places: Vec<Place>,
    /// Start and size of each segment, in bytes.
    segments: [(u64, u64); 4],
}

impl Layout {
    /// Lays out symbols; functions have an alignment in bytes.
    fn new(resolved: &Resolved, function_align: u64) -> Layout {
        let segment_of = |s: &LSym| Segment::of(s.kind).expect("resolved symbols are loaded");
        let places = resolved.symbols.iter().map(|s| Place {
            segment: segment_of(s),
            address: 0,
        });
        let mut layout = Layout {
            places: places.collect(),
            segments: [(0, 0); 4],
        };
        // The file's headers are mapped before the text.
        let mut address = BASE + PAGE;
        for segment in [Segment::Text, Segment::Rodata, Segment::Data, Segment::Bss] {
            let start = address;
            for (symbol, place) in resolved.symbols.iter().zip(&mut layout.places) {
                if place.segment == segment {
                    address = address.next_multiple_of(match segment {
                        // PCALIGN may ask for more.
                        Segment::Text => function_align.max(u64::from(symbol.align)),
                        _ => alignment(symbol),
                    });
                    place.address = address;
                    address += size(symbol);
                }
            }
            layout.segments[segment as usize] = (start, address - start);
            // Zeroed memory follows the data on the same page.
            address = address.next_multiple_of(if segment == Segment::Data { 16 } else { PAGE });
        }
        layout
    }

    fn start(&self, segment: Segment) -> u64 {
        self.segments[segment as usize].0
    }

    fn bytes(&self, segment: Segment) -> Vec<u8> {
        let pad = if segment == Segment::Text {
            FUNC_PAD
        } else {
            0
        };
        vec![pad; self.segments[segment as usize].1 as usize]
    }

    fn sections(&self, contents: [Vec<u8>; 3]) -> [Section; 4] {
        let [text, rodata, data] = contents;
        [
            (Segment::Text, text),
            (Segment::Rodata, rodata),
            (Segment::Data, data),
            (Segment::Bss, Vec::new()),
        ]
        .map(|(segment, bytes)| {
            let (address, size) = self.segments[segment as usize];
            Section {
                segment,
                address,
                size,
                bytes,
            }
        })
    }
}

/// Returns the alignment of data: by its size, as in Go's linker (gc: link/internal/ld/data.go, symalign).
fn alignment(symbol: &LSym) -> u64 {
    [32, 16, 8, 4, 2]
        .into_iter()
        .find(|&align| size(symbol) >= align)
        .unwrap_or(1)
}

/// Writes one relocated field of the symbol at `at` in `bytes`, whose address is `base`.
///
/// # Errors
///
/// A value that doesn't fit (gc: link/ld, data.go, relocsym); `TARGET` stands for the symbol's name.
fn apply(reloc: &Reloc, bytes: &mut [u8], at: usize, base: u64, target: u64) -> Result<(), String> {
    let from = at + reloc.off as usize;
    let field = &mut bytes[from..from + reloc.siz as usize];
    let target = target as i64 + reloc.add;
    let field_address = base as i64 + i64::from(reloc.off);
    let (value, how) = match reloc.kind {
        RelocKind::ADDR | RelocKind::WEAKADDR => (target, "non-pc-relative"),
        RelocKind::CALL | RelocKind::PCREL => {
            (target - field_address - i64::from(reloc.siz), "pc-relative")
        }
        RelocKind::ADDROFF | RelocKind::WEAKADDROFF => (target - field_address, "non-pc-relative"),
        RelocKind::TLS_LE => (i64::from(TLS_OFFSET) + reloc.add, "non-pc-relative"),
        _ => return Ok(()),
    };
    if reloc.siz < 8 && i32::try_from(value).is_err() {
        return Err(format!(
            "{how} relocation address for TARGET is too big: {value:#x}"
        ));
    }
    field.copy_from_slice(&value.to_le_bytes()[..field.len()]);
    Ok(())
}

/// Returns the functions in order of address.
fn functions<'a>(resolved: &Resolved<'a>, layout: &Layout) -> Vec<Function<'a>> {
    let places = resolved.symbols.iter().zip(&layout.places);
    let functions = places.filter(|(symbol, _)| symbol.kind == SymKind::STEXT);
    let function = |(symbol, place): (&&'a LSym, &Place)| {
        Some(Function {
            symbol,
            sym: symbol.sym?,
            address: Address::Constant(place.address),
        })
    };
    functions.filter_map(function).collect()
}

/// Returns the symbol table: local symbols first, as ELF requires, both by address.
fn symbols<'a>(program: &Program<'a>, resolved: &Resolved, layout: &Layout) -> Vec<Symbol<'a>> {
    let mut symbols = Vec::with_capacity(resolved.symbols.len());
    for (symbol, place) in resolved.symbols.iter().zip(&layout.places) {
        if let Some(sym) = symbol.sym {
            symbols.push(Symbol {
                name: program.unique_name(sym),
                local: program.is_static(sym),
                segment: place.segment,
                address: place.address,
                size: size(symbol),
            });
        }
    }
    symbols.sort_by_key(|symbol| (!symbol.local, symbol.address));
    symbols
}
