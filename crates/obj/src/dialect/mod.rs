//! The differences between the object code and listings of Go versions, as data.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;

pub use go1_15::{GO1_10, GO1_15};
pub use go1_27::GO1_27;

use crate::amd64::prologue::Prologue;
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
    /// Inlined calls have marks: instructions that tracebacks name as their call sites.
    pub inline_marks: bool,
    /// Stack check, frame and return.
    pub(crate) prologue: &'static Prologue,
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
