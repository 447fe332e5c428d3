//! The data symbols of a package, in the order in which gc creates and lists them (gc: obj.go, dumpdata; dwinl.go;
//! reflect.go).

use minigo_base::PosTable;
use minigo_obj::{Attrs, LSym, Sym, SymKind, SymTable};

mod entries;
mod interleaved;

pub use entries::DebugFormat;
pub(crate) use entries::uleb128;

use crate::front::Front;
use crate::ir::{
    Aux, Data, Defined, Extern, External, ForeignFunction, ForeignVariable, Func, FuncId,
    GlobalData, GlobalInit, Needed, Package, Static, Type, TypeName,
};
use crate::reflect::{self, Described, Descriptors};
use crate::symbols::{Symbols, string_symbol};
use entries::{Entries, types_of_vars};

/// The options of the compiler that data symbols depend on.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The package path.
    pub path: &'a str,
    /// The flags of the compiler, as gc spells them.
    pub flags: &'a str,
    /// The facts about the Go version.
    pub front: &'static Front,
}

/// Returns all data symbols except the tables of functions with a body.
pub fn data_symbols(
    package: &Package,
    symbols: &Symbols,
    positions: &PosTable,
    options: Options,
    table: &mut SymTable,
) -> Vec<LSym> {
    let front = options.front;
    let entries = Entries {
        package,
        positions,
        path: options.path,
        format: front.debug,
    };
    let mut list = Vec::new();
    list.extend(entries.producer(options.flags, table));
    if front.package_name_symbol {
        list.push(entries.package_name(table));
    }
    let is_imported = |func: &FuncId| package.funcs[*func].imported;
    let first_imported = package.abstract_funcs.iter().copied().find(is_imported);
    for &func in &package.abstract_funcs {
        list.push(entries.abstract_function(func, table));
        if front.interleaves_data && Some(func) == first_imported {
            list.push(reflect::shared_file_writer_itab(
                front.descriptors.hash,
                table,
            ));
            list.push(reflect::dictionary(table));
        }
    }
    match front.interleaves_data {
        true => interleaved::append(&mut list, &entries, symbols, options, table),
        false => append(&mut list, &entries, symbols, options, table),
    }
    list
}

/// Appends the descriptors of types of variables that debuggers see to the data symbols of a package, unless they are
/// among them. `types` are those of compiled functions; the types of inlined functions come along. Arrays of interfaces
/// in memory, of which `arrays` has the lengths, are described to the garbage collector.
pub fn append_types(
    list: &mut Vec<LSym>,
    types: &[Defined],
    arrays: &[u16],
    package: &Package,
    options: Options,
    table: &mut SymTable,
) {
    let mut descriptors = Descriptors::new(package, options.path, options.front.descriptors, table);
    descriptors.skip(list);
    let inlined = package.abstract_funcs.iter();
    let inlined = inlined.flat_map(|&func| types_of_vars(&package.funcs[func]));
    let mut types: Vec<Described> = types
        .iter()
        .copied()
        .map(Described::Defined)
        .chain(inlined.map(Described::of))
        .filter(|ty| matches!(ty, Described::Defined(_)))
        .collect();
    types.sort_by_cached_key(|ty| descriptors.symbol_name(ty));
    for ty in types {
        descriptors.describe(&ty);
    }
    let mut arrays = arrays.to_vec();
    arrays.sort_by_cached_key(|&len| descriptors.symbol_name(&Described::Array(len)));
    for len in arrays {
        descriptors.describe_pointers(len);
    }
    list.append(&mut descriptors.made);
}

