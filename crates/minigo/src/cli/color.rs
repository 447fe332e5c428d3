//! Colours on terminals. `-color`, `NO_COLOR` and `CLICOLOR_FORCE` change the choice.

use std::borrow::Cow;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};

/// When to print in colour (`-color`).
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On terminals.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl When {
    /// Makes this the choice of the process.
    pub(super) fn choose(self) {
        let choice = match self {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Reports whether a stream gets colours.
pub(super) fn is_on(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

const NAME: &str = "\x1b[1m";
const FAINT: &str = "\x1b[2m";
const MNEMONIC: &str = "\x1b[36m";
const END: &str = "\x1b[0m";

/// Returns a listing in colour: names of symbols, mnemonics, and faint what is seldom read.
pub(super) fn listing(text: &str) -> Cow<'static, str> {
    let mut colored = String::with_capacity(text.len() * 2);
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        add_line(line, &mut colored);
        colored.push_str(end);
    }
    colored.into()
}

fn add_line(line: &str, out: &mut String) {
    let mut add = |color: &str, text: &str| out.extend([color, text, END]);
    let Some(rest) = line.strip_prefix('\t') else {
        // The header of a symbol.
        let (name, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
        add(NAME, name);
        return out.push_str(rest);
    };
    // Offset, position, mnemonic, operands; other lines have bytes and relocations.
    let Some((place, instruction)) = rest.split_once(")\t") else {
        return add(FAINT, line);
    };
    let (mnemonic, operands) = match instruction.split_once('\t') {
        Some((mnemonic, operands)) => (mnemonic, Some(operands)),
        None => (instruction, None),
    };
    add(FAINT, &format!("\t{place})"));
    out.push('\t');
    out.extend([MNEMONIC, mnemonic, END]);
    if let Some(operands) = operands {
        out.extend(["\t", operands]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_keep_their_text() {
        let text = "\"\".f STEXT size=1\n\t0x0000 00000 (x.go:3)\tMOVL\t$1, AX\n\t0x0005 00005 (x.go:3)\tRET\n\t0x0000 c3    .\n";
        let colored = listing(text);
        let plain = [NAME, FAINT, MNEMONIC, END];
        let plain = plain
            .iter()
            .fold(colored.to_string(), |text, code| text.replace(code, ""));
        assert_eq!(plain, text);
        assert!(
            colored.contains("\x1b[36mMOVL\x1b[0m\t$1, AX\n"),
            "{colored}"
        );
    }
}
