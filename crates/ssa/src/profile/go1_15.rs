//! Go 1.15, and Go 1.10 as a change of it.

use minigo_obj::dialect;

use super::record::{
    EmitFacts, PassFacts, Profile, RegallocFacts, RewriteFacts, RuleSet, StackallocFacts, Unused,
};
use crate::amd64::regs::{BP, RegisterFile, SP, X0, registers};
use crate::branchelim::branchelim;
use crate::copyelim::copyelim;
use crate::critical::critical;
use crate::cse::cse;
use crate::deadcode::deadcode;
use crate::deadstore::dse;
use crate::decompose::{decompose_args, decompose_builtin};
use crate::flagalloc::flagalloc;
use crate::fuse::{fuse_early, fuse_late};
use crate::layout::layout_by_degree;
use crate::likelyadjust::likelyadjust;
use crate::looprotate::loop_rotate;
use crate::lower::lower;
use crate::nilcheck::nilcheckelim;
use crate::numberlines::number_lines;
use crate::op::Op;
use crate::opt::opt;
use crate::pass::{Pass, Stage};
use crate::phielim::phielim;
use crate::phiopt::phiopt;
use crate::prove::go1_15::prove;
use crate::regalloc::regalloc;
use crate::schedule::schedule_backwards;
use crate::shortcircuit::shortcircuit;
use crate::stackframe::stackframe;
use crate::tighten::{phi_tighten, tighten, tighten_tuple_selectors};
use crate::trim::trim;
use crate::zcse::zcse;

mod rules {
    include!(concat!(env!("OUT_DIR"), "/go1.15.rs"));
}

/// Go 1.15.
pub static GO1_15: Profile = Profile {
    dialect: &dialect::GO1_15,
    empty_interface: "interface {}",
    passes: PASSES,
    rules: RULES,
    rewrite: RewriteFacts {
        unused: Unused::Rewrite,
        marks_any_value: true,
        reset_uncaches: false,
        zero_offsets_alias: false,
    },
    registers: &REGISTERS,
    pass: PassFacts {
        copyelim_removes_phis: false,
        critical_removes_phis: false,
        tree_in_postorder: false,
        short_circuit_arm: 1,
        cse_skips_stores: false,
        pattern_defeating_sort: false,
        types_alias_by_pointers: false,
        not_keeps_flags: false,
        phiopt_reuses_condition: false,
        dse_by_range: false,
        speculates_inlined_calls: false,
    },
    regalloc: RegallocFacts {
        visits_layout: false,
        loop_live_sets: false,
        tracks_fixed_registers: true,
        frees_before_calls: false,
        flexible_merges: false,
        fixed_operands_first: false,
        preloads_phi_arguments: false,
        typed_cycle_slots: false,
    },
    stackalloc: StackallocFacts {
        by_id: false,
        first_names: false,
        by_type_identity: false,
        by_alignment: false,
    },
    emit: EmitFacts {
        stack_map_at_each_call: false,
        statement_marks: true,
        undef_after_panic: false,
        nop_in_empty_loop: true,
        stack_map_at_block_start: true,
        marks_package_init: false,
        argument_tables: false,
        division_by_minus_one_first: false,
        short_copies_and_masks: false,
        nop_before_inlined_body: false,
        first_pos_skips_moves: false,
        args_bitmap: false,
    },
};

/// The rewrite rules.
pub(super) const RULES: RuleSet = RuleSet {
    generic: rules::generic::rewrite,
    generic_value: rules::generic::rewrite_value,
    divisible: |_, _| {},
    divmod: |_, _| {},
    dec: rules::dec::rewrite,
    amd64: rules::amd64::rewrite,
    late_lower: |_, _| {},
    split_load: rules::split_load::rewrite_value,
};

/// Go 1.10.
pub static GO1_10: Profile = Profile {
    dialect: &dialect::GO1_10,
    emit: EmitFacts {
        stack_map_at_each_call: true,
        statement_marks: false,
        undef_after_panic: true,
        nop_in_empty_loop: false,
        stack_map_at_block_start: true,
        marks_package_init: false,
        argument_tables: false,
        division_by_minus_one_first: false,
        short_copies_and_masks: false,
        nop_before_inlined_body: false,
        first_pos_skips_moves: false,
        args_bitmap: true,
    },
    ..GO1_15
};

/// The registers (gc: AMD64Ops.go, regNamesAMD64). SP and BP hold no values.
static REGISTERS: RegisterFile = RegisterFile::new(
    registers! {
        AX CX DX BX SP BP SI DI R8 R9 R10 R11 R12 R13 R14 R15
        X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X12 X13 X14 X15
    },
    0xffff & !(1 << SP),
    0xffff << X0,
    1 << SP | 1 << BP,
);

