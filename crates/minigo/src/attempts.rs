//! Functions of a file of assembly, and what the encoder complains of in them.

use cranelift_entity::EntitySet;
use minigo_obj::pcln::repeated_tables;
use minigo_obj::{Attempt, FuncText, LSym, Sym, Unit, attempt, complain_again};

/// The functions of a file so far.
pub(crate) struct Attempts {
    /// Names, in the order of TEXT.
    names: Vec<Sym>,
    /// The same as a set.
    known: EntitySet<Sym>,
    /// There was a mistake in the files before.
    failed: bool,
    /// Messages, each with the index of its function.
    errors: Vec<(usize, String)>,
    /// `go tool asm` stops at the last message.
    pub(crate) fatal: bool,
}

impl Attempts {
    /// At the beginning of a file, after others with a mistake or without.
    pub(crate) fn after(failed: bool) -> Attempts {
        Attempts {
            names: Vec::new(),
            known: EntitySet::new(),
            failed,
            errors: Vec::new(),
            fatal: false,
        }
    }

    /// Assembles a function. A mistake may leave no more than a part of it.
    pub(crate) fn add(&mut self, f: FuncText, unit: &Unit) -> LSym {
        let is_first = self.known.insert(f.sym);
        self.names.push(f.sym);
        if !is_first {
            return self.add_again(f, unit);
        }
        self.first(self.names.len() - 1, f, unit)
    }

    /// Assembles a function that has been there before. What was found in the others counts no more, but there are
    /// complaints of this one for each TEXT.
    fn add_again(&mut self, f: FuncText, unit: &Unit) -> LSym {
        let name = f.sym;
        let names = &self.names;
        self.errors.retain(|&(index, _)| names[index] != name);
        let all = 0..names.len();
        let times: Vec<usize> = all.filter(|&index| names[index] == name).collect();
        let mut symbol = self.first(times[0], f, unit);
        for &index in &times[1..] {
            if let Some(text) = &mut symbol.text {
                self.note(index, complain_again(text, unit));
            }
        }
        symbol
    }

    fn first(&mut self, index: usize, f: FuncText, unit: &Unit) -> LSym {
        let Attempt {
            symbol,
            mut errors,
            fatal,
        } = attempt(f, unit);
        if let (Some(text), true, false) = (&symbol.text, self.is_ok(), self.failed)
            && errors.is_empty()
        {
            errors = repeated_tables(text);
        }
        self.note(index, errors);
        self.fatal |= fatal;
        symbol
    }

    fn note(&mut self, index: usize, errors: Vec<String>) {
        let errors = errors.into_iter().map(|error| (index, error));
        self.errors.extend(errors);
    }

    /// There was no mistake so far.
    pub(crate) fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// The messages in the order of the functions, as `go tool asm` prints them.
    pub(crate) fn messages(mut self) -> String {
        self.errors.sort_by_key(|&(index, _)| index);
        let lines = self.errors.iter();
        lines.map(|(_, error)| format!("asm: {error}\n")).collect()
    }
}
