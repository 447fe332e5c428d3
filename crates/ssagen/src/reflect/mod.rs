//! Type descriptors, to which interfaces point (gc: reflect.go).
//!
//! A descriptor starts with a common part: size, hash, kind and so on, the comparison function, the pointer mask, the
//! name, and the type of pointers to it. The rest depends on the kind. Symbols are made in gc's order: those that a
//! descriptor refers to come first, except that a type and the pointer to it refer to each other.

mod atomic;

pub(crate) use atomic::{dictionary, file_writer_itab as shared_file_writer_itab};

use md5::{Digest, Md5};
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};
use rustc_hash::FxHashSet;
use sha2::Sha256;

use crate::dumpobj::uleb128;
use crate::front::Front;
use crate::ir::{Defined, Kind, Package, Type, TypeName};
use crate::symbols::{FILE_WRITER_ITAB, defined_symbol};

// Kinds of types (gc: reflect.go, kind constants), and the flag of types whose values fit into an interface's data
// word.
const KIND_ARRAY: u8 = 17;
const KIND_FUNC: u8 = 19;
const KIND_INTERFACE: u8 = 20;
const KIND_POINTER: u8 = 22;
const KIND_SLICE: u8 = 23;
const KIND_STRUCT: u8 = 25;
const KIND_DIRECT_IFACE: u8 = 0x20;

// Type flags (gc: reflect.go, tflag constants).
const UNCOMMON: u8 = 1;
const EXTRA_STAR: u8 = 2;
const NAMED: u8 = 4;
const REGULAR_MEMORY: u8 = 8;

/// The flag of types whose values fit into an interface's data word, in versions where it isn't part of the kind.
const DIRECT_IFACE: u8 = 0x20;

/// Size of a word in bytes.
const WORD: u64 = 8;

/// The form of type descriptors in a Go version.
#[derive(Debug)]
pub struct DescriptorFormat {
    /// The first bytes of the hash of a type's name.
    pub hash: fn(&str) -> [u8; 4],
    /// Names in symbols are hashed, with paths and numbers. Without, names as programs see them.
    pub hashes_symbol_names: bool,
    /// Lengths of names are of variable size, least significant bits first. Without, two bytes.
    pub short_name_lengths: bool,
    /// Pointer masks are padded to words.
    pub word_masks: bool,
    /// That a value fits into an interface's data word is a flag. Without, it is part of the kind.
    pub direct_flag: bool,
    /// The unused end of method data is written.
    pub writes_unused: bool,
}

impl DescriptorFormat {
    /// The form of Go 1.15.
    pub const GO1_15: DescriptorFormat = DescriptorFormat {
        hash: |name| {
            let digest = Md5::digest(name.as_bytes());
            [digest[0], digest[1], digest[2], digest[3]]
        },
        hashes_symbol_names: false,
        short_name_lengths: false,
        word_masks: false,
        direct_flag: false,
        writes_unused: true,
    };

    /// The form of Go 1.27.
    pub const GO1_27: DescriptorFormat = DescriptorFormat {
        hash: |name| {
            let digest = Sha256::digest(name.as_bytes());
            // Hashes of types differ from those of other content.
            [digest[0] ^ 0xff, digest[1], digest[2], digest[3]]
        },
        hashes_symbol_names: true,
        short_name_lengths: true,
        word_masks: true,
        direct_flag: true,
        writes_unused: false,
    };
}
/// Size of a descriptor's common part in bytes.
const COMMON_SIZE: i64 = 48;
/// Size of the method data of a named type in bytes.
const UNCOMMON_SIZE: u32 = 16;

/// A type with a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described {
    /// A predeclared type.
    Basic(Kind),
    /// A type of the package.
    Defined(Defined),
    /// `interface {}`
    Interface,
    /// `[]interface {}`
    Slice,
    /// `[N]interface {}`
    Array(u16),
    /// `[N]T` of an integer, boolean or foreign type
    Table(Box<Described>, u32),
    /// `[]T` of such a type
    SliceOf(Box<Described>),
    /// A function without receiver: its parameters and its only result
    Func(Vec<Described>, Option<Box<Described>>),
    /// `sync/atomic.Pointer[os.dirInfo]`
    AtomicPointer,
    /// Another type of one word, which its package describes
    Foreign(&'static str),
    /// A pointer to another described type.
    Pointer(Box<Described>),
    /// `io.Writer`, which the runtime describes.
    Writer,
    /// `*os.File`, which the runtime describes.
    File,
}

