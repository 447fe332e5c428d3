//! Go 1.15, and Go 1.10 as a change of it.

use minigo_base::internal;

use super::{DerivedTable, Dialect, HeaderField};
use crate::amd64::prologue;
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
        RelocKind::USEIFACE | RelocKind::INITORDER => {
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
