//! Values that are constant because every bit is known.

use crate::block::BlockKind;
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;

/// Makes integers and booleans whose bits are all known copies of constants (gc: known_bits.go).
///
/// Requires nothing. Bits are followed through logic, extensions, shifts, comparisons for equality and phis of
/// edges that may be taken.
pub(crate) fn known_bits(f: &mut Func, _config: &Config) {
    let postorder = f.postorder();
    let mut analysis = Analysis {
        known: vec![Bits::default(); f.num_values()],
        is_seen: vec![false; f.num_values()],
        is_reachable: vec![false; f.num_blocks()],
        work: Vec::new(),
    };
    for &b in &*postorder {
        analysis.is_reachable[b.id()] = true;
    }
    for (at, &b) in postorder.iter().enumerate().rev() {
        f.look_back_along(&postorder, at);
        // Constants made on the way are not looked at.
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            let ty = f[v].ty;
            let is_constant = f[v].is_generic_int_const() || f[v].op == Op::ConstBool;
            if f[v].uses == 0 || is_constant || !(ty.is_integer() || ty.is_boolean()) {
                continue;
            }
            let Some(number) = analysis.bits(f, v).number() else {
                continue;
            };
            let constant = if ty.is_boolean() {
                f.const_bool(ty, number != 0)
            } else {
                f.const_int(ty, number)
            };
            f.copy_of(v, constant);
        }
    }
}

/// The known bits of a value, sign-extended to 64 bits. Booleans are 0 and 1.
#[derive(Clone, Copy, Default, Debug)]
struct Bits {
    /// Ones where the bit is known.
    known: i64,
    /// The bits that are known, and zeros.
    value: i64,
}

impl Bits {
    fn new(value: i64, known: i64) -> Bits {
        Bits { known, value }
    }

    /// Returns the number, if all bits are known.
    fn number(self) -> Option<i64> {
        (self.known == -1).then_some(self.value)
    }

    /// Returns the bits that are known and the same in both.
    fn common(self, other: Bits) -> Bits {
        let known = self.known & other.known & !(self.value ^ other.value);
        Bits::new(self.value, known)
    }

    /// Returns the bits cut to the width of `v` and sign-extended again.
    fn of_type(mut self, f: &Func, v: Value) -> Bits {
        if f[v].ty.is_boolean() {
            self.value &= 1;
            self.known |= !1;
        }
        let unused = 64 - 8 * f[v].ty.size();
        self.known = self.known << unused >> unused;
        self.value = self.value << unused >> unused & self.known;
        self
    }
}

/// A value whose bits are being found.
struct Pending {
    v: Value,
    /// The next argument to look at.
    index: usize,
    /// For a phi, the bits that the arguments looked at have in common.
    common: Option<Bits>,
}

struct Analysis {
    /// The known bits of each value. None, for one whose bits are being found: a loop.
    known: Vec<Bits>,
    is_seen: Vec<bool>,
    is_reachable: Vec<bool>,
    work: Vec<Pending>,
}

impl Analysis {
    /// Returns the known bits of `v`, found through its arguments.
    fn bits(&mut self, f: &Func, v: Value) -> Bits {
        self.open(v);
        while let Some(mut pending) = self.work.pop() {
            if let Some(arg) = self.next_arg(f, &mut pending) {
                self.work.push(pending);
                self.open(arg);
                continue;
            }
            let v = pending.v;
            let bits = match f[v].op {
                Op::Phi => pending.common.unwrap_or_default(),
                _ => self.of_operation(f, v),
            };
            self.known[v.id()] = bits.of_type(f, v);
        }
        self.known[v.id()]
    }

    /// Starts to look for the bits of a value, once.
    fn open(&mut self, v: Value) {
        if !std::mem::replace(&mut self.is_seen[v.id()], true) {
            self.work.push(Pending {
                v,
                index: 0,
                common: None,
            });
        }
    }

    /// Returns the next argument whose bits are wanted first. A phi takes them in here, in order, and stops at
    /// the first one that leaves nothing in common.
    fn next_arg(&self, f: &Func, pending: &mut Pending) -> Option<Value> {
        let v = pending.v;
        if !is_followed(f[v].op) {
            return None;
        }
        while let Some(&arg) = f[v].args.get(pending.index) {
            if f[v].op != Op::Phi {
                pending.index += 1;
                if !self.is_seen[arg.id()] {
                    return Some(arg);
                }
                continue;
            }
            let b = f[v].block.expect("the value is listed");
            if self.is_taken(f, b, pending.index) {
                if !self.is_seen[arg.id()] {
                    return Some(arg);
                }
                let bits = self.known[arg.id()];
                let common = pending.common.map_or(bits, |common| common.common(bits));
                pending.common = Some(common);
                if common.known == 0 {
                    return None;
                }
            }
            pending.index += 1;
        }
        None
    }

    /// Reports whether the edge from predecessor `index` of `b` may be taken.
    fn is_taken(&self, f: &Func, b: Block, index: usize) -> bool {
        let edge = f[b].preds[index];
        self.is_reachable[edge.block.id()]
            && (f[edge.block].kind != BlockKind::First || edge.index == 0)
    }

