//! The functions of a file: its symbols' code, and code that no symbol names.

use std::cmp::Reverse;
use std::ops::Range;

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic};

use crate::file::{File, Function, Symbol};

impl File<'_> {
    /// Finds the functions of all sections.
    pub(crate) fn find_functions(&mut self) {
        let mut by_section: Vec<Vec<&Symbol>> = Vec::new();
        by_section.resize_with(self.sections.len(), Vec::new);
        for symbol in self.symbols.iter().filter(|symbol| symbol.is_code) {
            if let Some(section) = symbol.section {
                by_section[section].push(symbol);
            }
        }
        let mut functions = Vec::new();
        for (number, (section, symbols)) in self.sections.iter().zip(by_section).enumerate() {
            if section.is_code && !section.data.is_empty() {
                let named = self.functions_of_symbols(number, symbols);
                self.add_with_gaps(number, named, &mut functions);
            }
        }
        self.functions = functions;
    }

    /// Returns the functions of a section that symbols name. Symbols without a size inside of a function are labels.
    fn functions_of_symbols(&self, number: usize, own: Vec<&Symbol>) -> Vec<Function> {
        let section = &self.sections[number];
        let len = section.data.len();
        let with_offset = |symbol| {
            let symbol: &Symbol = symbol;
            let offset = symbol.place.offset.wrapping_sub(section.address);
            let offset = usize::try_from(offset).ok().filter(|&offset| offset < len);
            offset.map(|offset| (offset, symbol))
        };
        let mut own: Vec<(usize, &Symbol)> = own.into_iter().filter_map(with_offset).collect();
        own.sort_by_key(|&(offset, symbol)| (offset, symbol.is_local, Reverse(symbol.size)));
        let mut functions: Vec<Function> = Vec::new();
        let mut covered = 0;
        for (index, &(start, symbol)) in own.iter().enumerate() {
            if let Some(last) = functions.last_mut()
                && last.range.start == start
            {
                last.aliases.push(symbol.name.clone());
                continue;
            }
            if symbol.size == 0 && start < covered {
                continue;
            }
            let next = own[index..].iter().find(|(next, _)| *next != start);
            let size = usize::try_from(symbol.size).unwrap_or(usize::MAX);
            let end = match (size, next) {
                (0, next) => {
                    let next = next.map_or(len, |&(next, _)| next);
                    start + without_padding(&section.data[start..next]).len()
                }
                (size, _) => start.saturating_add(size).min(len),
            };
            covered = covered.max(end);
            functions.push(self.function(number, symbol.name.clone(), start..end));
        }
        functions
    }

    fn function(&self, section: usize, name: String, range: Range<usize>) -> Function {
        Function {
            name,
            place: self.place_in(section, range.start),
            section,
            range,
            aliases: Vec::new(),
        }
    }

    /// Adds the functions of a section, and the code between them, which has the section's name.
    fn add_with_gaps(&self, number: usize, named: Vec<Function>, functions: &mut Vec<Function>) {
        let section = &self.sections[number];
        let mut covered = 0;
        let gap = |range: Range<usize>| {
            let is_code = !range.is_empty() && !fills_space(&section.data[range.clone()]);
            is_code.then(|| {
                let name = match range.start {
                    0 => section.name.clone(),
                    start => format!("{}+{start:#x}", section.name),
                };
                self.function(number, name, range)
            })
        };
        for function in named {
            functions.extend(gap(covered..function.range.start));
            covered = covered.max(function.range.end);
            functions.push(function);
        }
        functions.extend(gap(covered..section.data.len()));
    }
}

/// Reports whether an instruction only fills space: a nop or a breakpoint.
pub(crate) fn is_padding(instruction: &Instruction) -> bool {
    matches!(instruction.mnemonic(), Mnemonic::Nop | Mnemonic::Int3)
}

/// Returns code without the breakpoints at its end, with which linkers fill the space to the next function.
pub(crate) fn without_padding(code: &[u8]) -> &[u8] {
    let n_padding = code.iter().rev().take_while(|&&byte| byte == 0xcc).count();
    &code[..code.len() - n_padding]
}

/// Reports whether code is only padding, after zeros.
fn fills_space(code: &[u8]) -> bool {
    let code = &code[code.iter().take_while(|&&byte| byte == 0).count()..];
    let mut instructions = Decoder::new(64, code, DecoderOptions::NONE).into_iter();
    instructions.all(|instruction| is_padding(&instruction))
}
