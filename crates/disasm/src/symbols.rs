//! Names in assembly: symbols of a file as its text can spell them.

use rustc_hash::FxHashMap;

use crate::file::{File, Function};
use crate::place::{Base, Place};

/// The names of a file's symbols in assembly, and the places that they stand for.
pub(crate) struct Symbols {
    /// By the number of the symbol.
    names: Vec<String>,
}

/// The operands of a function, by the names that the assembler gives to symbols.
#[derive(Default)]
pub(crate) struct Used {
    places: FxHashMap<String, Place>,
}

impl Symbols {
    /// Returns the names of all symbols. No two places have the same.
    pub(crate) fn of(file: &File) -> Symbols {
        let mut places: FxHashMap<String, Place> = FxHashMap::default();
        let mut unique = |name: &str, place: Place| {
            let (spelled, is_exact) = spell(name);
            let other = places.get(&spelled).is_some_and(|other| *other != place);
            let spelled = match is_exact && !other {
                true => spelled,
                false => with_place(&spelled, place),
            };
            places.entry(spelled.clone()).or_insert(place);
            spelled
        };
        let symbols = file.symbols.iter();
        let names = symbols.map(|symbol| unique(&symbol.name, symbol.place));
        Symbols {
            names: names.collect(),
        }
    }

    /// Returns the name of a function, without `(SB)`.
    pub(crate) fn function(&self, file: &File, function: &Function) -> String {
        let known = file
            .symbol_at(function.place)
            .filter(|&(_, distance)| distance == 0);
        let (name, is_local) = match known {
            Some((symbol, _)) => (self.names[symbol].clone(), file.symbols[symbol].is_local),
            None => {
                let (name, _) = spell(function.name());
                (with_place(&name, function.place), true)
            }
        };
        format!("{name}{}", if is_local { "<>" } else { "" })
    }

    /// Returns an operand that refers to a place, and notes its name.
    pub(crate) fn operand(&self, file: &File, place: Place, mark: &str, used: &mut Used) -> String {
        let (name, distance, is_local) = match file.symbol_at(place) {
            Some((symbol, distance)) => {
                let is_local = file.symbols[symbol].is_local;
                (self.names[symbol].clone(), distance as i64, is_local)
            }
            None => match place.base {
                Base::Section(number) => {
                    let section = &file.sections[number];
                    let start = Place {
                        offset: section.address,
                        ..place
                    };
                    let distance = place.offset.wrapping_sub(section.address) as i64;
                    (with_place(&spell(&section.name).0, start), distance, true)
                }
                _ => (with_place("addr", place), 0, true),
            },
        };
        used.places
            .insert(symbol_name(&name), place.plus(distance.wrapping_neg()));
        let local = if is_local { "<>" } else { "" };
        match distance {
            0 => format!("{name}{local}{mark}(SB)"),
            _ => format!("{name}{local}{distance:+}{mark}(SB)"),
        }
    }
}

impl Used {
    /// Returns the place of a symbol of the assembler.
    pub(crate) fn place(&self, name: &str) -> Option<Place> {
        self.places.get(name).copied()
    }

    /// Forgets all names.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }
}

/// Returns a name with the address behind it.
fn with_place(name: &str, place: Place) -> String {
    match place.base {
        Base::Memory => format!("{name}_{:x}", place.offset),
        Base::Section(number) => format!("{name}_{number}_{:x}", place.offset),
        Base::Symbol(number) => format!("{name}_{number}"),
    }
}

/// Returns a name with `·` for points and `∕` for slashes, and whether it says the same: other characters that names
/// can't have become `_`. Names in upper case may be registers or macros, and `g` is a register.
fn spell(name: &str) -> (String, bool) {
    let mut spelled = String::with_capacity(name.len() + 8);
    let mut is_exact = name != "g" && name.contains(|c: char| c.is_ascii_lowercase());
    for (index, c) in name.chars().enumerate() {
        match c {
            'a'..='z' | 'A'..='Z' | '_' => spelled.push(c),
            '0'..='9' if index > 0 => spelled.push(c),
            '.' if index > 0 => spelled.push('·'),
            '/' if index > 0 => spelled.push('∕'),
            _ => {
                spelled.push('_');
                is_exact = false;
            }
        }
    }
    (spelled, is_exact)
}

/// Returns the name of the symbol that a spelled name stands for.
fn symbol_name(spelled: &str) -> String {
    spelled.replace('·', ".").replace('∕', "/")
}
