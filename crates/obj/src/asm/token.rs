//! Tokens of assembly text, and the table of their texts.
//!
//! Every different text is an [`Atom`]: its meaning as a register, mnemonic, macro or symbol is looked up once, and
//! the parser compares numbers.

use std::rc::Rc;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, entity_impl};

use minigo_base::unicode::quoted;

use super::texts::Texts;
use crate::amd64::{As, Reg};
use crate::dialect::Assembly;
use crate::sym::Sym;

/// The text of a token: an index into [`Atoms`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Atom(u32);
entity_impl!(Atom, "atom");

/// The kind of a token. Punctuation is its own kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// The end of the text, or of an operand.
    Eof,
    Ident,
    Int,
    Float,
    /// A character in quotes.
    Char,
    /// Text in double quotes, the quotes included.
    String,
    /// `<<`.
    Lsh,
    /// `>>`.
    Rsh,
    /// `->`.
    Arr,
    /// `@>`.
    Rot,
    /// The name of a macro that must not be expanded.
    MacroName,
    /// A comment that is a build constraint.
    BuildLine,
    /// One character. The end of a line is one too.
    Punct(char),
}

impl Kind {
    pub(super) const NEWLINE: Kind = Kind::Punct('\n');
    /// A directive that was obeyed; elsewhere, this character is a mistake.
    pub(super) const DIRECTIVE: Kind = Kind::Punct('#');

    /// Returns the name of the kind in messages (gc: lex.go, ScanToken.String).
    pub(super) fn name(self) -> String {
        match self {
            Kind::Eof => "EOF".to_owned(),
            Kind::Ident => "identifier".to_owned(),
            Kind::Int => "integer constant".to_owned(),
            Kind::Float => "float constant".to_owned(),
            Kind::Char => "rune constant".to_owned(),
            Kind::String => "string constant".to_owned(),
            Kind::Punct(c) => quoted(c),
            Kind::Lsh | Kind::Rsh | Kind::Arr | Kind::Rot | Kind::MacroName | Kind::BuildLine => {
                "'\u{fffd}'".to_owned()
            }
        }
    }
}

/// A token: its kind and its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub text: Atom,
}

/// A macro.
pub(super) struct Macro {
    /// The names of its arguments; none if it is used without parentheses.
    pub args: Option<Rc<[Atom]>>,
    pub body: Rc<[Token]>,
}

/// The meaning of a text.
pub(super) struct AtomData {
    /// The text with `·` and `∕` replaced, as in names of symbols.
    pub symbol_text: Atom,
    pub mnemonic: Option<As>,
    pub reg: Option<Reg>,
    /// The macro with that name, while there is one.
    pub macro_: Option<Rc<Macro>>,
    /// The global symbol with that name, after it was looked up.
    pub sym: PackedOption<Sym>,
    /// The static symbol with that name, after it was looked up.
    pub static_sym: PackedOption<Sym>,
}

/// All texts of tokens.
pub(super) struct Atoms {
    assembly: &'static Assembly,
    /// The text for `·` at the beginning of a word.
    own_prefix: Box<str>,
    texts: Texts,
    data: PrimaryMap<Atom, AtomData>,
    /// The atoms of ASCII characters that were needed.
    characters: [PackedOption<Atom>; 128],
}

impl Atoms {
    pub(super) const EMPTY: Atom = Atom(0);
    /// The names of pseudo instructions that are not mnemonics.
    pub(super) const DATA: Atom = Atom(1);
    pub(super) const GLOBL: Atom = Atom(2);

    /// Returns a table without texts. `own_prefix` is the prefix of the package's own symbols.
    pub(super) fn new(own_prefix: &str, assembly: &'static Assembly) -> Atoms {
        let mut atoms = Atoms {
            assembly,
            own_prefix: match assembly.qualifies_operands {
                true => ".".into(),
                false => own_prefix.into(),
            },
            texts: Texts::new(),
            data: PrimaryMap::new(),
            characters: [PackedOption::default(); 128],
        };
        for text in ["", "DATA", "GLOBL"] {
            atoms.get(text);
        }
        atoms
    }

