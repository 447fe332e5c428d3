//! Dictionaries for libFuzzer, made from the tables: words that it inserts.

use std::collections::BTreeSet;
use std::fmt::Write;

use minigo_obj::{As, Reg};

use crate::{asm_mutations, go_mutations};

/// The longest word that libFuzzer takes, in bytes.
const LONGEST: usize = 64;

/// Returns the words of Go.
pub fn go() -> Vec<&'static str> {
    let others = [
        "package main",
        "import \"fmt\"",
        "fmt.Println(",
        "println(",
        "print(",
        "panic(",
        "os.Exit(",
        "func main() {",
        "//go:noinline",
        "//go:nosplit",
        "//line x.go:1:1",
        "string",
        "_ = ",
        "make(",
        "len(",
    ];
    go_mutations::words().chain(others).collect()
}

/// Returns mnemonics, registers, and the tokens of assembly that are rare.
pub fn assembly() -> Vec<&'static str> {
    let registers = (1..Reg::COUNT).map(|index| Reg::from_index(index).name());
    As::all()
        .map(As::name)
        .chain(registers)
        .chain(asm_mutations::rare())
        .collect()
}

/// Returns names of sections, and how files begin.
pub fn objects() -> Vec<&'static str> {
    let elf = [
        "\u{7f}ELF",
        ".text",
        ".data",
        ".symtab",
        ".strtab",
        ".rela.text",
        ".debug_line",
        ".debug_info",
    ];
    let mach_o = ["__TEXT", "__DATA", "__text", "__debug_line"];
    elf.into_iter().chain(mach_o).collect()
}

/// Returns the text of a dictionary: one word a line, in quotes.
pub fn text(words: &[Vec<&str>]) -> String {
    let words: BTreeSet<&str> = words.iter().flatten().copied().collect();
    let mut text = String::new();
    for word in words
        .into_iter()
        .filter(|word| !word.is_empty() && word.len() <= LONGEST)
    {
        text.push('"');
        for byte in word.bytes() {
            match byte {
                b'"' | b'\\' => _ = write!(text, "\\{}", byte as char),
                b' '..=b'~' => text.push(byte as char),
                _ => _ = write!(text, "\\x{byte:02X}"),
            }
        }
        text.push_str("\"\n");
    }
    text
}
