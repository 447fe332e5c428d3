//! Go 1.15, and Go 1.10 as a change of it.

use minigo_base::internal;

use super::{Assembly, DerivedTable, Dialect, HeaderField};
use crate::amd64::{As, prologue};
use crate::reloc::RelocKind;
use crate::sym::{Attrs, Naming};

/// Go 1.15.
pub static GO1_15: Dialect = Dialect {
    naming: Naming::UNNAMED_PACKAGE,
    whole_file_names: false,
    pattern_defeating_sort: false,
    abi_internal: true,
    header: &[
        HeaderField::Name,
        HeaderField::Kind,
        HeaderField::Attribute(Attrs::STATIC, "static"),
        HeaderField::Attribute(Attrs::DUPOK, "dupok"),
        HeaderField::Attribute(Attrs::CFUNC, "cfunc"),
        HeaderField::Attribute(Attrs::NOSPLIT, "nosplit"),
        HeaderField::Attribute(Attrs::TOPFRAME, "topframe"),
        HeaderField::Size,
        HeaderField::Args,
        HeaderField::Locals,
        HeaderField::Leaf,
    ],
    func_ids: &[],
    reloc_name: |kind| match kind {
        RelocKind::NONE => "0",
        RelocKind::ADDR => "1",
        RelocKind::ADDROFF => "5",
        RelocKind::WEAKADDROFF => "6",
        RelocKind::CALL => "8",
        RelocKind::CALLIND => "11",
        RelocKind::PCREL => "16",
        RelocKind::TLS_LE => "17",
        RelocKind::TLS_IE => "18",
        RelocKind::USETYPE => "24",
        RelocKind::USEIFACE | RelocKind::INITORDER | RelocKind::WEAKADDR | RelocKind::METHODOFF => {
            internal!("{kind:?} came after this version")
        }
        RelocKind::GOTPCREL => "27",
        RelocKind::DWARFSECREF => "29",
        RelocKind::DWARFFILEREF => "30",
    },
    stack_map_pcdata: 1,
    stack_objects_funcdata: 3,
    unsafe_points: true,
    argument_tables: None,
    assembly_funcdata: &[DerivedTable {
        index: 0,
        suffix: ".args_stackmap",
    }],
    short_constants: false,
    pads_code: false,
    aligned_jumps: true,
    assembly: &ASSEMBLY,
    inline_marks: true,
    prologue: &prologue::TLS,
};

/// Go 1.10.
pub static GO1_10: Dialect = Dialect {
    abi_internal: false,
    reloc_name: |kind| match kind {
        // RISC-V's calls came later.
        RelocKind::PCREL => "15",
        RelocKind::TLS_LE => "16",
        RelocKind::TLS_IE => "17",
        RelocKind::USETYPE => "23",
        RelocKind::GOTPCREL => "26",
        RelocKind::DWARFSECREF => "28",
        RelocKind::DWARFFILEREF => "29",
        kind => (GO1_15.reloc_name)(kind),
    },
    stack_map_pcdata: 0,
    unsafe_points: false,
    aligned_jumps: false,
    inline_marks: false,
    ..GO1_15
};

static ASSEMBLY: Assembly = Assembly {
    release: "go1.15.15",
    headers: &[("textflag.h", TEXTFLAG), ("funcdata.h", FUNCDATA)],
    defines: &[],
    lacks: &[
        As::ENDBR64,
        As::MOVBEL,
        As::MOVBEQ,
        As::MOVBEW,
        As::PCALIGNMAX,
        As::RDPID,
    ],
    aliases: &[],
    g: None,
    qualifies_operands: false,
    sees_build_lines: false,
    abi_selectors: None,
    text_flags: &[
        (2, Attrs::DUPOK),
        (4, Attrs::NOSPLIT),
        (32, Attrs::WRAPPER),
        (64, Attrs::NEEDCTXT),
        (512, Attrs::NOFRAME),
        (1024, Attrs::REFLECTMETHOD),
        (2048, Attrs::TOPFRAME),
    ],
    keeps_first_declaration: false,
    no_pointers: None,
    checks_all_operands: false,
    checks_tables: false,
    names_functions: false,
    vector_constants: false,
    segment_bases: false,
    checks_masks: false,
    returns_to_registers: false,
    checks_got_register: false,
    fips_kinds: false,
    lists_constants: false,
};

/// `textflag.h`: flags of TEXT and GLOBL.
const TEXTFLAG: &str = "\
#define NOPROF 1
#define DUPOK 2
#define NOSPLIT 4
#define RODATA 8
#define NOPTR 16
#define WRAPPER 32
#define NEEDCTXT 64
#define TLSBSS 256
#define NOFRAME 512
#define REFLECTMETHOD 1024
#define TOPFRAME 2048
";

/// `funcdata.h`: tables of PCDATA and FUNCDATA, and macros that use them.
const FUNCDATA: &str = "\
#define PCDATA_RegMapIndex 0
#define PCDATA_StackMapIndex 1
#define PCDATA_InlTreeIndex 2
#define FUNCDATA_ArgsPointerMaps 0
#define FUNCDATA_LocalsPointerMaps 1
#define FUNCDATA_RegPointerMaps 2
#define FUNCDATA_StackObjects 3
#define FUNCDATA_InlTree 4
#define FUNCDATA_OpenCodedDeferInfo 5
#define GO_ARGS FUNCDATA $FUNCDATA_ArgsPointerMaps, go_args_stackmap(SB)
#define GO_RESULTS_INITIALIZED PCDATA $PCDATA_StackMapIndex, $1
#define NO_LOCAL_POINTERS FUNCDATA $FUNCDATA_LocalsPointerMaps, runtime\u{b7}no_pointers_stackmap(SB)
#define ArgsSizeUnknown 0x80000000
";
