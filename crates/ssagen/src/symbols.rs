//! The symbols that a package's functions refer to, created before the first function is built.
//!
//! Building a function only reads them, so functions can be built in parallel.

use std::sync::Arc;

use cranelift_entity::SecondaryMap;
use minigo_base::unicode::quote;
use minigo_base::{Pos, PosBase, PosTable};
use minigo_obj::{InlinedCall, Sym, SymTable};
use minigo_ssa::abi::Convention;
use minigo_ssa::{Func, Profile, Type, TypeNames};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{self, Defined, External, FuncId, Global, Needed, Package, Runtime};

/// The symbols of a package.
#[derive(Clone, Debug)]
pub struct Symbols {
    funcs: SecondaryMap<FuncId, Sym>,
    globals: SecondaryMap<Global, Sym>,
    runtime: [Sym; Runtime::ALL.len()],
    /// Types of the results of calls.
    results: SecondaryMap<FuncId, Type>,
    runtime_results: [Type; Runtime::ALL.len()],
    externals: FxHashMap<External, Sym>,
    /// Read-only bytes by symbol.
    read_only: Arc<FxHashMap<Sym, Box<[u8]>>>,
    /// Functions that are passed their parameters on the stack, in versions with registers for them.
    stack_callees: Arc<FxHashSet<Sym>>,
    strings: FxHashMap<Box<[u8]>, Sym>,
    /// Index of each defined type in `type_names`.
    defined: SecondaryMap<Defined, u16>,
    type_names: Arc<TypeNames>,
    /// The inlined call that each position base belongs to.
    inlined_calls: Arc<SecondaryMap<PosBase, Option<u32>>>,
    inline_tree: Vec<InlinedCall>,
}

impl Symbols {
    /// Enters all symbols that functions of `package` may refer to into `table`. `positions` belongs to the package.
    pub fn new(
        package: &Package,
        positions: &PosTable,
        profile: &Profile,
        table: &mut SymTable,
    ) -> Symbols {
        let mut symbols = Symbols {
            funcs: SecondaryMap::with_default(SymTable::MORESTACK_NOCTXT),
            globals: SecondaryMap::with_default(SymTable::MORESTACK_NOCTXT),
            runtime: Runtime::ALL.map(|fun| table.lookup(&format!("runtime.{}", fun.name()))),
            results: SecondaryMap::with_default(Type::VOID),
            runtime_results: [Type::VOID; Runtime::ALL.len()],
            externals: FxHashMap::default(),
            read_only: Arc::default(),
            stack_callees: Arc::default(),
            strings: FxHashMap::default(),
            defined: SecondaryMap::new(),
            type_names: Arc::default(),
            inlined_calls: Arc::default(),
            inline_tree: Vec::new(),
        };
        for (id, func) in &package.funcs {
            symbols.funcs[id] = match func.imported {
                true => table.lookup(&func.name),
                false => table.own(&func.name),
            };
            for text in func.strings.values() {
                if !symbols.strings.contains_key(text) {
                    let sym = string_symbol(text, table);
                    symbols.strings.insert(text.clone(), sym);
                }
            }
        }
        symbols.enter_conventions(package, table);
        for (id, global) in &package.globals {
            symbols.globals[id] = table.own(&global.name);
        }
        let mut names = TypeNames::default();
        names.empty_interface = profile.empty_interface;
        for (defined, data) in &package.defined {
            symbols.defined[defined] = names.add(&data.name, data.generation);
        }
        symbols.enter_results(package, &mut names);
        symbols.type_names = Arc::new(names);
        symbols.enter_externals(package, table);
        let mut inlined_calls = SecondaryMap::new();
        for (base, data) in positions.iter() {
            if data.inlined.is_some() {
                inlined_calls[base] = data.inlined;
            }
        }
        symbols.inlined_calls = Arc::new(inlined_calls);
        let inlined = package.inline_tree.iter().map(|call| InlinedCall {
            parent: call.parent,
            pos: call.pos,
            func: symbols.funcs[call.func],
            declared: package.funcs[call.func].pos,
        });
        symbols.inline_tree = inlined.collect();
        symbols
    }

    /// Enters the lists of results of all functions.
    /// Gives functions with a wrapper another symbol than that. The name stands for the one that assembly knows.
    fn enter_conventions(&mut self, package: &Package, table: &mut SymTable) {
        let mut stack_callees = FxHashSet::default();
        for (id, func) in &package.funcs {
            if let Some(wrapped) = func.wraps {
                let in_registers = match func.convention {
                    Convention::Registers => id,
                    Convention::Stack => wrapped,
                };
                let name = table.name(self.funcs[id]).to_owned();
                self.funcs[in_registers] = table.lookup_internal(&name);
            }
        }
        for (id, func) in &package.funcs {
            if func.convention == Convention::Stack {
                stack_callees.insert(self.funcs[id]);
            }
        }
        self.stack_callees = Arc::new(stack_callees);
    }

