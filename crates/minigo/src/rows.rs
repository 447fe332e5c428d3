//! Functions and the rows of their listings as data.

use minigo_base::{PosTable, Position};
use minigo_obj::{Attrs, FuncText, LSym, SymTable, list};

/// A compiled or assembled function.
#[derive(Clone, Copy)]
pub struct Function<'a> {
    pub(crate) symbol: &'a LSym,
    text: &'a FuncText,
    syms: &'a SymTable,
    positions: &'a PosTable,
}

/// An instruction of a function: one row of its listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingRow<'a> {
    /// The offset of the instruction in the function.
    pub pc: u32,
    /// The position in the source, line directives applied.
    pub position: Option<Position>,
    /// Mnemonic, a tab, and operands, as the listing prints them.
    pub text: String,
    /// The machine code; empty for annotations such as PCDATA.
    pub bytes: &'a [u8],
}

impl<'a> Function<'a> {
    /// Returns the function that a symbol defines, if its instructions are kept.
    pub(crate) fn of(
        symbol: &'a LSym,
        syms: &'a SymTable,
        positions: &'a PosTable,
    ) -> Option<Function<'a>> {
        Some(Function {
            symbol,
            text: symbol.text.as_deref()?,
            syms,
            positions,
        })
    }

    /// The name in listings, such as `"".add`.
    pub fn name(&self) -> &'a str {
        self.syms.name(self.text.sym)
    }

    /// Reports whether the function is NOSPLIT: it doesn't check the stack.
    pub fn is_nosplit(&self) -> bool {
        self.symbol.attrs.has(Attrs::NOSPLIT)
    }

    /// The size of the frame in bytes, without the return address.
    pub fn frame_size(&self) -> i64 {
        self.text.frame_size
    }

    /// The machine code.
    pub fn code(&self) -> &'a [u8] {
        &self.symbol.data
    }

    /// Returns how deep the stack is, as tracebacks find it in the function's table: up to which offset, and the bytes between
    /// SP and the return address. Without a table it is empty.
    pub fn stack_depths(&self) -> impl Iterator<Item = (u32, i32)> + use<'a> {
        let table = self.symbol.pcln.iter();
        table.flat_map(|pcln| pcln.stack_depths())
    }

    /// Returns the rows of the function's listing.
    pub fn rows(&self) -> impl Iterator<Item = ListingRow<'a>> {
        let Function {
            symbol,
            syms,
            positions,
            ..
        } = *self;
        list::rows(symbol).map(move |row| ListingRow {
            pc: row.pc,
            position: positions.position(row.pos),
            text: row.text(syms),
            bytes: row.bytes,
        })
    }
}
