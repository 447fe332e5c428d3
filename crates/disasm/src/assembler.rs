//! One function through minigo's assembler.

use std::ops::Range;

use minigo_base::PosTable;
use minigo_obj::{Dialect, LSym, RelocKind, SymTable, Unit, asm, assemble};

/// A relocated field of the assembled code.
pub(crate) struct Field {
    /// The offset in the function in bytes.
    pub(crate) offset: usize,
    pub(crate) kind: RelocKind,
    /// The name of the symbol.
    pub(crate) name: String,
    pub(crate) addend: i64,
}

/// The code of a function.
pub(crate) struct Assembled {
    pub(crate) code: Vec<u8>,
    pub(crate) fields: Vec<Field>,
    /// The offset of each line's code, from the second line on, and the end.
    pub(crate) starts: Vec<usize>,
}

impl Assembled {
    /// Returns the fields in a part of the code.
    pub(crate) fn fields_in(&self, range: &Range<usize>) -> &[Field] {
        let before = |offset| self.fields.partition_point(|field| field.offset < offset);
        &self.fields[before(range.start)..before(range.end)]
    }
}

/// Assembles a function of `n_lines` lines, the first of which is TEXT.
///
/// # Errors
///
/// The numbers of lines with mistakes, from 0; none if the function can't be assembled at all.
pub(crate) fn assemble_function(
    text: &str,
    n_lines: usize,
    dialect: &'static Dialect,
) -> Result<Assembled, Vec<usize>> {
    let options = asm::Options {
        dialect,
        defines: &[],
        includes: &|name| Err(format!("no {name}")),
        all_errors: true,
        lenient: false,
        body: asm::Body::Instructions,
    };
    let mut syms = SymTable::with_naming(&dialect.naming, "main");
    let mut files = PosTable::default();
    let mut result = Err(Vec::new());
    let mut each = |f, syms: &SymTable, files: &PosTable| {
        let unit = Unit {
            hand_written: true,
            tracebacks: false,
            ..Unit::new(syms, files, dialect)
        };
        result = match assemble(f, &unit) {
            Ok(symbol) => Ok(assembled(symbol, n_lines, syms)),
            Err(messages) => Err(lines_of(&messages.join("\n"))),
        };
    };
    let reader = Box::new(text.as_bytes());
    let variables = &mut asm::Variables::default();
    let read = asm::read_each(
        FILE, reader, &options, &mut syms, &mut files, variables, &mut each,
    );
    match read {
        Err(failed) => Err(lines_of(&failed.messages)),
        Ok(outcome) if outcome.has_mistakes => Err(lines_of(&outcome.messages)),
        Ok(_) => result,
    }
}

/// The file's name in messages.
const FILE: &str = "s";

/// Returns the numbers of the lines that messages name: at their beginning, or in parentheses.
fn lines_of(messages: &str) -> Vec<usize> {
    let line = |message: &str| {
        let marks = ["s:", "(s:"].into_iter();
        let mut places = marks.filter_map(|mark| {
            let at = message.find(mark)?;
            let is_start = at == 0 || mark.starts_with('(');
            let digits = &message[at + mark.len()..];
            let end = digits.find(|c: char| !c.is_ascii_digit());
            let number = digits[..end.unwrap_or(digits.len())].parse::<usize>();
            number.ok().filter(|_| is_start)?.checked_sub(1)
        });
        places.next()
    };
    messages.lines().filter_map(line).collect()
}

fn assembled(symbol: LSym, n_lines: usize, syms: &SymTable) -> Assembled {
    let end = symbol.data.len();
    let mut starts = vec![usize::MAX; n_lines];
    let f = symbol.text.as_ref().expect("the code of a function");
    for (_, prog) in f.iter().skip(1) {
        let line = prog.pos.line() as usize;
        if let Some(start) = line.checked_sub(2).and_then(|index| starts.get_mut(index)) {
            *start = (*start).min(prog.pc as usize);
        }
    }
    // Lines without code begin where the next one does.
    let mut next = end;
    for start in starts.iter_mut().rev() {
        if *start == usize::MAX {
            *start = next;
        }
        next = *start;
    }
    let mut fields: Vec<Field> = symbol
        .relocs
        .iter()
        .filter(|reloc| reloc.siz > 0)
        .map(|reloc| Field {
            offset: reloc.off as usize,
            kind: reloc.kind,
            name: reloc
                .sym
                .map_or_else(String::new, |sym| syms.name(sym).to_owned()),
            addend: reloc.add,
        })
        .collect();
    fields.sort_by_key(|field| field.offset);
    Assembled {
        code: symbol.data,
        fields,
        starts,
    }
}