    fn enter_results(&mut self, package: &Package, names: &mut TypeNames) {
        for (id, func) in &package.funcs {
            let results = func.signature.results.iter();
            let results = results.map(|slot| self.ty(slot.ty));
            self.results[id] = names.results(&Vec::from_iter(results.chain([Type::MEM])));
        }
        for fun in Runtime::ALL {
            let result = fun.result().map(|ty| self.ty(ty));
            let list = Vec::from_iter(result.into_iter().chain([Type::MEM]));
            self.runtime_results[fun as usize] = names.results(&list);
        }
    }

    fn enter_externals(&mut self, package: &Package, table: &mut SymTable) {
        let mut enter = |external: External, sym: Sym| {
            self.externals.insert(external, sym);
            sym
        };
        enter(External::Stdout, table.lookup("os.Stdout"));
        let integers = table.lookup("runtime.staticuint64s");
        enter(External::StaticUint64s, integers);
        let flag = table.lookup("runtime.writeBarrier");
        enter(External::WriteBarrier, flag);
        let record_one = table.lookup("runtime.gcWriteBarrier1");
        enter(External::RecordOne, record_one);
        let record_two = table.lookup("runtime.gcWriteBarrier2");
        enter(External::RecordTwo, record_two);
        enter(
            External::FileWriterItab,
            table.reserved("go", FILE_WRITER_ITAB),
        );
        for needed in &package.needed {
            let (ty, name) = match *needed {
                Needed::Descriptor(ty) => (ty, type_symbol(package, ty, table)),
                Needed::Itab => (ir::Type::FILE, "*os.File".to_owned()),
            };
            enter(External::Descriptor(ty), table.reserved("type", name));
        }
        let mut read_only = FxHashMap::default();
        for (number, data) in (0u32..).zip(&package.statics) {
            let sym = table.own(format_args!(".stmp_{number}"));
            enter(External::Static(number), sym);
            let content = match data.value {
                _ if data.table.is_some() => data.table.clone().unwrap_or_default(),
                ir::Aux::Int(value) => value.to_le_bytes()[..data.ty.size() as usize].into(),
                ir::Aux::Bool(value) => [u8::from(value)].into(),
                _ => continue,
            };
            read_only.insert(sym, content);
        }
        self.read_only = Arc::new(read_only);
    }

    /// Returns the symbol of a variable that the program doesn't declare.
    pub fn external(&self, external: External) -> Sym {
        self.externals[&external]
    }

    /// Returns the functions that are passed their parameters on the stack.
    pub fn stack_callees(&self) -> Arc<FxHashSet<Sym>> {
        Arc::clone(&self.stack_callees)
    }

    /// Returns the content of read-only symbols.
    pub fn read_only(&self) -> Arc<FxHashMap<Sym, Box<[u8]>>> {
        Arc::clone(&self.read_only)
    }

    /// Returns the symbol of a function of the package.
    pub fn func(&self, func: FuncId) -> Sym {
        self.funcs[func]
    }

    /// Returns the symbol of a package variable.
    pub fn global(&self, global: Global) -> Sym {
        self.globals[global]
    }

    /// Returns the symbol of a runtime function.
    pub fn runtime(&self, fun: Runtime) -> Sym {
        self.runtime[fun as usize]
    }

    /// Returns the type of the results of a function of the package.
    pub(crate) fn results(&self, func: FuncId) -> Type {
        self.results[func]
    }

    /// Returns the type of the results of a runtime function.
    pub(crate) fn runtime_results(&self, fun: Runtime) -> Type {
        self.runtime_results[fun as usize]
    }

    /// Returns the symbol of a constant string of the package.
    pub fn string(&self, text: &[u8]) -> Sym {
        self.strings[text]
    }

    /// Returns the SSA type of values of `ty`.
    pub(crate) fn ty(&self, ty: ir::Type) -> Type {
        use ir::{Kind, TypeName};
        let basic = match ty.kind {
            Kind::Void => Type::VOID,
            Kind::Bool => Type::BOOL,
            Kind::Int8 => Type::INT8,
            Kind::Int16 => Type::INT16,
            Kind::Int32 => Type::INT32,
            Kind::Int64 => Type::INT64,
            Kind::Int => Type::INT,
            Kind::Uint8 => Type::UINT8,
            Kind::Uint16 => Type::UINT16,
            Kind::Uint32 => Type::UINT32,
            Kind::Uint64 => Type::UINT64,
            Kind::Uint => Type::UINT,
            Kind::Uintptr => Type::UINTPTR,
            Kind::String => Type::STRING,
            Kind::Interface => Type::INTERFACE,
            Kind::Error => Type::ERROR,
            Kind::Writer => Type::WRITER,
            Kind::Slice => Type::SLICE,
            Kind::Array(len) => Type::array(Type::INTERFACE, len),
            Kind::ArrayPointer(len) => Type::array(Type::INTERFACE, len).pointer_to(),
            Kind::File => Type::FILE_PTR,
            Kind::UnsafePointer => Type::UNSAFE_PTR,
            Kind::Pointer => Type::BYTE_PTR,
        };
        match (ty.name(), ty.kind) {
            (TypeName::Defined(defined), _) => basic.defined(self.defined[defined]),
            (TypeName::Alias, Kind::Uint8) => Type::BYTE,
            (TypeName::Alias, Kind::Int32) => Type::RUNE,
            (TypeName::Basic | TypeName::Alias, _) => basic,
        }
    }

