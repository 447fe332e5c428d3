//! Entries of functions, inlined calls, variables and types.

use std::ops::Range;

use cranelift_entity::SecondaryMap;
use gimli::SectionId;
use gimli::constants as dw;
use gimli::write::{Result, Sections, Writer};
use minigo_obj::debug::{BaseType, Debug, Encoding, Variable, VariableKind};
use minigo_obj::pcln::{InlinedNode, values};
use minigo_obj::{Pcln, Sym};
use rustc_hash::FxHashMap;

use super::Function;
use super::entries::{Abbreviations, Entry};
use super::lines::Files;
use super::places::Lists;
use crate::memory::size;
use crate::program::Program;

/// A unit whose entries are being written.
pub(super) struct Unit<'a, W: Writer> {
    pub(super) program: &'a Program<'a>,
    pub(super) files: &'a Files<'a>,
    pub(super) sections: &'a mut Sections<W>,
    pub(super) abbreviations: &'a mut Abbreviations,
    /// The offset of the unit in its section.
    pub(super) start: usize,
    pub(super) ranges: Lists,
    pub(super) places: Lists,
    /// The entries for what all inlined calls of a function share. Entries are known by their offsets in the unit.
    pub(super) expanded: SecondaryMap<Sym, Option<u32>>,
    pub(super) types: FxHashMap<BaseType<'a>, u32>,
}

impl<'a, W: Writer> Unit<'a, W> {
    /// Writes the entries of functions.
    pub(super) fn write(&mut self, functions: &[Function<'a>]) -> Result<()> {
        let tables = functions
            .iter()
            .filter_map(|function| function.symbol.pcln.as_deref());
        for pcln in tables {
            for node in &pcln.inline_tree {
                if self.expanded[node.func].is_none() {
                    self.expanded[node.func] = Some(self.next_entry());
                    self.expanded_function(pcln, node)?;
                }
            }
        }
        for function in functions {
            self.function(function)?;
        }
        Ok(())
    }

    /// Returns the offset of the next entry in the unit.
    fn next_entry(&self) -> u32 {
        (self.sections.debug_info.len() - self.start) as u32
    }

    pub(super) fn entry(&mut self, tag: dw::DwTag, has_children: bool) -> Result<Entry<'_, W>> {
        let out = &mut *self.sections.debug_info;
        Entry::begin(out, self.abbreviations, tag, has_children)
    }

    /// Ends the children of an entry.
    pub(super) fn end_children(&mut self) -> Result<()> {
        self.sections.debug_info.write_u8(0)
    }

    /// Writes the entry for the inlined calls of a function, which may be another package's.
    fn expanded_function(&mut self, pcln: &Pcln, node: &InlinedNode) -> Result<()> {
        let name = self.program.name(node.func);
        let file = node.start_file.and_then(|file| self.file(pcln, file));
        let mut entry = self.entry(dw::DW_TAG_subprogram, false)?;
        declare(&mut entry, &name, file, node.start_line)?;
        // Binutils take names of other attributes for those of a language with other symbols.
        entry.text(dw::DW_AT_linkage_name, &name)?;
        entry.number(dw::DW_AT_inline, dw::DW_INL_inlined.0.into())?;
        entry.end()
    }

    /// Returns the number of a file of a function.
    fn file(&self, pcln: &Pcln, index: u32) -> Option<u64> {
        let name = pcln.files.get(index as usize)?;
        self.files.get(&**name).copied()
    }

    fn function(&mut self, function: &Function<'a>) -> Result<()> {
        let symbol = function.symbol;
        let pcln = symbol.pcln.as_deref();
        let parts = pcln.zip(symbol.debug.as_deref());
        let parts = parts.map(|(pcln, debug)| Parts::new(*function, pcln, debug));
        let parts = parts.as_ref();
        for (_, part) in parts.iter().flat_map(|parts| &parts.parts) {
            if let Part::Variable(variable) = part {
                self.base_type(variable.ty)?;
            }
        }
        let has_children = parts.is_some_and(|parts| !parts.parts.is_empty());
        let origin = self.expanded[function.sym];
        let name = self.program.name(function.sym);
        let file = pcln.and_then(|pcln| self.file(pcln, 0));
        let mut entry = self.entry(dw::DW_TAG_subprogram, has_children)?;
        match origin {
            Some(origin) => entry.entry(dw::DW_AT_abstract_origin, origin)?,
            None => {
                let line = pcln.map_or(0, |pcln| pcln.start_line);
                declare(&mut entry, &name, file, line)?;
            }
        }
        set_range(&mut entry, function, 0..size(symbol) as u32)?;
        entry.operation(dw::DW_AT_frame_base, dw::DW_OP_call_frame_cfa)?;
        entry.end()?;
        match parts {
            Some(parts) => self.children(parts, Parent::Function),
            None => Ok(()),
        }
    }

