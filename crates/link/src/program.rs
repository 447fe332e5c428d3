//! The symbols of a whole program, and how their names resolve.

use std::borrow::Cow;
use std::fmt;

use cranelift_entity::SecondaryMap;
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};

/// All defined symbols of a program, package and runtime together.
pub struct Program<'a> {
    /// Names of all symbols.
    pub syms: &'a SymTable,
    /// The package's path, which stands for `""` in names: `main`.
    pub package: &'a str,
    /// The definitions. Symbols without memory (debugging information, ABI aliases) are passed over.
    pub symbols: Vec<&'a LSym>,
}

/// A program that cannot be linked: one message a line, in the words of Go's linker.
#[derive(Debug, PartialEq, Eq)]
pub struct LinkError(pub String);

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LinkError {}

/// Where a symbol goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Segment {
    Text,
    Rodata,
    Data,
    Bss,
}

impl Segment {
    /// The segment of a kind of symbol; none for what is not loaded.
    pub(crate) fn of(kind: SymKind) -> Option<Segment> {
        match kind {
            SymKind::STEXT => Some(Segment::Text),
            SymKind::SRODATA => Some(Segment::Rodata),
            SymKind::SNOPTRDATA | SymKind::SDATA => Some(Segment::Data),
            SymKind::SNOPTRBSS | SymKind::SBSS => Some(Segment::Bss),
            _ => None,
        }
    }
}

impl<'a> Program<'a> {
    /// The name of a symbol in files: the package's path for `""`.
    pub(crate) fn name(&self, sym: Sym) -> Cow<'a, str> {
        match self.syms.name(sym).strip_prefix("\"\".") {
            Some(rest) => Cow::Owned(format!("{}.{rest}", self.package)),
            None => Cow::Borrowed(self.syms.name(sym)),
        }
    }

    /// Whether the symbol is known in its own file only.
    pub(crate) fn is_static(&self, sym: Sym) -> bool {
        self.syms[sym].attrs.has(Attrs::STATIC)
    }

    /// The index in `symbols` of every defined symbol, under both its names: with the package's path and
    /// with `""`.
    pub(crate) fn definitions(&self) -> SecondaryMap<Sym, Option<u32>> {
        let mut defined = SecondaryMap::with_capacity(self.syms.len());
        for (index, symbol) in self.symbols.iter().enumerate() {
            let Some(sym) = symbol.sym else { continue };
            defined[sym] = Some(index as u32);
        }
        let path = format!("{}.", self.package);
        for (sym, data) in self.syms.iter() {
            if defined[sym].is_some() || self.is_static(sym) {
                continue;
            }
            let other = match data.name.strip_prefix(path.as_str()) {
                Some(rest) => self.syms.get(&format!("\"\".{rest}")),
                None => data
                    .name
                    .strip_prefix("\"\".")
                    .and_then(|rest| self.syms.get(&format!("{path}{rest}"))),
            };
            defined[sym] = other.and_then(|other| defined[other]);
        }
        defined
    }

    /// The complaints about references to symbols that nothing defines, each once (gc: link/ld, data.go
    /// relocsym).
    pub(crate) fn undefined(
        &self,
        defined: &SecondaryMap<Sym, Option<u32>>,
    ) -> Result<(), LinkError> {
        let mut messages: Vec<String> = Vec::new();
        for symbol in &self.symbols {
            if Segment::of(symbol.kind).is_none() {
                continue;
            }
            for target in symbol.relocs.iter().filter_map(addressed) {
                if defined[target].is_none() {
                    let from = symbol.sym.map_or(Cow::Borrowed(""), |sym| self.name(sym));
                    let message = match self.name(target) {
                        name if name == "main.main" => {
                            "function main is undeclared in the main package".to_owned()
                        }
                        name => format!("{from}: relocation target {name} not defined"),
                    };
                    if !messages.contains(&message) {
                        messages.push(message);
                    }
                }
            }
        }
        if messages.is_empty() {
            Ok(())
        } else {
            Err(LinkError(messages.join("\n")))
        }
    }
}

/// The symbol whose address a relocation needs.
pub(crate) fn addressed(reloc: &Reloc) -> Option<Sym> {
    reloc.sym.filter(|_| {
        matches!(
            reloc.kind,
            RelocKind::ADDR | RelocKind::CALL | RelocKind::PCREL
        )
    })
}
