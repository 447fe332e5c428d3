//! The record of facts about a Go version that passes, printer and emission read.

use minigo_obj::Dialect;

use crate::amd64::regs::RegisterFile;
use crate::entity::Value;
use crate::func::Func;
use crate::pass::{Pass, Stage};

/// The facts about one Go version. No reader of them asks which version it is.
#[derive(Clone, Copy)]
pub struct Profile {
    /// The object code that emission writes for.
    pub dialect: &'static Dialect,
    /// The name of the type of interfaces without methods, as dumps print it.
    pub empty_interface: &'static str,
    /// The passes in their order.
    pub passes: &'static [Pass],
    /// The rewrite rules.
    pub rules: RuleSet,
    /// Facts of rewriting.
    pub rewrite: RewriteFacts,
    /// The registers, and which of them operations may use.
    pub registers: &'static RegisterFile,
    /// Facts of passes.
    pub pass: PassFacts,
    /// Facts of register allocation.
    pub regalloc: RegallocFacts,
    /// Facts of the allocation of stack slots.
    pub stackalloc: StackallocFacts,
    /// Facts of emission.
    pub emit: EmitFacts,
}

/// Differences in the allocation of stack slots (gc: stackalloc.go).
#[derive(Clone, Copy, Debug)]
pub struct StackallocFacts {
    /// Values in slots that are live at the end of a block are listed by number. Without, as found.
    pub by_id: bool,
    /// The slot of a value is that of its first name, if the name isn't a parameter with another value. Without, that of
    /// its last name.
    pub first_names: bool,
    /// Values of `byte` and `uint8`, and of `rune` and `int32`, share slots.
    pub by_type_identity: bool,
    /// Variables in the frame are ordered by alignment, then by name. Without, by size instead.
    pub by_alignment: bool,
}

/// Differences in register allocation (gc: regalloc.go).
#[derive(Clone, Copy, Debug)]
pub struct RegallocFacts {
    /// Blocks are visited in the order of the layout. Without, in a layout order found anew.
    pub visits_layout: bool,
    /// Live values are found in one walk and from what is live at loop headers, and listed by distance. Without, by a
    /// fixed point over all blocks, and listed as found.
    pub loop_live_sets: bool,
    /// SP and SB are contents of registers like other values. Without, they are in their registers for good.
    pub tracks_fixed_registers: bool,
    /// A value whose next use is behind the next call leaves its registers.
    pub frees_before_calls: bool,
    /// A merge starts as the predecessor with the fewest spills ends, follows registers of the others for phis, and
    /// doesn't demand a value in a register that it reuses before it reads it. Without, it starts as the last one.
    pub flexible_merges: bool,
    /// Operands that must be in one register are placed before others, and results avoid registers only for free ones.
    pub fixed_operands_first: bool,
    /// In front of a loop, arguments of its phis are loaded too, into any register without a value that is used soon.
    pub preloads_phi_arguments: bool,
    /// The slot that breaks a cycle of moves has the type of the value. Without, of 64 bits.
    pub typed_cycle_slots: bool,
}

/// The rewrite rules of a generation, compiled: one entry for each rule file.
#[derive(Clone, Copy, Debug)]
pub struct RuleSet {
    /// Simplifies generic operations.
    pub generic: Rewrite,
    /// Simplifies one value by the first of these rules that matches. Returns whether one did.
    pub generic_value: fn(&mut Func, Value) -> bool,
    /// Finds tests for divisibility by constants, as long as they have the form that `generic` gives them.
    pub divisible: Rewrite,
    /// Makes divisions by constants multiplications.
    pub divmod: Rewrite,
    /// Replaces strings, slices and interfaces by their words.
    pub dec: Rewrite,
    /// Replaces generic operations by those of amd64, and simplifies these.
    pub amd64: Rewrite,
    /// Simplifies operations of amd64 where all of them must be known.
    pub late_lower: Rewrite,
    /// Splits a comparison with memory into a load and a comparison. Returns whether the value was one.
    pub split_load: fn(&mut Func, Value) -> bool,
}

/// Rewrites a function by the rules of one file until they change nothing.
pub type Rewrite = fn(&mut Func, Unused);

