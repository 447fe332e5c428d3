//! Go 1.27.

use super::{AbiSelectors, ArgumentTables, Assembly, DerivedTable, Dialect, HeaderField};
use crate::amd64::{As, Reg, prologue};
use crate::reloc::RelocKind;
use crate::sym::{Attrs, Naming};

/// Go 1.27.
pub static GO1_27: Dialect = Dialect {
    naming: Naming::NAMED_PACKAGE,
    whole_file_names: true,
    pattern_defeating_sort: true,
    abi_internal: true,
    header: &[
        HeaderField::Name,
        HeaderField::Kind,
        HeaderField::Attribute(Attrs::STATIC, "static"),
        HeaderField::Attribute(Attrs::DUPOK, "dupok"),
        HeaderField::Attribute(Attrs::CFUNC, "cfunc"),
        HeaderField::Attribute(Attrs::NOSPLIT, "nosplit"),
        HeaderField::Attribute(Attrs::TOPFRAME, "topframe"),
        HeaderField::HandWritten,
        HeaderField::Size,
        HeaderField::Align,
        HeaderField::Args,
        HeaderField::Locals,
        HeaderField::FuncId,
        HeaderField::Leaf,
    ],
    func_ids: &[
        ("abort", 1),
        ("asmcgocall", 2),
        ("asyncPreempt", 3),
        ("cgocallback", 4),
        ("corostart", 5),
        ("debugCallV2", 6),
        ("gcBgMarkWorker", 7),
        ("goexit", 8),
        ("gogo", 9),
        ("gopanic", 10),
        ("handleAsyncEvent", 11),
        ("mcall", 12),
        ("morestack", 13),
        ("mstart", 14),
        ("panicwrap", 15),
        ("rt0_go", 16),
        ("main", 17),
        ("runFinalizers", 18),
        ("runCleanups", 19),
        ("sigpanic", 20),
        ("systemstack", 21),
        ("systemstack_switch", 22),
        ("deferreturn", 23),
    ],
    reloc_name: |kind| match kind {
        RelocKind::NONE => "RelocType(0)",
        RelocKind::ADDR => "R_ADDR",
        RelocKind::ADDROFF => "R_ADDROFF",
        // The name of a weak relocation is that of its number.
        RelocKind::WEAKADDROFF => "RelocType(-32763)",
        RelocKind::WEAKADDR => "RelocType(-32767)",
        RelocKind::METHODOFF => "R_METHODOFF",
        RelocKind::CALL => "R_CALL",
        RelocKind::CALLIND => "R_CALLIND",
        RelocKind::PCREL => "R_PCREL",
        RelocKind::TLS_LE => "R_TLS_LE",
        RelocKind::TLS_IE => "R_TLS_IE",
        RelocKind::USETYPE => "R_USETYPE",
        RelocKind::USEIFACE => "R_USEIFACE",
        RelocKind::INITORDER => "R_INITORDER",
        RelocKind::GOTPCREL => "R_GOTPCREL",
        RelocKind::DWARFSECREF => "R_DWARFSECREF",
        RelocKind::DWARFFILEREF => "R_DWARFFILEREF",
    },
    stack_map_pcdata: 1,
    stack_objects_funcdata: 2,
    unsafe_points: true,
    argument_tables: Some(ArgumentTables {
        info_funcdata: 5,
        live_funcdata: 6,
        live_pcdata: 3,
    }),
    assembly_funcdata: &[
        DerivedTable {
            index: 5,
            suffix: ".arginfo0",
        },
        DerivedTable {
            index: 0,
            suffix: ".args_stackmap",
        },
    ],
    short_constants: true,
    pads_code: true,
    aligned_jumps: true,
    assembly: &ASSEMBLY,
    inline_marks: true,
    prologue: &prologue::REGISTERS,
};

