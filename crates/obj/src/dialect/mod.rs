//! The differences between the object code and listings of Go versions, as data.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;

pub use go1_15::{GO1_10, GO1_15};
pub use go1_27::GO1_27;

use crate::amd64::prologue::Prologue;
use crate::amd64::{As, Reg};
use crate::reloc::RelocKind;
use crate::sym::{Attrs, Naming};

/// The facts about one Go version that the preprocessor, the encoder and the listing read. None of them asks which
/// version it is.
#[derive(Debug)]
pub struct Dialect {
    /// The names of symbols.
    pub naming: Naming,
    /// Positions have the whole names of files, unless a prefix is cut off.
    pub whole_file_names: bool,
    /// Relocations are sorted by pattern-defeating quicksort.
    pub pattern_defeating_sort: bool,
    /// TEXT lines and headers of Go functions carry `ABIInternal`.
    pub abi_internal: bool,
    /// The fields of a symbol's header in a listing, in order.
    pub header: &'static [HeaderField],
    /// The functions of the runtime with a role of their own, without `runtime.`, and the numbers of these roles.
    pub func_ids: &'static [(&'static str, u32)],
    /// The number or name of a relocation kind in listings.
    pub reloc_name: fn(RelocKind) -> &'static str,
    /// The PCDATA table that announces stack maps.
    pub stack_map_pcdata: i64,
    /// The FUNCDATA table of variables whose address is taken.
    pub stack_objects_funcdata: i64,
    /// `PCDATA $0, $-2` and `$-1` mark unsafe points around the stack check.
    pub unsafe_points: bool,
    /// The tables about the arguments of functions that tracebacks print.
    pub argument_tables: Option<ArgumentTables>,
    /// The tables that every hand-written function of the package has, unless its text names them.
    pub assembly_funcdata: &'static [DerivedTable],
    /// MOVQ of a positive constant of 31 bits to a register has the encoding of MOVL.
    pub short_constants: bool,
    /// PCALIGN adds nops. Without, it does nothing.
    pub pads_code: bool,
    /// Jumps are kept off 32-byte boundaries (the JCC erratum).
    pub aligned_jumps: bool,
    /// The text of hand-written code, and the rules that only hold there.
    pub assembly: &'static Assembly,
    /// Inlined calls have marks: instructions that tracebacks name as their call sites.
    pub inline_marks: bool,
    /// Stack check, frame and return.
    pub(crate) prologue: &'static Prologue,
}

/// The facts about the assembler (gc: cmd/asm; the parts of cmd/internal/obj that only hand-written code reaches).
#[derive(Debug)]
pub struct Assembly {
    /// The release of Go whose assembler this is: `go1.15.15`.
    pub release: &'static str,
    /// The headers that every installation has, by name.
    pub headers: &'static [(&'static str, &'static str)],
    /// The macros that `go build` defines besides those for system and processor.
    pub defines: &'static [(&'static str, &'static str)],
    /// The mnemonics that only other versions have.
    pub(crate) lacks: &'static [As],
    /// Other names of mnemonics, besides those that all versions have.
    pub(crate) aliases: &'static [(&'static str, As)],
    /// The register with the alias `g`.
    pub(crate) g: Option<Reg>,
    /// The package's prefix belongs to names in operands; before, to every word that begins with `·`.
    pub(crate) qualifies_operands: bool,
    /// Directives and `//go:build` lines are tokens, so that misplaced ones are found.
    pub(crate) sees_build_lines: bool,
    /// `f<ABIInternal>(SB)` names a function by its calling convention. Some packages may.
    pub(crate) abi_selectors: Option<AbiSelectors>,
    /// The flags of TEXT that are attributes of a function.
    pub(crate) text_flags: &'static [(i64, Attrs)],
    /// A function or variable that is declared twice: the second declaration has no effect, and messages name both.
    pub(crate) keeps_first_declaration: bool,
    /// The name of the stack map of functions without pointers, whose content the assembler makes.
    pub(crate) no_pointers: Option<&'static str>,
    /// All operands are checked for combinations that no instruction has; before, the first two and the last.
    pub(crate) checks_all_operands: bool,
    /// FUNCDATA must name a symbol without an offset.
    pub(crate) checks_tables: bool,
    /// Messages about instructions begin with the function's name, and name registers.
    pub(crate) names_functions: bool,
    /// VMOVSS and VMOVSD take floating-point constants, too.
    pub(crate) vector_constants: bool,
    /// A segment register is no index.
    pub(crate) segment_bases: bool,
    /// Vector instructions: a `.Z` needs a mask, and a gather three operands.
    pub(crate) checks_masks: bool,
    /// RET of a register is a jump.
    pub(crate) returns_to_registers: bool,
    /// With `-dynlink`, operands in the middle may be symbols of other libraries, and uses of the register that holds
    /// their addresses are checked.
    pub(crate) checks_got_register: bool,
    /// Packages below `crypto/internal/fips140` have kinds of memory of their own.
    pub(crate) fips_kinds: bool,
    /// Listings show floating-point constants, in order of their names.
    pub lists_constants: bool,
}

impl Assembly {
    /// Reports whether the version has a mnemonic.
    pub fn has(&self, as_: As) -> bool {
        !self.lacks.contains(&as_)
    }

    /// Returns what a package may do that may name functions by their calling convention; none for other packages.
    pub(crate) fn abi_selectors_of(&self, package: &str) -> Option<&AbiSelectors> {
        let selectors = self.abi_selectors.as_ref();
        selectors.filter(|selectors| selectors.packages.contains(&package))
    }
}

/// The packages that may name functions by their calling convention, and the macros that are defined for them.
#[derive(Debug)]
pub(crate) struct AbiSelectors {
    pub packages: &'static [&'static str],
    /// Macros with the value 1: experiments that are on.
    pub experiments: &'static [&'static str],
}

/// A field of a symbol's header in a listing. Fields are separated by blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderField {
    /// The name of the symbol.
    Name,
    /// The kind of the symbol, unless it is unknown.
    Kind,
    /// A word for symbols with an attribute.
    Attribute(Attrs, &'static str),
    /// `asm`, for hand-written functions.
    HandWritten,
    /// `size=16`.
    Size,
    /// `align=0x8`.
    Align,
    /// `args=0x10`, for functions.
    Args,
    /// `locals=0x0`, for functions.
    Locals,
    /// `funcid=0x0`, for functions: their role for the runtime.
    FuncId,
    /// `leaf`, for functions that call nothing.
    Leaf,
}

/// The indices of a function's tables about its arguments (gc: objabi/funcdata.go).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentTables {
    /// FUNCDATA with the places of arguments.
    pub info_funcdata: i64,
    /// FUNCDATA with maps of the arguments in registers that are in memory.
    pub live_funcdata: i64,
    /// PCDATA that announces these maps.
    pub live_pcdata: i64,
}

/// A table of a function whose symbol is named after the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DerivedTable {
    /// The index of FUNCDATA.
    pub index: i64,
    /// Follows the function's name in the name of the table.
    pub suffix: &'static str,
}

impl Dialect {
    /// Returns the dialect of a version.
    pub const fn of(version: GoVersion) -> &'static Dialect {
        match version {
            GoVersion::Go1_10 => &GO1_10,
            GoVersion::Go1_15 => &GO1_15,
            GoVersion::Go1_27 => &GO1_27,
        }
    }
}
