//! A function as text that assembles to its bytes.
//!
//! Each instruction has a few ways to be written, and at last its bytes as data. The function is assembled; lines that
//! are refused or have other bytes take their next way; and so on, until the bytes are equal. Only the sizes of branches
//! depend on other lines. They are compared when all sizes are right.

use std::fmt::Write;
use std::ops::Range;

use minigo_obj::amd64::As;
use minigo_obj::{Dialect, RelocKind};

use crate::assembler::{Assembled, assemble_function};
use crate::decode::{Decoded, Targets, instructions};
use crate::file::{File, Function, Relocation, RelocationKind};
use crate::place::Place;
use crate::rules::{Rule, rules};
use crate::symbols::{Symbols, Used};
use crate::text::{Names, write_as};

/// A line of a function.
pub(crate) struct Line {
    pub(crate) decoded: Decoded,
    targets: Targets,
    /// The rules by which it may be written.
    rules: &'static [Rule],
    /// The number of the rule; past the last one, the bytes are data.
    way: usize,
    /// Other instructions branch to it.
    is_target: bool,
    /// The line is a RET that the assembler would refuse.
    is_unbalanced: bool,
}

impl Line {
    /// Reports whether the line is data.
    pub(crate) fn is_data(&self) -> bool {
        self.is_unbalanced || self.way >= self.rules.len()
    }

    /// Returns the rule by which the line is written; none if it is data.
    fn rule(&self) -> Option<&'static Rule> {
        self.rules.get(self.way).filter(|_| !self.is_unbalanced)
    }
}

/// A function whose text assembles to its bytes.
pub(crate) struct Text<'a> {
    file: &'a File<'a>,
    function: &'a Function,
    symbols: &'a Symbols,
    /// The name, without `(SB)`.
    pub(crate) name: String,
    pub(crate) lines: Vec<Line>,
}

/// The flags of a function without a frame or a check of the stack: NOSPLIT|NOFRAME.
const FLAGS: u32 = 4 | 512;

/// A function is assembled at most this often. Then its branches are data.
const MOST_ROUNDS: usize = 20;

