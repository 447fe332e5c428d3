//! Debugging entries of functions, which listings of old versions show (gc: internal/dwarf/dwarf.go, PutFunc; pgen.go,
//! debuginfo).
//!
//! Parameters and results follow the recorded listings of Go 1.10; locals that have a slot follow gc's sources of that
//! version.

use minigo_base::{Pos, PosTable};
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};
use minigo_ssa::{Func, VarClass};

use crate::dumpobj::uleb128;

const DW_ABRV_FUNCTION: u8 = 2;
const DW_ABRV_AUTO: u8 = 9;
const DW_ABRV_PARAM: u8 = 14;
const DW_OP_FBREG: u8 = 0x91;
const DW_OP_CALL_FRAME_CFA: u8 = 0x9c;

/// A variable visible to debuggers.
#[derive(Clone, Debug)]
pub struct DebugVar {
    name: String,
    /// Name of the type in symbols.
    ty: String,
    class: VarClass,
    line: u32,
    /// Offset in bytes from the canonical frame address, which is the address of the first argument.
    offset: i64,
}

/// Returns the variables of a compiled function that live in memory, in declaration order.
pub fn debug_vars(f: &Func, positions: &PosTable) -> Vec<DebugVar> {
    // Bytes between the arguments and the autos: the return address and the saved BP.
    const BETWEEN: i64 = 16;
    let mut vars = Vec::new();
    for var in f.vars.values() {
        let is_auto = var.class == VarClass::Auto;
        if is_auto && (!var.used || var.name.starts_with('.')) {
            continue;
        }
        vars.push(DebugVar {
            name: var.name.clone(),
            ty: var.ty.display(&f.type_names),
            class: var.class,
            line: positions.file_line(var.pos).1,
            offset: var.offset - if is_auto { BETWEEN } else { 0 },
        });
    }
    vars
}

/// Returns the debugging entry of function `s`, declared at `pos`, and the symbol of its address ranges, which is
/// empty.
pub fn function_entry(
    s: &LSym,
    pos: Pos,
    vars: &[DebugVar],
    positions: &PosTable,
    table: &mut SymTable,
) -> [LSym; 2] {
    let sym = s.sym.expect("a function has a symbol");
    let name = table.name(sym).to_owned();
    let mut symbol =
        |prefix: &str, kind| LSym::new(table.lookup(&format!("{prefix}{name}")), kind, Attrs::NONE);
    let mut entry = symbol("go.info.", SymKind::SDWARFINFO);
    let ranges = symbol("go.range.", SymKind::SDWARFRANGE);
    entry.write(&[DW_ABRV_FUNCTION]);
    entry.write(name.as_bytes());
    entry.write(&[0]);
    entry.write_addr(sym, 0);
    entry.write_addr(sym, s.size);
    entry.write(&[1, DW_OP_CALL_FRAME_CFA]);
    let file = format!("gofile..{}", positions.base(pos.base()).filename);
    write_ref(&mut entry, RelocKind::DWARFFILEREF, table.lookup(&file));
    // DW_AT_external: visible outside its compilation unit.
    entry.write(&[1]);
    for var in vars {
        let abbreviation = if var.class == VarClass::Auto {
            DW_ABRV_AUTO
        } else {
            DW_ABRV_PARAM
        };
        entry.write(&[abbreviation]);
        entry.write(var.name.as_bytes());
        entry.write(&[0]);
        if var.class != VarClass::Auto {
            entry.write(&[u8::from(var.class == VarClass::Result)]);
        }
        uleb128(&mut entry, var.line);
        write_ref(
            &mut entry,
            RelocKind::DWARFSECREF,
            table.lookup(&format!("go.info.{}", var.ty)),
        );
        let location = if var.offset == 0 {
            vec![DW_OP_CALL_FRAME_CFA]
        } else {
            frame_offset(var.offset)
        };
        entry.write(&[location.len() as u8]);
        entry.write(&location);
    }
    entry.write(&[0]);
    [entry, ranges]
}

/// Appends a four-byte reference to a symbol of the debugging information.
fn write_ref(s: &mut LSym, kind: RelocKind, sym: Sym) {
    s.relocs.push(Reloc {
        off: s.data.len() as u32,
        siz: 4,
        kind,
        sym: Some(sym),
        add: 0,
    });
    s.write(&[0; 4]);
}

/// Encodes DW_OP_fbreg with a signed LEB128 offset.
fn frame_offset(mut offset: i64) -> Vec<u8> {
    let mut bytes = vec![DW_OP_FBREG];
    loop {
        let byte = (offset & 0x7f) as u8;
        offset >>= 7;
        let last = offset == 0 && byte & 0x40 == 0 || offset == -1 && byte & 0x40 != 0;
        bytes.push(if last { byte } else { byte | 0x80 });
        if last {
            return bytes;
        }
    }
}
