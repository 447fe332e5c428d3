//! Sections whose fields the linker completes.

use gimli::write::{EndianVec, RelocateWriter, RelocationTarget};
use gimli::{LittleEndian, SectionId};

/// A section and its relocations.
#[derive(Clone)]
pub(crate) struct Relocated {
    bytes: EndianVec<LittleEndian>,
    pub(crate) relocations: Vec<Relocation>,
}

/// A field that the linker completes.
#[derive(Clone, Copy)]
pub(crate) struct Relocation {
    pub(crate) offset: u32,
    /// Bytes.
    pub(crate) size: u8,
    pub(crate) target: Target,
    pub(crate) addend: i32,
    /// The value counts from the field.
    pub(crate) is_relative: bool,
}

/// The target of a field.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// A function, by its number.
    Function(u32),
    /// The beginning of a section.
    Section(SectionId),
}

impl Default for Relocated {
    fn default() -> Self {
        Relocated {
            bytes: EndianVec::new(LittleEndian),
            relocations: Vec::new(),
        }
    }
}

impl Relocated {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.slice()
    }

    /// Returns the section's bytes with the addends in their fields.
    pub(crate) fn into_bytes_with_addends(self) -> Vec<u8> {
        let mut bytes = self.bytes.into_vec();
        for relocation in &self.relocations {
            let size = usize::from(relocation.size);
            let field = &mut bytes[relocation.offset as usize..][..size];
            let addend = i64::from(relocation.addend);
            field.copy_from_slice(&addend.to_le_bytes()[..size]);
        }
        bytes
    }
}

impl RelocateWriter for Relocated {
    type Writer = EndianVec<LittleEndian>;

    fn writer(&self) -> &Self::Writer {
        &self.bytes
    }

    fn writer_mut(&mut self) -> &mut Self::Writer {
        &mut self.bytes
    }

    fn relocate(&mut self, relocation: gimli::write::Relocation) {
        self.relocations.push(Relocation {
            offset: relocation.offset as u32,
            size: relocation.size,
            target: match relocation.target {
                RelocationTarget::Symbol(number) => Target::Function(number as u32),
                RelocationTarget::Section(section) => Target::Section(section),
            },
            addend: relocation.addend as i32,
            is_relative: relocation.eh_pe.is_some(),
        });
    }
}
