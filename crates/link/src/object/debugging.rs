//! Debugging information in objects.

use std::io::{Seek, Write};

use gimli::SectionId;
use gimli::write::Address;
use minigo_obj::{LSym, SymKind};

use super::{Output, R_X86_64_32, R_X86_64_64, R_X86_64_PC32, Writer};
use crate::dwarf::{self, Debugging, Function, Relocated};
use crate::join;
use crate::part;
use crate::program::{LinkError, Program};

impl<W: Write + Seek> Writer<W> {
    /// Writes the debugging information about the functions among symbols that are written, in ELF.
    pub(super) fn write_debugging(
        &mut self,
        program: &Program,
        debugging: Debugging,
        symbols: &[&LSym],
    ) -> Result<(), LinkError> {
        let Some(mut joined) = self.joined()? else {
            return Ok(());
        };
        let functions = numbered_functions(symbols);
        let sections = dwarf::object(program, debugging, &functions, true);
        let mut added = Vec::with_capacity(sections.len());
        for (id, section) in sections {
            let is_loaded = id == dwarf::LOADED_FRAMES;
            let index = joined.add_plain(id.name(), section.bytes(), is_loaded);
            let index = index.map_err(|err| self.broken(err))?;
            added.push((id, index, section.relocations));
        }
        let Writer { names, ids, .. } = self;
        let places: Vec<_> = added.iter().map(|&(id, index, _)| (id, index)).collect();
        for (_, index, relocations) in added {
            let relocs = relocations.into_iter().map(|relocation| {
                let target = match relocation.target {
                    dwarf::Target::Function(number) => {
                        let sym = functions[number as usize].sym;
                        let id = ids[sym].get_or_insert_with(|| joined.id(&names[sym]));
                        join::Target::Symbol(*id)
                    }
                    dwarf::Target::Section(id) => {
                        let place = places.iter().find(|&&(known, _)| known == id);
                        let (_, place) = place.expect("sections refer to sections with contents");
                        join::Target::Section(*place)
                    }
                };
                join::Reloc {
                    offset: relocation.offset,
                    target,
                    kind: match (relocation.size, relocation.is_relative) {
                        (8, false) => R_X86_64_64,
                        (_, false) => R_X86_64_32,
                        (_, true) => R_X86_64_PC32,
                    },
                    addend: relocation.addend,
                }
            });
            let relocs = relocs.collect();
            joined.relocate_plain(index, relocs);
        }
        self.output = Output::Joined(joined);
        Ok(())
    }

    /// Returns the debugging information about the functions of a Mach-O object.
    pub(super) fn sections(&self, program: &Program, symbols: &[&LSym]) -> Vec<part::Section<'_>> {
        let Some(debugging) = program.debugging else {
            return Vec::new();
        };
        let functions = numbered_functions(symbols);
        let sections = dwarf::object(program, debugging, &functions, false);
        let section = |(id, section): (SectionId, Relocated)| {
            let address = |relocation: &dwarf::Relocation| match relocation.target {
                dwarf::Target::Function(number) => {
                    let name = &*self.names[functions[number as usize].sym];
                    Some((relocation.offset.into(), name))
                }
                dwarf::Target::Section(_) => None,
            };
            part::Section {
                name: id.name(),
                addresses: section.relocations.iter().filter_map(address).collect(),
                bytes: section.into_bytes_with_addends(),
            }
        };
        sections.into_iter().map(section).collect()
    }
}

/// Returns the functions among symbols, each with its number as the symbol of its address.
fn numbered_functions<'a>(symbols: &[&'a LSym]) -> Vec<Function<'a>> {
    let functions = symbols.iter().filter(|s| s.kind == SymKind::STEXT);
    let function = |(number, symbol): (usize, &&'a LSym)| {
        Some(Function {
            symbol,
            sym: symbol.sym?,
            address: Address::Symbol {
                symbol: number,
                addend: 0,
            },
        })
    };
    functions.enumerate().filter_map(function).collect()
}
