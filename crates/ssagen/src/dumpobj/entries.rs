//! The debugging entries that listings show: of the package, its constants and variables, and of inlined functions (gc:
//! obj/dwarf.go; internal/dwarf/dwarf.go; dwarfgen/dwarf.go).

use minigo_base::PosTable;
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, SymKind, SymTable};

use crate::ir::{Class, Constant, Func, FuncId, GlobalData, Package, Type, Var};
use crate::symbols::type_symbol;

/// Value of DW_AT_inline: inlined, whether or not declared so.
const DW_INL_INLINED: u8 = 1;
/// The length and the operation of a location that is an address.
const DW_LOCATION_ADDR: [u8; 2] = [9, 3];

/// The form of debugging entries in a Go version.
#[derive(Debug)]
pub struct DebugFormat {
    /// Abbreviation codes (gc: internal/dwarf/dwarf.go).
    pub function_abstract: u8,
    /// Of an integer constant.
    pub int_constant: u8,
    /// Of a local variable of an abstract function.
    pub auto_abstract: u8,
    /// Of a parameter or result of an abstract function.
    pub param_abstract: u8,
    /// Of a package variable; none if listings don't have its entry.
    pub variable: Option<u8>,
    /// Abstract functions have the line of their declaration.
    pub function_lines: bool,
    /// Abstract functions of the package refer to the types of their variables if its path isn't known. Without, only
    /// imported functions do.
    pub uses_types_without_path: bool,
    /// The options that the compiler was called with are an entry; what follows them in it.
    pub producer: Option<&'static str>,
    /// The kinds of entries.
    pub unit_kind: SymKind,
    /// Of constants.
    pub constant_kind: SymKind,
    /// Of abstract functions.
    pub abstract_kind: SymKind,
}

impl DebugFormat {
    /// The form of Go 1.15.
    pub const GO1_15: DebugFormat = DebugFormat {
        function_abstract: 4,
        int_constant: 9,
        auto_abstract: 12,
        param_abstract: 17,
        variable: None,
        function_lines: false,
        uses_types_without_path: true,
        producer: None,
        unit_kind: SymKind::SDWARFINFO,
        constant_kind: SymKind::SDWARFINFO,
        abstract_kind: SymKind::SDWARFINFO,
    };

    /// The form of Go 1.27.
    pub const GO1_27: DebugFormat = DebugFormat {
        function_abstract: 5,
        int_constant: 11,
        auto_abstract: 0x21,
        param_abstract: 0x22,
        variable: Some(10),
        function_lines: true,
        uses_types_without_path: false,
        producer: Some("regabi"),
        unit_kind: SymKind::SDWARFCUINFO,
        constant_kind: SymKind::SDWARFCONST,
        abstract_kind: SymKind::SDWARFABSFCN,
    };
}

/// The package that entries are of, and their form.
pub(super) struct Entries<'a> {
    pub package: &'a Package,
    pub positions: &'a PosTable,
    /// The package's path.
    pub path: &'a str,
    pub format: &'static DebugFormat,
}

