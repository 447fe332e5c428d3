//! The tables of functions that tracebacks and Go's tools read. One file for each format.

pub(crate) mod go1_15;
pub(crate) mod go1_27;

use minigo_obj::pcln::{values, write_varint};
use minigo_obj::{LSym, Sym, SymKind};

use crate::program::Program;

/// The symbol of the table.
pub(crate) const NAME: &str = "runtime.pclntab";

/// Makes the tables of the functions among symbols of a program, which are in their order in memory; none if the program
/// doesn't refer to them. The address of the first function is `text`, if it is known.
pub(crate) type Tables = fn(program: &Program, symbols: &[&LSym], text: Option<u64>) -> Vec<LSym>;

/// Returns the functions among symbols.
fn functions<'a>(symbols: &[&'a LSym]) -> impl Iterator<Item = (&'a LSym, Sym)> {
    let functions = symbols.iter().filter(|s| s.kind == SymKind::STEXT);
    functions.filter_map(|s| Some((*s, s.sym?)))
}

/// Returns a table of a function's files with their numbers in the program.
fn renumbered(table: &[u8], numbers: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(table.len() + 4);
    let mut last = -1i32;
    for (index, length) in values(table) {
        let number = numbers
            .get(index as usize)
            .map_or(-1, |&number| number as i32);
        let change = number - last;
        last = number;
        write_varint(&mut bytes, (change << 1 ^ change >> 31) as u32);
        write_varint(&mut bytes, length);
    }
    bytes.push(0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_get_the_numbers_of_the_program() {
        // File 0 for 5 bytes, file 1 for 200, file 0 for 3.
        let table = [2, 5, 2, 0xc8, 1, 1, 3, 0];
        let expected = [8, 5, 4, 0xc8, 1, 3, 3, 0];
        assert_eq!(renumbered(&table, &[3, 5]), expected);
        assert_eq!(renumbered(&[], &[]), [0]);
    }
}