    /// Writes the parts of a function that have a parent, if there are any.
    fn children(&mut self, parts: &Parts<'a>, parent: Parent) -> Result<()> {
        let children = parts.of(parent);
        for (_, part) in children {
            match *part {
                Part::Scope(number) => self.scope(parts, number)?,
                Part::Variable(ref variable) => self.variable(&parts.function, variable)?,
                Part::Call(number) => self.inlined_call(parts, number)?,
            }
        }
        match children {
            [] => Ok(()),
            _ => self.end_children(),
        }
    }

    fn scope(&mut self, parts: &Parts<'a>, number: u32) -> Result<()> {
        let parent = Parent::Scope(number);
        let code = &parts.debug.scopes[number as usize].code;
        let list = self.range_list(&parts.function, code)?;
        let has_children = !parts.of(parent).is_empty();
        let mut entry = self.entry(dw::DW_TAG_lexical_block, has_children)?;
        set_ranges(&mut entry, &parts.function, code, list)?;
        entry.end()?;
        self.children(parts, parent)
    }

    fn inlined_call(&mut self, parts: &Parts<'a>, number: u32) -> Result<()> {
        let parent = Parent::Call(number);
        let node = &parts.pcln.inline_tree[number as usize];
        let code = &parts.code_of_calls[number as usize];
        let list = self.range_list(&parts.function, code)?;
        let has_children = !parts.of(parent).is_empty();
        let origin = self.expanded[node.func];
        let file = self.file(parts.pcln, node.file);
        let mut entry = self.entry(dw::DW_TAG_inlined_subroutine, has_children)?;
        if let Some(origin) = origin {
            entry.entry(dw::DW_AT_abstract_origin, origin)?;
        }
        set_ranges(&mut entry, &parts.function, code, list)?;
        if let Some(file) = file {
            entry.number(dw::DW_AT_call_file, file)?;
        }
        entry.number(dw::DW_AT_call_line, node.line.into())?;
        entry.end()?;
        self.children(parts, parent)
    }

    /// Writes the list of the addresses of a part of a function, unless they are in one piece. Returns its offset.
    fn range_list(&mut self, function: &Function, code: &[Range<u32>]) -> Result<Option<usize>> {
        if let [_] = code {
            return Ok(None);
        }
        let out = &mut *self.sections.debug_rnglists;
        self.ranges.write_code(out, function, code).map(Some)
    }

    fn variable(&mut self, function: &Function, variable: &Variable<'a>) -> Result<()> {
        let tag = match variable.kind {
            VariableKind::Param | VariableKind::Result => dw::DW_TAG_formal_parameter,
            VariableKind::Local => dw::DW_TAG_variable,
        };
        let end = size(function.symbol) as u32;
        let places = variable.places.iter();
        let (mut fixed, mut list) = (None, None);
        match places.clone().next() {
            None => {}
            Some((pcs, place)) if pcs == (0..end) => fixed = Some(place),
            Some(_) => {
                let out = &mut *self.sections.debug_loclists;
                list = Some(self.places.write_places(out, function, places)?);
            }
        }
        let ty = self.types[&variable.ty];
        let mut entry = self.entry(tag, false)?;
        entry.text(dw::DW_AT_name, variable.name)?;
        if variable.kind == VariableKind::Result {
            entry.flag(dw::DW_AT_variable_parameter);
        }
        if variable.line != 0 {
            entry.number(dw::DW_AT_decl_line, variable.line.into())?;
        }
        entry.entry(dw::DW_AT_type, ty)?;
        if let Some(place) = fixed {
            entry.place(dw::DW_AT_location, place)?;
        }
        if let Some(list) = list {
            entry.offset(dw::DW_AT_location, list, SectionId::DebugLocLists)?;
        }
        entry.end()
    }

    /// Writes the entry of a type, unless it is there.
    fn base_type(&mut self, ty: BaseType<'a>) -> Result<()> {
        if self.types.contains_key(&ty) {
            return Ok(());
        }
        self.types.insert(ty, self.next_entry());
        let encoding = match ty.encoding {
            Encoding::Boolean => dw::DW_ATE_boolean,
            Encoding::Signed => dw::DW_ATE_signed,
            Encoding::Unsigned => dw::DW_ATE_unsigned,
        };
        let mut entry = self.entry(dw::DW_TAG_base_type, false)?;
        entry.text(dw::DW_AT_name, ty.name)?;
        entry.number(dw::DW_AT_encoding, encoding.0.into())?;
        entry.number(dw::DW_AT_byte_size, ty.size.into())?;
        entry.end()
    }
}

