//! The Plan 9 names of decoded instructions, and the order of their operands.
//!
//! The table is recorded: every form of the assembler is assembled and decoded again (`tests/names.rs`). A line of
//! `names.txt` is the decoder's code, the assembler's mnemonic, and its operands in order:
//!
//! - `1`: the decoder's operand 1; `u1`: an immediate without a sign; `l1`: the list of four registers that begins
//!   with it;
//! - `k`: the mask register;
//! - `AX`, `$1`: an operand that the code implies.
//!
//! A code may have several lines: other mnemonics with the same meaning, the usual one first.

use std::sync::LazyLock;

use iced_x86::Code;
use minigo_obj::amd64::As;

/// The mnemonic and the operands with which an instruction is written.
pub(crate) struct Rule {
    pub(crate) mnemonic: As,
    pub(crate) operands: Vec<Operand>,
}

/// The source of an operand.
pub(crate) enum Operand {
    /// The decoder's operand with a number.
    Decoded(u32),
    /// An immediate that is printed without a sign.
    Unsigned(u32),
    /// A list of four registers.
    List(u32),
    /// The mask register.
    Mask,
    /// The same in all instructions with this code.
    Implied(&'static str),
}

static TABLE: LazyLock<Vec<Vec<Rule>>> = LazyLock::new(|| parse(include_str!("names.txt")));

/// Returns the ways to write instructions with a code, the usual one first; none if the assembler lacks them.
pub(crate) fn rules(code: Code) -> &'static [Rule] {
    &TABLE[code as usize]
}

/// Reads the table, whose lines are in the order of the decoder's codes.
fn parse(text: &'static str) -> Vec<Vec<Rule>> {
    let mut lines = text.lines().peekable();
    let rules_of = |code: Code| {
        let name = format!("{code:?}");
        let mut rules = Vec::new();
        while let Some(line) = lines.next_if(|line| line.split(' ').next() == Some(&name)) {
            rules.push(rule(line));
        }
        rules
    };
    let table = Code::values().map(rules_of).collect();
    assert!(lines.next().is_none(), "lines of unknown codes");
    table
}

fn rule(line: &'static str) -> Rule {
    let mut words = line.split(' ').skip(1);
    let mnemonic = words.next().and_then(As::from_name).expect("a mnemonic");
    Rule {
        mnemonic,
        operands: words.map(operand).collect(),
    }
}

fn operand(word: &'static str) -> Operand {
    let number = |digits: &str| digits.parse().ok();
    let prefixed = |prefix| word.strip_prefix(prefix).and_then(number);
    if word == "k" {
        Operand::Mask
    } else if let Some(index) = number(word) {
        Operand::Decoded(index)
    } else if let Some(index) = prefixed("u") {
        Operand::Unsigned(index)
    } else if let Some(index) = prefixed("l") {
        Operand::List(index)
    } else {
        Operand::Implied(word)
    }
}
