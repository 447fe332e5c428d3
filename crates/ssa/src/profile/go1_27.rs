//! Go 1.27, as a change of Go 1.15.

use minigo_obj::dialect;

use super::go1_15::RULES;
use super::record::{
    EmitFacts, PassFacts, Profile, RegallocFacts, RewriteFacts, RuleSet, StackallocFacts, Unused,
};
use crate::addressingmodes::addressing_modes;
use crate::amd64::regs::{BP, G, RegisterFile, SP, X0, registers};
use crate::branchelim::branchelim;
use crate::copyelim::copyelim;
use crate::critical::critical;
use crate::cse::cse;
use crate::deadauto::{elim_dead_autos, elim_unread_autos};
use crate::deadcode::deadcode;
use crate::deadstore::dse;
use crate::decompose::decompose_builtin_and_prune;
use crate::expandcalls::expand_calls;
use crate::flagalloc::flagalloc;
use crate::fuse_runs::{fuse_runs_early, fuse_runs_late};
use crate::knownbits::known_bits;
use crate::layout::layout_depth_first;
use crate::likelyadjust::likelyadjust;
use crate::loopinvariant::loop_invariant;
use crate::looprotate::loop_rotate_nested;
use crate::lower::{late_lower, lower};
use crate::memcombine::memcombine;
use crate::nilcheck::nilcheckelim;
use crate::numberlines::number_lines;
use crate::op::Op;
use crate::opt::{divisible, divmod, opt};
use crate::pass::{Pass, Stage};
use crate::phiopt::phiopt_ancestors;
use crate::prove::go1_27::prove;
use crate::regalloc::regalloc;
use crate::sccp::sccp;
use crate::schedule::schedule_forwards;
use crate::shortcircuit::shortcircuit_runs;
use crate::stackframe::stackframe;
use crate::tighten::{phi_tighten, tighten_loads, tighten_tuple_selectors};
use crate::trim::trim;
use crate::writebarrier::writebarrier;
use crate::zcse::zcse;

mod rules {
    include!(concat!(env!("OUT_DIR"), "/go1.27.rs"));
}

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    dialect: &dialect::GO1_27,
    empty_interface: "any",
    passes: PASSES,
    rules: RuleSet {
        generic: rules::generic::rewrite,
        generic_value: rules::generic::rewrite_value,
        divisible: rules::divisible::rewrite,
        divmod: rules::divmod::rewrite,
        dec: RULES.dec,
        amd64: rules::amd64::rewrite,
        late_lower: rules::late_lower::rewrite,
        split_load: rules::split_load::rewrite_value,
    },
    rewrite: RewriteFacts {
        unused: Unused::Remove,
        marks_any_value: false,
        reset_uncaches: true,
        zero_offsets_alias: true,
    },
    registers: &REGISTERS,
    pass: PassFacts {
        copyelim_removes_phis: true,
        critical_removes_phis: true,
        tree_in_postorder: true,
        short_circuit_arm: 6,
        cse_skips_stores: true,
        pattern_defeating_sort: true,
        types_alias_by_pointers: true,
        not_keeps_flags: true,
        phiopt_reuses_condition: true,
        dse_by_range: true,
        speculates_inlined_calls: true,
    },
    regalloc: RegallocFacts {
        visits_layout: true,
        loop_live_sets: true,
        tracks_fixed_registers: false,
        frees_before_calls: true,
        flexible_merges: true,
        fixed_operands_first: true,
        preloads_phi_arguments: true,
        typed_cycle_slots: true,
    },
    stackalloc: StackallocFacts {
        by_id: true,
        first_names: true,
        by_type_identity: true,
        by_alignment: true,
    },
    emit: EmitFacts {
        stack_map_at_each_call: false,
        statement_marks: true,
        undef_after_panic: false,
        nop_in_empty_loop: true,
        stack_map_at_block_start: false,
        marks_package_init: true,
        argument_tables: true,
        division_by_minus_one_first: true,
        short_copies_and_masks: true,
        nop_before_inlined_body: true,
        first_pos_skips_moves: true,
        args_bitmap: false,
    },
};