impl Described {
    /// Returns the described type for `ty`, which must be an integer, boolean or string type.
    pub fn of(ty: Type) -> Described {
        match ty.name() {
            TypeName::Defined(defined) => Described::Defined(defined),
            TypeName::Basic | TypeName::Alias => Described::Basic(ty.kind),
        }
    }
}

/// Builder of descriptor symbols, each of which is made once.
pub(crate) struct Descriptors<'a> {
    package: &'a Package,
    /// The package path from `-p`.
    path: &'a str,
    format: &'static DescriptorFormat,
    pub(crate) table: &'a mut SymTable,
    done: FxHashSet<String>,
    /// The symbols made since the list was last taken.
    pub(crate) made: Vec<LSym>,
}

impl<'a> Descriptors<'a> {
    pub(crate) fn new(
        package: &'a Package,
        path: &'a str,
        format: &'static DescriptorFormat,
        table: &'a mut SymTable,
    ) -> Self {
        Descriptors {
            package,
            path,
            format,
            table,
            done: FxHashSet::default(),
            made: Vec::new(),
        }
    }

    /// Leaves out the symbols of a list.
    pub(crate) fn skip(&mut self, list: &[LSym]) {
        let prefix = self.table.reserved_name("type", "");
        for name in list.iter().filter_map(|s| Some(self.table.name(s.sym?))) {
            let ty = name.strip_prefix(&*prefix);
            self.done.extend(ty.map(str::to_owned));
            self.done.insert(name.to_owned());
        }
    }

    /// Returns the name of `ty` in symbols.
    pub(crate) fn symbol_name(&self, ty: &Described) -> String {
        match ty {
            Described::Defined(defined) => defined_symbol(self.package, *defined, self.table),
            Described::Pointer(elem) => format!("*{}", self.symbol_name(elem)),
            Described::Table(elem, len) => format!("[{len}]{}", self.symbol_name(elem)),
            Described::SliceOf(elem) => format!("[]{}", self.symbol_name(elem)),
            Described::Func(..) => atomic::func_name(ty, |ty| self.symbol_name(ty)),
            Described::AtomicPointer => atomic::POINTER.to_owned(),
            _ => self.text(ty),
        }
    }

    /// Returns the name of `ty` as programs see it.
    pub(crate) fn text(&self, ty: &Described) -> String {
        match ty {
            Described::Basic(kind) => Type::basic(*kind).kind_name().to_owned(),
            Described::Defined(defined) => {
                format!(
                    "{}.{}",
                    self.package.name, self.package.defined[*defined].name
                )
            }
            Described::Interface => "interface {}".to_owned(),
            Described::Writer => "io.Writer".to_owned(),
            Described::File => "*os.File".to_owned(),
            Described::Slice => "[]interface {}".to_owned(),
            Described::Array(len) => format!("[{len}]interface {{}}"),
            Described::Table(elem, len) => format!("[{len}]{}", self.text(elem)),
            Described::SliceOf(elem) => format!("[]{}", self.text(elem)),
            Described::Func(..) => atomic::func_name(ty, |ty| self.text(ty)),
            Described::AtomicPointer => atomic::POINTER_TEXT.to_owned(),
            Described::Foreign(name) => (*name).to_owned(),
            Described::Pointer(elem) => format!("*{}", self.text(elem)),
        }
    }

    fn sym(&mut self, ty: &Described) -> Sym {
        let name = self.symbol_name(ty);
        self.table.reserved("type", name)
    }

