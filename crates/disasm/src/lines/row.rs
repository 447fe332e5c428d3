//! Rows of tables of lines.

/// The position of the instructions from an address to that of the next row.
pub(crate) struct Row<'a> {
    pub(crate) start: u64,
    /// Empty if it isn't known.
    pub(crate) file: &'a str,
    /// From 1. As in Go's tools, 0 if no table has the instruction, and -1 if a table has it without a line.
    pub(crate) line: i32,
}
