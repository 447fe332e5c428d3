//! The symbols of a whole program, and the resolution of their names.

use std::borrow::Cow;
use std::fmt;

use cranelift_entity::SecondaryMap;
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};

use crate::dwarf::Debugging;
use crate::memory::Segment;
use crate::paths::Paths;
use crate::profile::Profile;
use crate::runtime::Runtime;

/// The symbols that a program defines: the package's and the runtime's.
pub struct Program<'a> {
    /// The facts about the Go version.
    pub profile: &'static Profile,
    /// Names of all symbols.
    pub syms: &'a SymTable,
    /// The package's path, which replaces `""` in names: `main`.
    pub package: &'a str,
    /// Rules for the names of files in tables.
    pub paths: &'a Paths,
    /// The package's definitions. Symbols without memory (debugging information, ABI aliases) are ignored.
    pub symbols: Vec<&'a LSym>,
    /// The runtime's definitions, as far as they are needed; none if another object has the runtime.
    pub runtime: Option<&'a Runtime>,
    /// Facts for debugging information; none if it is to be left out.
    pub debugging: Option<Debugging<'a>>,
    /// Executables have names of symbols.
    pub symbol_table: bool,
}

/// The reason why a program or an object can't be made.
#[derive(Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The program can't be linked: one message per line, in the words of Go's linker.
    Program(String),
    /// The object can't be written, for this reason.
    Sink(String),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (LinkError::Program(text) | LinkError::Sink(text)) = self;
        f.write_str(text)
    }
}

impl std::error::Error for LinkError {}

/// A program whose names are resolved.
pub(crate) struct Resolved<'a> {
    /// The symbols to load, each defined once, in the program's order.
    pub(crate) symbols: Vec<&'a LSym>,
    /// Number of symbols before the runtime's.
    pub(crate) n_own: usize,
    /// The definition of each name, an index into `symbols`.
    pub(crate) defined: SecondaryMap<Sym, Option<u32>>,
    /// For each name that starts with the package's path, the same name with `""` instead, in versions that have it.
    other_names: SecondaryMap<Sym, Option<Sym>>,
}

impl<'a> Resolved<'a> {
    /// Adds definitions.
    pub(crate) fn with<'b>(mut self, symbols: &'b [LSym]) -> Resolved<'b>
    where
        'a: 'b,
    {
        for (symbol, number) in symbols.iter().zip(self.symbols.len() as u32..) {
            if let Some(sym) = symbol.sym {
                self.defined[sym] = Some(number);
            }
        }
        Resolved {
            symbols: self.symbols.into_iter().chain(symbols).collect(),
            ..self
        }
    }

    /// Returns the definition that a relocation refers to; none if it needs no address or the symbol is undefined.
    pub(crate) fn target(&self, reloc: &Reloc) -> Option<usize> {
        let sym = addressed(reloc).or_else(|| distant(reloc))?;
        self.defined[sym].map(|index| index as usize)
    }
}