    /// Makes the descriptor of a type and of the types it refers to (gc: reflect.go, dtypesym).
    pub(crate) fn describe(&mut self, ty: &Described) {
        let name = self.symbol_name(ty);
        if matches!(ty, Described::Foreign(_)) || !self.done.insert(name) {
            return;
        }
        match ty {
            Described::Array(_) => {
                self.describe(&Described::Interface);
                self.describe(&Described::Slice);
            }
            Described::Slice => self.describe(&Described::Interface),
            Described::Pointer(elem) => self.describe(elem),
            Described::Table(..) | Described::SliceOf(_) | Described::Func(..) => {}
            Described::AtomicPointer | Described::Foreign(_) => {}
            Described::Basic(_) | Described::Defined(_) | Described::Interface => {}
            Described::Writer | Described::File => {}
        }
        let attrs = match ty {
            Described::Defined(_) => Attrs::NONE,
            Described::Pointer(elem) if matches!(**elem, Described::Defined(_)) => Attrs::NONE,
            _ => Attrs::DUPOK,
        };
        let sym = self.sym(ty);
        let mut s = LSym::new(sym, SymKind::SRODATA, attrs);
        s.align = WORD as u32;
        self.common(&mut s, ty);
        match ty {
            Described::Basic(_) => self.uncommon(&mut s, None),
            Described::Defined(_) => {
                let path = self.import_path();
                self.uncommon(&mut s, Some(path));
            }
            Described::Interface => {
                // No package; the empty method list starts after the descriptor.
                s.write(&[0; 8]);
                s.write_addr(sym, COMMON_SIZE + 32);
                s.write(&[0; 16]);
            }
            Described::Slice => self.write_ref(&mut s, &Described::Interface),
            Described::Array(len) => {
                self.write_ref(&mut s, &Described::Interface);
                self.write_ref(&mut s, &Described::Slice);
                s.write(&u64::from(*len).to_le_bytes());
            }
            Described::Pointer(elem) => {
                self.write_ref(&mut s, elem);
                if **elem == Described::AtomicPointer {
                    self.write_atomic_methods(&mut s);
                }
            }
            Described::Func(params, result) => self.write_func(&mut s, params, result.as_deref()),
            Described::AtomicPointer => self.write_atomic_fields(&mut s, sym),
            Described::Foreign(_) => {}
            Described::Table(elem, len) => {
                let slice = Described::SliceOf(elem.clone());
                if !matches!(**elem, Described::Basic(_)) {
                    self.describe(elem);
                    self.describe(&slice);
                }
                self.write_ref(&mut s, elem);
                self.write_ref(&mut s, &slice);
                s.write(&u64::from(*len).to_le_bytes());
            }
            Described::SliceOf(elem) => {
                self.describe(elem);
                self.write_ref(&mut s, elem);
            }
            Described::Writer | Described::File => {}
        }
        self.made.push(s);
    }

    fn write_ref(&mut self, s: &mut LSym, ty: &Described) {
        let sym = self.sym(ty);
        s.write_addr(sym, 0);
    }

    /// Writes the common part (gc: reflect.go, dcommontype).
    fn common(&mut self, s: &mut LSym, ty: &Described) {
        let equal = self.equal_func(ty);
        let pointer = Described::Pointer(Box::new(ty.clone()));
        let is_pointer = matches!(ty, Described::Pointer(_) | Described::File);
        if !is_pointer && *ty != Described::Writer {
            self.describe(&pointer);
        }
        let text = self.text(ty);
        let (size, align, pointers) = self.layout(ty);
        s.write(&size.to_le_bytes());
        s.write(&(pointers.len() as u64 * WORD).to_le_bytes());
        let hash = match self.format.hashes_symbol_names {
            true => (self.format.hash)(&self.symbol_name(ty)),
            false => (self.format.hash)(&text),
        };
        s.write(&hash);
        s.write(&[self.flags(ty), align, align, self.kind(ty)]);
        match equal {
            Some(equal) => s.write_addr(equal, 0),
            None => s.write(&[0; 8]),
        }
        let mask = self.pointer_mask(&pointers);
        s.write_addr(mask, 0);
        let name = if is_pointer { text } else { format!("*{text}") };
        let name = self.name_data(&name, self.is_exported(ty));
        offset(s, RelocKind::ADDROFF, Some(name));
        if is_pointer || *ty == Described::Writer {
            offset(s, RelocKind::ADDROFF, None);
        } else {
            let has_name = matches!(
                ty,
                Described::Basic(_) | Described::Defined(_) | Described::AtomicPointer
            );
            let kind = if !has_name {
                RelocKind::WEAKADDROFF
            } else {
                RelocKind::ADDROFF
            };
            let sym = self.sym(&pointer);
            offset(s, kind, Some(sym));
        }
    }

