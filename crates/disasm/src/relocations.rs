//! The fields of an object's code that the linker fills in.

use object::RelocationTarget;
use object::read::{self, Object, ObjectSection};

use crate::file::{File, Relocation, RelocationKind};
use crate::place::{Base, Place};

impl File<'_> {
    /// Reads the relocations of code. `numbers` and `symbols` are the numbers of sections and symbols by those of the file.
    pub(crate) fn read_relocations(
        &mut self,
        object: &read::File,
        numbers: &[Option<usize>],
        symbols: &[usize],
    ) {
        for section in object.sections() {
            let number = numbers[section.index().0].expect("every section has a number");
            if !self.sections[number].is_code {
                continue;
            }
            let read = section.relocations().map(|(offset, relocation)| {
                let offset = usize::try_from(offset).unwrap_or(usize::MAX);
                let target = self.target(relocation.target(), numbers, symbols);
                let addend = relocation.addend();
                let field = self.field(number, offset);
                let known = target.zip(field).filter(|_| relocation.size() == 32);
                let Some((target, field)) = known else {
                    return Relocation::unknown(offset);
                };
                let in_field = if relocation.has_implicit_addend() {
                    field
                } else {
                    0
                };
                Relocation {
                    offset,
                    kind: RelocationKind::of(relocation.kind()),
                    target: target.plus(addend.wrapping_add(in_field)),
                }
            });
            let mut relocations: Vec<Relocation> = read.collect();
            relocations.sort_by_key(|relocation| relocation.offset);
            self.sections[number].relocations = relocations;
        }
    }

    /// Returns the place of the symbol or section that a relocation names.
    fn target(
        &self,
        target: RelocationTarget,
        numbers: &[Option<usize>],
        symbols: &[usize],
    ) -> Option<Place> {
        match target {
            RelocationTarget::Symbol(index) => {
                let number = *symbols.get(index.0)?;
                self.symbols.get(number).map(|symbol| symbol.place)
            }
            RelocationTarget::Section(index) => Some(Place {
                base: Base::Section(numbers.get(index.0).copied().flatten()?),
                offset: 0,
            }),
            _ => None,
        }
    }

    /// Returns the number in a field of four bytes.
    fn field(&self, section: usize, offset: usize) -> Option<i64> {
        let bytes = self.sections[section]
            .data
            .get(offset..offset.checked_add(4)?)?;
        let bytes = <[u8; 4]>::try_from(bytes).ok()?;
        Some(i64::from(i32::from_le_bytes(bytes)))
    }
}

impl Relocation {
    /// Returns a relocation that assembly can't ask for.
    fn unknown(offset: usize) -> Relocation {
        Relocation {
            offset,
            kind: RelocationKind::Other,
            target: Place {
                base: Base::Memory,
                offset: 0,
            },
        }
    }
}

impl RelocationKind {
    fn of(kind: object::RelocationKind) -> RelocationKind {
        use object::RelocationKind::{Absolute, GotRelative, PltRelative, Relative};
        match kind {
            Relative | PltRelative => RelocationKind::Relative,
            GotRelative => RelocationKind::GotRelative,
            Absolute => RelocationKind::Absolute,
            _ => RelocationKind::Other,
        }
    }
}
