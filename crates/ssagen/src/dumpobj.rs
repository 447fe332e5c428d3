//! The data symbols of a package, in the order in which gc creates and lists them (gc: obj.go, dumpdata; dwinl.go;
//! reflect.go).

use minigo_base::PosTable;
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};

use crate::front::Front;
use crate::ir::{
    Aux, Class, Data, External, Func, FuncId, GlobalData, GlobalInit, Needed, Package, Static,
    Type, TypeName,
};
use crate::reflect::{self, Described, Descriptors};
use crate::symbols::{Symbols, string_symbol, type_symbol};

/// Abbreviation codes of an abstract function and its parts (gc: internal/dwarf/dwarf.go).
const DW_ABRV_FUNCTION_ABSTRACT: u8 = 4;
const DW_ABRV_INT_CONSTANT: u8 = 9;
const DW_ABRV_AUTO_ABSTRACT: u8 = 12;
const DW_ABRV_PARAM_ABSTRACT: u8 = 17;
/// Value of DW_AT_inline: inlined, whether or not declared so.
const DW_INL_INLINED: u8 = 1;

/// Returns all data symbols except the stack maps of functions with a body. `path` is the package path from `-p`.
pub fn data_symbols(
    package: &Package,
    symbols: &Symbols,
    positions: &PosTable,
    path: &str,
    front: &Front,
    table: &mut SymTable,
) -> Vec<LSym> {
    let mut list = Vec::new();
    if front.package_name_symbol {
        list.push(cuinfo(package, path, table));
    }
    for &func in &package.abstract_funcs {
        list.push(abstract_function(package, func, positions, path, table));
    }
    let mut descriptors = Descriptors::new(package, path, table);
    for data in &package.data {
        match data {
            Data::String(text) => list.push(string(text, descriptors.table)),
            Data::ArgsStackmap(func) => {
                list.push(args_stackmap(&package.funcs[*func], descriptors.table));
            }
            Data::Array(len) => {
                descriptors.describe(&Described::Array(*len));
                list.append(&mut descriptors.made);
            }
        }
    }
    if let Some(inits) = &package.inittask {
        let inits: Vec<Sym> = inits.iter().map(|&func| symbols.func(func)).collect();
        list.push(inittask(&package.imports, &inits, descriptors.table));
    }
    let mut constants = None;
    if front.package_name_symbol && !path.is_empty() && !package.constants.is_empty() {
        constants = Some(constant_entries(package, path, descriptors.table));
    }
    for (global, data) in &package.globals {
        if package.global_after_constant == Some(global) {
            list.extend(constants.take());
        }
        list.push(variable(symbols.global(global), data));
    }
    list.extend(constants);
    for (number, data) in (0u32..).zip(&package.statics) {
        list.push(constant(
            symbols.external(External::Static(number)),
            data,
            symbols,
        ));
    }
    for ty in listed_types(package, &descriptors) {
        descriptors.describe(&ty);
        if let Described::Defined(_) = ty {
            descriptors.describe(&Described::Pointer(Box::new(ty)));
        }
    }
    list.append(&mut descriptors.made);
    if package.needed.contains(&Needed::Itab) {
        list.extend(reflect::file_writer_itab(table));
    }
    let mut imports = package.imports.clone();
    imports.sort();
    for path in &imports {
        list.push(reflect::imported_path(path, table));
    }
    list
}

/// Returns the types whose descriptors the package always has, in symbol order: its own, those that it converts to
/// interfaces, and those of the variables of inlined functions (gc: reflect.go, dumpsignats).
fn listed_types(package: &Package, descriptors: &Descriptors) -> Vec<Described> {
    let mut types: Vec<Described> = Vec::new();
    for (defined, data) in &package.defined {
        let ty = Type {
            kind: data.kind,
            name: TypeName::Defined(defined),
        };
        if data.generation == 0 || package.needed.contains(&Needed::Descriptor(ty)) {
            types.push(Described::Defined(defined));
        }
    }
    let mut inlined = package.abstract_funcs.iter();
    if inlined.any(|&func| package.funcs[func].imported) {
        types.push(Described::Slice);
    }
    types.sort_by_cached_key(|ty| descriptors.symbol_name(ty));
    types
}

fn string(text: &[u8], table: &mut SymTable) -> LSym {
    let sym = string_symbol(text, table);
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
    s.write(text);
    s
}

fn variable(sym: Sym, data: &GlobalData) -> LSym {
    let size = i64::from(data.ty.size());
    let mut s = LSym::new(sym, SymKind::SNOPTRBSS, Attrs::NONE);
    match data.init {
        GlobalInit::Zero => s.size = size,
        GlobalInit::Static(value) => {
            s.kind = SymKind::SNOPTRDATA;
            s.write(&value.to_le_bytes()[..size as usize]);
        }
    }
    s
}

/// Returns the symbol of a constant whose address is taken.
fn constant(sym: Sym, data: &Static, symbols: &Symbols) -> LSym {
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::NONE);
    match (&data.text, data.value) {
        (Some(text), _) if !text.is_empty() => {
            s.write_addr(symbols.string(text), 0);
            s.write(&(text.len() as u64).to_le_bytes());
        }
        (None, Aux::Int(value)) if value != 0 => {
            s.write(&value.to_le_bytes()[..data.ty.size() as usize]);
        }
        (None, Aux::Bool(true)) => s.write(&[1]),
        // A zero value has a size but no bytes.
        _ => s.size = i64::from(data.ty.size()),
    }
    s
}

