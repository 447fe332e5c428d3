//! The registers that a value reads, destroys and writes.

use super::State;
use crate::amd64::regs::RegisterFile;
use crate::entity::Value;
use crate::op::{Op, RegInfo, RegMask};

/// Where the operands and results of one value can be (gc: regalloc.go, regspec).
#[derive(Clone, Copy)]
pub(super) struct Constraints {
    /// Those of the operation's row.
    row: &'static RegInfo,
    registers: &'static RegisterFile,
    /// The row doesn't decide about operands and results: the first ones are in this many parameter registers, in
    /// order.
    passed: Option<Passed>,
}

/// The numbers of operands and results in parameter registers, counted from parameter register `first`.
#[derive(Clone, Copy)]
struct Passed {
    operands: u8,
    results: u8,
    first: u8,
}

impl Constraints {
    /// Returns the index and the allowed registers of each operand that is in a register, in the order in which they
    /// are placed: most constrained first.
    pub(super) fn inputs(self) -> impl DoubleEndedIterator<Item = (usize, RegMask)> + Clone {
        let n = match self.passed {
            Some(passed) => passed.operands as usize,
            None => self.row.inputs.len(),
        };
        (0..n).map(move |at| match self.passed {
            Some(passed) => (at, self.parameter(passed.first as usize + at)),
            None => {
                let (index, class) = self.row.inputs[at];
                (index as usize, self.registers.mask(class))
            }
        })
    }

    /// Returns the index and the allowed registers of each result.
    pub(super) fn outputs(self) -> impl Iterator<Item = (usize, RegMask)> {
        let n = match self.passed {
            Some(passed) => passed.results as usize,
            None => self.row.outputs.len(),
        };
        (0..n).map(move |at| match self.passed {
            Some(passed) => (at, self.parameter(passed.first as usize + at)),
            None => {
                let (index, class) = self.row.outputs[at];
                (index as usize, self.registers.mask(class))
            }
        })
    }

    /// Returns the registers that lose their content, results apart.
    pub(super) fn clobbers(self) -> RegMask {
        self.registers.mask(self.row.clobbers)
    }

    /// Reports whether no register is read or written.
    pub(super) fn is_empty(self) -> bool {
        match self.passed {
            Some(passed) => passed.operands == 0 && passed.results == 0,
            None => self.row.inputs.is_empty() && self.row.outputs.is_empty(),
        }
    }

    fn parameter(self, at: usize) -> RegMask {
        1 << self.registers.parameters[at]
    }
}

impl State<'_> {
    /// Returns the constraints of `v`.
    pub(super) fn constraints(&self, v: Value) -> Constraints {
        let data = &self.f[v];
        let passed = match data.op {
            Op::CALLstatic if !self.registers.parameters.is_empty() => Some(Passed {
                operands: data.args.len() as u8 - 1,
                results: match data.ty.is_results() {
                    true => self.f.type_names.result_list(data.ty).len() as u8 - 1,
                    false => 0,
                },
                first: 0,
            }),
            Op::MakeResult => Some(Passed {
                operands: data.args.len() as u8 - 1,
                results: 0,
                first: 0,
            }),
            Op::ArgIntReg => Some(Passed {
                operands: 0,
                results: 1,
                first: data.aux_int as u8,
            }),
            _ => None,
        };
        Constraints {
            row: &data.op.info().reg,
            registers: self.registers,
            passed,
        }
    }
}
