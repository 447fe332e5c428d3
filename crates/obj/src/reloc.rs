//! Relocations: fields in a symbol's bytes that the linker fills in.

use serde::{Deserialize, Serialize};

use crate::sym::Sym;

/// The computation of a field by the linker (gc: objabi/reloctype.go). Listings print the number or the name that
/// a [`Dialect`](crate::Dialect) gives.
#[expect(non_camel_case_types, reason = "the names are gc's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RelocKind {
    /// No value: the relocation of an ABI alias only names the function.
    NONE,
    /// The absolute address.
    ADDR,
    /// The distance from the field to the symbol. Go's linker takes it from the beginning of its types.
    ADDROFF,
    /// The same, but zero if nothing else needs the symbol.
    WEAKADDROFF,
    /// The absolute address, but zero if nothing else needs the symbol.
    WEAKADDR,
    /// The same as ADDROFF, but zero if no call needs the method.
    METHODOFF,
    /// The distance from the end of the field, for a call.
    CALL,
    /// No value: marks a call through a register or memory.
    CALLIND,
    /// The distance from the end of the field.
    PCREL,
    /// The offset from the thread's base; has no symbol.
    TLS_LE,
    /// The distance to the slot in the global offset table that holds the offset of g from the thread's base;
    /// has no symbol.
    TLS_IE,
    /// Keeps a type's description alive.
    USETYPE,
    /// The distance to the symbol's slot in the global offset table.
    GOTPCREL,
    /// The offset within a DWARF section.
    DWARFSECREF,
    /// An index into the DWARF file table.
    DWARFFILEREF,
    /// No value: keeps the methods of a type that is converted to an interface.
    USEIFACE,
    /// No value: a package is initialised after another.
    INITORDER,
}

/// One field in a symbol's bytes that the linker fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reloc {
    /// Offset of the field in the symbol, in bytes.
    pub off: u32,
    /// Size of the field, in bytes.
    pub siz: u8,
    /// The computation of the value.
    pub kind: RelocKind,
    /// The symbol whose address the value depends on; none for TLS.
    pub sym: Option<Sym>,
    /// Added to the symbol's address.
    pub add: i64,
}
