//! The register convention: where the parameters and results of functions are (gc: abi/abiutils.go).
//!
//! A parameter is in registers as a whole or on the stack as a whole. Stack parameters come first in the caller's
//! outgoing area, then stack results, then the spill area, where each register parameter has a home.

use crate::ty::{Kind, Type};

/// The number of registers that parameters take, and results again: those of `RegisterFile::parameters`.
const N_REGISTERS: usize = 9;

/// The size and alignment of a register on the stack, in bytes.
const REGISTER_SIZE: i64 = 8;

/// How a function is passed its parameters and passes its results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Convention {
    /// In registers as far as they go: that of compiled functions (gc: ABIInternal).
    #[default]
    Registers,
    /// On the stack: that of assembly (gc: ABI0).
    Stack,
}

/// Where a parameter or result is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Index in `RegisterFile::parameters` of its first register.
    pub first_register: usize,
    /// Number of registers; 0 if it is on the stack.
    pub n_registers: usize,
    /// Offset in bytes from the start of the outgoing area: on the stack, or its home in the spill area. 0 for results
    /// in registers, which have no home.
    pub offset: i64,
}

/// The places of all parameters and results of a function.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assignment {
    /// Parameters in order.
    pub params: Vec<Place>,
    /// Results in order.
    pub results: Vec<Place>,
    /// Offset in bytes of the spill area: the size of what is on the stack, rounded up.
    pub spill_offset: i64,
    /// Size in bytes of the spill area, rounded up.
    pub spill_size: i64,
}

impl Assignment {
    /// Assigns places to parameters and results of the given types.
    pub fn new(
        convention: Convention,
        params: impl IntoIterator<Item = Type>,
        results: impl IntoIterator<Item = Type>,
    ) -> Assignment {
        let mut stack = 0;
        let mut spill_size = 0;
        let n_registers = match convention {
            Convention::Registers => N_REGISTERS,
            Convention::Stack => 0,
        };
        let spills = Some(&mut spill_size);
        let mut params: Vec<Place> = assign(n_registers, params, &mut stack, spills);
        let results = assign(n_registers, results, &mut stack, None);
        for place in params.iter_mut().filter(|place| place.is_in_registers()) {
            place.offset += stack;
        }
        Assignment {
            params,
            results,
            spill_offset: stack,
            spill_size: round_up(spill_size, REGISTER_SIZE),
        }
    }

    /// Returns the size in bytes of the area for parameters, results and spills.
    pub fn size(&self) -> i64 {
        self.spill_offset + self.spill_size
    }

    /// Returns the number of registers that results take.
    pub fn n_result_registers(&self) -> usize {
        self.results.iter().map(|place| place.n_registers).sum()
    }
}

impl Place {
    /// Reports whether this is in registers.
    pub fn is_in_registers(&self) -> bool {
        self.n_registers > 0
    }
}

/// Assigns places from the first of `n_registers` registers and from `stack` on, which becomes the end. Homes are offsets
/// in a spill area of the size `spill_size`, which grows by theirs.
fn assign(
    n_registers: usize,
    types: impl IntoIterator<Item = Type>,
    stack: &mut i64,
    mut spill_size: Option<&mut i64>,
) -> Vec<Place> {
    let mut next = 0;
    let allocate = |end: &mut i64, ty: Type| {
        let offset = round_up(*end, ty.alignment());
        *end = offset + ty.size();
        offset
    };
    let place = |ty: Type| {
        let n_words = words(ty).count();
        if next + n_words > n_registers {
            return Place {
                first_register: 0,
                n_registers: 0,
                offset: allocate(stack, ty),
            };
        }
        let first_register = next;
        next += n_words;
        Place {
            first_register,
            n_registers: n_words,
            offset: spill_size.as_mut().map_or(0, |size| allocate(size, ty)),
        }
    };
    let places = types.into_iter().map(place).collect();
    *stack = round_up(*stack, REGISTER_SIZE);
    places
}

/// Returns the types of the words that a value is passed in, with their offsets in bytes.
pub fn words(ty: Type) -> impl Iterator<Item = (Type, i64)> {
    let words = match ty.kind() {
        Kind::String => [Some(Type::BYTE_PTR), Some(Type::INT), None],
        Kind::Interface => [Some(Type::UINTPTR), Some(Type::BYTE_PTR), None],
        Kind::Slice => [
            Some(ty.elem().pointer_to()),
            Some(Type::INT),
            Some(Type::INT),
        ],
        _ => [Some(ty), None, None],
    };
    (words.into_iter().flatten()).zip([0, REGISTER_SIZE, 2 * REGISTER_SIZE])
}

/// Returns the types of the registers that hold a result.
pub fn register_types(ty: Type) -> impl Iterator<Item = Type> {
    words(ty).map(move |(word, _)| match ty.kind() {
        Kind::Interface => Type::UNSAFE_PTR,
        Kind::Slice if word.is_ptr() => Type::BYTE_PTR,
        _ => word,
    })
}

fn round_up(n: i64, alignment: i64) -> i64 {
    (n + alignment - 1) / alignment * alignment
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `func m(a … k int64, x int8, y bool)` takes the nine registers and four slots, as gc lists it.
    #[test]
    fn parameters_beyond_the_registers_are_on_the_stack() {
        let params = [Type::INT64; 11].into_iter();
        let params = params.chain([Type::INT8, Type::BOOL]);
        let assigned = Assignment::new(Convention::Registers, params, [Type::INT32, Type::BOOL]);
        let offsets: Vec<i64> = assigned.params.iter().map(|place| place.offset).collect();
        assert_eq!(offsets, [24, 32, 40, 48, 56, 64, 72, 80, 88, 0, 8, 16, 17]);
        assert_eq!(assigned.size(), 96);
        assert_eq!(assigned.n_result_registers(), 2);
    }

    /// A string that does not fit leaves its register to the next parameter.
    #[test]
    fn a_parameter_is_in_registers_as_a_whole() {
        let params = [Type::INT; 8].into_iter();
        let params = params.chain([Type::STRING, Type::INT8]);
        let assigned = Assignment::new(Convention::Registers, params, []);
        assert!(!assigned.params[8].is_in_registers());
        assert_eq!(assigned.params[8].offset, 0);
        assert_eq!(assigned.params[9].first_register, 8);
        assert_eq!(assigned.params[9].offset, 16 + 64);
    }
}