/// All passes that change functions of minigo's language, in gc's order (gc: compile.go, passes).
///
/// gc has more, which find nothing to do here: those for arguments of several words, structures, bounds
/// checks, write barriers, software floating point, variables that are never read, and indexed loads.
const PASSES: &[Pass] = &[
    Pass {
        name: "number lines",
        run: number_lines,
        ..Pass::REQUIRED
    },
    Pass {
        name: "early phielim",
        run: phielim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "early copyelim",
        run: copyelim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "early deadcode",
        run: deadcode,
        after: &[(
            "number lines",
            "a dead value's statement mark moves to another value",
        )],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "short circuit",
        run: shortcircuit,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "decompose args",
        run: decompose_args,
        ..Pass::REQUIRED
    },
    Pass {
        name: "pre-opt deadcode",
        run: deadcode,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "opt",
        run: opt,
        ..Pass::REQUIRED
    },
    Pass {
        name: "zero arg cse",
        run: zcse,
        ..Pass::REQUIRED
    },
    Pass {
        name: "opt deadcode",
        run: deadcode,
        ..Pass::REQUIRED
    },
    Pass {
        name: "generic cse",
        run: cse,
        after: &[(
            "opt deadcode",
            "merging a dead value would make it live again",
        )],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "phiopt",
        run: phiopt,
        explains: true,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "gcse deadcode",
        run: deadcode,
        ..Pass::REQUIRED
    },
    Pass {
        name: "nilcheckelim",
        run: nilcheckelim,
        needs: &[Op::NilCheck],
        after: &[("gcse deadcode", "dead states of memory would be last, too")],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "prove",
        run: prove,
        explains: true,
        after: &[("gcse deadcode", "dead values would take part in facts")],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "early fuse",
        run: fuse_early,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "decompose builtin",
        run: decompose_builtin,
        ..Pass::REQUIRED
    },
    Pass {
        name: "late opt",
        run: opt,
        after: &[(
            "opt",
            "tests for divisibility are known by the quotients it makes",
        )],
        ..Pass::REQUIRED
    },
    Pass {
        name: "generic deadcode",
        run: deadcode,
        ..Pass::REQUIRED
    },
    Pass {
        name: "branchelim",
        run: branchelim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "late fuse",
        run: fuse_late,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "dse",
        run: dse,
        needs: &[Op::Store, Op::Zero],
        after: &[(
            "generic deadcode",
            "dead stores would make a block end with two memory states",
        )],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "lower",
        run: lower,
        after: &[("decompose builtin", "no instruction handles a string")],
        ..Pass::REQUIRED
    },
    Pass {
        name: "lowered deadcode for cse",
        run: deadcode,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "lowered cse",
        run: cse,
        after: &[(
            "lowered deadcode for cse",
            "merging a dead value would make it live again",
        )],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "tighten tuple selectors",
        run: tighten_tuple_selectors,
        needs: &[Op::Select0, Op::Select1, Op::SelectN],
        ..Pass::REQUIRED
    },
    Pass {
        name: "lowered deadcode",
        run: deadcode,
        ..Pass::REQUIRED
    },
    Pass {
        name: "late phielim",
        run: phielim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "late copyelim",
        run: copyelim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "tighten",
        run: tighten,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "late deadcode",
        run: deadcode,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "critical",
        run: critical,
        ..Pass::REQUIRED
    },
    Pass {
        name: "phi tighten",
        run: phi_tighten,
        after: &[(
            "critical",
            "constants for a phi need a predecessor that goes nowhere else",
        )],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "likelyadjust",
        run: likelyadjust,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "layout",
        run: layout_by_degree,
        after: &[
            ("critical", "it makes blocks"),
            ("likelyadjust", "likely successors come next"),
        ],
        ..Pass::REQUIRED
    },
    Pass {
        name: "schedule",
        run: schedule_backwards,
        reaches: Some(Stage::Scheduled),
        after: &[(
            "tighten tuple selectors",
            "selectors are issued behind their tuple",
        )],
        ..Pass::REQUIRED
    },
    Pass {
        name: "flagalloc",
        run: flagalloc,
        after: &[(
            "schedule",
            "what destroys flags is known from the order of values",
        )],
        ..Pass::REQUIRED
    },
    Pass {
        name: "regalloc",
        run: regalloc,
        reaches: Some(Stage::Allocated),
        after: &[
            (
                "critical",
                "moves for a merge need a predecessor that goes nowhere else",
            ),
            ("schedule", "next use is a distance in the order of values"),
            ("flagalloc", "flags have one home and are settled first"),
        ],
        ..Pass::REQUIRED
    },
    Pass {
        name: "loop rotate",
        run: loop_rotate,
        after: &[("regalloc", "it follows the order of blocks")],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "stackframe",
        run: stackframe,
        after: &[("regalloc", "it makes the spill slots")],
        ..Pass::REQUIRED
    },
    Pass {
        name: "trim",
        run: trim,
        after: &[("regalloc", "blocks are empty when they need no moves")],
        ..Pass::OPTIONAL
    },
];
