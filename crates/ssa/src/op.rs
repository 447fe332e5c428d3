//! The operations of SSA values: one row each, read by printer, parser, checker, register allocator
//! and emission.
//!
//! The order of the rows is gc's order of operations (machine before generic), which decides the order
//! of values in common-subexpression elimination (gc: opGen.go). One order serves all Go versions: they
//! agree on the relative order of the operations that they share.

use minigo_obj::As;

use crate::ty::Type;

/// A set of registers: bit `n` is register number `n` of a [`crate::amd64::regs::RegisterFile`].
pub type RegMask = u64;

/// The content of the aux fields of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuxKind {
    /// Nothing.
    None,
    /// The aux integer is 0 or 1.
    Bool,
    /// The aux integer is a sign-extended integer of that width.
    Int8,
    /// See [`AuxKind::Int8`].
    Int16,
    /// See [`AuxKind::Int8`].
    Int32,
    /// See [`AuxKind::Int8`].
    Int64,
    /// The aux integer is unused; the constant is zero.
    Int128,
    /// The aux is a constant string.
    String,
    /// The aux is a symbol or a variable.
    Sym,
    /// The aux is a symbol or a variable, the aux integer an offset in bytes.
    SymOff,
    /// The aux is a symbol or a variable, the aux integer a value and an offset (see `ValAndOff`).
    SymValAndOff,
    /// The aux is a variable, whose offset is printed with it; the aux integer counts the parameter registers.
    NameOffInt8,
    /// The aux is a type.
    Typ,
    /// The aux is a type, the aux integer a size in bytes.
    TypSize,
}

/// A set of registers that rows of operations name. A register file says which registers are members.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RegClass {
    /// No register.
    None,
    /// General-purpose registers without SP.
    Gp,
    /// General-purpose registers and SP.
    GpSp,
    /// General-purpose registers, SP and SB.
    GpSpSb,
    /// General-purpose registers and SP without DX.
    GpSpNotDx,
    /// Floating-point registers.
    Fp,
    /// General-purpose and floating-point registers: those that calls destroy.
    GpFp,
    /// AX alone.
    Ax,
    /// CX alone.
    Cx,
    /// DX alone.
    Dx,
    /// DI alone.
    Di,
    /// CX and DI.
    CxDi,
    /// X0 alone.
    X0,
    /// R11 alone.
    R11,
}

impl RegClass {
    /// Reports whether the class has one register in every register file.
    #[inline]
    pub const fn is_single(self) -> bool {
        use RegClass::*;
        matches!(self, Ax | Cx | Dx | Di | X0 | R11)
    }

    /// All classes, in order.
    pub const ALL: [RegClass; 14] = {
        use RegClass::*;
        [
            None, Gp, GpSp, GpSpSb, GpSpNotDx, Fp, GpFp, Ax, Cx, Dx, Di, CxDi, X0, R11,
        ]
    };
}

/// The registers that an operation reads, destroys and writes.
#[derive(Debug)]
pub struct RegInfo {
    /// Argument index and allowed registers, in the order in which registers are picked: most
    /// constrained first. Arguments that need no register are not listed.
    pub inputs: &'static [(u8, RegClass)],
    /// Registers destroyed, results apart.
    pub clobbers: RegClass,
    /// Result index and allowed registers. Flags and memory are not listed.
    pub outputs: &'static [(u8, RegClass)],
    /// Set if a register is destroyed or an input allows only one.
    pub is_fixed: bool,
}

/// Reports whether an operation destroys a register or has an input that allows only one.
const fn is_fixed(inputs: &[(u8, RegClass)], clobbers: RegClass) -> bool {
    let mut is_fixed = !matches!(clobbers, RegClass::None);
    let mut index = 0;
    while index < inputs.len() {
        is_fixed |= inputs[index].1.is_single();
        index += 1;
    }
    is_fixed
}

macro_rules! shapes {
    ($($name:ident: [$(($arg:literal, $input:ident)),*] clobbers $clobbers:ident => [$(($result:literal, $output:ident)),*];)*) => {
        $(const $name: RegInfo = RegInfo {
            inputs: &[$(($arg, RegClass::$input)),*],
            clobbers: RegClass::$clobbers,
            outputs: &[$(($result, RegClass::$output)),*],
            is_fixed: is_fixed(&[$(($arg, RegClass::$input)),*], RegClass::$clobbers),
        };)*
    };
}

shapes! {
    NO_REGS: [] clobbers None => [];
    GP01: [] clobbers None => [(0, Gp)];
    FP01: [] clobbers None => [(0, Fp)];
    GP11: [(0, Gp)] clobbers None => [(0, Gp)];
    // The flags come first, as in gc: the register of the sum is not that of the first result.
    GP11FLAGS: [(0, Gp)] clobbers None => [(1, None), (0, Gp)];
    GP11SP: [(0, GpSp)] clobbers None => [(0, Gp)];
    GP11SB: [(0, GpSpSb)] clobbers None => [(0, Gp)];
    GP21: [(0, Gp), (1, Gp)] clobbers None => [(0, Gp)];
    GP21SP: [(1, Gp), (0, GpSp)] clobbers None => [(0, Gp)];
    GP21SB: [(1, GpSp), (0, GpSpSb)] clobbers None => [(0, Gp)];
    GP21SHIFT: [(1, Cx), (0, Gp)] clobbers None => [(0, Gp)];
    GP11DIV: [(0, Ax), (1, GpSpNotDx)] clobbers None => [(0, Ax), (1, Dx)];
    GP21HMUL: [(0, Ax), (1, GpSp)] clobbers Ax => [(0, Dx)];
    GP21MULU: [(0, Ax), (1, GpSp)] clobbers Dx => [(0, Ax)];
    GP2FLAGS: [(0, GpSp), (1, GpSp)] clobbers None => [];
    GP1FLAGS: [(0, GpSp)] clobbers None => [];
    GP0FLAGSLOAD: [(0, GpSpSb)] clobbers None => [];
    GP1FLAGSLOAD: [(1, GpSp), (0, GpSpSb)] clobbers None => [];
    FLAGSGP: [] clobbers None => [(0, Gp)];
    READFLAGS: [] clobbers None => [(0, Gp)];
    GPLOAD: [(0, GpSpSb)] clobbers None => [(0, Gp)];
    GPLOADIDX: [(1, GpSp), (0, GpSpSb)] clobbers None => [(0, Gp)];
    GP21LOAD: [(0, Gp), (1, GpSpSb)] clobbers None => [(0, Gp)];
    GPSTORE: [(1, GpSp), (0, GpSpSb)] clobbers None => [];
    GPSTORECONST: [(0, GpSpSb)] clobbers None => [];
    FPSTORE: [(1, Fp), (0, GpSpSb)] clobbers None => [];
    GPZERO: [(0, Gp)] clobbers None => [];
    GPNILCHECK: [(0, GpSp)] clobbers None => [];
    DUFFZERO: [(0, Di), (1, X0)] clobbers Di => [];
    REPSTOSQ: [(0, Di), (1, Cx), (2, Ax)] clobbers CxDi => [];
    CALLSTATIC: [] clobbers GpFp => [];
    WRITEBARRIER: [] clobbers Fp => [(0, R11)];
}