impl<'a> Text<'a> {
    /// Returns a function as assembly for the assembler of a Go version.
    pub(crate) fn of(
        file: &'a File<'a>,
        function: &'a Function,
        symbols: &'a Symbols,
        dialect: &'static Dialect,
    ) -> Text<'a> {
        let mut lines: Vec<Line> = instructions(file, function)
            .map(|decoded| Line {
                targets: decoded.targets(file, function),
                rules: rules(decoded.instruction.code()),
                decoded,
                way: 0,
                is_target: false,
                is_unbalanced: false,
            })
            .collect();
        for index in 0..lines.len() {
            let target = lines[index].targets.branch;
            if let Some(target) = target.and_then(|place| label(&lines, function, place)) {
                lines[target].is_target = true;
            }
        }
        let mut text = Text {
            file,
            function,
            name: symbols.function(file, function),
            symbols,
            lines,
        };
        text.settle(dialect);
        text
    }

    /// Chooses how each line is written.
    fn settle(&mut self, dialect: &'static Dialect) {
        let mut used = Used::default();
        for round in 0.. {
            if round >= MOST_ROUNDS {
                let is_last = round > MOST_ROUNDS;
                let lines = self.lines.iter_mut();
                for line in lines.filter(|line| is_last || line.decoded.is_branch()) {
                    line.way = line.rules.len();
                }
            }
            self.balance();
            if self.lines.iter().all(Line::is_data) {
                return;
            }
            used.clear();
            let text = self.to_check(&mut used);
            let wrong = match assemble_function(&text, self.lines.len(), dialect) {
                Ok(assembled) => self.compare(&assembled, &used),
                Err(wrong) if wrong.is_empty() => self.refused_alone(dialect),
                Err(wrong) => wrong.iter().filter_map(|n| n.checked_sub(1)).collect(),
            };
            if wrong.is_empty() {
                return;
            }
            let mut last = usize::MAX;
            for index in wrong {
                if let Some(line) = self.lines.get_mut(index).filter(|_| index != last) {
                    line.way += 1;
                }
                last = index;
            }
        }
    }

    /// Returns the lines that the assembler refuses alone; all, if it refuses none of them. Some of its messages don't
    /// name lines.
    fn refused_alone(&self, dialect: &'static Dialect) -> Vec<usize> {
        let is_refused = |line: &&Line| {
            let mut text = format!("TEXT {}(SB), {FLAGS}, $0\n", self.name);
            self.write_line(&mut text, line, &mut Used::default());
            text.push('\n');
            !line.decoded.is_branch() && assemble_function(&text, 1, dialect).is_err()
        };
        let lines = self.lines.iter().enumerate();
        let lines = lines.filter(|(_, line)| !line.is_data());
        let refused = lines.clone().filter(|(_, line)| is_refused(line));
        let refused: Vec<usize> = refused.map(|(index, _)| index).collect();
        match refused.is_empty() {
            true => lines.map(|(index, _)| index).collect(),
            false => refused,
        }
    }

    /// Makes data of the RETs before which there aren't as many POPs as PUSHes. The assembler counts them from line to
    /// line, and not along branches.
    fn balance(&mut self) {
        let mut depth = 0;
        for line in &mut self.lines {
            line.is_unbalanced = false;
            match line.rule().map(|rule| rule.mnemonic) {
                Some(As::RET) => line.is_unbalanced = depth != 0,
                Some(As::PUSHQ | As::PUSHFQ) => depth += 8,
                Some(As::POPQ | As::POPFQ) => depth -= 8,
                Some(As::PUSHW | As::PUSHFW) => depth += 2,
                Some(As::POPW | As::POPFW) => depth -= 2,
                _ => {}
            }
        }
    }

    /// Returns the text of the function, a line for each instruction after that of TEXT.
    fn to_check(&self, used: &mut Used) -> String {
        let mut text = format!("TEXT {}(SB), {FLAGS}, $0\n", self.name);
        for line in &self.lines {
            self.write_line(&mut text, line, used);
            text.push('\n');
        }
        text
    }

    /// Appends a line: its label, if it has one, and the instruction.
    pub(crate) fn write_line(&self, out: &mut String, line: &Line, used: &mut Used) {
        if line.is_target {
            let _ = write!(out, "L{:x}:", line.decoded.offset);
        }
        out.push('\t');
        match line.rule() {
            Some(rule) => {
                let names = self.names(line, used);
                write_as(out, &line.decoded.instruction, rule, &names);
            }
            None => {
                let code = self.file.code(self.function);
                let code = &code[line.decoded.offset..line.decoded.end()];
                for (index, byte) in code.iter().enumerate() {
                    let separator = if index > 0 { "; " } else { "" };
                    let _ = write!(out, "{separator}BYTE ${byte:#04x}");
                }
            }
        }
    }

    /// Returns the names of the places that a line refers to. A jump inside of the function is to a label.
    fn names(&self, line: &Line, used: &mut Used) -> Names {
        let targets = &line.targets;
        let mut operand = |place, mark| self.symbols.operand(self.file, place, mark, used);
        let is_call = line.decoded.instruction.is_call_near();
        let branch = targets.branch.map(|place| {
            let label = label(&self.lines, self.function, place).filter(|_| !is_call);
            match label {
                Some(line) => format!("L{:x}", self.lines[line].decoded.offset),
                None => operand(place, ""),
            }
        });
        let mark = if targets.by_table { "@GOT" } else { "" };
        Names {
            branch,
            memory: targets.memory.map(|place| operand(place, mark)),
            immediate: targets.immediate.map(|place| operand(place, "")),
        }
    }

    /// Returns the lines that are not assembled to their bytes.
    fn compare(&self, assembled: &Assembled, used: &Used) -> Vec<usize> {
        let starts = &assembled.starts;
        let range_of = |index: usize| {
            let end = starts.get(index + 1).copied();
            starts[index]..end.unwrap_or(assembled.code.len())
        };
        let has_its_size =
            |index: usize| range_of(index).len() == self.lines[index].decoded.instruction.len();
        let lines = 0..self.lines.len();
        let all_sizes = lines.clone().all(has_its_size);
        let is_right = |index: usize| {
            let line = &self.lines[index];
            let range = range_of(index);
            // The distance to a label may still change.
            let is_open =
                !all_sizes && line.decoded.is_branch() && assembled.fields_in(&range).is_empty();
            line.is_data()
                || has_its_size(index)
                    && (is_open || self.has_its_bytes(line, range, assembled, used))
        };
        lines.filter(|&index| !is_right(index)).collect()
    }

    /// Reports whether a line is assembled to its bytes, and its fields refer to the places that they must refer to.
    fn has_its_bytes(
        &self,
        line: &Line,
        range: Range<usize>,
        assembled: &Assembled,
        used: &Used,
    ) -> bool {
        let fields = assembled.fields_in(&range);
        let code = &self.file.code(self.function)[line.decoded.offset..line.decoded.end()];
        let mut expected = code.to_vec();
        for field in fields {
            let offset = field.offset - range.start;
            let Some(bytes) = expected.get_mut(offset..offset + 4) else {
                return false;
            };
            let value = <[u8; 4]>::try_from(&*bytes).expect("four bytes");
            let place = used.place(&field.name);
            let place = place.map(|place| place.plus(field.addend));
            if place.is_none() || place != self.expected(line, offset, field.kind, value) {
                return false;
            }
            bytes.copy_from_slice(&assembled.code[field.offset..field.offset + 4]);
        }
        fields.len() >= self.relocations(line).len() && expected == assembled.code[range]
    }

    /// Returns the place that a field must refer to, `offset` bytes after the start of a line: that of the relocation
    /// there, or that of the distance which the linker has filled in. A distance is from the field's end.
    fn expected(
        &self,
        line: &Line,
        offset: usize,
        kind: RelocKind,
        value: [u8; 4],
    ) -> Option<Place> {
        let section_offset = self.function.range.start + line.decoded.offset + offset;
        let relocations = self.relocations(line).iter();
        let relocation = relocations
            .clone()
            .find(|other| other.offset == section_offset);
        let is_distance = matches!(kind, RelocKind::PCREL | RelocKind::CALL);
        let Some(relocation) = relocation else {
            let end = line.decoded.offset + offset + 4;
            let distance = i64::from(i32::from_le_bytes(value));
            let place = self.function.place.plus(end as i64).plus(distance);
            return is_distance.then_some(place);
        };
        match (relocation.kind, kind) {
            (RelocationKind::Relative, _) if is_distance => Some(relocation.target.plus(4)),
            (RelocationKind::GotRelative, RelocKind::GOTPCREL) => Some(relocation.target.plus(4)),
            (RelocationKind::Absolute, RelocKind::ADDR) => Some(relocation.target),
            _ => None,
        }
    }

    fn relocations(&self, line: &Line) -> &'a [Relocation] {
        let start = self.function.range.start;
        let range = start + line.decoded.offset..start + line.decoded.end();
        self.file.relocations(self.function.section, range)
    }

    /// Returns the relocations that the text of a line lacks, because it is data.
    pub(crate) fn lost_relocations(&self, line: &Line) -> usize {
        match line.is_data() {
            true => self.relocations(line).len(),
            false => 0,
        }
    }
}

/// Returns the line at a place of the function; none in the middle of a line or outside.
fn label(lines: &[Line], function: &Function, place: Place) -> Option<usize> {
    let is_near = place.base == function.place.base;
    let offset = place
        .offset
        .checked_sub(function.place.offset)
        .filter(|_| is_near)?;
    let offset = usize::try_from(offset).ok()?;
    lines
        .binary_search_by_key(&offset, |line| line.decoded.offset)
        .ok()
}
