//! Frames: how to find the caller's registers at each instruction.
//!
//! The canonical frame address is that of the first argument. Its distance from SP is known at each instruction, so that
//! frames are found wherever a growing stack has moved them.

use gimli::constants::DwEhPe;
use gimli::write::{
    CallFrameInstruction as Cfi, CommonInformationEntry, FrameDescriptionEntry, FrameTable, Result,
};
use gimli::{Encoding, Format, X86_64};
use minigo_obj::Attrs;
use minigo_obj::pcln::values;

use super::{ADDRESS_SIZE, Function};
use crate::memory::size;

/// Bytes of a return address.
const RETURN_ADDRESS: i32 = 8;

/// Where the caller's BP is saved, relative to the canonical frame address.
const SAVED_BP: i32 = -2 * RETURN_ADDRESS;

/// Functions whose frames are in memory at a time. They share some bytes in front of their frames.
const CHUNK: usize = 256;

/// Has `write_table` write the frames of functions. Addresses have the given encoding, if it isn't the usual one.
pub(super) fn write(
    functions: &[Function],
    address: Option<DwEhPe>,
    mut write_table: impl FnMut(&FrameTable) -> Result<()>,
) -> Result<()> {
    let encoding = Encoding {
        format: Format::Dwarf32,
        version: 1,
        address_size: ADDRESS_SIZE,
    };
    let mut entry = CommonInformationEntry::new(encoding, 1, -8, X86_64::RA);
    if let Some(address) = address {
        entry.fde_address_encoding = address;
    }
    entry.add_instruction(Cfi::Cfa(X86_64::RSP, RETURN_ADDRESS));
    entry.add_instruction(Cfi::Offset(X86_64::RA, -RETURN_ADDRESS));
    entry.add_instruction(Cfi::SameValue(X86_64::RBP));
    functions.chunks(CHUNK).try_for_each(|functions| {
        let mut table = FrameTable::default();
        let common = table.add_cie(entry.clone());
        for function in functions {
            table.add_fde(common, description(function));
        }
        write_table(&table)
    })
}

/// Returns the frame of a function.
fn description(function: &Function) -> FrameDescriptionEntry {
    let symbol = function.symbol;
    let mut frame = FrameDescriptionEntry::new(function.address, size(symbol) as u32);
    if symbol.attrs.has(Attrs::TOPFRAME) {
        // Nobody called it.
        frame.add_instruction(0, Cfi::Undefined(X86_64::RA));
    }
    let mut changes: Vec<(u32, Cfi)> = Vec::new();
    let depths = symbol.pcln.iter().flat_map(|pcln| values(&pcln.sp));
    let mut at = 0;
    let mut depth = 0;
    for (value, length) in depths {
        if value != depth {
            changes.push((at, Cfi::CfaOffset(value + RETURN_ADDRESS)));
        }
        (depth, at) = (value, at + length);
    }
    let saved = symbol
        .debug
        .iter()
        .flat_map(|debug| values(&debug.saved_bp));
    let (mut at, mut is_saved) = (0, 0);
    for (value, length) in saved {
        if value != is_saved {
            changes.push(match value {
                0 => (at, Cfi::Restore(X86_64::RBP)),
                _ => (at, Cfi::Offset(X86_64::RBP, SAVED_BP)),
            });
        }
        (is_saved, at) = (value, at + length);
    }
    changes.sort_by_key(|&(at, _)| at);
    for (at, change) in changes {
        frame.add_instruction(at, change);
    }
    frame
}
