//! Entries of functions, inlined calls, variables and types.

use std::collections::BTreeMap;
use std::ops::Range;

use cranelift_entity::SecondaryMap;
use gimli::write::{
    AttributeValue, Expression, Location, LocationList, Range as AddressRange, RangeList, Unit,
    UnitEntryId,
};
use gimli::{Register, X86_64, constants as dw};
use minigo_obj::debug::{BaseType, Debug, Encoding, Place, Variable, VariableKind};
use minigo_obj::pcln::{InlinedNode, values};
use minigo_obj::{Pcln, Reg, Sym};

use super::Function;
use super::lines::Files;
use crate::memory::size;
use crate::program::Program;

/// Writes the entries of functions.
pub(super) fn write(program: &Program, functions: &[Function], files: &Files, unit: &mut Unit) {
    let mut writer = Writer {
        program,
        files,
        unit,
        expanded: SecondaryMap::new(),
        types: BTreeMap::new(),
    };
    let tables = functions
        .iter()
        .filter_map(|function| function.symbol.pcln.as_deref());
    for pcln in tables {
        for node in &pcln.inline_tree {
            if writer.expanded[node.func].is_none() {
                let entry = writer.expanded_function(pcln, node);
                writer.expanded[node.func] = Some(entry);
            }
        }
    }
    for function in functions {
        writer.function(function);
    }
}

struct Writer<'a> {
    program: &'a Program<'a>,
    files: &'a Files<'a>,
    unit: &'a mut Unit,
    /// The entries for what all inlined calls of a function share.
    expanded: SecondaryMap<Sym, Option<UnitEntryId>>,
    types: BTreeMap<BaseType, UnitEntryId>,
}

