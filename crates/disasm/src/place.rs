//! Addresses in files.

/// The start of addresses that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Base {
    /// The memory of an executable.
    Memory,
    /// A section of an object, by number.
    Section(usize),
    /// A symbol that another file defines, by number.
    Symbol(usize),
}

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) base: Base,
    /// The distance from the base in bytes.
    pub(crate) offset: u64,
}

impl Place {
    /// Returns the place `distance` bytes after this one.
    pub(crate) fn plus(self, distance: i64) -> Place {
        Place {
            offset: self.offset.wrapping_add_signed(distance),
            ..self
        }
    }
}