/// Appends data symbols by kind: strings, variables, constants, types.
fn append(
    list: &mut Vec<LSym>,
    entries: &Entries,
    symbols: &Symbols,
    options: Options,
    table: &mut SymTable,
) {
    let (package, path, front) = (entries.package, options.path, options.front);
    let mut descriptors = Descriptors::new(package, path, front.descriptors, table);
    for data in &package.data {
        match data {
            Data::String(text) => list.push(string(text, descriptors.table)),
            Data::ArgsStackmap(func) => {
                list.push(args_stackmap(
                    &package.funcs[*func],
                    front,
                    descriptors.table,
                ));
            }
            Data::ForeignStackmap(index) => {
                let f = &package.foreign_functions[*index];
                list.push(foreign_stackmap(f, front, descriptors.table));
            }
            Data::Array(len) => {
                descriptors.describe(&Described::Array(*len));
                list.append(&mut descriptors.made);
            }
            Data::UsedTypes(_) | Data::Static(_) => {}
        }
    }
    if let Some(inits) = &package.inittask {
        let inits: Vec<Sym> = inits.iter().map(|&func| symbols.func(func)).collect();
        list.push(inittask(&package.imports, &inits, descriptors.table));
    }
    let mut constants = None;
    if front.package_name_symbol && !path.is_empty() && !package.constants.is_empty() {
        constants = Some(entries.constants(descriptors.table));
    }
    for declared in &package.externs {
        match *declared {
            Extern::Variable(global) => {
                list.push(variable(symbols.global(global), &package.globals[global]));
            }
            Extern::Foreign(index) => {
                let data = &package.foreign_variables[index];
                list.push(foreign_variable(data, descriptors.table));
            }
            Extern::Constant(_) => list.extend(constants.take()),
            Extern::Type(_) => {}
        }
    }
    for (number, data) in (0u32..).zip(&package.statics) {
        let sym = symbols.external(External::Static(number));
        list.push(constant(sym, data, symbols, Attrs::NONE));
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
        list.push(reflect::imported_path(path, front.descriptors, table));
    }
}

/// Returns the types whose descriptors the package always has, in symbol order: its own, those that it converts to
/// interfaces, and those of the variables of inlined functions (gc: reflect.go, dumpsignats).
fn listed_types(package: &Package, descriptors: &Descriptors) -> Vec<Described> {
    let mut types: Vec<Described> = Vec::new();
    for (defined, data) in &package.defined {
        let ty = Type::named(data.kind, TypeName::Defined(defined));
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
    s.align = 1;
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
fn constant(sym: Sym, data: &Static, symbols: &Symbols, attrs: Attrs) -> LSym {
    let mut s = LSym::new(sym, SymKind::SRODATA, attrs);
    s.align = data.ty.align();
    if let Some(table) = &data.table {
        s.write(table);
        return s;
    }
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

/// Returns the pointer maps of the arguments of a function without a body: one before it sets its results and one
/// after. No argument is a pointer (gc: plive.go, emitptrargsmap).
fn args_stackmap(f: &Func, front: &Front, table: &mut SymTable) -> LSym {
    let n_maps = if f.signature.results.is_empty() { 1 } else { 2 };
    let pointers: [&[u32]; 2] = [&[], &[]];
    stackmap(
        &f.name,
        f.signature.args_size,
        &pointers[..n_maps],
        front,
        table,
    )
}

/// Returns the pointer maps of the arguments of a function that compiled code doesn't use.
fn foreign_stackmap(f: &ForeignFunction, front: &Front, table: &mut SymTable) -> LSym {
    let n_maps = if f.has_results { 2 } else { 1 };
    stackmap(&f.name, f.args_size, &f.pointers[..n_maps], front, table)
}

/// Returns pointer maps of `args_size` bytes. Each adds the numbers of words that hold pointers to those of the map before it.
fn stackmap(
    name: &str,
    args_size: u32,
    pointers: &[impl AsRef<[u32]>],
    front: &Front,
    table: &mut SymTable,
) -> LSym {
    let sym = table.own(format_args!("{name}.args_stackmap"));
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::NONE);
    let n_bits = args_size.div_ceil(8) * front.args_bits_per_word;
    s.write(&(pointers.len() as u32).to_le_bytes());
    s.write(&n_bits.to_le_bytes());
    let mut map = vec![0u8; n_bits.div_ceil(8) as usize];
    for words in pointers {
        for &word in words.as_ref() {
            map[word as usize / 8] |= 1 << (word % 8);
        }
        s.write(&map);
    }
    s
}

/// Returns the symbol of a variable that compiled code doesn't use.
fn foreign_variable(data: &ForeignVariable, table: &mut SymTable) -> LSym {
    let kind = match data.has_pointers {
        true => SymKind::SBSS,
        false => SymKind::SNOPTRBSS,
    };
    let mut s = LSym::new(table.own(&*data.name), kind, Attrs::NONE);
    s.size = data.size as i64;
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