impl Writer<'_> {
    fn add(&mut self, parent: UnitEntryId, tag: dw::DwTag) -> UnitEntryId {
        self.unit.add(parent, tag)
    }

    fn set(&mut self, entry: UnitEntryId, name: dw::DwAt, value: AttributeValue) {
        self.unit.get_mut(entry).set(name, value);
    }

    /// Adds the entry for the inlined calls of a function, which may be another package's.
    fn expanded_function(&mut self, pcln: &Pcln, node: &InlinedNode) -> UnitEntryId {
        let entry = self.add(self.unit.root(), dw::DW_TAG_subprogram);
        let file = node.start_file.and_then(|file| self.file(pcln, file));
        self.declaration(entry, node.func, file, node.start_line);
        // Binutils take names of other attributes for those of a language with other symbols.
        let name = text(&self.program.name(node.func));
        self.set(entry, dw::DW_AT_linkage_name, name);
        let inlined = AttributeValue::Inline(dw::DW_INL_inlined);
        self.set(entry, dw::DW_AT_inline, inlined);
        entry
    }

    /// Sets the name and the place of the declaration of a function.
    fn declaration(
        &mut self,
        entry: UnitEntryId,
        sym: Sym,
        file: Option<AttributeValue>,
        line: u32,
    ) {
        self.set(entry, dw::DW_AT_name, text(&self.program.name(sym)));
        if let Some(file) = file.filter(|_| line != 0) {
            self.set(entry, dw::DW_AT_decl_file, file);
            let line = AttributeValue::Udata(line.into());
            self.set(entry, dw::DW_AT_decl_line, line);
        }
        self.set(entry, dw::DW_AT_external, AttributeValue::FlagPresent);
    }

    /// Returns a file of a function.
    fn file(&self, pcln: &Pcln, index: u32) -> Option<AttributeValue> {
        let name = pcln.files.get(index as usize)?;
        Some(AttributeValue::FileIndex(self.files.get(&**name).copied()))
    }

    fn function(&mut self, function: &Function) {
        let entry = self.add(self.unit.root(), dw::DW_TAG_subprogram);
        match self.expanded[function.sym] {
            Some(origin) => {
                let origin = AttributeValue::UnitRef(origin);
                self.set(entry, dw::DW_AT_abstract_origin, origin);
            }
            None => {
                let pcln = function.symbol.pcln.as_deref();
                let file = pcln.and_then(|pcln| self.file(pcln, 0));
                let line = pcln.map_or(0, |pcln| pcln.start_line);
                self.declaration(entry, function.sym, file, line);
            }
        }
        self.set_range(entry, function, 0..size(function.symbol) as u32);
        let mut base = Expression::new();
        base.op(dw::DW_OP_call_frame_cfa);
        self.set(entry, dw::DW_AT_frame_base, AttributeValue::Exprloc(base));
        if let (Some(pcln), Some(debug)) = (&function.symbol.pcln, &function.symbol.debug) {
            let mut parts = Parts {
                function,
                pcln,
                debug,
                scopes: vec![None; debug.scopes.len()],
            };
            self.contents(entry, &mut parts, None);
            self.inlined_calls(entry, &mut parts);
        }
    }

    /// Adds the variables and scopes of a function or an inlined call.
    fn contents(&mut self, entry: UnitEntryId, parts: &mut Parts, inlined: Option<u32>) {
        let Parts {
            function, debug, ..
        } = *parts;
        for (number, scope) in debug.scopes.iter().enumerate() {
            if scope.inlined == inlined {
                let parent = scope
                    .parent
                    .and_then(|parent| parts.scopes[parent as usize]);
                let block = self.add(parent.unwrap_or(entry), dw::DW_TAG_lexical_block);
                self.set_ranges(block, function, &scope.code);
                parts.scopes[number] = Some(block);
            }
        }
        for variable in debug.variables.iter().filter(|v| v.inlined == inlined) {
            let scope = variable
                .scope
                .and_then(|scope| parts.scopes[scope as usize]);
            self.variable(scope.unwrap_or(entry), function, variable);
        }
    }

    /// Sets the addresses of parts of a function.
    fn set_ranges(&mut self, entry: UnitEntryId, function: &Function, pcs: &[Range<u32>]) {
        if let [pcs] = pcs {
            return self.set_range(entry, function, pcs.clone());
        }
        let base = AddressRange::BaseAddress {
            address: function.address,
        };
        let range = |pcs: &Range<u32>| AddressRange::OffsetPair {
            begin: pcs.start.into(),
            end: pcs.end.into(),
        };
        let ranges = pcs.iter().map(range);
        let list = RangeList([base].into_iter().chain(ranges).collect());
        let list = AttributeValue::RangeListRef(self.unit.ranges.add(list));
        self.set(entry, dw::DW_AT_ranges, list);
    }

    /// Sets the addresses of a part of a function.
    fn set_range(&mut self, entry: UnitEntryId, function: &Function, pcs: Range<u32>) {
        let start = AttributeValue::Address(function.at(pcs.start.into()));
        let length = AttributeValue::Udata((pcs.end - pcs.start).into());
        self.set(entry, dw::DW_AT_low_pc, start);
        self.set(entry, dw::DW_AT_high_pc, length);
    }

    /// Adds the inlined calls of a function, those in calls below them.
    fn inlined_calls(&mut self, entry: UnitEntryId, parts: &mut Parts) {
        let Parts {
            function,
            pcln,
            debug,
            ..
        } = *parts;
        let mut entries = Vec::with_capacity(pcln.inline_tree.len());
        let nodes = pcln.inline_tree.iter().zip(inlined_code(pcln));
        for ((node, pcs), &call) in nodes.zip(&pcln.inlined_calls) {
            let scope = debug.scopes_of_calls.get(entries.len()).copied().flatten();
            let scope = scope.and_then(|scope| parts.scopes[scope as usize]);
            let parent = node.parent.map(|parent| entries[parent as usize]);
            let parent = scope.or(parent).unwrap_or(entry);
            let inlined = self.add(parent, dw::DW_TAG_inlined_subroutine);
            entries.push(inlined);
            if let Some(origin) = self.expanded[node.func] {
                let origin = AttributeValue::UnitRef(origin);
                self.set(inlined, dw::DW_AT_abstract_origin, origin);
            }
            self.set_ranges(inlined, function, &pcs);
            if let Some(file) = self.file(pcln, node.file) {
                self.set(inlined, dw::DW_AT_call_file, file);
            }
            let line = AttributeValue::Udata(node.line.into());
            self.set(inlined, dw::DW_AT_call_line, line);
            self.contents(inlined, parts, Some(call));
        }
    }

    fn variable(&mut self, parent: UnitEntryId, function: &Function, variable: &Variable) {
        let tag = match variable.kind {
            VariableKind::Param | VariableKind::Result => dw::DW_TAG_formal_parameter,
            VariableKind::Local => dw::DW_TAG_variable,
        };
        let entry = self.add(parent, tag);
        self.set(entry, dw::DW_AT_name, text(&variable.name));
        if variable.kind == VariableKind::Result {
            let mark = AttributeValue::FlagPresent;
            self.set(entry, dw::DW_AT_variable_parameter, mark);
        }
        if variable.line != 0 {
            let line = AttributeValue::Udata(variable.line.into());
            self.set(entry, dw::DW_AT_decl_line, line);
        }
        let ty = AttributeValue::UnitRef(self.base_type(&variable.ty));
        self.set(entry, dw::DW_AT_type, ty);
        let end = size(function.symbol) as u32;
        let location = match &variable.places[..] {
            [] => return,
            [(pcs, place)] if *pcs == (0..end) => AttributeValue::Exprloc(expression(*place)),
            places => {
                let base = Location::BaseAddress {
                    address: function.address,
                };
                let location = |(pcs, place): &(Range<u32>, Place)| Location::OffsetPair {
                    begin: pcs.start.into(),
                    end: pcs.end.into(),
                    data: expression(*place),
                };
                let locations = places.iter().map(location);
                let list = LocationList([base].into_iter().chain(locations).collect());
                AttributeValue::LocationListRef(self.unit.locations.add(list))
            }
        };
        self.set(entry, dw::DW_AT_location, location);
    }

    fn base_type(&mut self, ty: &BaseType) -> UnitEntryId {
        if let Some(&known) = self.types.get(ty) {
            return known;
        }
        let entry = self.add(self.unit.root(), dw::DW_TAG_base_type);
        let encoding = match ty.encoding {
            Encoding::Boolean => dw::DW_ATE_boolean,
            Encoding::Signed => dw::DW_ATE_signed,
            Encoding::Unsigned => dw::DW_ATE_unsigned,
        };
        self.set(entry, dw::DW_AT_name, text(&ty.name));
        self.set(
            entry,
            dw::DW_AT_encoding,
            AttributeValue::Encoding(encoding),
        );
        self.set(entry, dw::DW_AT_byte_size, AttributeValue::Data1(ty.size));
        self.types.insert(ty.clone(), entry);
        entry
    }
}