    /// Returns the bits that follow from those of the arguments.
    fn of_operation(&self, f: &Func, v: Value) -> Bits {
        use Op::*;
        let arg = |index: usize| self.known[f[v].args[index].id()];
        match f[v].op {
            Const64 | Const32 | Const16 | Const8 | ConstBool => Bits::new(f[v].aux_int, -1),
            And64 | And32 | And16 | And8 | AndB => {
                let (x, y) = (arg(0), arg(1));
                let zeros = !x.value & x.known | !y.value & y.known;
                let ones = x.value & y.value;
                Bits::new(ones, ones | zeros)
            }
            Or64 | Or32 | Or16 | Or8 | OrB => {
                let (x, y) = (arg(0), arg(1));
                let zeros = !x.value & !y.value & x.known & y.known;
                let ones = x.value | y.value;
                Bits::new(ones, ones | zeros)
            }
            Xor64 | Xor32 | Xor16 | Xor8 => {
                let (x, y) = (arg(0), arg(1));
                Bits::new(x.value ^ y.value, x.known & y.known)
            }
            Com64 | Com32 | Com16 | Com8 | Not => Bits::new(!arg(0).value, arg(0).known),
            Copy | CvtBoolToUint8 | SignExt8to16 | SignExt8to32 | SignExt8to64 | SignExt16to32
            | SignExt16to64 | SignExt32to64 | Trunc64to32 | Trunc64to16 | Trunc64to8
            | Trunc32to16 | Trunc32to8 | Trunc16to8 => arg(0),
            Eq64 | Eq32 | Eq16 | Eq8 | EqB => is_equal(arg(0), arg(1)),
            Neq64 | Neq32 | Neq16 | Neq8 | NeqB => {
                let equal = is_equal(arg(0), arg(1));
                Bits::new(equal.value ^ equal.known & 1, equal.known)
            }
            ZeroExt8to16 | ZeroExt8to32 | ZeroExt8to64 | ZeroExt16to32 | ZeroExt16to64
            | ZeroExt32to64 => {
                let mask = (1 << (8 * f[f[v].args[0]].ty.size())) - 1;
                Bits::new(arg(0).value & mask, arg(0).known | !mask)
            }
            op if (Lsh8x8..=Rsh64Ux64).contains(&op) => {
                let bits = 8 * f[f[v].args[0]].ty.size();
                let is_bounded = f[v].aux_int != 0;
                shifted(op, bits, is_bounded, arg(0), arg(1))
            }
            _ => Bits::default(),
        }
    }
}

/// Reports whether bits are followed through an operation.
fn is_followed(op: Op) -> bool {
    use Op::*;
    match op {
        And64 | And32 | And16 | And8 | AndB | Or64 | Or32 | Or16 | Or8 | OrB | Xor64 | Xor32
        | Xor16 | Xor8 | Com64 | Com32 | Com16 | Com8 | Not | Phi | Copy | CvtBoolToUint8
        | SignExt8to16 | SignExt8to32 | SignExt8to64 | SignExt16to32 | SignExt16to64
        | SignExt32to64 | Trunc64to32 | Trunc64to16 | Trunc64to8 | Trunc32to16 | Trunc32to8
        | Trunc16to8 | Eq64 | Eq32 | Eq16 | Eq8 | EqB | Neq64 | Neq32 | Neq16 | Neq8 | NeqB
        | ZeroExt8to16 | ZeroExt8to32 | ZeroExt8to64 | ZeroExt16to32 | ZeroExt16to64
        | ZeroExt32to64 => true,
        op => (Lsh8x8..=Rsh64Ux64).contains(&op),
    }
}

/// Returns the lowest bit, whether two numbers are equal, as far as known.
fn is_equal(x: Bits, y: Bits) -> Bits {
    if (x.value ^ y.value) & x.known & y.known != 0 {
        Bits::new(0, -1)
    } else if x.known == -1 && y.known == -1 {
        Bits::new(1, -1)
    } else {
        Bits::new(0, !1)
    }
}

/// Returns the known bits of `x`, of `bits` bits, shifted by `by`: those that the shifts by all numbers that `by` may
/// be have in common. A shift that is not bounded may move all bits out.
fn shifted(op: Op, bits: i64, is_bounded: bool, x: Bits, by: Bits) -> Bits {
    let shift = |n: u32| match op {
        op if op <= Op::Lsh64x64 => shift_left(x, n),
        op if op <= Op::Rsh64x64 => Bits::new(x.value >> n.min(63), x.known >> n.min(63)),
        _ => shift_right_unsigned(x, bits, n),
    };
    if by.value as u64 >= bits as u64 {
        return shift(64);
    }
    let may_exceed = !is_bounded && !by.known as u64 >= bits as u64;
    let mut common = may_exceed.then(|| shift(64));
    let unknown = !by.known & (bits - 1);
    // The subsets of the unknown bits in ascending order.
    let mut subset = 0;
    loop {
        let n = shift((by.value | subset) as u32);
        let together = common.map_or(n, |common| common.common(n));
        if together.known == 0 || subset == unknown {
            return together;
        }
        common = Some(together);
        subset = subset.wrapping_sub(unknown) & unknown;
    }
}

/// Shifts left; 64 moves all bits out.
fn shift_left(x: Bits, n: u32) -> Bits {
    let shift = |bits: i64| bits.checked_shl(n).unwrap_or(0);
    Bits::new(shift(x.value), shift(x.known) | !shift(-1))
}

/// Shifts a number of `bits` bits right, without its sign; 64 moves all bits out.
fn shift_right_unsigned(x: Bits, bits: i64, n: u32) -> Bits {
    let above = (-1i64).checked_shl(bits as u32).unwrap_or(0);
    let shift = |bits: i64| (bits as u64).checked_shr(n).unwrap_or(0) as i64;
    let known = shift(x.known | above) | !shift(-1);
    Bits::new(shift(x.value & !above), known)
}