impl Entries<'_> {
    /// Returns the options of the compiler, as gc spells them, in versions that list them. As in gc, the size isn't set.
    pub(super) fn producer(&self, flags: &str, table: &mut SymTable) -> Option<LSym> {
        let end = self.format.producer?;
        let text = match flags {
            "" => end.to_owned(),
            flags => format!("{flags} {end}"),
        };
        Some(self.unit_entry("producer", &text, table))
    }

    /// Returns the package's name, for the linker's table of compilation units. As in gc, its size isn't set.
    pub(super) fn package_name(&self, table: &mut SymTable) -> LSym {
        self.unit_entry("packagename", &self.package.name, table)
    }

    fn unit_entry(&self, name: &str, text: &str, table: &mut SymTable) -> LSym {
        let sym = table.reserved("go", format_args!("cuinfo.{name}.{}", self.path));
        let mut s = LSym::new(sym, self.format.unit_kind, Attrs::DUPOK);
        s.data = text.as_bytes().to_vec();
        s
    }

    /// Returns the entries of all constants of the package (gc: objfile.go, DwarfIntConst).
    pub(super) fn constants(&self, table: &mut SymTable) -> LSym {
        let sym = table.reserved("go", format_args!("constinfo.{}", self.path));
        let mut s = LSym::new(sym, self.format.constant_kind, Attrs::NONE);
        for constant in &self.package.constants {
            self.constant(&mut s, constant, table);
        }
        s
    }

    fn constant(&self, s: &mut LSym, constant: &Constant, table: &mut SymTable) {
        s.write(&[self.format.int_constant]);
        s.write(format!("{}.{}\0", self.path, constant.name).as_bytes());
        self.write_type(s, constant.ty, table);
        sleb128(s, constant.value);
    }

    /// Returns the entry of the package variable `variable`, which has no name, in versions that list it.
    pub(super) fn variable(
        &self,
        variable: &LSym,
        data: &GlobalData,
        table: &mut SymTable,
    ) -> Option<LSym> {
        let code = self.format.variable?;
        let sym = variable.sym?;
        let mut s = LSym {
            kind: SymKind::SDWARFVAR,
            ..LSym::default()
        };
        s.write(&[code]);
        s.write(table.name(sym).as_bytes());
        s.write(&[0]);
        s.write(&DW_LOCATION_ADDR);
        s.write_addr(sym, 0);
        self.write_type(&mut s, data.ty, table);
        // Visible outside the package.
        s.write(&[1]);
        Some(s)
    }

    /// Returns the entry shared by all inlined copies of a function: its name, parameters and locals.
    pub(super) fn abstract_function(&self, func: FuncId, table: &mut SymTable) -> LSym {
        let (path, format) = (self.path, self.format);
        let f = &self.package.funcs[func];
        let (name, full_name) = if f.imported {
            (f.name.to_string(), f.name.to_string())
        } else {
            (table.own_name(&f.name), format!("{path}.{}", f.name))
        };
        let sym = table.reserved("go", format_args!("info.{name}$abstract"));
        let mut s = LSym::new(sym, format.abstract_kind, Attrs::DUPOK);
        if f.imported || path.is_empty() && format.uses_types_without_path {
            // Otherwise the function's own entry has referred to the types already.
            for name in self.type_names(f, table) {
                let sym = Some(table.reserved("type", name));
                s.relocs.push(Reloc {
                    off: 0,
                    siz: 0,
                    kind: RelocKind::USETYPE,
                    sym,
                    add: 0,
                });
            }
        }
        s.write(&[format.function_abstract]);
        s.write(full_name.as_bytes());
        s.write(&[0, DW_INL_INLINED]);
        if format.function_lines {
            uleb128(&mut s, self.positions.file_line(f.pos).1);
        }
        s.write(&[1]);
        for (var, class) in listed_vars(f) {
            let data = &f.vars[var];
            let abbreviation = match class {
                Class::Auto => format.auto_abstract,
                Class::Param | Class::ParamOut | Class::NotVar => format.param_abstract,
            };
            s.write(&[abbreviation]);
            let name = data.name.strip_prefix("fmt.");
            s.write(name.unwrap_or(&data.name).as_bytes());
            s.write(&[0]);
            match class {
                Class::Auto | Class::NotVar => {
                    uleb128(&mut s, self.positions.file_line(data.pos).1);
                }
                Class::Param => s.write(&[0]),
                Class::ParamOut => s.write(&[1]),
            }
            self.write_type(&mut s, data.ty, table);
        }
        s.write(&[0]);
        s
    }

    /// Returns the names of the types of a function's named parameters, results and listed locals, sorted and without
    /// duplicates.
    fn type_names(&self, f: &Func, table: &SymTable) -> Vec<String> {
        let types = types_of_vars(f).into_iter();
        let mut names: Vec<String> = types
            .map(|ty| type_symbol(self.package, ty, table))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Writes a reference to the entry of a type.
    fn write_type(&self, s: &mut LSym, ty: Type, table: &mut SymTable) {
        let name = format!("info.{}", type_symbol(self.package, ty, table));
        s.relocs.push(Reloc {
            off: s.data.len() as u32,
            siz: 4,
            kind: RelocKind::DWARFSECREF,
            sym: Some(table.reserved("go", name)),
            add: 0,
        });
        s.write(&[0; 4]);
    }
}

/// Returns the types of a function's parameters and results that are variables, and of its listed locals. In versions
/// where unnamed ones aren't variables, they don't count (gc: pgen.go, debuginfo).
pub(super) fn types_of_vars(f: &Func) -> Vec<Type> {
    let slots = f.signature.params.iter().chain(&f.signature.results);
    let slots = slots.filter(|slot| slot.var.is_some()).map(|slot| slot.ty);
    let locals = listed_vars(f).map(|(var, _)| f.vars[var].ty);
    slots.chain(locals).collect()
}

/// Returns the variables visible to debuggers: no temporaries, and none without a name.
fn listed_vars(f: &Func) -> impl Iterator<Item = (Var, Class)> + '_ {
    let dcl = f.inline.as_ref().map_or(&[][..], |inline| &inline.dcl);
    dcl.iter()
        .map(|&var| (var, f.vars[var].class))
        .filter(|&(var, _)| {
            let data = &f.vars[var];
            data.class != Class::NotVar
                && !data.auto_temp
                && &*data.name != "_"
                && !data.name.starts_with('~')
        })
}

fn sleb128(s: &mut LSym, mut value: i64) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        let sign = byte & 0x40 != 0;
        if (value, sign) == (0, false) || (value, sign) == (-1, true) {
            return s.write(&[byte]);
        }
        s.write(&[byte | 0x80]);
    }
}

pub(crate) fn uleb128(s: &mut LSym, mut value: u32) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return s.write(&[byte]);
        }
        s.write(&[byte | 0x80]);
    }
}
