//! Entries of `.debug_info`, written one after the other.
//!
//! gimli's entries are a tree of a whole unit, in which each attribute takes more memory than all that this writes of an
//! entry.

use gimli::constants::{self as dw, DwAt, DwForm, DwTag};
use gimli::write::{Address, Result, Writer};
use gimli::{SectionId, write::Error};
use indexmap::IndexSet;
use minigo_obj::debug::Place;
use rustc_hash::FxBuildHasher;

use super::{ADDRESS_SIZE, OFFSET_SIZE, before_nul, places};

/// The shapes of entries: tag, whether there are children, and attributes with their forms.
#[derive(Default)]
pub(super) struct Abbreviations {
    /// Their codes count from 1.
    shapes: IndexSet<Box<[u16]>, FxBuildHasher>,
    /// The shape of the current entry.
    shape: Vec<u16>,
}

impl Abbreviations {
    /// Returns the code of the current entry's shape, a byte: there are a few dozen shapes.
    fn code(&mut self) -> Result<u8> {
        let known = self.shapes.get_index_of(&*self.shape);
        let index = known.unwrap_or_else(|| self.shapes.insert_full((&*self.shape).into()).0);
        u8::try_from(index + 1)
            .ok()
            .filter(|&code| code < 0x80)
            .ok_or(Error::ValueTooLarge)
    }

    /// Writes the section of abbreviations.
    pub(super) fn write(&self, out: &mut impl Writer) -> Result<()> {
        for (index, shape) in self.shapes.iter().enumerate() {
            out.write_uleb128(index as u64 + 1)?;
            for &number in shape {
                out.write_uleb128(number.into())?;
            }
            out.write_u16(0)?;
        }
        out.write_u8(0)
    }
}

/// An entry that is being written. Its children follow.
pub(super) struct Entry<'a, W> {
    out: &'a mut W,
    abbreviations: &'a mut Abbreviations,
    /// The offset of its code in the section.
    start: usize,
}

impl<'a, W: Writer> Entry<'a, W> {
    pub(super) fn begin(
        out: &'a mut W,
        abbreviations: &'a mut Abbreviations,
        tag: DwTag,
        has_children: bool,
    ) -> Result<Entry<'a, W>> {
        abbreviations.shape.clear();
        abbreviations.shape.push(tag.0);
        abbreviations.shape.push(has_children.into());
        let start = out.len();
        out.write_u8(0)?;
        Ok(Entry {
            out,
            abbreviations,
            start,
        })
    }

    /// Writes the code.
    pub(super) fn end(self) -> Result<()> {
        let code = self.abbreviations.code()?;
        self.out.write_u8_at(self.start, code)
    }

    fn attribute(&mut self, name: DwAt, form: DwForm) -> &mut W {
        self.abbreviations.shape.extend([name.0, form.0]);
        self.out
    }

    pub(super) fn text(&mut self, name: DwAt, text: &str) -> Result<()> {
        let out = self.attribute(name, dw::DW_FORM_string);
        out.write(before_nul(text))?;
        out.write_u8(0)
    }

    pub(super) fn number(&mut self, name: DwAt, number: u64) -> Result<()> {
        self.attribute(name, dw::DW_FORM_udata)
            .write_uleb128(number)
    }

    pub(super) fn flag(&mut self, name: DwAt) {
        self.attribute(name, dw::DW_FORM_flag_present);
    }

    pub(super) fn address(&mut self, name: DwAt, address: Address) -> Result<()> {
        self.attribute(name, dw::DW_FORM_addr)
            .write_address(address, ADDRESS_SIZE)
    }

    /// Writes a reference to an entry by its distance from the beginning of the unit.
    pub(super) fn entry(&mut self, name: DwAt, entry: u32) -> Result<()> {
        self.attribute(name, dw::DW_FORM_ref4).write_u32(entry)
    }

    /// Writes an offset in another section.
    pub(super) fn offset(&mut self, name: DwAt, offset: usize, section: SectionId) -> Result<()> {
        self.attribute(name, dw::DW_FORM_sec_offset)
            .write_offset(offset, section, OFFSET_SIZE)
    }

    /// Writes a place that does not change.
    pub(super) fn place(&mut self, name: DwAt, place: Place) -> Result<()> {
        places::write(self.attribute(name, dw::DW_FORM_exprloc), place)
    }

    /// Writes an operation without operands.
    pub(super) fn operation(&mut self, name: DwAt, operation: dw::DwOp) -> Result<()> {
        let out = self.attribute(name, dw::DW_FORM_exprloc);
        out.write_u8(1)?;
        out.write_u8(operation.0)
    }
}