/// The two arguments can be exchanged.
pub const COMMUTATIVE: u16 = 1;
/// The (first) result must be in the register of argument 0.
pub const RESULT_IN_ARG0: u16 = 1 << 1;
/// Destroys the flags.
pub const CLOBBER_FLAGS: u16 = 1 << 2;
/// Can be computed again anywhere instead of being spilled.
pub const REMATERIALIZABLE: u16 = 1 << 3;
/// A function call.
pub const CALL: u16 = 1 << 4;
/// Faults if argument 0 is nil and the offset is small.
pub const FAULT_ON_NIL_ARG0: u16 = 1 << 5;
/// Faults if argument 1 is nil and the offset is small.
pub const FAULT_ON_NIL_ARG1: u16 = 1 << 6;
/// Must not be removed even when its result is unused.
pub const HAS_SIDE_EFFECTS: u16 = 1 << 7;
/// Never becomes an instruction.
pub const ZERO_WIDTH: u16 = 1 << 8;
/// Checks argument 0 for nil.
pub const NIL_CHECK: u16 = 1 << 9;
/// Reads the aux symbol.
pub const SYM_READ: u16 = 1 << 10;
/// Writes the aux symbol.
pub const SYM_WRITE: u16 = 1 << 11;
/// Takes the address of the aux symbol.
pub const SYM_ADDR: u16 = 1 << 12;
/// Uses an integer register besides those of its arguments.
pub const TEMPORARY: u16 = 1 << 13;
/// Destroys the register of argument 0.
pub const CLOBBER_ARG0: u16 = 1 << 14;
/// Has no arguments. Follows from their number.
pub(crate) const NO_ARGS: u16 = 1 << 15;

/// Returns the property that follows from a number of arguments.
const fn no_args(args: i8) -> u16 {
    if args == 0 { NO_ARGS } else { 0 }
}

/// Number of arguments of operations that take any number.
pub const VARIADIC: i8 = -1;

/// The row of an operation.
#[derive(Debug)]
pub struct OpInfo {
    /// The name in dumps.
    pub name: &'static str,
    /// Number of arguments, memory included; [`VARIADIC`] for phis.
    pub args: i8,
    /// Register constraints.
    pub reg: RegInfo,
    /// The instruction, if the operation is exactly one.
    pub asm: Option<As>,
    /// The content of the aux fields.
    pub aux: AuxKind,
    /// The type of a new value whose rule names none; invalid where a rule must name or inherit it.
    pub ty: Type,
}

macro_rules! asm {
    (_) => {
        None
    };
    ($asm:ident) => {
        Some(As::$asm)
    };
}