impl<'a> Program<'a> {
    /// Returns the name of a symbol in files, where it is unique: a function for assembly that has a namesake for compiled
    /// code, or is that namesake's wrapper, is told from it by a suffix (gc: ld/symtab.go, mangleABIName).
    pub(crate) fn unique_name(&self, sym: Sym) -> Cow<'a, str> {
        let name = self.name(sym);
        match self.syms.internal_namesake(sym) {
            Some(_) if !self.is_static(sym) => Cow::Owned([&name, ".abi0"].concat()),
            _ => name,
        }
    }

    /// Returns the name of a symbol in messages and tables: with the package's path for `""`, also in names of types.
    pub(crate) fn name(&self, sym: Sym) -> Cow<'a, str> {
        let name = self.syms.name(sym);
        let pointer = name.strip_prefix("type.*").map(|rest| ("type.*", rest));
        let ty = || name.strip_prefix("type.").map(|rest| ("type.", rest));
        let (prefix, rest) = pointer.or_else(ty).unwrap_or(("", name));
        match self.syms.own_part(rest) {
            Some(rest) => Cow::Owned([prefix, self.package, ".", rest].concat()),
            None => Cow::Borrowed(name),
        }
    }

    pub(crate) fn runtime_symbols(&self) -> &'a [LSym] {
        self.runtime.map_or(&[], |runtime| &runtime.symbols)
    }

    /// Returns the name in files of a defined symbol.
    pub(crate) fn name_of(&self, s: &LSym) -> Cow<'a, str> {
        s.sym.map_or(Cow::Borrowed(""), |sym| self.name(sym))
    }

    /// Refuses a symbol that is too large for Go's linker (gc: link/ld, data.go, dodata).
    pub(crate) fn check_size(&self, s: &LSym) -> Result<(), LinkError> {
        const CUTOFF: i64 = 2_000_000_000;
        if s.size <= CUTOFF {
            return Ok(());
        }
        let name = self.name_of(s);
        Err(LinkError::Program(format!(
            "{name}: symbol too large ({} bytes)",
            s.size
        )))
    }

    /// Reports whether a symbol is local to its file.
    pub(crate) fn is_static(&self, sym: Sym) -> bool {
        self.syms[sym].attrs.has(Attrs::STATIC)
    }

    /// Finds the definition of every name (gc: loader.go, addSym). A variable with contents
    /// replaces one without, so that assembly can define the contents of variables that Go declares.
    ///
    /// # Errors
    ///
    /// Two definitions of a symbol.
    pub(crate) fn resolve(&self) -> Result<Resolved<'a>, LinkError> {
        let other_names = self.other_names();
        let all: Vec<&LSym> = self
            .symbols
            .iter()
            .copied()
            .chain(self.runtime_symbols())
            .collect();
        let mut winners: SecondaryMap<Sym, Option<u32>> = SecondaryMap::new();
        let mut wins = vec![true; all.len()];
        for (index, symbol) in all.iter().enumerate() {
            let Some(sym) = symbol.sym.filter(|_| Segment::of(symbol.kind).is_some()) else {
                wins[index] = false;
                continue;
            };
            let winner = &mut winners[other_names[sym].unwrap_or(sym)];
            if let Some(old) = winner.map(|old| old as usize) {
                let replaced = (self.profile.overwrites)(all[old], symbol)
                    .ok_or_else(|| self.duplicate(all[old], symbol))?;
                wins[if replaced { old } else { index }] = false;
                if !replaced {
                    continue;
                }
            }
            *winner = Some(index as u32);
        }
        let n_own = self.symbols.len();
        Ok(self.resolved(&all, n_own, &wins, other_names))
    }

    /// Returns the message of Go's linker about two definitions, and for functions the files that have them.
    fn duplicate(&self, old: &'a LSym, new: &'a LSym) -> LinkError {
        let name = self.name_of(new);
        let mut message = (self.profile.duplicate)(&name, self.package, old, new);
        let file = |s: &'a LSym| s.pcln.as_ref()?.files.first();
        if let (Some(old), Some(new)) = (file(old), file(new)) {
            message.push_str(&format!("\n\n{name} is in {old} and in {new}"));
        }
        LinkError::Program(message)
    }

    /// Drops the symbols that aren't reachable from the symbol called `entry` (gc: deadcode.go).
    pub(crate) fn reachable(&self, resolved: Resolved<'a>, entry: &str) -> Resolved<'a> {
        let entry = self.entry(&resolved, entry);
        self.reached(resolved, entry.into_iter().collect())
    }

    /// Drops the runtime's symbols that are reachable neither from the package's nor from those called `entries`.
    pub(crate) fn needed(&self, resolved: Resolved<'a>, entries: &[&str]) -> Resolved<'a> {
        if self.runtime.is_none() {
            return resolved;
        }
        let own = 0..resolved.n_own;
        let entries = entries.iter();
        let entries = entries.filter_map(|entry| self.entry(&resolved, entry));
        let work = own.chain(entries).collect();
        self.reached(resolved, work)
    }

    /// Returns the index of the definition of a name.
    fn entry(&self, resolved: &Resolved, name: &str) -> Option<usize> {
        let index = self.syms.get(name).and_then(|sym| resolved.defined[sym]);
        index.map(|index| index as usize)
    }

    /// Drops the symbols that aren't reachable from those with the indices `work`.
    fn reached(&self, resolved: Resolved<'a>, mut work: Vec<usize>) -> Resolved<'a> {
        let mut reached = vec![false; resolved.symbols.len()];
        while let Some(index) = work.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                let symbol = resolved.symbols[index];
                let relocs = symbol.relocs.iter();
                let relocs = relocs.filter(|reloc| reloc.kind != RelocKind::WEAKADDROFF);
                work.extend(relocs.filter_map(|reloc| resolved.target(reloc)));
                let funcdata = symbol.funcdata.iter();
                work.extend(funcdata.filter_map(|&sym| resolved.defined[sym].map(|s| s as usize)));
            }
        }
        let Resolved {
            symbols,
            n_own,
            other_names,
            ..
        } = resolved;
        self.resolved(&symbols, n_own, &reached, other_names)
    }

    /// Returns the `kept` symbols, of which the first `n_own` are not the runtime's.
    fn resolved(
        &self,
        symbols: &[&'a LSym],
        n_own: usize,
        kept: &[bool],
        other_names: SecondaryMap<Sym, Option<Sym>>,
    ) -> Resolved<'a> {
        let n_own = kept[..n_own].iter().filter(|kept| **kept).count();
        let kept = symbols.iter().zip(kept).filter(|(_, kept)| **kept);
        let symbols: Vec<&LSym> = kept.map(|(symbol, _)| *symbol).collect();
        let mut defined = SecondaryMap::with_capacity(self.syms.len());
        for (index, symbol) in symbols.iter().enumerate() {
            if let Some(sym) = symbol.sym {
                defined[sym] = Some(index as u32);
                defined[other_names[sym].unwrap_or(sym)] = Some(index as u32);
            }
        }
        for (sym, _) in self.syms.iter() {
            if let Some(other) = other_names[sym] {
                defined[sym] = defined[other];
            }
        }
        Resolved {
            symbols,
            n_own,
            defined,
            other_names,
        }
    }

    /// Returns [`Resolved::other_names`].
    fn other_names(&self) -> SecondaryMap<Sym, Option<Sym>> {
        let mut other_names = SecondaryMap::with_capacity(self.syms.len());
        let path = format!("{}.", self.package);
        if self.syms.own_prefix() == path {
            return other_names;
        }
        for (sym, data) in self.syms.iter() {
            if let Some(rest) = data.name.strip_prefix(path.as_str())
                && !data.attrs.has(Attrs::STATIC)
                && !self.syms.is_selected(sym)
            {
                other_names[sym] = self.syms.get_own(rest);
            }
        }
        other_names
    }

    /// Returns the messages about references to undefined symbols, one for each symbol that refers to one: functions,
    /// data, then tables of functions (gc: link/ld, data.go relocsym; errors.go,
    /// errorUnresolved).
    pub(crate) fn undefined(&self, resolved: &Resolved) -> Vec<String> {
        let mut messages: Vec<String> = Vec::new();
        let mut report = |from: &str, targets: &mut dyn Iterator<Item = Sym>| {
            let mut reported: Vec<Sym> = Vec::new();
            for target in targets.filter(|&target| resolved.defined[target].is_none()) {
                if reported.contains(&target) {
                    continue;
                }
                reported.push(target);
                messages.push(match self.name(target) {
                    name if name == "main.main" => {
                        "runtime.main_main·f: function main is undeclared in the main package"
                            .to_owned()
                    }
                    name => format!("{from}: relocation target {name} not defined"),
                });
            }
        };
        let is_text = |s: &&&LSym| s.kind == SymKind::STEXT;
        let texts = || resolved.symbols.iter().filter(is_text);
        let data = resolved.symbols.iter().filter(|s| !is_text(s));
        for symbol in texts().chain(data) {
            let mut targets = symbol.relocs.iter().filter_map(addressed);
            report(&self.name_of(symbol), &mut targets);
        }
        if self.profile.requires_tables {
            let mut tables = texts().flat_map(|s| s.funcdata.iter().copied());
            report("runtime.pclntab", &mut tables);
        }
        messages
    }
}

/// Returns the symbol whose address a relocation needs.
pub(crate) fn addressed(reloc: &Reloc) -> Option<Sym> {
    reloc.sym.filter(|_| {
        matches!(
            reloc.kind,
            RelocKind::ADDR | RelocKind::CALL | RelocKind::PCREL | RelocKind::GOTPCREL
        )
    })
}

/// Returns the symbol whose distance or address a relocation needs if it is defined: the path of a package, which must
/// be defined at link time, or a method.
pub(crate) fn distant(reloc: &Reloc) -> Option<Sym> {
    use RelocKind::{ADDROFF, WEAKADDR, WEAKADDROFF};
    reloc
        .sym
        .filter(|_| matches!(reloc.kind, ADDROFF | WEAKADDROFF | WEAKADDR))
}