    /// Returns the types declared in functions that variables of a compiled function have which debuggers see.
    pub fn local_types(&self, package: &Package, f: &Func) -> Vec<Defined> {
        let is_local = |(_, data): &(Defined, &ir::DefinedData)| data.generation != 0;
        let mut types = Vec::new();
        for (defined, data) in package.defined.iter().filter(is_local) {
            let name = ir::TypeName::Defined(defined);
            let ty = self.ty(ir::Type::named(data.kind, name));
            let named = f.names.iter().map(|&var| &f.vars[var]);
            // Without optimization, variables in memory have no names.
            let in_memory = f.vars.values().filter(|var| var.used);
            if named
                .chain(in_memory)
                .any(|var| var.ty == ty && !var.name.starts_with(['.', '~']))
            {
                types.push(defined);
            }
        }
        types
    }

    /// Returns the inlined call of each position base, as an index into the inline tree.
    pub fn inlined_calls(&self) -> Arc<SecondaryMap<PosBase, Option<u32>>> {
        Arc::clone(&self.inlined_calls)
    }

    /// Returns all inlined calls of the package.
    pub fn inline_tree(&self) -> &[InlinedCall] {
        &self.inline_tree
    }

    /// Returns the position in the source that a reader associates with `pos`: that of the outermost inlined call, if
    /// any.
    pub fn outermost(&self, mut pos: Pos) -> Pos {
        let mut call = self.inlined_calls[pos.base()];
        while let Some(index) = call {
            let inlined = &self.inline_tree[index as usize];
            (pos, call) = (inlined.pos, inlined.parent);
        }
        pos
    }

    /// Returns the defined types of the package.
    pub fn type_names(&self) -> Arc<TypeNames> {
        Arc::clone(&self.type_names)
    }
}

/// Name, behind `go.`, of the method table of `*os.File` as an `io.Writer`.
pub const FILE_WRITER_ITAB: &str = "itab.*os.File,io.Writer";

/// Returns the name of a defined type in symbols.
pub fn defined_symbol(package: &Package, defined: Defined, table: &SymTable) -> String {
    let data = &package.defined[defined];
    match data.generation {
        0 => table.own_name(&data.name),
        generation => table.own_name(format_args!("{}·{generation}", data.name)),
    }
}

/// Returns the name of a type in symbols.
pub fn type_symbol(package: &Package, ty: ir::Type, table: &SymTable) -> String {
    match (ty.name(), ty.kind) {
        (ir::TypeName::Defined(defined), _) => defined_symbol(package, defined, table),
        (ir::TypeName::Alias, ir::Kind::Uint8) => "uint8".to_owned(),
        (ir::TypeName::Alias, ir::Kind::Int32) => "int32".to_owned(),
        (_, ir::Kind::Array(len)) => format!("[{len}]interface {{}}"),
        (ir::TypeName::Basic | ir::TypeName::Alias, _) => ty.kind_name().to_owned(),
    }
}

/// Returns the symbol of a constant string. Its name has the text, or length and hash for a long string (gc: obj.go,
/// stringsym).
pub fn string_symbol(text: &[u8], table: &mut SymTable) -> Sym {
    const LONGEST_TEXT: usize = 100;
    if text.len() <= LONGEST_TEXT {
        return table.reserved("go", format_args!("string.{}", quote(text)));
    }
    let hash = table.string_hash(text);
    let name = format!("string..gostring.{}.{hash}", text.len());
    table.reserved("go", name)
}

#[cfg(test)]
mod tests {
    use minigo_obj::SymTable;

    use super::string_symbol;

    #[test]
    fn strings_are_named_by_text_or_hash() {
        let mut table = SymTable::new();
        let mut name = |text: &[u8]| {
            let sym = string_symbol(text, &mut table);
            table.name(sym).to_owned()
        };
        assert_eq!(name(b"a\"\n"), r#"go.string."a\"\n""#);
        assert_eq!(
            name(&[b'x'; 101]),
            "go.string..gostring.101.c675a2e604b0cd1229c036e3ce0c87422980a245e295bbc605a507a2299752db"
        );
    }
}