    /// Returns the atom of an ASCII character.
    pub(super) fn character(&mut self, c: u8) -> Atom {
        if let Some(atom) = self.characters[usize::from(c)].expand() {
            return atom;
        }
        let atom = self.get(char::from(c).encode_utf8(&mut [0; 4]));
        self.characters[usize::from(c)] = atom.into();
        atom
    }

    /// Returns the atom of a text.
    pub(super) fn get(&mut self, text: &str) -> Atom {
        self.get_in(text, 0, text.len())
    }

    /// Returns the atom of a part of a text.
    pub(super) fn get_in(&mut self, text: &str, start: usize, end: usize) -> Atom {
        let vacancy = match self.texts.find(text, start, end) {
            Ok(index) => return Atom(index),
            Err(vacancy) => vacancy,
        };
        let text = &text[start..end];
        let atom = Atom(self.texts.add(text, vacancy));
        // Mnemonics and registers begin with a capital letter.
        let capital = Some(text).filter(|text| text.starts_with(|c: char| c.is_ascii_uppercase()));
        self.data.push(AtomData {
            symbol_text: atom,
            mnemonic: capital.and_then(|text| mnemonic(text, self.assembly)),
            reg: match text {
                "g" => self.assembly.g,
                _ => capital.and_then(Reg::from_name),
            },
            macro_: None,
            sym: PackedOption::default(),
            static_sym: PackedOption::default(),
        });
        if let Some(replaced) = symbol_text(text, &self.own_prefix) {
            self.data[atom].symbol_text = self.get(&replaced);
        }
        atom
    }

    /// Returns the text of an atom.
    pub(super) fn text(&self, atom: Atom) -> &str {
        self.texts.text(atom.0)
    }
}

impl std::ops::Index<Atom> for Atoms {
    type Output = AtomData;

    fn index(&self, atom: Atom) -> &AtomData {
        &self.data[atom]
    }
}

impl std::ops::IndexMut<Atom> for Atoms {
    fn index_mut(&mut self, atom: Atom) -> &mut AtomData {
        &mut self.data[atom]
    }
}

/// Returns the name of a symbol that is written with `·` for the point and `∕` for the slash. An own symbol of the
/// package begins with `·`. None if nothing changes.
fn symbol_text(text: &str, own_prefix: &str) -> Option<String> {
    if !text.contains(['\u{b7}', '\u{2215}']) {
        return None;
    }
    let (prefix, rest) = match text.strip_prefix('\u{b7}') {
        Some(rest) => (own_prefix, rest),
        None => ("", text),
    };
    Some(prefix.to_owned() + &rest.replace('\u{b7}', ".").replace('\u{2215}', "/"))
}

/// Returns the mnemonic with a name or alias (gc: arch.go, archX86).
fn mnemonic(text: &str, assembly: &Assembly) -> Option<As> {
    let mut aliases = assembly.aliases.iter();
    if let Some(&(_, as_)) = aliases.find(|(alias, _)| *alias == text) {
        return Some(as_);
    }
    Some(match text {
        "JA" | "JNBE" => As::JHI,
        "JAE" | "JHS" | "JNB" | "JNC" => As::JCC,
        "JB" | "JC" | "JLO" | "JNAE" => As::JCS,
        "JBE" | "JNA" => As::JLS,
        "JE" | "JZ" => As::JEQ,
        "JG" | "JNLE" => As::JGT,
        "JL" | "JNGE" => As::JLT,
        "JNG" => As::JLE,
        "JNL" => As::JGE,
        "JNO" => As::JOC,
        "JNP" | "JPO" => As::JPC,
        "JNS" => As::JPL,
        "JNZ" => As::JNE,
        "JO" => As::JOS,
        "JP" | "JPE" => As::JPS,
        "JS" => As::JMI,
        "MASKMOVDQU" => As::MASKMOVOU,
        "MOVD" | "MOVDQ2Q" => As::MOVQ,
        "MOVNTDQ" => As::MOVNTO,
        "MOVOA" => As::MOVO,
        "PSLLDQ" => As::PSLLO,
        "PSRLDQ" => As::PSRLO,
        "PADDD" => As::PADDL,
        _ => return As::from_name(text).filter(|&as_| assembly.has(as_)),
    })
}