/// Differences in passes whose algorithm is the same.
#[derive(Clone, Copy, Debug)]
pub struct PassFacts {
    /// copyelim, which deadcode includes, removes phis of one value too. Without, a pass of its own does.
    pub copyelim_removes_phis: bool,
    /// A phi that loses an argument with a critical edge becomes a copy if the others are one value. Without, if it
    /// has one argument left.
    pub critical_removes_phis: bool,
    /// The children of a block in the dominator tree are in reverse postorder. Without, in reverse layout order.
    pub tree_in_postorder: bool,
    /// The number of blocks on an arm behind which short circuit finds the merge of a phi that it moves. Above 1, no
    /// predecessor of the branch may be a successor.
    pub short_circuit_arm: usize,
    /// Common-subexpression elimination compares a load by the last store that may overlap, addresses of variables
    /// without memory, and prefers values with a statement mark.
    pub cse_skips_stores: bool,
    /// Unstable sorts are pattern-defeating quicksorts.
    pub pattern_defeating_sort: bool,
    /// Memory of a type that is a pointer and of a type without pointers is known not to overlap.
    pub types_alias_by_pointers: bool,
    /// NOT is known not to change the flags.
    pub not_keeps_flags: bool,
    /// phiopt knows phis of which one argument is the condition itself.
    pub phiopt_reuses_condition: bool,
    /// Dead-store elimination tracks ranges of bytes from a base address, and neither marks of inlined calls nor
    /// addresses of variables count as loads. Without, it tracks sizes by address.
    pub dse_by_range: bool,
    /// Code with marks of inlined calls may be computed in vain, like code without (gc: branchelim.go).
    pub speculates_inlined_calls: bool,
}

/// The treatment of values that rewriting finds without uses and effects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unused {
    /// They are rewritten like others.
    Rewrite,
    /// They stay as they are until the next deadcode.
    Skip,
    /// They are invalidated, so that their arguments lose uses.
    Remove,
}

/// Differences in rewriting, whatever the rules.
#[derive(Clone, Copy, Debug)]
pub struct RewriteFacts {
    /// The treatment of unused values, except where names of variables refer to them.
    pub unused: Unused,
    /// A statement mark that lost its value can go to any value of its line, even one that begins no statement.
    pub marks_any_value: bool,
    /// A cached constant that is made another operation leaves the cache at once. Without, when it is freed.
    pub reset_uncaches: bool,
    /// An address plus 0 is known to be the same address.
    pub zero_offsets_alias: bool,
}

/// Differences in the instructions that emission adds to those of values (gc: ssa.go, genssa).
#[derive(Clone, Copy, Debug)]
pub struct EmitFacts {
    /// Every call announces its stack map, even if it is the last one's.
    pub stack_map_at_each_call: bool,
    /// Positions carry statement marks. Without, spills, restores and copies print the line before them, and
    /// the first statement doesn't move to the first instruction.
    pub statement_marks: bool,
    /// A panic call is followed by UNDEF. Without, by a NOP where the function ends.
    pub undef_after_panic: bool,
    /// An empty endless loop contains a NOP, and its jump has a line of its own.
    pub nop_in_empty_loop: bool,
    /// A block without values has the stack map of a point where none is known. Without, that of the last value before it.
    pub stack_map_at_block_start: bool,
    /// The function that initialises the package is marked as such.
    pub marks_package_init: bool,
    /// Tables tell tracebacks where arguments are.
    pub argument_tables: bool,
    /// A division by -1 is handled before the others. Without, after them.
    pub division_by_minus_one_first: bool,
    /// A copy of a value whose upper half is zero, and a mask whose upper half is, take 32-bit instructions.
    pub short_copies_and_masks: bool,
    /// A leaf without a frame doesn't begin with an inlined body's instruction but with a NOP.
    pub nop_before_inlined_body: bool,
    /// Arguments, spills and restores don't take the position of the first statement, and an inlined body in front of it
    /// drops it.
    pub first_pos_skips_moves: bool,
    /// `FUNCDATA $0` describes the argument words even when none of them is a pointer.
    pub args_bitmap: bool,
}

impl Profile {
    /// Returns the pass with a name, if there is one.
    pub fn pass(&self, name: &str) -> Option<&'static Pass> {
        self.passes.iter().find(|pass| pass.name == name)
    }

    /// Returns the stage of a function after the pass with that name.
    pub(crate) fn stage_after(&self, name: &str) -> Stage {
        let last = self.passes.iter().position(|pass| pass.name == name);
        let run = &self.passes[..last.map_or(0, |last| last + 1)];
        let reached = run.iter().filter_map(|pass| pass.reaches).next_back();
        reached.unwrap_or_default()
    }
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Profile { dialect, emit, .. } = self;
        f.debug_struct("Profile")
            .field("dialect", dialect)
            .field("emit", emit)
            .finish_non_exhaustive()
    }
}
