//! Completes Mach-O objects with debugging information.

use object::macho::Relocation;
use object::pod::bytes_of;
use object::read::macho::{MachOFile64, Nlist, Section};
use object::{LittleEndian as LE, Object};

/// The segment of debugging information.
const DWARF: &[u8] = b"__DWARF";

/// Makes the addresses in an object's debugging information those of its own layout, which the linker moves with the section
/// of code. Debuggers read them from the object without looking at relocations. Requires addresses of eight bytes.
///
/// # Errors
///
/// The bytes aren't an object.
pub(crate) fn relocate_by_section(bytes: &mut [u8]) -> object::Result<()> {
    let mut changes: Vec<(usize, [u8; 8])> = Vec::new();
    let file = MachOFile64::<LE>::parse(&*bytes)?;
    let symbols = file.macho_symbol_table();
    for section in file.sections() {
        let header = section.macho_section();
        if header.segment_name() != DWARF {
            continue;
        }
        let start = header.reloff(LE) as usize;
        for (index, relocation) in header.relocations(LE, &*bytes)?.iter().enumerate() {
            let mut info = relocation.info(LE);
            let symbol = symbols.symbol(object::SymbolIndex(info.r_symbolnum as usize))?;
            info.r_symbolnum = symbol.n_sect().into();
            info.r_extern = false;
            let field = header.offset(LE) as usize + info.r_address as usize;
            let addend = bytes[field..field + 8].try_into().expect("eight bytes");
            let address = symbol.n_value(LE).wrapping_add(u64::from_le_bytes(addend));
            changes.push((field, address.to_le_bytes()));
            let place = start + index * size_of::<Relocation<LE>>();
            let relocation = info.relocation(LE);
            let word: [u8; 8] = bytes_of(&relocation).try_into().expect("eight bytes");
            changes.push((place, word));
        }
    }
    for (at, value) in changes {
        bytes[at..at + value.len()].copy_from_slice(&value);
    }
    Ok(())
}