/// The registers (gc: AMD64Ops.go, regNamesAMD64). SP and BP hold no values, g the goroutine, X15 zero.
static REGISTERS: RegisterFile = RegisterFile::new(
    registers! {
        AX CX DX BX SP BP SI DI R8 R9 R10 R11 R12 R13 g R15
        X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X12 X13 X14 X15
    },
    0xffff & !(1 << SP | 1 << G),
    0x7fff << X0,
    1 << SP | 1 << BP,
)
.with_parameters(&[0, 3, 1, 7, 6, 8, 9, 10, 11]);

/// All passes that change functions of minigo's language, in gc's order (gc: compile.go, passes).
///
/// gc has more, which find nothing to do here: those for arguments of several words, structures, bounds
/// checks, write barriers, and software floating point.
const PASSES: &[Pass] = &[
    Pass {
        name: "number lines",
        run: number_lines,
        ..Pass::REQUIRED
    },
    Pass {
        name: "early phielim and copyelim",
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
        run: shortcircuit_runs,
        ..Pass::OPTIONAL
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
        run: phiopt_ancestors,
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
        name: "divisible",
        run: divisible,
        after: &[("opt", "it makes remainders products")],
        ..Pass::REQUIRED
    },
    Pass {
        name: "divmod",
        run: divmod,
        after: &[
            ("prove", "it recognizes remainders by their quotients"),
            ("divisible", "tests for divisibility are known by quotients"),
        ],
        ..Pass::REQUIRED
    },
    Pass {
        name: "middle opt",
        run: opt,
        ..Pass::REQUIRED
    },
    Pass {
        name: "known bits",
        run: known_bits,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "early fuse",
        run: fuse_runs_early,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "expand calls",
        run: expand_calls,
        ..Pass::REQUIRED
    },
    Pass {
        name: "decompose builtin",
        run: decompose_builtin_and_prune,
        ..Pass::REQUIRED
    },
    Pass {
        name: "branchelim",
        run: branchelim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "late opt",
        run: opt,
        after: &[(
            "branchelim",
            "conditional moves of small differences become arithmetic",
        )],
        ..Pass::REQUIRED
    },
    Pass {
        name: "dead auto elim",
        run: elim_dead_autos,
        needs: &[Op::LocalAddr, Op::VarDef],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "sccp",
        run: sccp,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "generic deadcode",
        run: deadcode,
        ..Pass::REQUIRED
    },
    Pass {
        name: "late fuse",
        run: fuse_runs_late,
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
        name: "memcombine",
        run: memcombine,
        needs: &[Op::Store],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "writebarrier",
        run: writebarrier,
        after: &[("late opt", "an address in a copy would hide a variable")],
        ..Pass::REQUIRED
    },
    Pass {
        name: "lower",
        run: lower,
        after: &[("decompose builtin", "no instruction handles a string")],
        ..Pass::REQUIRED
    },
    Pass {
        name: "addressing modes",
        run: addressing_modes,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "late lower",
        run: late_lower,
        after: &[("lower", "extensions are of instructions")],
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
        name: "elim unread autos",
        run: elim_unread_autos,
        needs: &[Op::VarDef],
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
        name: "loop invariant",
        run: loop_invariant,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "late phielim and copyelim",
        run: copyelim,
        ..Pass::OPTIONAL
    },
    Pass {
        name: "tighten",
        run: tighten_loads,
        ..Pass::REQUIRED
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
        run: layout_depth_first,
        after: &[
            ("critical", "it makes blocks"),
            ("likelyadjust", "likely successors come next"),
        ],
        ..Pass::REQUIRED
    },
    Pass {
        name: "schedule",
        run: schedule_forwards,
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
        run: loop_rotate_nested,
        after: &[("regalloc", "it follows the order of blocks")],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "trim",
        run: trim,
        after: &[("regalloc", "blocks are empty when they need no moves")],
        ..Pass::OPTIONAL
    },
    Pass {
        name: "stackframe",
        run: stackframe,
        after: &[("regalloc", "the frame has the slots of spilled values")],
        ..Pass::REQUIRED
    },
];
