//! Places of variables, and lists of places and of addresses, by pc.

use std::ops::Range;

use gimli::constants as dw;
use gimli::write::{Address, InitialLengthOffset, Result, Writer};
use gimli::{Register, X86_64};
use minigo_obj::Reg;
use minigo_obj::debug::Place;

use super::{ADDRESS_SIZE, ENCODING, Function};

/// The lists of a unit in a section. There is nothing in the section if there is no list.
#[derive(Default)]
pub(super) struct Lists {
    /// The place of the length, and that from which it counts.
    length: Option<(InitialLengthOffset, usize)>,
}

impl Lists {
    /// Begins a list. Returns its offset.
    fn begin(&mut self, out: &mut impl Writer) -> Result<usize> {
        if self.length.is_none() {
            let length = out.write_initial_length(ENCODING.format)?;
            self.length = Some((length, out.len()));
            out.write_u16(ENCODING.version)?;
            out.write_u8(ADDRESS_SIZE)?;
            // Neither segments nor a table of offsets.
            out.write_u8(0)?;
            out.write_u32(0)?;
        }
        Ok(out.len())
    }

    /// Writes the length of the lists.
    pub(super) fn end(self, out: &mut impl Writer) -> Result<()> {
        match self.length {
            Some((length, start)) => {
                let bytes = out.len() - start;
                out.write_initial_length_at(length, bytes as u64, ENCODING.format)
            }
            None => Ok(()),
        }
    }

    /// Writes a list of the addresses of parts of a function. Returns its offset.
    pub(super) fn write_code(
        &mut self,
        out: &mut impl Writer,
        function: &Function,
        pcs: &[Range<u32>],
    ) -> Result<usize> {
        let list = self.begin(out)?;
        out.write_u8(dw::DW_RLE_base_address.0)?;
        out.write_address(function.address, ADDRESS_SIZE)?;
        for pcs in pcs {
            out.write_u8(dw::DW_RLE_offset_pair.0)?;
            out.write_uleb128(pcs.start.into())?;
            out.write_uleb128(pcs.end.into())?;
        }
        out.write_u8(dw::DW_RLE_end_of_list.0)?;
        Ok(list)
    }

    /// Writes a list of ranges: the first address and the bytes of each. Returns its offset.
    pub(super) fn write_ranges(
        &mut self,
        out: &mut impl Writer,
        mut ranges: impl Iterator<Item = (Address, u64)>,
    ) -> Result<usize> {
        let list = self.begin(out)?;
        ranges.try_for_each(|(address, length)| {
            out.write_u8(dw::DW_RLE_start_length.0)?;
            out.write_address(address, ADDRESS_SIZE)?;
            out.write_uleb128(length)
        })?;
        out.write_u8(dw::DW_RLE_end_of_list.0)?;
        Ok(list)
    }

    /// Writes a list of places in a function. Returns its offset.
    pub(super) fn write_places(
        &mut self,
        out: &mut impl Writer,
        function: &Function,
        mut places: impl Iterator<Item = (Range<u32>, Place)> + Clone,
    ) -> Result<usize> {
        let list = self.begin(out)?;
        let mut single = places.clone();
        match (single.next(), single.next()) {
            (Some((pcs, place)), None) => {
                out.write_u8(dw::DW_LLE_start_length.0)?;
                out.write_address(function.at(pcs.start.into()), ADDRESS_SIZE)?;
                out.write_uleb128((pcs.end - pcs.start).into())?;
                write(out, place)?;
            }
            _ => {
                out.write_u8(dw::DW_LLE_base_address.0)?;
                out.write_address(function.address, ADDRESS_SIZE)?;
                places.try_for_each(|(pcs, place)| {
                    out.write_u8(dw::DW_LLE_offset_pair.0)?;
                    out.write_uleb128(pcs.start.into())?;
                    out.write_uleb128(pcs.end.into())?;
                    write(out, place)
                })?;
            }
        }
        out.write_u8(dw::DW_LLE_end_of_list.0)?;
        Ok(list)
    }
}

/// Writes the expression for a place behind its length, which is a byte.
pub(super) fn write(out: &mut impl Writer, place: Place) -> Result<()> {
    let length = out.len();
    out.write_u8(0)?;
    match place {
        Place::Register(reg) => {
            if let Some(register) = register(reg) {
                out.write_u8(dw::DW_OP_reg0.0 + register.0 as u8)?;
            }
        }
        Place::Memory(offset) => {
            out.write_u8(dw::DW_OP_fbreg.0)?;
            out.write_sleb128(offset)?;
        }
        Place::Constant(value) => {
            out.write_u8(dw::DW_OP_consts.0)?;
            out.write_sleb128(value)?;
            out.write_u8(dw::DW_OP_stack_value.0)?;
        }
    }
    let bytes = out.len() - length - 1;
    out.write_u8_at(length, bytes as u8)
}

/// Returns the number of a general register in debugging information.
fn register(reg: Reg) -> Option<Register> {
    Some(match reg {
        Reg::AX => X86_64::RAX,
        Reg::CX => X86_64::RCX,
        Reg::DX => X86_64::RDX,
        Reg::BX => X86_64::RBX,
        Reg::SI => X86_64::RSI,
        Reg::DI => X86_64::RDI,
        Reg::R8 => X86_64::R8,
        Reg::R9 => X86_64::R9,
        Reg::R10 => X86_64::R10,
        Reg::R11 => X86_64::R11,
        Reg::R12 => X86_64::R12,
        Reg::R13 => X86_64::R13,
        Reg::R14 => X86_64::R14,
        Reg::R15 => X86_64::R15,
        _ => return None,
    })
}