static ASSEMBLY: Assembly = Assembly {
    release: "go1.27.3",
    headers: &[
        ("textflag.h", TEXTFLAG),
        ("funcdata.h", FUNCDATA),
        ("asm_amd64.h", ASM_AMD64),
    ],
    defines: &[("GOAMD64_v1", "1")],
    lacks: &[As::MOVBELL, As::MOVBEQQ, As::MOVBEWW],
    aliases: &[
        ("MOVBELL", As::MOVBEL),
        ("MOVBEQQ", As::MOVBEQ),
        ("MOVBEWW", As::MOVBEW),
    ],
    g: Some(Reg::R14),
    qualifies_operands: true,
    sees_build_lines: true,
    abi_selectors: Some(AbiSelectors {
        packages: &[
            "runtime",
            "reflect",
            "syscall",
            "internal/bytealg",
            "internal/chacha8rand",
            "internal/runtime/syscall/linux",
            "internal/runtime/syscall/windows",
            "internal/runtime/startlinetest",
            "internal/runtime/maps",
        ],
        experiments: &[
            "GOEXPERIMENT_regabiwrappers",
            "GOEXPERIMENT_regabiargs",
            "GOEXPERIMENT_dwarf5",
            "GOEXPERIMENT_jsonv2",
            "GOEXPERIMENT_greenteagc",
            "GOEXPERIMENT_randomizedheapbase64",
            "GOEXPERIMENT_sizespecializedmalloc",
        ],
    }),
    text_flags: &[
        (2, Attrs::DUPOK),
        (4, Attrs::NOSPLIT),
        (32, Attrs::WRAPPER),
        (64, Attrs::NEEDCTXT),
        (512, Attrs::NOFRAME),
        (1024, Attrs::REFLECTMETHOD),
        (2048, Attrs::TOPFRAME),
        (4096, Attrs::ABI_WRAPPER),
        (8192, Attrs::PKG_INIT),
    ],
    keeps_first_declaration: true,
    no_pointers: Some("no_pointers_stackmap"),
    checks_all_operands: true,
    checks_tables: true,
    names_functions: true,
    vector_constants: true,
    segment_bases: true,
    checks_masks: true,
    returns_to_registers: true,
    checks_got_register: true,
    fips_kinds: true,
    lists_constants: true,
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
#define ABIWRAPPER 4096
";

/// `funcdata.h`: tables of PCDATA and FUNCDATA, and macros that use them.
const FUNCDATA: &str = "\
#define PCDATA_UnsafePoint 0
#define PCDATA_StackMapIndex 1
#define PCDATA_InlTreeIndex 2
#define PCDATA_ArgLiveIndex 3
#define PCDATA_PanicBounds 4
#define FUNCDATA_ArgsPointerMaps 0
#define FUNCDATA_LocalsPointerMaps 1
#define FUNCDATA_StackObjects 2
#define FUNCDATA_InlTree 3
#define FUNCDATA_OpenCodedDeferInfo 4
#define FUNCDATA_ArgInfo 5
#define FUNCDATA_ArgLiveInfo 6
#define FUNCDATA_WrapInfo 7
#define GO_ARGS FUNCDATA $FUNCDATA_ArgsPointerMaps, go_args_stackmap(SB)
#define GO_RESULTS_INITIALIZED PCDATA $PCDATA_StackMapIndex, $1
#define NO_LOCAL_POINTERS FUNCDATA $FUNCDATA_LocalsPointerMaps, no_pointers_stackmap(SB)
#define ArgsSizeUnknown 0x80000000
";

/// `asm_amd64.h`: the instructions that every processor of a level has (`GOAMD64`).
const ASM_AMD64: &str = "\
#ifdef GOAMD64_v2
#define hasPOPCNT
#define hasSSE42
#endif
#ifdef GOAMD64_v3
#define hasAVX
#define hasAVX2
#define hasPOPCNT
#define hasSSE42
#endif
#ifdef GOAMD64_v4
#define hasAVX
#define hasAVX2
#define hasAVX512F
#define hasAVX512BW
#define hasAVX512VL
#define hasPOPCNT
#define hasSSE42
#endif
";
