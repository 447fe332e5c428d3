//! Data symbols in the order of versions that compile declarations and functions in turn, and write the descriptors of
//! needed types before each of them (gc: gc/main.go, Main).

use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};

use minigo_ssa::argument_places;

use super::entries::Entries;
use super::{
    Options, args_stackmap, constant, foreign_stackmap, foreign_variable, string, variable,
};
use crate::ir::{Data, Extern, External, Needed, Type};
use crate::reflect::{Described, Descriptors};
use crate::symbols::Symbols;

/// Appends all data symbols behind those of inlined functions.
pub(super) fn append(
    list: &mut Vec<LSym>,
    entries: &Entries,
    symbols: &Symbols,
    options: Options,
    table: &mut SymTable,
) {
    let (package, front) = (entries.package, options.front);
    if let Some(inits) = &package.inittask {
        let inits: Vec<Sym> = inits.iter().map(|&func| symbols.func(func)).collect();
        list.push(inittask(&package.imports, &inits, table));
    }
    let mut types = Types {
        descriptors: Descriptors::new(package, options.path, front.descriptors, table),
        needed: Vec::new(),
    };
    for &ty in &package.converted {
        types.need(ty);
    }
    let mut inlined = package.abstract_funcs.iter();
    if inlined.any(|&func| package.funcs[func].imported) {
        let pointer = Described::Pointer(Box::new(Described::AtomicPointer));
        types.needed.push(pointer);
    }
    let mut constants =
        (!package.constants.is_empty()).then(|| entries.constants(types.descriptors.table));
    for declared in &package.externs {
        types.write(list);
        match *declared {
            Extern::Variable(global) => {
                let data = &package.globals[global];
                types.need(data.ty);
                let s = variable(symbols.global(global), data);
                let entry = entries.variable(&s, data, types.descriptors.table);
                list.push(s);
                list.extend(entry);
            }
            Extern::Foreign(index) => {
                let data = &package.foreign_variables[index];
                list.push(foreign_variable(data, types.descriptors.table));
            }
            Extern::Constant(index) => {
                types.need(package.constants[index].ty);
                list.extend(constants.take());
            }
            Extern::Type(ty) => types.need(ty),
        }
    }
    for data in &package.data {
        match data {
            Data::String(text) => {
                types.write(list);
                list.push(string(text, types.descriptors.table));
            }
            Data::ArgsStackmap(func) => {
                types.write(list);
                let table = &mut *types.descriptors.table;
                let func = &package.funcs[*func];
                list.push(args_stackmap(func, front, table));
                let params = func.signature.params.iter();
                let params = params.map(|slot| (i64::from(slot.offset), symbols.ty(slot.ty)));
                list.push(arg_info(&func.name, &argument_places(params), table));
            }
            Data::ForeignStackmap(index) => {
                types.write(list);
                let f = &package.foreign_functions[*index];
                let table = &mut *types.descriptors.table;
                list.push(foreign_stackmap(f, front, table));
                list.push(arg_info(&f.name, &f.places, table));
            }
            Data::UsedTypes(func) => {
                types.write(list);
                for needed in &package.funcs[*func].needed {
                    if let Needed::Descriptor(ty) = needed {
                        types.need(*ty);
                    }
                }
            }
            Data::Static(number) => {
                types.write(list);
                let data = &package.statics[*number as usize];
                match &data.table {
                    Some(table) => {
                        let len = table.len() / data.ty.size() as usize;
                        let elem = Box::new(Described::of(data.ty));
                        types.needed.push(Described::Table(elem, len as u32));
                    }
                    None => types.need(data.ty),
                }
                let sym = symbols.external(External::Static(*number));
                list.push(constant(sym, data, symbols, Attrs::STATIC));
            }
            Data::Array(_) => {}
        }
    }
    types.write(list);
}

/// The types whose descriptors are needed.
struct Types<'a> {
    descriptors: Descriptors<'a>,
    /// Those that aren't written yet, perhaps with repetitions.
    needed: Vec<Described>,
}

impl Types<'_> {
    /// Adds a type. The descriptors of predeclared types are in the runtime.
    fn need(&mut self, ty: Type) {
        if let ty @ Described::Defined(_) = Described::of(ty) {
            self.needed.push(ty);
        }
    }

    /// Writes the descriptors of the needed types by name, those without a name last (gc: reflect.go,
    /// WriteRuntimeTypes).
    fn write(&mut self, list: &mut Vec<LSym>) {
        let mut needed = std::mem::take(&mut self.needed);
        needed.sort_by_cached_key(|ty| {
            let is_named = matches!(ty, Described::Defined(_));
            (!is_named, self.descriptors.symbol_name(ty))
        });
        for ty in needed {
            self.descriptors.describe(&ty);
        }
        list.append(&mut self.descriptors.made);
    }
}

/// Returns the symbol that says where the arguments of a function in assembly are.
fn arg_info(name: &str, places: &[u8], table: &mut SymTable) -> LSym {
    let sym = table.own(format_args!("{name}.arginfo0"));
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::NONE);
    s.align = 1;
    s.write(places);
    s
}

/// Returns the initialisation task of the package: state, number of functions, and their addresses. The linker brings
/// the tasks of imported packages in order (gc: pkginit/init.go, MakeTask).
fn inittask(imports: &[Box<str>], inits: &[Sym], table: &mut SymTable) -> LSym {
    let mut s = LSym::new(table.own(".inittask"), SymKind::SNOPTRDATA, Attrs::NONE);
    s.write(&0u32.to_le_bytes());
    s.write(&(inits.len() as u32).to_le_bytes());
    for path in imports {
        s.relocs.push(Reloc {
            off: 0,
            siz: 0,
            kind: RelocKind::INITORDER,
            sym: Some(table.lookup(&format!("{path}..inittask"))),
            add: 0,
        });
    }
    for &init in inits {
        s.write_addr(init, 0);
    }
    s
}