    /// Writes the method data of a named type without methods.
    fn uncommon(&mut self, s: &mut LSym, path: Option<Sym>) {
        offset(s, RelocKind::ADDROFF, path);
        // Method counts, and the offset of the method list.
        s.write(&[0; 4]);
        s.write(&UNCOMMON_SIZE.to_le_bytes());
        match self.format.writes_unused {
            true => s.write(&[0; 4]),
            false => s.size += 4,
        }
    }

    /// Returns size and alignment in bytes, and the pointer mask up to the last pointer word.
    fn layout(&self, ty: &Described) -> (u64, u8, Vec<bool>) {
        let interface = [false, true];
        match ty {
            Described::Basic(_) | Described::Defined(_) => match self.ty(ty) {
                ty if ty.kind == Kind::String => (16, 8, vec![true]),
                ty => (u64::from(ty.size()), ty.align() as u8, Vec::new()),
            },
            Described::Interface | Described::Writer => (16, 8, interface.to_vec()),
            Described::Slice | Described::SliceOf(_) => (24, 8, vec![true]),
            Described::Table(elem, len) => {
                let (size, align, _) = self.layout(elem);
                (size * u64::from(*len), align, Vec::new())
            }
            Described::Array(len) => (16 * u64::from(*len), 8, interface.repeat(usize::from(*len))),
            Described::Pointer(_)
            | Described::File
            | Described::Func(..)
            | Described::AtomicPointer
            | Described::Foreign(_) => (8, 8, vec![true]),
        }
    }

    fn ty(&self, ty: &Described) -> Type {
        match ty {
            Described::Basic(kind) => Type::basic(*kind),
            Described::Defined(defined) => Type::basic(self.package.defined[*defined].kind),
            _ => Type::VOID,
        }
    }

    fn kind(&self, ty: &Described) -> u8 {
        match ty {
            Described::Basic(_) | Described::Defined(_) => match self.ty(ty).kind {
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
                kind => minigo_base::internal!("no descriptor of a named {kind:?}"),
            },
            Described::Interface | Described::Writer => KIND_INTERFACE,
            Described::Slice | Described::SliceOf(_) => KIND_SLICE,
            Described::Array(_) | Described::Table(..) => KIND_ARRAY,
            Described::Func(..) => KIND_FUNC,
            Described::AtomicPointer => KIND_STRUCT,
            Described::Foreign(name) => minigo_base::internal!("{name} is described"),
            Described::Pointer(_) | Described::File if self.format.direct_flag => KIND_POINTER,
            Described::Pointer(_) | Described::File => KIND_POINTER | KIND_DIRECT_IFACE,
        }
    }

    fn flags(&self, ty: &Described) -> u8 {
        match ty {
            Described::Basic(_) | Described::Defined(_) => match self.ty(ty).kind {
                Kind::String => UNCOMMON | EXTRA_STAR | NAMED,
                _ => UNCOMMON | EXTRA_STAR | NAMED | REGULAR_MEMORY,
            },
            Described::Table(..) => EXTRA_STAR | REGULAR_MEMORY,
            Described::Interface
            | Described::Slice
            | Described::SliceOf(_)
            | Described::Array(_) => EXTRA_STAR,
            Described::Func(..) => EXTRA_STAR | DIRECT_IFACE,
            Described::AtomicPointer => UNCOMMON | EXTRA_STAR | NAMED | DIRECT_IFACE,
            Described::Foreign(name) => minigo_base::internal!("{name} is described"),
            Described::Pointer(elem) if **elem == Described::AtomicPointer => {
                UNCOMMON | REGULAR_MEMORY | DIRECT_IFACE
            }
            Described::Pointer(_) | Described::File if self.format.direct_flag => {
                REGULAR_MEMORY | DIRECT_IFACE
            }
            Described::Pointer(_) | Described::File => REGULAR_MEMORY,
            Described::Writer => EXTRA_STAR | NAMED,
        }
    }