/// A function whose entry is written, with the entries of its scopes so far.
struct Parts<'a> {
    function: &'a Function<'a>,
    pcln: &'a Pcln,
    debug: &'a Debug,
    scopes: Vec<Option<UnitEntryId>>,
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::String(text.as_bytes().to_vec())
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

/// Returns the expression for a place.
fn expression(place: Place) -> Expression {
    let mut expression = Expression::new();
    match place {
        Place::Register(reg) => {
            if let Some(register) = register(reg) {
                expression.op_reg(register);
            }
        }
        Place::Memory(offset) => expression.op_fbreg(offset),
        Place::Constant(value) => {
            expression.op_consts(value);
            expression.op(dw::DW_OP_stack_value);
        }
    }
    expression
}

/// Returns the number of a general register in debugging information.
fn register(reg: Reg) -> Option<Register> {
    Some(match reg {
        Reg::AX => X86_64::RAX,
        Reg::CX => X86_64::RCX,
        Reg::DX => X86_64::RDX,
        Reg::BX => X86_64::RBX,
        Reg::SI => X86_64::RSI,
        Reg::DI => X86_64::RDI,
        Reg::R8 => X86_64::R8,
        Reg::R9 => X86_64::R9,
        Reg::R10 => X86_64::R10,
        Reg::R11 => X86_64::R11,
        Reg::R12 => X86_64::R12,
        Reg::R13 => X86_64::R13,
        Reg::R14 => X86_64::R14,
        Reg::R15 => X86_64::R15,
        _ => return None,
    })
}
