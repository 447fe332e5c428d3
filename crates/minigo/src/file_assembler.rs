//! Assembles the functions of one file and collects the encoder's messages.

use cranelift_entity::EntitySet;
use minigo_obj::pcln::table_mistakes;
use minigo_obj::{Attempt, FuncText, LSym, Sym, Unit, attempt, check_again};

/// The functions of a file so far, and the mistakes in them.
pub(crate) struct FileAssembler {
    /// Names, in the order of TEXT.
    names: Vec<Sym>,
    /// The same as a set.
    known: EntitySet<Sym>,
    /// An earlier file has a mistake.
    failed: bool,
    /// Messages, each with the index of its function.
    errors: Vec<(usize, String)>,
    /// `go tool asm` stops at the last message.
    pub(crate) fatal: bool,
}

impl FileAssembler {
    /// Begins a file; `failed` if an earlier one has a mistake.
    pub(crate) fn after(failed: bool) -> FileAssembler {
        FileAssembler {
            names: Vec::new(),
            known: EntitySet::new(),
            failed,
            errors: Vec::new(),
            fatal: false,
        }
    }

    /// Assembles a function. After a mistake, the symbol may hold only a part of it.
    pub(crate) fn add(&mut self, f: FuncText, unit: &Unit) -> LSym {
        let is_first = self.known.insert(f.sym);
        self.names.push(f.sym);
        if !is_first {
            return self.add_again(f, unit);
        }
        self.first(self.names.len() - 1, f, unit)
    }

    /// Assembles a function with the name of an earlier one. Its messages replace the earlier ones' and are repeated
    /// for each TEXT.
    fn add_again(&mut self, f: FuncText, unit: &Unit) -> LSym {
        let name = f.sym;
        let names = &self.names;
        self.errors.retain(|&(index, _)| names[index] != name);
        let all = 0..names.len();
        let times: Vec<usize> = all.filter(|&index| names[index] == name).collect();
        let mut symbol = self.first(times[0], f, unit);
        for &index in &times[1..] {
            if let Some(text) = &mut symbol.text {
                self.note(index, check_again(text, unit));
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
            errors = table_mistakes(text, unit);
        }
        self.note(index, errors);
        self.fatal |= fatal;
        symbol
    }

    fn note(&mut self, index: usize, errors: Vec<String>) {
        let errors = errors.into_iter().map(|error| (index, error));
        self.errors.extend(errors);
    }

    /// Reports whether there is no mistake so far.
    pub(crate) fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Returns the messages in the order of the functions, as `go tool asm` prints them.
    pub(crate) fn messages(mut self) -> String {
        self.errors.sort_by_key(|&(index, _)| index);
        let lines = self.errors.iter();
        lines.map(|(_, error)| format!("asm: {error}\n")).collect()
    }
}
