//! The instructions of a function, and the places that they refer to.

use iced_x86::{ConstantOffsets, Decoder, DecoderOptions, Instruction, OpKind};

use crate::file::{File, Function, RelocationKind};
use crate::place::{Base, Place};

/// An instruction of a function.
pub(crate) struct Decoded {
    pub(crate) instruction: Instruction,
    /// The offset in the function in bytes.
    pub(crate) offset: usize,
    fields: ConstantOffsets,
}

/// The places that an instruction refers to.
#[derive(Default)]
pub(crate) struct Targets {
    /// The target of a branch or call.
    pub(crate) branch: Option<Place>,
    /// The memory operand, if its address is known.
    pub(crate) memory: Option<Place>,
    /// The memory operand is the slot of `memory` in the global offset table.
    pub(crate) by_table: bool,
    /// The immediate, if it is an address.
    pub(crate) immediate: Option<Place>,
}

/// Returns the instructions of a function one by one. Bytes that are none are invalid instructions of one byte.
pub(crate) fn instructions<'a>(
    file: &'a File,
    function: &'a Function,
) -> impl Iterator<Item = Decoded> + use<'a> {
    let code = file.code(function);
    let start = function.place.offset;
    let mut decoder = Decoder::with_ip(64, code, start, DecoderOptions::NONE);
    std::iter::from_fn(move || {
        if !decoder.can_decode() {
            return None;
        }
        let offset = decoder.position();
        let mut instruction = Instruction::default();
        decoder.decode_out(&mut instruction);
        if instruction.is_invalid() {
            instruction.set_len(1);
            let next = offset + 1;
            decoder.set_position(next).expect("a place in the code");
            decoder.set_ip(start.wrapping_add(next as u64));
        }
        Some(Decoded {
            fields: decoder.get_constant_offsets(&instruction),
            instruction,
            offset,
        })
    })
}

impl Decoded {
    /// The offset of the next instruction in the function.
    pub(crate) fn end(&self) -> usize {
        self.offset + self.instruction.len()
    }

    /// Reports whether the instruction is a branch or call to an address that it contains.
    pub(crate) fn is_branch(&self) -> bool {
        matches!(
            self.instruction.op0_kind(),
            OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64
        )
    }

    /// Returns the places that the instruction refers to.
    pub(crate) fn targets(&self, file: &File, function: &Function) -> Targets {
        let mut targets = Targets::default();
        let start = function.range.start + self.offset;
        let instruction = &self.instruction;
        let end = start + instruction.len();
        let relocations = file.relocations(function.section, start..end);
        let at = |place: usize| {
            let field = start + place;
            relocations
                .iter()
                .find(move |relocation| relocation.offset == field)
        };
        let base = function.place.base;
        if self.fields.has_displacement() {
            let is_relative = instruction.is_ip_rel_memory_operand();
            let field = self.fields.displacement_offset();
            let to_end = (instruction.len() - field) as i64;
            match at(field) {
                Some(field) => match field.kind {
                    RelocationKind::Relative | RelocationKind::GotRelative if is_relative => {
                        targets.memory = Some(field.target.plus(to_end));
                        targets.by_table = field.kind == RelocationKind::GotRelative;
                    }
                    RelocationKind::Absolute if !is_relative => targets.memory = Some(field.target),
                    _ => {}
                },
                None if is_relative => {
                    let offset = instruction.ip_rel_memory_address();
                    targets.memory = Some(Place { base, offset });
                }
                None => {}
            }
        }
        if self.fields.has_immediate() {
            let field = self.fields.immediate_offset();
            let to_end = (instruction.len() - field) as i64;
            match at(field) {
                Some(field) if self.is_branch() => {
                    let is_relative = field.kind == RelocationKind::Relative;
                    targets.branch = is_relative.then(|| field.target.plus(to_end));
                }
                Some(field) => {
                    let is_address = field.kind == RelocationKind::Absolute;
                    targets.immediate = is_address.then_some(field.target);
                }
                None if self.is_branch() => {
                    let offset = instruction.near_branch_target();
                    targets.branch = Some(Place { base, offset });
                }
                None => {}
            }
        }
        targets
    }
}

impl File<'_> {
    /// Returns a place as a symbol and the distance from it; in an object, a section may stand for a symbol. None for
    /// other addresses.
    pub(crate) fn describe(&self, place: Place) -> Option<(&str, i64)> {
        if let Some((symbol, distance)) = self.symbol_at(place) {
            let name = self.symbols[symbol].name.as_str();
            return Some((name, distance as i64));
        }
        let Base::Section(number) = place.base else {
            return None;
        };
        let section = &self.sections[number];
        let distance = place.offset.wrapping_sub(section.address) as i64;
        Some((&section.name, distance))
    }
}
