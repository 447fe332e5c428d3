//! Mutated assembly: pieces of real files in which tokens and lines are changed, to compare the assemblers' outputs.

use std::path::Path;

use minigo_obj::{As, Reg};
use minigo_tests::files;

use crate::random::Random;

/// The lines of assembly that pieces are taken from, and the tokens in them.
pub struct Sources {
    files: Vec<Vec<String>>,
    tokens: Vec<String>,
}

/// The largest number of lines in a piece.
const LINES: usize = 30;

/// Tokens that are rare in real files.
const RARE: &[&str] = &[
    "SB",
    "FP",
    "SP",
    "PC",
    "TLS",
    "g",
    "(SB)",
    "(FP)",
    "(SP)",
    "(PC)",
    "(TLS)",
    "<>",
    "$",
    "*",
    "/",
    "·",
    "∕",
    ":",
    ";",
    ",",
    ".",
    "[",
    "]",
    "(",
    ")",
    "+",
    "-",
    "~",
    "|",
    "^",
    "&",
    "<<",
    ">>",
    "->",
    "@>",
    "==",
    "\\",
    "#",
    "'a'",
    "'\\xff'",
    "\"s\"",
    "`r`",
    "1.5",
    "$1.5",
    "$0.0",
    "0x1p-1074",
    "1e400",
    "0",
    "-1",
    "08",
    "1_0",
    "128",
    "0x7fffffff",
    "0xffffffff",
    "$0x80000000",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "x",
    "l",
    "l:",
    "é",
    "\u{feff}",
    "\0",
    "\u{1}",
    "//",
    "/*",
    "*/",
    "\r",
    "\n",
    "TEXT",
    "DATA",
    "GLOBL",
    "PCDATA",
    "FUNCDATA",
    "PCALIGN",
    "END",
    "NOP",
    "UNDEF",
    "JMP",
    "CALL",
    "RET",
    "ADJSP",
    "PUSHQ",
    "POPQ",
    "PUSHFQ",
    "LOCK",
    "REP",
    "BYTE",
    "QUAD",
    ".Z",
    ".BCST",
    ".SAE",
    ".RN_SAE",
    "Z0",
    "K1",
    "[Z0-Z3]",
    "X16",
    "AL",
    "SPB",
    "CR9",
    "DR7",
    "GS",
    "M0",
    "F1",
    "R15",
    "AX:DX",
    "x+0(FP)",
    "x-8(SP)",
    "8(SP)",
    "·x(SB)",
    "x<>(SB)",
    "$·x(SB)",
    "$x<>+4(SB)",
    "(AX)(BX*8)",
    "(BX*2)",
    "1(PC)",
    "-1(PC)",
    "100(PC)",
    "*AX",
    "*(AX)",
    "#define M(a, b) a, b\n",
    "#define N\n",
    "M(1, 2)",
    "#undef M\n",
    "#ifdef N\n",
    "#ifndef N\n",
    "#else\n",
    "#endif\n",
    "#include \"none.h\"\n",
    "#line 7 \"other.s\"\n",
    "#line 9\n",
];

impl Sources {
    /// Reads the assembly files below a folder that are `wanted`.
    pub fn below(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Sources {
        let mut sources = Sources {
            files: Vec::new(),
            tokens: Vec::new(),
        };
        for file in files(folder, ".s").iter().filter(|file| wanted(file)) {
            let text = std::fs::read(file).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            sources.tokens.extend(text.lines().flat_map(tokens));
            sources
                .files
                .push(text.lines().map(str::to_owned).collect());
        }
        sources.tokens.retain(|token| !token.trim().is_empty());
        sources
    }

    /// Returns a piece of a file with a few changes. Most pieces begin with a function.
    pub fn mutated(&self, random: &mut Random) -> String {
        let file = &self.files[random.below(self.files.len())];
        let start = random.below(file.len());
        let end = (start + 1 + random.below(LINES)).min(file.len());
        let mut lines: Vec<String> = file[start..end].to_vec();
        if random.chance(90) {
            lines.insert(0, "TEXT ·first(SB), 4, $16-8".to_owned());
        }
        let any_line = |random: &mut Random| {
            let other = &self.files[random.below(self.files.len())];
            other[random.below(other.len())].clone()
        };
        let any_token = |random: &mut Random| self.token(random);
        for _ in 0..1 + random.below(3) {
            change(&mut lines, random, any_line, any_token);
            if lines.is_empty() {
                break;
            }
        }
        let mut text = lines.join("\n");
        if random.chance(98) {
            text.push('\n');
        }
        text
    }

    fn token(&self, random: &mut Random) -> String {
        if random.chance(50) {
            random.pick(RARE).to_owned()
        } else {
            self.tokens[random.below(self.tokens.len())].clone()
        }
    }
}

/// Returns a text with a few changes. New tokens are mnemonics, registers and those that are rare in real files.
pub fn changed(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        lines.push("TEXT ·first(SB), 4, $16-8".to_owned());
    }
    let own = lines.clone();
    let any_line = |random: &mut Random| own[random.below(own.len())].clone();
    for _ in 0..1 + random.below(3) {
        change(&mut lines, random, any_line, any_word);
        if lines.is_empty() {
            break;
        }
    }
    lines.join("\n") + "\n"
}

/// Returns a mnemonic, a register or a rare token.
fn any_word(random: &mut Random) -> String {
    match random.below(4) {
        0 => As::all()
            .nth(random.below(As::COUNT))
            .map_or("", As::name)
            .to_owned(),
        1 => Reg::from_index(random.below(Reg::COUNT)).name().to_owned(),
        _ => random.pick(RARE).to_owned(),
    }
}

/// Returns the tokens that are rare in real files.
pub fn rare() -> impl Iterator<Item = &'static str> {
    RARE.iter().copied()
}

/// Makes one change: removes, doubles, inserts or changes a line.
fn change(
    lines: &mut Vec<String>,
    random: &mut Random,
    any_line: impl Fn(&mut Random) -> String,
    any_token: impl Fn(&mut Random) -> String,
) {
    let at = random.below(lines.len());
    match random.below(12) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[random.below(lines.len())].clone()),
        2 => lines.insert(at, any_line(random)),
        _ => lines[at] = other_line(random, &lines[at], any_token),
    }
}

/// Returns a line with a token removed, doubled, exchanged or inserted.
fn other_line(
    random: &mut Random,
    line: &str,
    any_token: impl Fn(&mut Random) -> String,
) -> String {
    let mut tokens = tokens(line);
    if tokens.is_empty() {
        tokens.push(String::new());
    }
    let at = random.below(tokens.len());
    match random.below(6) {
        0 => drop(tokens.remove(at)),
        1 => tokens.insert(at, tokens[random.below(tokens.len())].clone()),
        2 => {
            let other = random.below(tokens.len());
            tokens.swap(at, other);
        }
        3 => tokens.insert(at, any_token(random)),
        _ => tokens[at] = any_token(random),
    }
    tokens.concat()
}

/// Splits a line into words, runs of white space, and other characters.
fn tokens(line: &str) -> Vec<String> {
    let class = |c: char| match c {
        _ if c.is_whitespace() => 1,
        '_' | '·' | '∕' => 2,
        _ if c.is_alphanumeric() => 2,
        _ => 0,
    };
    let mut tokens: Vec<String> = Vec::new();
    let mut last = 0;
    for c in line.chars() {
        match tokens.last_mut() {
            Some(token) if class(c) != 0 && class(c) == last => token.push(c),
            _ => tokens.push(c.to_string()),
        }
        last = class(c);
    }
    tokens
}