macro_rules! ops {
    (amd64 { $($aname:ident($aargs:expr, $areg:ident, $aasm:tt, $aaux:ident, $aty:expr, $aflags:expr);)* }
     generic { $($gname:ident($gargs:expr, $greg:ident, $gasm:tt, $gaux:ident, $gty:expr, $gflags:expr);)* }) => {
        /// An operation. Machine operations first, then the generic ones.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[repr(u16)]
        #[allow(missing_docs, non_camel_case_types, reason = "the rows of the table, under gc's names")]
        pub enum Op { $($aname,)* $($gname,)* #[default] Invalid }

        const N_OPS: usize = Op::Invalid as usize + 1;

        /// The table, indexed by `Op`.
        static OPS: [OpInfo; N_OPS] = [
            $(OpInfo { name: stringify!($aname), args: $aargs, reg: $areg, asm: asm!($aasm), aux: AuxKind::$aaux, ty: $aty },)*
            $(OpInfo { name: stringify!($gname), args: $gargs, reg: $greg, asm: asm!($gasm), aux: AuxKind::$gaux, ty: $gty },)*
            OpInfo { name: "OpInvalid", args: 0, reg: NO_REGS, asm: None, aux: AuxKind::None, ty: Type::INVALID },
        ];

        /// The properties, indexed by `Op`: asked for more often than the rest of a row.
        static PROPERTIES: [u16; N_OPS] =
            [$($aflags | no_args($aargs),)* $($gflags | no_args($gargs),)* NO_ARGS];

        impl Op {
            /// All operations in order.
            pub const ALL: &'static [Op] = &[$(Op::$aname,)* $(Op::$gname,)*];
            /// Number of operations: the size of tables indexed by operation.
            pub(crate) const COUNT: usize = N_OPS;
            const FIRST_GENERIC: u16 = [$(Op::$aname),*].len() as u16;
        }
    };
}

// Name(arguments, registers, instruction, aux, type, properties).
ops! {
amd64 {
    // Arithmetic. MULLU, MULQU and HMUL* use AX and DX; DIV* give (quotient, remainder), a nonzero aux of the
    // signed ones means that the check for -1 isn't needed.
    ADDQ(2, GP21SP, ADDQ, None, Type::INVALID, COMMUTATIVE | CLOBBER_FLAGS);
    ADDL(2, GP21SP, ADDL, None, Type::INVALID, COMMUTATIVE | CLOBBER_FLAGS);
    ADDQconst(1, GP11SP, ADDQ, Int32, Type::UINT64, CLOBBER_FLAGS);
    ADDLconst(1, GP11SP, ADDL, Int32, Type::INVALID, CLOBBER_FLAGS);
    ADDQconstmodify(2, GPSTORECONST, ADDQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ADDLconstmodify(2, GPSTORECONST, ADDL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    SUBQ(2, GP21, SUBQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SUBL(2, GP21, SUBL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SUBQconst(1, GP11, SUBQ, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SUBLconst(1, GP11, SUBL, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    MULQ(2, GP21, IMULQ, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    MULL(2, GP21, IMULL, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    MULQconst(1, GP11, IMUL3Q, Int32, Type::INVALID, CLOBBER_FLAGS);
    MULLconst(1, GP11, IMUL3L, Int32, Type::INVALID, CLOBBER_FLAGS);
    MULLU(2, GP21MULU, MULL, None, Type::tuple(Type::UINT32, Type::FLAGS), COMMUTATIVE | CLOBBER_FLAGS);
    MULQU(2, GP21MULU, MULQ, None, Type::tuple(Type::UINT64, Type::FLAGS), COMMUTATIVE | CLOBBER_FLAGS);
    HMULQ(2, GP21HMUL, IMULQ, None, Type::INVALID, CLOBBER_FLAGS);
    HMULL(2, GP21HMUL, IMULL, None, Type::INVALID, CLOBBER_FLAGS);
    HMULQU(2, GP21HMUL, MULQ, None, Type::INVALID, CLOBBER_FLAGS);
    HMULLU(2, GP21HMUL, MULL, None, Type::INVALID, CLOBBER_FLAGS);
    AVGQU(2, GP21, _, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    // (sum, flags of the sum).
    ADDQconstflags(1, GP11FLAGS, ADDQ, Int32, Type::tuple(Type::UINT64, Type::FLAGS), RESULT_IN_ARG0);
    ADDLconstflags(1, GP11FLAGS, ADDL, Int32, Type::tuple(Type::UINT32, Type::FLAGS), RESULT_IN_ARG0);
    DIVQ(2, GP11DIV, IDIVQ, Bool, Type::tuple(Type::INT64, Type::INT64), CLOBBER_FLAGS);
    DIVL(2, GP11DIV, IDIVL, Bool, Type::tuple(Type::INT32, Type::INT32), CLOBBER_FLAGS);
    DIVW(2, GP11DIV, IDIVW, Bool, Type::tuple(Type::INT16, Type::INT16), CLOBBER_FLAGS);
    DIVQU(2, GP11DIV, DIVQ, None, Type::tuple(Type::UINT64, Type::UINT64), CLOBBER_FLAGS);
    DIVLU(2, GP11DIV, DIVL, None, Type::tuple(Type::UINT32, Type::UINT32), CLOBBER_FLAGS);
    DIVWU(2, GP11DIV, DIVW, None, Type::tuple(Type::UINT16, Type::UINT16), CLOBBER_FLAGS);
    // Bit operations.
    ANDQ(2, GP21, ANDQ, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ANDL(2, GP21, ANDL, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ANDQconst(1, GP11, ANDQ, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ANDLconst(1, GP11, ANDL, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ANDQconstmodify(2, GPSTORECONST, ANDQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ANDLconstmodify(2, GPSTORECONST, ANDL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ORQ(2, GP21, ORQ, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ORL(2, GP21, ORL, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ORQconst(1, GP11, ORQ, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ORLconst(1, GP11, ORL, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ORQconstmodify(2, GPSTORECONST, ORQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ORLconstmodify(2, GPSTORECONST, ORL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    XORQ(2, GP21, XORQ, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    XORL(2, GP21, XORL, None, Type::INVALID, COMMUTATIVE | RESULT_IN_ARG0 | CLOBBER_FLAGS);
    XORQconst(1, GP11, XORQ, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    XORLconst(1, GP11, XORL, Int32, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    XORQconstmodify(2, GPSTORECONST, XORQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    XORLconstmodify(2, GPSTORECONST, XORL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    // Comparisons set flags: arg0 with arg1, with the aux constant, or memory at arg0 with arg1 or the constant.
    CMPQ(2, GP2FLAGS, CMPQ, None, Type::FLAGS, 0);
    CMPL(2, GP2FLAGS, CMPL, None, Type::FLAGS, 0);
    CMPW(2, GP2FLAGS, CMPW, None, Type::FLAGS, 0);
    CMPB(2, GP2FLAGS, CMPB, None, Type::FLAGS, 0);
    CMPQconst(1, GP1FLAGS, CMPQ, Int32, Type::FLAGS, 0);
    CMPLconst(1, GP1FLAGS, CMPL, Int32, Type::FLAGS, 0);
    CMPWconst(1, GP1FLAGS, CMPW, Int16, Type::FLAGS, 0);
    CMPBconst(1, GP1FLAGS, CMPB, Int8, Type::FLAGS, 0);
    CMPQload(3, GP1FLAGSLOAD, CMPQ, SymOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPLload(3, GP1FLAGSLOAD, CMPL, SymOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPWload(3, GP1FLAGSLOAD, CMPW, SymOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPBload(3, GP1FLAGSLOAD, CMPB, SymOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPQconstload(2, GP0FLAGSLOAD, CMPQ, SymValAndOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPLconstload(2, GP0FLAGSLOAD, CMPL, SymValAndOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPWconstload(2, GP0FLAGSLOAD, CMPW, SymValAndOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    CMPBconstload(2, GP0FLAGSLOAD, CMPB, SymValAndOff, Type::FLAGS, FAULT_ON_NIL_ARG0 | SYM_READ);
    // Bit tests and bit changes: arg0 is the bit number of BTL and BTQ, the value of the others.
    BTL(2, GP2FLAGS, BTL, None, Type::FLAGS, 0);
    BTQ(2, GP2FLAGS, BTQ, None, Type::FLAGS, 0);
    BTCL(2, GP21, BTCL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTCQ(2, GP21, BTCQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTRL(2, GP21, BTRL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTRQ(2, GP21, BTRQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTSL(2, GP21, BTSL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTSQ(2, GP21, BTSQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTLconst(1, GP1FLAGS, BTL, Int8, Type::FLAGS, 0);
    BTQconst(1, GP1FLAGS, BTQ, Int8, Type::FLAGS, 0);
    BTCLconst(1, GP11, BTCL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTCQconst(1, GP11, BTCQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTRLconst(1, GP11, BTRL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTRQconst(1, GP11, BTRQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTSLconst(1, GP11, BTSL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTSQconst(1, GP11, BTSQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BTCQmodify(3, GPSTORE, BTCQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTCLmodify(3, GPSTORE, BTCL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTSQmodify(3, GPSTORE, BTSQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTSLmodify(3, GPSTORE, BTSL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTRQmodify(3, GPSTORE, BTRQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTRLmodify(3, GPSTORE, BTRL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTCQconstmodify(2, GPSTORECONST, BTCQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTCLconstmodify(2, GPSTORECONST, BTCL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTSQconstmodify(2, GPSTORECONST, BTSQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTSLconstmodify(2, GPSTORECONST, BTSL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTRQconstmodify(2, GPSTORECONST, BTRQ, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    BTRLconstmodify(2, GPSTORECONST, BTRL, SymValAndOff, Type::INVALID, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    // Flags of arg0 & arg1.
    TESTQ(2, GP2FLAGS, TESTQ, None, Type::FLAGS, COMMUTATIVE);
    TESTL(2, GP2FLAGS, TESTL, None, Type::FLAGS, COMMUTATIVE);
    TESTW(2, GP2FLAGS, TESTW, None, Type::FLAGS, COMMUTATIVE);
    TESTB(2, GP2FLAGS, TESTB, None, Type::FLAGS, COMMUTATIVE);
    TESTQconst(1, GP1FLAGS, TESTQ, Int32, Type::FLAGS, 0);
    TESTLconst(1, GP1FLAGS, TESTL, Int32, Type::FLAGS, 0);
    TESTWconst(1, GP1FLAGS, TESTW, Int16, Type::FLAGS, 0);
    TESTBconst(1, GP1FLAGS, TESTB, Int8, Type::FLAGS, 0);
    // Shifts by CX or a constant.
    SHLQ(2, GP21SHIFT, SHLQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHLL(2, GP21SHIFT, SHLL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHLQconst(1, GP11, SHLQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHLLconst(1, GP11, SHLL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRQ(2, GP21SHIFT, SHRQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRL(2, GP21SHIFT, SHRL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRW(2, GP21SHIFT, SHRW, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRB(2, GP21SHIFT, SHRB, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRQconst(1, GP11, SHRQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRLconst(1, GP11, SHRL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRWconst(1, GP11, SHRW, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SHRBconst(1, GP11, SHRB, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARQ(2, GP21SHIFT, SARQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARL(2, GP21SHIFT, SARL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARW(2, GP21SHIFT, SARW, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARB(2, GP21SHIFT, SARB, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARQconst(1, GP11, SARQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARLconst(1, GP11, SARL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARWconst(1, GP11, SARW, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    SARBconst(1, GP11, SARB, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLQ(2, GP21SHIFT, ROLQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLL(2, GP21SHIFT, ROLL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLW(2, GP21SHIFT, ROLW, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLB(2, GP21SHIFT, ROLB, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    RORQ(2, GP21SHIFT, RORQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    RORL(2, GP21SHIFT, RORL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    RORW(2, GP21SHIFT, RORW, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    RORB(2, GP21SHIFT, RORB, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLQconst(1, GP11, ROLQ, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLLconst(1, GP11, ROLL, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLWconst(1, GP11, ROLW, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    ROLBconst(1, GP11, ROLB, Int8, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    // arg0 op the memory at arg1.
    ADDLload(3, GP21LOAD, ADDL, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    ADDQload(3, GP21LOAD, ADDQ, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    SUBQload(3, GP21LOAD, SUBQ, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    SUBLload(3, GP21LOAD, SUBL, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    ANDLload(3, GP21LOAD, ANDL, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    ANDQload(3, GP21LOAD, ANDQ, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    ORQload(3, GP21LOAD, ORQ, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    ORLload(3, GP21LOAD, ORL, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    XORQload(3, GP21LOAD, XORQ, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    XORLload(3, GP21LOAD, XORL, SymOff, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS | FAULT_ON_NIL_ARG1 | SYM_READ);
    // The memory at arg0 op= arg1.
    ADDQmodify(3, GPSTORE, ADDQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    SUBQmodify(3, GPSTORE, SUBQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ANDQmodify(3, GPSTORE, ANDQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ORQmodify(3, GPSTORE, ORQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    XORQmodify(3, GPSTORE, XORQ, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ADDLmodify(3, GPSTORE, ADDL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    SUBLmodify(3, GPSTORE, SUBL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ANDLmodify(3, GPSTORE, ANDL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    ORLmodify(3, GPSTORE, ORL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    XORLmodify(3, GPSTORE, XORL, SymOff, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | SYM_READ | SYM_WRITE);
    // Unary.
    NEGQ(1, GP11, NEGQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    NEGL(1, GP11, NEGL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    NOTQ(1, GP11, NOTQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    NOTL(1, GP11, NOTL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    // arg1 if the condition holds for the flags arg2, else arg0.
    CMOVQEQ(3, GP21, CMOVQEQ, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQNE(3, GP21, CMOVQNE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQLT(3, GP21, CMOVQLT, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQGT(3, GP21, CMOVQGT, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQLE(3, GP21, CMOVQLE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQGE(3, GP21, CMOVQGE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQLS(3, GP21, CMOVQLS, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQHI(3, GP21, CMOVQHI, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQCC(3, GP21, CMOVQCC, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVQCS(3, GP21, CMOVQCS, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLEQ(3, GP21, CMOVLEQ, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLNE(3, GP21, CMOVLNE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLLT(3, GP21, CMOVLLT, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLGT(3, GP21, CMOVLGT, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLLE(3, GP21, CMOVLLE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLGE(3, GP21, CMOVLGE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLLS(3, GP21, CMOVLLS, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLHI(3, GP21, CMOVLHI, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLCC(3, GP21, CMOVLCC, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVLCS(3, GP21, CMOVLCS, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWEQ(3, GP21, CMOVWEQ, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWNE(3, GP21, CMOVWNE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWLT(3, GP21, CMOVWLT, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWGT(3, GP21, CMOVWGT, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWLE(3, GP21, CMOVWLE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWGE(3, GP21, CMOVWGE, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWLS(3, GP21, CMOVWLS, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWHI(3, GP21, CMOVWHI, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWCC(3, GP21, CMOVWCC, None, Type::INVALID, RESULT_IN_ARG0);
    CMOVWCS(3, GP21, CMOVWCS, None, Type::INVALID, RESULT_IN_ARG0);
    // The bytes in opposite order.
    BSWAPQ(1, GP11, BSWAPQ, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    BSWAPL(1, GP11, BSWAPL, None, Type::INVALID, RESULT_IN_ARG0 | CLOBBER_FLAGS);
    // All ones if the carry of the flags is set, else zero.
    SBBQcarrymask(1, FLAGSGP, SBBQ, None, Type::INVALID, 0);
    SBBLcarrymask(1, FLAGSGP, SBBL, None, Type::INVALID, 0);
    // The condition of the flags as a byte, in a register or in memory at arg0.
    SETEQ(1, READFLAGS, SETEQ, None, Type::INVALID, 0);
    SETNE(1, READFLAGS, SETNE, None, Type::INVALID, 0);
    SETL(1, READFLAGS, SETLT, None, Type::INVALID, 0);
    SETLE(1, READFLAGS, SETLE, None, Type::INVALID, 0);
    SETG(1, READFLAGS, SETGT, None, Type::INVALID, 0);
    SETGE(1, READFLAGS, SETGE, None, Type::INVALID, 0);
    SETB(1, READFLAGS, SETCS, None, Type::INVALID, 0);
    SETBE(1, READFLAGS, SETLS, None, Type::INVALID, 0);
    SETA(1, READFLAGS, SETHI, None, Type::INVALID, 0);
    SETAE(1, READFLAGS, SETCC, None, Type::INVALID, 0);
    SETEQstore(3, GPSTORECONST, SETEQ, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETNEstore(3, GPSTORECONST, SETNE, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETLstore(3, GPSTORECONST, SETLT, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETLEstore(3, GPSTORECONST, SETLE, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETGstore(3, GPSTORECONST, SETGT, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETGEstore(3, GPSTORECONST, SETGE, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETBstore(3, GPSTORECONST, SETCS, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETBEstore(3, GPSTORECONST, SETLS, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETAstore(3, GPSTORECONST, SETHI, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    SETAEstore(3, GPSTORECONST, SETCC, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    // Extensions, constants.
    MOVBQSX(1, GP11, MOVBQSX, None, Type::INVALID, 0);
    MOVBQZX(1, GP11, MOVBLZX, None, Type::INVALID, 0);
    MOVWQSX(1, GP11, MOVWQSX, None, Type::INVALID, 0);
    MOVWQZX(1, GP11, MOVWLZX, None, Type::INVALID, 0);
    MOVLQSX(1, GP11, MOVLQSX, None, Type::INVALID, 0);
    MOVLQZX(1, GP11, MOVL, None, Type::INVALID, 0);
    MOVLconst(0, GP01, MOVL, Int32, Type::UINT32, REMATERIALIZABLE);
    MOVQconst(0, GP01, MOVQ, Int64, Type::UINT64, REMATERIALIZABLE);
    // Addresses: arg0 + scale*arg1 + offset + symbol.
    LEAQ(1, GP11SB, LEAQ, SymOff, Type::INVALID, REMATERIALIZABLE | SYM_ADDR);
    LEAL(1, GP11SB, LEAL, SymOff, Type::INVALID, REMATERIALIZABLE | SYM_ADDR);
    LEAW(1, GP11SB, LEAW, SymOff, Type::INVALID, REMATERIALIZABLE | SYM_ADDR);
    LEAQ1(2, GP21SB, LEAQ, SymOff, Type::INVALID, COMMUTATIVE | SYM_ADDR);
    LEAL1(2, GP21SB, LEAL, SymOff, Type::INVALID, COMMUTATIVE | SYM_ADDR);
    LEAW1(2, GP21SB, LEAW, SymOff, Type::INVALID, COMMUTATIVE | SYM_ADDR);
    LEAQ2(2, GP21SB, LEAQ, SymOff, Type::INVALID, SYM_ADDR);
    LEAL2(2, GP21SB, LEAL, SymOff, Type::INVALID, SYM_ADDR);
    LEAW2(2, GP21SB, LEAW, SymOff, Type::INVALID, SYM_ADDR);
    LEAQ4(2, GP21SB, LEAQ, SymOff, Type::INVALID, SYM_ADDR);
    LEAL4(2, GP21SB, LEAL, SymOff, Type::INVALID, SYM_ADDR);
    LEAW4(2, GP21SB, LEAW, SymOff, Type::INVALID, SYM_ADDR);
    LEAQ8(2, GP21SB, LEAQ, SymOff, Type::INVALID, SYM_ADDR);
    LEAL8(2, GP21SB, LEAL, SymOff, Type::INVALID, SYM_ADDR);
    LEAW8(2, GP21SB, LEAW, SymOff, Type::INVALID, SYM_ADDR);
    // Loads.
    MOVBload(2, GPLOAD, MOVBLZX, SymOff, Type::UINT8, FAULT_ON_NIL_ARG0 | SYM_READ);
    MOVBQSXload(2, GPLOAD, MOVBQSX, SymOff, Type::INVALID, FAULT_ON_NIL_ARG0 | SYM_READ);
    MOVWload(2, GPLOAD, MOVWLZX, SymOff, Type::UINT16, FAULT_ON_NIL_ARG0 | SYM_READ);
    MOVWQSXload(2, GPLOAD, MOVWQSX, SymOff, Type::INVALID, FAULT_ON_NIL_ARG0 | SYM_READ);
    MOVLload(2, GPLOAD, MOVL, SymOff, Type::UINT32, FAULT_ON_NIL_ARG0 | SYM_READ);
    MOVLQSXload(2, GPLOAD, MOVLQSX, SymOff, Type::INVALID, FAULT_ON_NIL_ARG0 | SYM_READ);
    MOVQload(2, GPLOAD, MOVQ, SymOff, Type::UINT64, FAULT_ON_NIL_ARG0 | SYM_READ);
    // Stores of arg1 or of a constant to memory at arg0.
    MOVBstore(3, GPSTORE, MOVB, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVWstore(3, GPSTORE, MOVW, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVLstore(3, GPSTORE, MOVL, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVQstore(3, GPSTORE, MOVQ, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVOstore(3, FPSTORE, MOVUPS, SymOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    // Loads from arg0 plus arg1 times the number at the end of the name.
    MOVBloadidx1(3, GPLOADIDX, MOVBLZX, SymOff, Type::UINT8, COMMUTATIVE | SYM_READ);
    MOVWloadidx2(3, GPLOADIDX, MOVWLZX, SymOff, Type::UINT16, SYM_READ);
    MOVLloadidx4(3, GPLOADIDX, MOVL, SymOff, Type::UINT32, SYM_READ);
    MOVQloadidx8(3, GPLOADIDX, MOVQ, SymOff, Type::UINT64, SYM_READ);
    MOVBstoreconst(2, GPSTORECONST, MOVB, SymValAndOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVWstoreconst(2, GPSTORECONST, MOVW, SymValAndOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVLstoreconst(2, GPSTORECONST, MOVL, SymValAndOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVQstoreconst(2, GPSTORECONST, MOVQ, SymValAndOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    MOVOstoreconst(2, GPSTORECONST, MOVUPS, SymValAndOff, Type::MEM, FAULT_ON_NIL_ARG0 | SYM_WRITE);
    // Zeroes the aux integer's number of bytes at arg0 with the zero arg1.
    DUFFZERO(3, DUFFZERO, _, Int64, Type::MEM, FAULT_ON_NIL_ARG0);
    // The same with the register that is always zero: one by one, or in a loop.
    LoweredZero(2, GPZERO, _, Int64, Type::MEM, FAULT_ON_NIL_ARG0);
    LoweredZeroLoop(2, GPZERO, _, Int64, Type::MEM, CLOBBER_FLAGS | FAULT_ON_NIL_ARG0 | TEMPORARY | CLOBBER_ARG0);
    MOVOconst(0, FP01, _, Int128, Type::INT128, REMATERIALIZABLE);
    // Stores arg2 to the arg1 words at arg0.
    REPSTOSQ(4, REPSTOSQ, _, None, Type::MEM, FAULT_ON_NIL_ARG0);
    // A call of a known function; the aux integer is the size of its arguments and results in bytes.
    CALLstatic(VARIADIC, CALLSTATIC, _, SymOff, Type::INVALID, CLOBBER_FLAGS | CALL);
    // The same in place of the return.
    CALLtail(VARIADIC, CALLSTATIC, _, SymOff, Type::INVALID, CLOBBER_FLAGS | CALL);
    // The flags of the comparison with its operands exchanged; absorbed by every user before code is emitted.
    InvertFlags(1, NO_REGS, _, None, Type::INVALID, 0);
    // Faults if arg0 is nil.
    LoweredNilCheck(2, GPNILCHECK, _, None, Type::VOID, CLOBBER_FLAGS | NIL_CHECK | FAULT_ON_NIL_ARG0);
    // Returns the address of room for the aux integer's number of pointers that the garbage collector should see.
    LoweredWB(1, WRITEBARRIER, _, Int64, Type::INVALID, CLOBBER_FLAGS);
    // Flags known at compile time: signed order, unsigned order.
    FlagEQ(0, NO_REGS, _, None, Type::INVALID, 0);
    FlagLT_ULT(0, NO_REGS, _, None, Type::INVALID, 0);
    FlagLT_UGT(0, NO_REGS, _, None, Type::INVALID, 0);
    FlagGT_UGT(0, NO_REGS, _, None, Type::INVALID, 0);
    FlagGT_ULT(0, NO_REGS, _, None, Type::INVALID, 0);
}
generic {
    // Arithmetic. A nonzero aux of signed Div and Mod means that the divisor isn't -1.
    Add8(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Add16(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Add32(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Add64(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    // A pointer and a number of bytes.
    AddPtr(2, NO_REGS, _, None, Type::INVALID, 0);
    Sub8(2, NO_REGS, _, None, Type::INVALID, 0);
    Sub16(2, NO_REGS, _, None, Type::INVALID, 0);
    Sub32(2, NO_REGS, _, None, Type::INVALID, 0);
    Sub64(2, NO_REGS, _, None, Type::INVALID, 0);
    Mul8(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Mul16(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Mul32(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Mul64(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Hmul32(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Hmul32u(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Hmul64(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Hmul64u(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Avg32u(2, NO_REGS, _, None, Type::UINT32, 0);
    Avg64u(2, NO_REGS, _, None, Type::UINT64, 0);
    Div8(2, NO_REGS, _, None, Type::INVALID, 0);
    Div8u(2, NO_REGS, _, None, Type::INVALID, 0);
    Div16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Div16u(2, NO_REGS, _, None, Type::INVALID, 0);
    Div32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Div32u(2, NO_REGS, _, None, Type::INVALID, 0);
    Div64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Div64u(2, NO_REGS, _, None, Type::INVALID, 0);
    Mod8(2, NO_REGS, _, None, Type::INVALID, 0);
    Mod8u(2, NO_REGS, _, None, Type::INVALID, 0);
    Mod16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Mod16u(2, NO_REGS, _, None, Type::INVALID, 0);
    Mod32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Mod32u(2, NO_REGS, _, None, Type::INVALID, 0);
    Mod64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Mod64u(2, NO_REGS, _, None, Type::INVALID, 0);
    // Bit operations.
    And8(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    And16(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    And32(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    And64(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Or8(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Or16(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Or32(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Or64(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Xor8(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Xor16(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Xor32(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Xor64(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    // Shifts: arg0 by the unsigned arg1. A true aux means that arg1 is less than the width.
    Lsh8x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh8x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh8x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh8x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh16x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh16x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh16x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh16x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh32x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh32x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh32x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh32x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh64x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh64x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh64x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Lsh64x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64x8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64x16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64x32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64x64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8Ux8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8Ux16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8Ux32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh8Ux64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16Ux8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16Ux16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16Ux32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh16Ux64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32Ux8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32Ux16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32Ux32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh32Ux64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64Ux8(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64Ux16(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64Ux32(2, NO_REGS, _, Bool, Type::INVALID, 0);
    Rsh64Ux64(2, NO_REGS, _, Bool, Type::INVALID, 0);
    // Comparisons.
    Eq8(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Eq16(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Eq32(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Eq64(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Neq8(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Neq16(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Neq32(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Neq64(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Less8(2, NO_REGS, _, None, Type::BOOL, 0);
    Less8U(2, NO_REGS, _, None, Type::BOOL, 0);
    Less16(2, NO_REGS, _, None, Type::BOOL, 0);
    Less16U(2, NO_REGS, _, None, Type::BOOL, 0);
    Less32(2, NO_REGS, _, None, Type::BOOL, 0);
    Less32U(2, NO_REGS, _, None, Type::BOOL, 0);
    Less64(2, NO_REGS, _, None, Type::BOOL, 0);
    Less64U(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq8(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq8U(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq16(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq16U(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq32(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq32U(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq64(2, NO_REGS, _, None, Type::BOOL, 0);
    Leq64U(2, NO_REGS, _, None, Type::BOOL, 0);
    // arg0 if arg2 else arg1.
    CondSelect(3, NO_REGS, _, None, Type::INVALID, 0);
    // Booleans.
    AndB(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    OrB(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    EqB(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    NeqB(2, NO_REGS, _, None, Type::BOOL, COMMUTATIVE);
    Not(1, NO_REGS, _, None, Type::BOOL, 0);
    // Unary.
    Neg8(1, NO_REGS, _, None, Type::INVALID, 0);
    Neg16(1, NO_REGS, _, None, Type::INVALID, 0);
    Neg32(1, NO_REGS, _, None, Type::INVALID, 0);
    Neg64(1, NO_REGS, _, None, Type::INVALID, 0);
    Com8(1, NO_REGS, _, None, Type::INVALID, 0);
    Com16(1, NO_REGS, _, None, Type::INVALID, 0);
    Com32(1, NO_REGS, _, None, Type::INVALID, 0);
    Com64(1, NO_REGS, _, None, Type::INVALID, 0);
    // arg0 rotated left by arg1, modulo the width.
    RotateLeft8(2, NO_REGS, _, None, Type::INVALID, 0);
    RotateLeft16(2, NO_REGS, _, None, Type::INVALID, 0);
    RotateLeft32(2, NO_REGS, _, None, Type::INVALID, 0);
    RotateLeft64(2, NO_REGS, _, None, Type::INVALID, 0);
    // The value that belongs to the edge on which the block was entered.
    Phi(VARIADIC, NO_REGS, _, None, Type::INVALID, ZERO_WIDTH);
    Copy(1, NO_REGS, _, None, Type::INVALID, 0);
    // Constants, sign-extended in the aux integer.
    ConstBool(0, NO_REGS, _, Bool, Type::INVALID, 0);
    ConstString(0, NO_REGS, _, String, Type::INVALID, 0);
    ConstNil(0, NO_REGS, _, None, Type::BYTE_PTR, 0);
    Const8(0, NO_REGS, _, Int8, Type::INVALID, 0);
    Const16(0, NO_REGS, _, Int16, Type::INVALID, 0);
    Const32(0, NO_REGS, _, Int32, Type::INVALID, 0);
    Const64(0, NO_REGS, _, Int64, Type::INVALID, 0);
    ConstInterface(0, NO_REGS, _, None, Type::INVALID, 0);
    ConstSlice(0, NO_REGS, _, None, Type::INVALID, 0);
    // The state of memory, the parameters, addresses of symbols and variables.
    InitMem(0, NO_REGS, _, None, Type::INVALID, ZERO_WIDTH);
    Arg(0, NO_REGS, _, SymOff, Type::INVALID, ZERO_WIDTH | SYM_READ);
    // A parameter in the register of the parameter sequence that the aux integer counts.
    ArgIntReg(0, NO_REGS, _, NameOffInt8, Type::INVALID, ZERO_WIDTH);
    Addr(1, NO_REGS, _, Sym, Type::INVALID, SYM_ADDR);
    LocalAddr(2, NO_REGS, _, Sym, Type::INVALID, SYM_ADDR);
    SP(0, NO_REGS, _, None, Type::INVALID, ZERO_WIDTH);
    SB(0, NO_REGS, _, None, Type::UINTPTR, ZERO_WIDTH);
    // SP for addresses of variables with pointers, which must not be computed before the state of memory arg1.
    SPanchored(2, NO_REGS, _, None, Type::UINTPTR, ZERO_WIDTH);
    // Memory.
    Load(2, NO_REGS, _, None, Type::INVALID, 0);
    Store(3, NO_REGS, _, Typ, Type::MEM, 0);
    // Zeroes the memory at arg0.
    Zero(2, NO_REGS, _, TypSize, Type::MEM, 0);
    // Panics because of index arg0 and length arg1; the aux integer is the kind of access. Never
    // emitted: all slices of the language have constant bounds.
    PanicBounds(3, NO_REGS, _, Int64, Type::MEM, 0);
    // Calls of a known function: arguments in registers, then memory. A late call has all arguments, wherever they
    // will be passed; expansion makes a call of it.
    StaticCall(VARIADIC, NO_REGS, _, SymOff, Type::INVALID, CALL);
    StaticLECall(VARIADIC, NO_REGS, _, SymOff, Type::INVALID, CALL);
    // A call in place of the return, and the same before its arguments are placed.
    TailCall(VARIADIC, NO_REGS, _, SymOff, Type::INVALID, CALL);
    TailLECall(VARIADIC, NO_REGS, _, SymOff, Type::INVALID, CALL);
    // Conversions.
    SignExt8to16(1, NO_REGS, _, None, Type::INT16, 0);
    SignExt8to32(1, NO_REGS, _, None, Type::INT32, 0);
    SignExt8to64(1, NO_REGS, _, None, Type::INT64, 0);
    SignExt16to32(1, NO_REGS, _, None, Type::INT32, 0);
    SignExt16to64(1, NO_REGS, _, None, Type::INT64, 0);
    SignExt32to64(1, NO_REGS, _, None, Type::INT64, 0);
    ZeroExt8to16(1, NO_REGS, _, None, Type::UINT16, 0);
    ZeroExt8to32(1, NO_REGS, _, None, Type::UINT32, 0);
    ZeroExt8to64(1, NO_REGS, _, None, Type::UINT64, 0);
    ZeroExt16to32(1, NO_REGS, _, None, Type::UINT32, 0);
    ZeroExt16to64(1, NO_REGS, _, None, Type::UINT64, 0);
    ZeroExt32to64(1, NO_REGS, _, None, Type::UINT64, 0);
    Trunc16to8(1, NO_REGS, _, None, Type::INVALID, 0);
    Trunc32to8(1, NO_REGS, _, None, Type::INVALID, 0);
    Trunc32to16(1, NO_REGS, _, None, Type::INVALID, 0);
    Trunc64to8(1, NO_REGS, _, None, Type::INVALID, 0);
    Trunc64to16(1, NO_REGS, _, None, Type::INVALID, 0);
    Trunc64to32(1, NO_REGS, _, None, Type::INVALID, 0);
    CvtBoolToUint8(1, NO_REGS, _, None, Type::INVALID, 0);
    // The bytes in opposite order.
    Bswap16(1, NO_REGS, _, None, Type::INVALID, 0);
    Bswap32(1, NO_REGS, _, None, Type::INVALID, 0);
    Bswap64(1, NO_REGS, _, None, Type::INVALID, 0);
    // 0 <= arg0 <= arg1.
    IsSliceInBounds(2, NO_REGS, _, None, Type::BOOL, 0);
    // Panics if arg0 is nil.
    NilCheck(2, NO_REGS, _, None, Type::VOID, NIL_CHECK);
    // Room for pointers that the garbage collector should see, and the end of the stores that go with it.
    WB(1, NO_REGS, _, Int64, Type::INVALID, 0);
    WBend(1, NO_REGS, _, None, Type::MEM, 0);
    // The value at arg0, a result that isn't in SSA.
    Dereference(2, NO_REGS, _, None, Type::INVALID, 0);
    // The address of element arg1 of the array at arg0.
    PtrIndex(2, NO_REGS, _, None, Type::INVALID, 0);
    OffPtr(1, NO_REGS, _, Int64, Type::INVALID, 0);
    // Slices: pointer, length and capacity.
    SliceMake(3, NO_REGS, _, None, Type::INVALID, 0);
    SlicePtr(1, NO_REGS, _, None, Type::INVALID, 0);
    SliceLen(1, NO_REGS, _, None, Type::INT, 0);
    SliceCap(1, NO_REGS, _, None, Type::INT, 0);
    // Strings.
    StringMake(2, NO_REGS, _, None, Type::INVALID, 0);
    StringPtr(1, NO_REGS, _, None, Type::BYTE_PTR, 0);
    StringLen(1, NO_REGS, _, None, Type::INT, 0);
    // Interfaces: type or method table, and data.
    IMake(2, NO_REGS, _, None, Type::INVALID, 0);
    ITab(1, NO_REGS, _, None, Type::UINTPTR, 0);
    IData(1, NO_REGS, _, None, Type::INVALID, 0);
    // An array of one element.
    ArrayMake1(1, NO_REGS, _, None, Type::INVALID, 0);
    // Spills and restores.
    StoreReg(1, NO_REGS, _, None, Type::INVALID, 0);
    LoadReg(1, NO_REGS, _, None, Type::INVALID, 0);
    // A variable not yet known in its block; only during construction.
    FwdRef(0, NO_REGS, _, Sym, Type::INVALID, 0);
    Unknown(0, NO_REGS, _, None, Type::INVALID, 0);
    // Marks of the live ranges of variables.
    VarDef(1, NO_REGS, _, Sym, Type::MEM, ZERO_WIDTH);
    VarKill(1, NO_REGS, _, Sym, Type::INVALID, 0);
    VarLive(1, NO_REGS, _, Sym, Type::INVALID, ZERO_WIDTH | SYM_READ);
    // Where the body of an inlined call begins; the aux integer is its index in the inline tree.
    InlMark(1, NO_REGS, _, Int32, Type::VOID, 0);
    // Halves of tuples.
    Select0(1, NO_REGS, _, None, Type::INVALID, ZERO_WIDTH);
    Select1(1, NO_REGS, _, None, Type::INVALID, ZERO_WIDTH);
    // A result of the call arg0, counted by the aux integer; the memory comes last.
    SelectN(1, NO_REGS, _, Int64, Type::INVALID, 0);
    // The results of the function, memory last: the control of a returning block.
    MakeResult(VARIADIC, NO_REGS, _, None, Type::INVALID, 0);
}
}

impl Op {
    /// Returns the row of the table.
    pub fn info(self) -> &'static OpInfo {
        &OPS[self as usize]
    }

    /// Returns the operation with that name, as dumps print it.
    pub fn from_name(name: &str) -> Option<Op> {
        let all = Op::ALL.iter().copied().chain([Op::Invalid]);
        all.into_iter().find(|op| op.info().name == name)
    }

    /// Reports whether this is independent of the machine.
    pub fn is_generic(self) -> bool {
        self as u16 >= Op::FIRST_GENERIC
    }

    /// Reports whether the two arguments can be exchanged.
    pub fn is_commutative(self) -> bool {
        self.has(COMMUTATIVE)
    }

    /// Reports whether this is a function call.
    pub fn is_call(self) -> bool {
        self.has(CALL)
    }

    /// Reports whether the row has any of the given properties.
    #[inline]
    pub fn has_any(self, flags: u16) -> bool {
        PROPERTIES[self as usize] & flags != 0
    }

    /// Reports whether the row has all of the given properties.
    #[inline]
    pub fn has(self, flags: u16) -> bool {
        PROPERTIES[self as usize] & flags == flags
    }
}

/// A set of operations.
#[derive(Clone, Debug)]
pub(crate) struct OpSet([u64; N_OPS.div_ceil(64)]);

impl Default for OpSet {
    fn default() -> Self {
        OpSet([0; N_OPS.div_ceil(64)])
    }
}

impl OpSet {
    /// Adds an operation.
    #[inline]
    pub(crate) fn insert(&mut self, op: Op) {
        self.0[op as usize / 64] |= 1 << (op as usize % 64);
    }

    /// Reports whether an operation is a member.
    #[inline]
    pub(crate) fn contains(&self, op: Op) -> bool {
        self.0[op as usize / 64] >> (op as usize % 64) & 1 != 0
    }
}

impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().name)
    }
}

impl std::fmt::Debug for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().name)
    }
}
