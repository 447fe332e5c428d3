//! The registers that a value reads, destroys and writes.

use std::ops::Range;
use std::slice::Iter;

use super::State;
use crate::amd64::regs::RegisterFile;
use crate::entity::Value;
use crate::func::Func;
use crate::op::{Op, RegClass, RegInfo, RegMask};

/// Where the operands and results of one value can be (gc: regalloc.go, regspec).
#[derive(Clone, Copy)]
pub(super) struct Constraints {
    row: &'static RegInfo,
    registers: &'static RegisterFile,
    /// Set if parameter registers, and not the row, decide about operands and results.
    passed: Option<Passed>,
}

/// The parameter registers that hold the first operands and results, in order.
#[derive(Clone, Copy)]
struct Passed {
    operands: u8,
    results: u8,
    /// The first of them, as an index into the registers of parameters.
    first: u8,
}

impl Constraints {
    /// Returns the constraints of `v`.
    #[inline]
    pub(super) fn new(f: &Func, v: Value) -> Constraints {
        let op = f[v].op;
        let passed = match op {
            Op::CALLstatic | Op::CALLtail | Op::MakeResult | Op::ArgIntReg => Passed::new(f, v),
            _ => None,
        };
        Constraints {
            row: &op.info().reg,
            registers: f.profile.registers,
            passed,
        }
    }

    /// Returns the index and the allowed registers of each operand that is in a register, in the order in which they
    /// are placed: most constrained first.
    #[inline]
    pub(super) fn inputs(self) -> Allowed {
        match self.passed {
            None => self.allowed(self.row.inputs, 0..0, 0),
            Some(passed) => self.allowed(&[], 0..passed.operands, passed.first),
        }
    }

    /// Returns the index and the allowed registers of each result.
    #[inline]
    pub(super) fn outputs(self) -> Allowed {
        match self.passed {
            None => self.allowed(self.row.outputs, 0..0, 0),
            Some(passed) => self.allowed(&[], 0..passed.results, passed.first),
        }
    }

    /// Returns the registers that lose their content, results apart.
    #[inline]
    pub(super) fn clobbers(self) -> RegMask {
        self.registers.mask(self.row.clobbers)
    }

    /// Reports whether no register is read or written.
    #[inline]
    pub(super) fn is_empty(self) -> bool {
        match self.passed {
            None => self.row.inputs.is_empty() && self.row.outputs.is_empty(),
            Some(passed) => passed.operands == 0 && passed.results == 0,
        }
    }

    #[inline]
    fn allowed(self, row: &'static [(u8, RegClass)], passed: Range<u8>, first: u8) -> Allowed {
        Allowed {
            row: row.iter(),
            passed,
            first,
            registers: self.registers,
        }
    }
}

/// An iterator over indices of operands or results and the registers allowed for them.
#[derive(Clone)]
pub(super) struct Allowed {
    row: Iter<'static, (u8, RegClass)>,
    passed: Range<u8>,
    first: u8,
    registers: &'static RegisterFile,
}

impl Iterator for Allowed {
    type Item = (usize, RegMask);

    #[inline]
    fn next(&mut self) -> Option<(usize, RegMask)> {
        if let Some(&(index, class)) = self.row.next() {
            return Some((index as usize, self.registers.mask(class)));
        }
        let at = self.passed.next()?;
        let r = self.registers.parameters[(self.first + at) as usize];
        Some((at as usize, 1 << r))
    }
}

impl Passed {
    /// Returns the parameter registers of a call, of the results of the function, or of one of its parameters.
    fn new(f: &Func, v: Value) -> Option<Passed> {
        if f.profile.registers.parameters.is_empty() {
            return None;
        }
        let data = &f[v];
        let operands = || data.args.len() as u8 - 1;
        Some(match data.op {
            Op::ArgIntReg => Passed {
                operands: 0,
                results: 1,
                first: data.aux_int as u8,
            },
            Op::MakeResult => Passed {
                operands: operands(),
                results: 0,
                first: 0,
            },
            _ => Passed {
                operands: operands(),
                results: match data.ty.is_results() {
                    true => f.type_names.result_list(data.ty).len() as u8 - 1,
                    false => 0,
                },
                first: 0,
            },
        })
    }
}

impl State<'_> {
    /// Returns the constraints of `v`.
    #[inline]
    pub(super) fn constraints(&self, v: Value) -> Constraints {
        Constraints::new(self.f, v)
    }

    /// Returns the constraints of a value whose operands are in parameter registers.
    #[inline]
    pub(super) fn passed_constraints(&self, v: Value) -> Option<Constraints> {
        let constraints = self.constraints(v);
        constraints.passed.is_some().then_some(constraints)
    }
}