    fn is_exported(&self, ty: &Described) -> bool {
        match ty {
            Described::Defined(defined) => {
                let name = &self.package.defined[*defined].name;
                name.chars().next().is_some_and(char::is_uppercase)
            }
            Described::Pointer(elem) => self.is_exported(elem),
            Described::Writer | Described::File | Described::AtomicPointer => true,
            _ => false,
        }
    }

    /// Returns the symbol that points to the comparison function of a type; none if its values can't be compared (gc:
    /// alg.go, geneq).
    fn equal_func(&mut self, ty: &Described) -> Option<Sym> {
        let name = match ty {
            Described::Slice | Described::SliceOf(_) | Described::Func(..) | Described::Writer => {
                return None;
            }
            Described::Table(..) if !matches!(self.layout(ty).0, 0 | 1 | 2 | 4 | 8 | 16) => {
                return Some(self.memory_equal(self.layout(ty).0));
            }
            Described::Interface | Described::Array(1) => "runtime.nilinterequal".to_owned(),
            Described::Array(_) => {
                let name = self.text(ty);
                let func = self.table.reserved("type", format_args!(".eq.{name}"));
                let value = self
                    .table
                    .reserved_name("type", format_args!(".eqfunc.{name}"));
                return Some(self.func_value(&value, func));
            }
            _ if self.ty(ty).kind == Kind::String => "runtime.strequal".to_owned(),
            _ => format!("runtime.memequal{}", 8 * self.layout(ty).0),
        };
        let func = self.table.lookup(&name);
        Some(self.func_value(&format!("{name}·f"), func))
    }

    /// Returns the symbol that points to the comparison of memory of any size, here of `size` bytes.
    fn memory_equal(&mut self, size: u64) -> Sym {
        let func = self.table.lookup("runtime.memequal_varlen");
        let name = self
            .table
            .reserved_name("type", format_args!(".eqfunc.M{size}"));
        self.shared_symbol(&name, |s| {
            s.write_addr(func, 0);
            s.write(&size.to_le_bytes());
        })
    }

    /// Returns the symbol of a word that holds a function's address.
    fn func_value(&mut self, name: &str, func: Sym) -> Sym {
        self.shared_symbol(name, |s| s.write_addr(func, 0))
    }

    /// Describes an array of interfaces to the garbage collector only.
    pub(crate) fn describe_pointers(&mut self, len: u16) {
        let (_, _, pointers) = self.layout(&Described::Array(len));
        self.pointer_mask(&pointers);
    }

    /// Returns the symbol of a pointer mask, with one bit per word.
    fn pointer_mask(&mut self, pointers: &[bool]) -> Sym {
        let (name, bytes) = pointer_mask(pointers, self.format);
        self.shared_symbol(&name, |s| {
            s.align = WORD as u32;
            s.write(&bytes);
        })
    }

    /// Returns the symbol of a name: export flag, length and text.
    fn name_data(&mut self, name: &str, exported: bool) -> Sym {
        let mark = if exported { '.' } else { '-' };
        let data = format!(".namedata.{name}{mark}");
        let data = self.table.reserved_name("type", data);
        let format = self.format;
        self.shared_symbol(&data, |s| write_name(s, name, exported, format))
    }

    /// Returns the symbol of the package's path. It is left undefined if the path is unknown.
    fn import_path(&mut self) -> Sym {
        let name = format!(".importpath.{}", self.table.own_prefix());
        let name = self.table.reserved_name("type", name);
        if self.path.is_empty() {
            return self.table.lookup(&name);
        }
        let (path, format) = (self.path, self.format);
        self.shared_symbol(&name, |s| write_name(s, path, false, format))
    }

    /// Makes a symbol shared between packages, unless it exists.
    fn shared_symbol(&mut self, name: &str, write: impl FnOnce(&mut LSym)) -> Sym {
        let sym = self.table.lookup(name);
        if self.done.insert(name.to_owned()) {
            let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
            write(&mut s);
            self.made.push(s);
        }
        sym
    }
}

