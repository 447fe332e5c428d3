//! Sections, symbols, functions and relocations of objects and executables.

use std::ops::Range;

use crate::lines::Lines;
use crate::place::{Base, Place};

/// An ELF or Mach-O file of amd64.
pub struct File<'a> {
    pub(crate) sections: Vec<Section<'a>>,
    pub(crate) symbols: Vec<Symbol>,
    /// Symbols with a place, in its order, one for each place.
    pub(crate) by_place: Vec<usize>,
    pub(crate) functions: Vec<Function>,
    pub(crate) lines: Lines<'a>,
}

/// A section.
pub(crate) struct Section<'a> {
    pub(crate) name: String,
    pub(crate) address: u64,
    pub(crate) data: &'a [u8],
    pub(crate) base: Base,
    pub(crate) is_code: bool,
    pub(crate) relocations: Vec<Relocation>,
}

/// A symbol of the file.
pub(crate) struct Symbol {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) size: u64,
    /// The bytes from the place that are named by their distance from it: at least the size.
    pub(crate) extent: u64,
    /// Other files can't refer to it.
    pub(crate) is_local: bool,
    pub(crate) section: Option<usize>,
    pub(crate) is_code: bool,
}

/// The code of a function, or code between functions.
pub struct Function {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) section: usize,
    /// Its bytes in the section.
    pub(crate) range: Range<usize>,
    pub(crate) aliases: Vec<String>,
}

impl Function {
    /// The function's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names at the function's address, its own first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// The size of the function in bytes.
    pub fn size(&self) -> usize {
        self.range.len()
    }
}

/// A field that the linker fills in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relocation {
    /// The offset of the field in the section.
    pub(crate) offset: usize,
    pub(crate) kind: RelocationKind,
    /// The symbol's place, with the addend of the file. If it is relative, the distance from the field to it is the value.
    pub(crate) target: Place,
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelocationKind {
    /// The distance from the field.
    Relative,
    /// The distance from the field to a slot in the global offset table.
    GotRelative,
    /// The address.
    Absolute,
    /// Another value, which assembly can't ask for.
    Other,
}

impl<'a> File<'a> {
    /// The functions in the order of sections and addresses.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The bytes of a function.
    pub fn code(&self, function: &Function) -> &'a [u8] {
        &self.sections[function.section].data[function.range.clone()]
    }

    /// The offsets in a function of the fields that the linker fills in.
    pub fn fields(&self, function: &Function) -> impl Iterator<Item = usize> {
        let start = function.range.start;
        let relocations = self.relocations(function.section, function.range.clone());
        relocations
            .iter()
            .map(move |relocation| relocation.offset - start)
    }

    /// Returns the symbol that covers a place, and the distance from it.
    pub(crate) fn symbol_at(&self, place: Place) -> Option<(usize, u64)> {
        if let Base::Symbol(number) = place.base {
            return Some((number, place.offset));
        }
        let end = self
            .by_place
            .partition_point(|&index| self.symbols[index].place <= place);
        let &index = self.by_place.get(end.checked_sub(1)?)?;
        let symbol = &self.symbols[index];
        let distance = place.offset.checked_sub(symbol.place.offset)?;
        let covers = symbol.place.base == place.base && (distance == 0 || distance < symbol.extent);
        covers.then_some((index, distance))
    }

    /// Returns the place of a byte of a section.
    pub(crate) fn place_in(&self, section: usize, offset: usize) -> Place {
        let section = &self.sections[section];
        Place {
            base: section.base,
            offset: section.address.wrapping_add(offset as u64),
        }
    }

    /// Returns the relocations of the bytes `range` of a section.
    pub(crate) fn relocations(&self, section: usize, range: Range<usize>) -> &[Relocation] {
        let all = &self.sections[section].relocations;
        let start = all.partition_point(|relocation| relocation.offset < range.start);
        let end = all.partition_point(|relocation| relocation.offset < range.end);
        &all[start..end.max(start)]
    }
}
