//! Go 1.27.

use super::{ArgumentTables, DerivedTable, Dialect, HeaderField};
use crate::amd64::prologue;
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
    reloc_name: |kind| match kind {
        RelocKind::NONE => "RelocType(0)",
        RelocKind::ADDR => "R_ADDR",
        RelocKind::ADDROFF => "R_ADDROFF",
        // The name of a weak relocation is that of its number.
        RelocKind::WEAKADDROFF => "RelocType(-32763)",
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
    inline_marks: true,
    prologue: &prologue::REGISTERS,
};