/// Writes the name and the place of the declaration of a function.
fn declare<W: Writer>(
    entry: &mut Entry<W>,
    name: &str,
    file: Option<u64>,
    line: u32,
) -> Result<()> {
    entry.text(dw::DW_AT_name, name)?;
    if let Some(file) = file.filter(|_| line != 0) {
        entry.number(dw::DW_AT_decl_file, file)?;
        entry.number(dw::DW_AT_decl_line, line.into())?;
    }
    entry.flag(dw::DW_AT_external);
    Ok(())
}

/// Writes the addresses of a part of a function, which are in the list if there is one.
fn set_ranges<W: Writer>(
    entry: &mut Entry<W>,
    function: &Function,
    code: &[Range<u32>],
    list: Option<usize>,
) -> Result<()> {
    match (list, code) {
        (Some(list), _) => entry.offset(dw::DW_AT_ranges, list, SectionId::DebugRngLists),
        (None, [pcs]) => set_range(entry, function, pcs.clone()),
        (None, _) => Ok(()),
    }
}

/// Writes the addresses of a part of a function that is in one piece.
fn set_range<W: Writer>(entry: &mut Entry<W>, function: &Function, pcs: Range<u32>) -> Result<()> {
    entry.address(dw::DW_AT_low_pc, function.at(pcs.start.into()))?;
    entry.number(dw::DW_AT_high_pc, (pcs.end - pcs.start).into())
}

/// The entry of a function, a scope or an inlined call, by its number in the function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parent {
    Function,
    Scope(u32),
    Call(u32),
}

/// A scope, a variable or an inlined call.
enum Part<'a> {
    Scope(u32),
    Variable(Variable<'a>),
    Call(u32),
}

/// The parts of a function.
struct Parts<'a> {
    function: Function<'a>,
    pcln: &'a Pcln,
    debug: &'a Debug,
    /// By inlined call.
    code_of_calls: Vec<Vec<Range<u32>>>,
    /// By parent; those of a parent in the order in which they are written.
    parts: Vec<(Parent, Part<'a>)>,
}

impl<'a> Parts<'a> {
    fn new(function: Function<'a>, pcln: &'a Pcln, debug: &'a Debug) -> Parts<'a> {
        let mut calls = FxHashMap::default();
        calls.extend(
            (0..)
                .zip(&pcln.inlined_calls)
                .map(|(number, &call)| (call, number)),
        );
        // None for a part of an inlined call that has no code.
        let outermost = |inlined: Option<u32>| match inlined {
            None => Some(Parent::Function),
            Some(call) => calls.get(&call).map(|&call| Parent::Call(call)),
        };
        let parent = |inlined, scope: Option<u32>| match scope {
            Some(scope) => Some(Parent::Scope(scope)),
            None => outermost(inlined),
        };
        let scopes = (0..).zip(&debug.scopes).filter_map(|(number, scope)| {
            let parent = parent(scope.inlined, scope.parent)?;
            Some((parent, Part::Scope(number)))
        });
        let variables = debug.variables().filter_map(|variable| {
            let parent = parent(variable.inlined, variable.scope)?;
            Some((parent, Part::Variable(variable)))
        });
        let nodes = (0..).zip(&pcln.inline_tree).map(|(number, node)| {
            let scopes = &debug.scopes_of_calls;
            let scope = scopes.get(number as usize).copied().flatten();
            let parent = match (scope, node.parent) {
                (Some(scope), _) => Parent::Scope(scope),
                (None, Some(call)) => Parent::Call(call),
                (None, None) => Parent::Function,
            };
            (parent, Part::Call(number))
        });
        let mut parts: Vec<_> = scopes.chain(variables).chain(nodes).collect();
        parts.sort_by_key(|&(parent, _)| parent);
        Parts {
            function,
            pcln,
            debug,
            code_of_calls: inlined_code(pcln),
            parts,
        }
    }

    /// Returns the parts that have a parent.
    fn of(&self, parent: Parent) -> &[(Parent, Part<'a>)] {
        let start = self.parts.partition_point(|&(of, _)| of < parent);
        let end = self.parts.partition_point(|&(of, _)| of <= parent);
        &self.parts[start..end]
    }
}

/// Returns the code of each inlined call of a function, with that of the calls in it.
fn inlined_code(pcln: &Pcln) -> Vec<Vec<Range<u32>>> {
    let mut code: Vec<Vec<Range<u32>>> = vec![Vec::new(); pcln.inline_tree.len()];
    let mut pc = 0;
    for (call, length) in values(&pcln.inline) {
        let end = pc + length;
        let mut next = u32::try_from(call).ok();
        while let Some(call) = next {
            match code[call as usize].last_mut() {
                Some(last) if last.end == pc => last.end = end,
                _ => code[call as usize].push(pc..end),
            }
            next = pcln.inline_tree[call as usize].parent;
        }
        pc = end;
    }
    code
}
