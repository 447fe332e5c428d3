//! What the run-time descriptors of declared types are made of (gc: reflect.go).

use md5::{Digest, Md5};
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};

use crate::ir::{Kind, Package, Type, TypeName};

/// Facts about a type, in its byte `tflag` (Go's runtime/type.go).
const UNCOMMON: u8 = 1 << 0;
const EXTRA_STAR: u8 = 1 << 1;
const NAMED: u8 = 1 << 2;
const REGULAR_MEMORY: u8 = 1 << 3;

/// The kind of pointers, whose word is what an interface holds.
const KIND_POINTER: u8 = 22 | 1 << 5;

/// Size of what all descriptors start with, in bytes: what is said of a declared type beyond follows it.
const COMMON_SIZE: u32 = 48;
/// Size in bytes of what is said of declared types only.
const UNCOMMON_SIZE: u32 = 16;

/// The descriptors of the types declared in the package outside of functions, those of pointers to them, and what
/// they refer to, in the order in which gc makes them. `path` is the package path that `-p` gives.
pub fn type_symbols(package: &Package, path: &str, table: &mut SymTable) -> Vec<LSym> {
    let mut writer = Writer {
        package,
        path,
        table,
        made: Vec::new(),
    };
    for &ty in &package.declared_types {
        writer.descriptor(ty);
    }
    writer.made
}

struct Writer<'a> {
    package: &'a Package,
    path: &'a str,
    table: &'a mut SymTable,
    made: Vec<LSym>,
}

/// What differs between the descriptors of a type and of the pointer to it.
struct Common<'a> {
    name: &'a str,
    size: u32,
    /// Size of the part with pointers, in bytes.
    pointers: u32,
    flags: u8,
    align: u8,
    kind: u8,
    equal: Sym,
    gc_bits: Sym,
}

impl Writer<'_> {
    fn descriptor(&mut self, ty: Type) {
        let TypeName::Defined(defined) = ty.name else {
            return;
        };
        let name = &self.package.defined[defined];
        let pointer_name = format!("*{}.{name}", self.package.name);
        let exported = name.chars().next().is_some_and(char::is_uppercase);
        let sym = self.table.lookup(&format!("type.\"\".{name}"));

        let is_string = ty.kind == Kind::String;
        let equal = match is_string {
            true => "strequal".to_owned(),
            false => format!("memequal{}", ty.size() * 8),
        };
        let equal = self.equal(&equal);
        let pointer_sym = self.table.lookup(&format!("type.*\"\".{name}"));
        self.pointer(pointer_sym, sym, &pointer_name, exported);

        let pointers = if is_string { 8 } else { 0 };
        let regular = if is_string { 0 } else { REGULAR_MEMORY };
        let common = Common {
            name: &pointer_name[1..],
            size: ty.size(),
            pointers,
            flags: UNCOMMON | EXTRA_STAR | NAMED | regular,
            align: ty.size().min(8) as u8,
            kind: kind_number(ty.kind),
            equal,
            gc_bits: self.gc_bits(pointers > 0),
        };
        let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::NONE);
        write_common(&mut s, &common);
        let name_sym = self.name(&pointer_name, exported);
        write_offset(&mut s, name_sym);
        write_offset(&mut s, pointer_sym);
        let path_sym = self.import_path();
        write_offset(&mut s, path_sym);
        // No methods; they would follow.
        s.write(&[0; 4]);
        s.write(&UNCOMMON_SIZE.to_le_bytes());
        s.write(&[0; 4]);
        debug_assert_eq!(s.data.len() as u32, COMMON_SIZE + UNCOMMON_SIZE);
        self.made.push(s);
    }

    /// The descriptor `sym`, called `name`, of the pointers to the type of `elem`.
    fn pointer(&mut self, sym: Sym, elem: Sym, name: &str, exported: bool) {
        let common = Common {
            name,
            size: 8,
            pointers: 8,
            flags: REGULAR_MEMORY,
            align: 8,
            kind: KIND_POINTER,
            equal: self.equal("memequal64"),
            gc_bits: self.gc_bits(true),
        };
        let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::NONE);
        write_common(&mut s, &common);
        let name_sym = self.name(name, exported);
        write_offset(&mut s, name_sym);
        // Nothing needs a pointer to the pointer.
        s.write(&[0; 4]);
        s.write_addr(elem, 0);
        self.made.push(s);
    }

    /// A symbol that packages share, made and filled once.
    fn shared(&mut self, name: &str, fill: impl FnOnce(&mut LSym, &mut SymTable)) -> Sym {
        let sym = self.table.lookup(name);
        if self.made.iter().all(|made| made.sym != Some(sym)) {
            let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
            fill(&mut s, self.table);
            self.made.push(s);
        }
        sym
    }

    /// The function value of the runtime's function that compares two values.
    fn equal(&mut self, function: &str) -> Sym {
        self.shared(&format!("runtime.{function}·f"), |s, table| {
            s.write_addr(table.lookup(&format!("runtime.{function}")), 0);
        })
    }

    /// Which words are pointers: the first, or none.
    fn gc_bits(&mut self, first: bool) -> Sym {
        match first {
            true => self.shared("runtime.gcbits.01", |s, _| s.write(&[1])),
            false => self.shared("runtime.gcbits.", |_, _| ()),
        }
    }

    /// A name as reflection reads it.
    fn name(&mut self, name: &str, exported: bool) -> Sym {
        let end = if exported { '.' } else { '-' };
        self.shared(&format!("type..namedata.{name}{end}"), |s, _| {
            write_name(s, name, exported);
        })
    }

    /// The package's path, which others fill in when `-p` does not give it.
    fn import_path(&mut self) -> Sym {
        let symbol = "type..importpath.\"\".";
        match self.path {
            "" => self.table.lookup(symbol),
            path => self.shared(symbol, |s, _| write_name(s, path, false)),
        }
    }
}

/// What all descriptors start with, up to the names.
fn write_common(s: &mut LSym, common: &Common) {
    s.write(&u64::from(common.size).to_le_bytes());
    s.write(&u64::from(common.pointers).to_le_bytes());
    s.write(&Md5::digest(common.name)[..4]);
    s.write(&[common.flags, common.align, common.align, common.kind]);
    s.write_addr(common.equal, 0);
    s.write_addr(common.gc_bits, 0);
}

/// The offset of a symbol in the section of types.
fn write_offset(s: &mut LSym, sym: Sym) {
    s.relocs.push(Reloc {
        off: s.data.len() as u32,
        siz: 4,
        kind: RelocKind::ADDROFF,
        sym: Some(sym),
        add: 0,
    });
    s.write(&[0; 4]);
}

/// Whether it is exported, the length, the text.
fn write_name(s: &mut LSym, name: &str, exported: bool) {
    s.write(&[u8::from(exported)]);
    s.write(&(name.len() as u16).to_be_bytes());
    s.write(name.as_bytes());
}

/// The number of a kind in package reflect.
fn kind_number(kind: Kind) -> u8 {
    match kind {
        Kind::Void => 0,
        Kind::Bool => 1,
        Kind::Int => 2,
        Kind::Int8 => 3,
        Kind::Int16 => 4,
        Kind::Int32 => 5,
        Kind::Int64 => 6,
        Kind::Uint => 7,
        Kind::Uint8 => 8,
        Kind::Uint16 => 9,
        Kind::Uint32 => 10,
        Kind::Uint64 => 11,
        Kind::Uintptr => 12,
        Kind::String => 24,
    }
}