fn write_name(s: &mut LSym, name: &str, exported: bool, format: &DescriptorFormat) {
    s.align = 1;
    let len = u16::try_from(name.len()).expect("names are shorter than 64 KB");
    s.write(&[u8::from(exported)]);
    match format.short_name_lengths {
        true => uleb128(s, len.into()),
        false => s.write(&len.to_be_bytes()),
    }
    s.write(name.as_bytes());
}

/// Returns the name and the content of the symbol of a pointer mask.
fn pointer_mask(pointers: &[bool], format: &DescriptorFormat) -> (String, Vec<u8>) {
    let mut n_bytes = pointers.len().div_ceil(8);
    if format.word_masks {
        n_bytes = n_bytes.next_multiple_of(WORD as usize);
    }
    let mut bytes = vec![0u8; n_bytes];
    for (word, _) in pointers.iter().enumerate().filter(|(_, is)| **is) {
        bytes[word / 8] |= 1 << (word % 8);
    }
    let mut name = "runtime.gcbits.".to_owned();
    for byte in &bytes {
        name.push_str(&format!("{byte:02x}"));
    }
    (name, bytes)
}

/// Returns the name of the pointer mask of an array of `len` interfaces.
pub fn array_mask(len: u16, format: &DescriptorFormat) -> String {
    let pointers = [false, true].repeat(usize::from(len));
    pointer_mask(&pointers, format).0
}

/// Appends a four-byte offset to a symbol, or zero.
fn offset(s: &mut LSym, kind: RelocKind, sym: Option<Sym>) {
    if sym.is_some() {
        s.relocs.push(Reloc {
            off: s.data.len() as u32,
            siz: 4,
            kind,
            sym,
            add: 0,
        });
    }
    s.write(&[0; 4]);
}

/// Returns the method table of `*os.File` as an `io.Writer`, and the linker's list entry for it (gc: reflect.go,
/// dumptabs).
pub(crate) fn file_writer_itab(table: &mut SymTable) -> [LSym; 2] {
    let sym = table.reserved("go", FILE_WRITER_ITAB);
    let mut itab = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
    itab.write_addr(table.reserved("type", "io.Writer"), 0);
    itab.write_addr(table.reserved("type", "*os.File"), 0);
    itab.write(&Md5::digest(b"*os.File")[..4]);
    itab.write(&[0; 4]);
    itab.write_addr(table.lookup("os.(*File).Write"), 0);
    let link = table.reserved("go", "itablink.*os.File,io.Writer");
    let mut link = LSym::new(link, SymKind::SRODATA, Attrs::DUPOK);
    link.write_addr(sym, 0);
    [itab, link]
}

/// Returns the symbol of an imported package's path (gc: reflect.go, dumpimportstrings).
pub(crate) fn imported_path(path: &str, format: &DescriptorFormat, table: &mut SymTable) -> LSym {
    let sym = table.reserved("type", format_args!(".importpath.{path}."));
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
    write_name(&mut s, path, false, format);
    s
}

/// Returns the descriptors that the runtime provides: predeclared types, and types of other packages, that symbols in
/// `table` may refer to.
pub fn runtime_types(front: &Front, table: &mut SymTable) -> Vec<LSym> {
    const KINDS: [Kind; 13] = [
        Kind::Bool,
        Kind::Int,
        Kind::Int8,
        Kind::Int16,
        Kind::Int32,
        Kind::Int64,
        Kind::Uint,
        Kind::Uint8,
        Kind::Uint16,
        Kind::Uint32,
        Kind::Uint64,
        Kind::Uintptr,
        Kind::String,
    ];
    let package = Package::default();
    let mut descriptors = Descriptors::new(&package, "", front.descriptors, table);
    let basic = KINDS.into_iter().map(Described::Basic);
    for ty in basic.chain([Described::Writer, Described::File]) {
        let name = descriptors.symbol_name(&ty);
        let names = [name.clone(), format!("*{name}")];
        let names = names.map(|name| descriptors.table.reserved_name("type", name));
        if names
            .iter()
            .any(|name| descriptors.table.get(name).is_some())
        {
            descriptors.describe(&ty);
        }
    }
    descriptors.made
}
