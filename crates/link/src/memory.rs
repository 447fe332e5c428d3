//! The segments of a program in memory.

use minigo_obj::{LSym, SymKind};

/// The offset of g from FS (gc: link/internal/ld/sym.go, Tlsoffset).
pub(crate) const TLS_OFFSET: i32 = -8;

/// The segment that holds a symbol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Segment {
    Text,
    Rodata,
    Data,
    Bss,
}

impl Segment {
    /// Returns the segment of a kind of symbol; none for symbols that aren't loaded.
    pub(crate) fn of(kind: SymKind) -> Option<Segment> {
        match kind {
            SymKind::STEXT => Some(Segment::Text),
            SymKind::SRODATA => Some(Segment::Rodata),
            SymKind::SNOPTRDATA | SymKind::SDATA => Some(Segment::Data),
            SymKind::SNOPTRBSS | SymKind::SBSS => Some(Segment::Bss),
            _ => None,
        }
    }
}

/// Returns the size of a symbol in memory, in bytes.
pub(crate) fn size(symbol: &LSym) -> u64 {
    (symbol.size.max(0) as u64).max(symbol.data.len() as u64)
}