/// Returns the package's name, for the linker's table of compilation units. As in gc, its size isn't set.
fn cuinfo(package: &Package, path: &str, table: &mut SymTable) -> LSym {
    let sym = table.reserved("go", format_args!("cuinfo.packagename.{path}"));
    let mut s = LSym::new(sym, SymKind::SDWARFINFO, Attrs::DUPOK);
    s.data = package.name.as_bytes().to_vec();
    s
}

/// Returns the debugging entries of the package's constants (gc: objfile.go, DwarfIntConst).
fn constant_entries(package: &Package, path: &str, table: &mut SymTable) -> LSym {
    let sym = table.reserved("go", format_args!("constinfo.{path}"));
    let mut s = LSym::new(sym, SymKind::SDWARFINFO, Attrs::NONE);
    for constant in &package.constants {
        s.write(&[DW_ABRV_INT_CONSTANT]);
        s.write(format!("{path}.{}\0", constant.name).as_bytes());
        let info = format!("info.{}", type_symbol(package, constant.ty, table));
        s.relocs.push(Reloc {
            off: s.data.len() as u32,
            siz: 4,
            kind: RelocKind::DWARFSECREF,
            sym: Some(table.reserved("go", info)),
            add: 0,
        });
        s.write(&[0; 4]);
        sleb128(&mut s, constant.value);
    }
    s
}

/// Returns the debugging entry shared by all inlined copies of a function: its name, parameters and locals.
fn abstract_function(
    package: &Package,
    func: FuncId,
    positions: &PosTable,
    path: &str,
    table: &mut SymTable,
) -> LSym {
    let f = &package.funcs[func];
    let (name, full_name) = if f.imported {
        (f.name.to_string(), f.name.to_string())
    } else {
        (table.own_name(&f.name), format!("{path}.{}", f.name))
    };
    let sym = table.reserved("go", format_args!("info.{name}$abstract"));
    let mut s = LSym::new(sym, SymKind::SDWARFINFO, Attrs::DUPOK);
    if path.is_empty() || f.imported {
        // With a path, the function's own entry has referred to the types already.
        for name in type_names(package, f, table) {
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
    s.write(&[DW_ABRV_FUNCTION_ABSTRACT]);
    s.write(full_name.as_bytes());
    s.write(&[0]);
    s.write(&[DW_INL_INLINED, 1]);
    for (var, class) in listed_vars(f) {
        let data = &f.vars[var];
        let abbreviation = if class == Class::Auto {
            DW_ABRV_AUTO_ABSTRACT
        } else {
            DW_ABRV_PARAM_ABSTRACT
        };
        s.write(&[abbreviation]);
        s.write(
            data.name
                .strip_prefix("fmt.")
                .unwrap_or(&data.name)
                .as_bytes(),
        );
        s.write(&[0]);
        match class {
            Class::Auto | Class::NotVar => uleb128(&mut s, positions.file_line(data.pos).1),
            Class::Param => s.write(&[0]),
            Class::ParamOut => s.write(&[1]),
        }
        let name = format!("info.{}", type_symbol(package, data.ty, table));
        let sym = Some(table.reserved("go", name));
        s.relocs.push(Reloc {
            off: s.data.len() as u32,
            siz: 4,
            kind: RelocKind::DWARFSECREF,
            sym,
            add: 0,
        });
        s.write(&[0; 4]);
    }
    s.write(&[0]);
    s
}

/// Returns the variables visible to debuggers: no temporaries, and none without a name.
fn listed_vars(f: &Func) -> impl Iterator<Item = (crate::ir::Var, Class)> + '_ {
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

/// Returns the names of the types of a function's named parameters, results and listed locals, sorted and without
/// duplicates. Unnamed parameters aren't variables (gc: pgen.go, debuginfo).
fn type_names(package: &Package, f: &Func, table: &SymTable) -> Vec<String> {
    let slots = f.signature.params.iter().chain(&f.signature.results);
    let slots = slots.filter(|slot| slot.var.is_some()).map(|slot| slot.ty);
    let locals = listed_vars(f).map(|(var, _)| f.vars[var].ty);
    let mut names: Vec<String> = slots
        .chain(locals)
        .map(|ty| type_symbol(package, ty, table))
        .collect();
    names.sort();
    names.dedup();
    names
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

/// Returns the pointer maps of the arguments of a function without a body: one before it sets its results and one
/// after. No argument is a pointer (gc: plive.go, emitptrargsmap).
fn args_stackmap(f: &Func, table: &mut SymTable) -> LSym {
    let sym = table.own(format_args!("{}.args_stackmap", f.name));
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::NONE);
    let n_bits = f.signature.args_size / 8 * 2;
    let n_maps = if f.signature.results.is_empty() {
        1
    } else {
        2u32
    };
    s.write(&n_maps.to_le_bytes());
    s.write(&n_bits.to_le_bytes());
    s.write(&vec![0; (n_maps * n_bits.div_ceil(8)) as usize]);
    s
}

/// Returns the initialisation task that the runtime executes before main: state, number of imported tasks, number of
/// functions, and the addresses of both (gc: init.go, fninit).
pub fn inittask(imports: &[Box<str>], inits: &[Sym], table: &mut SymTable) -> LSym {
    let mut s = LSym::new(table.own(".inittask"), SymKind::SNOPTRDATA, Attrs::NONE);
    for word in [0, imports.len() as u64, inits.len() as u64] {
        s.write(&word.to_le_bytes());
    }
    for path in imports {
        s.write_addr(table.lookup(&format!("{path}..inittask")), 0);
    }
    for &init in inits {
        s.write_addr(init, 0);
    }
    s
}
