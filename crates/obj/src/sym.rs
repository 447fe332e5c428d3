//! Symbols and the table of their names, which a package's functions share.
//!
//! [`SymTable`] is filled while only one thread runs: functions, variables, strings, the runtime functions
//! that code may call. From then on it is read only, so that every function can be assembled on its own; facts
//! that assembling finds out (NOSPLIT, frame sizes) are in the [`LSym`](crate::LSym), not in the table.

use std::fmt::{self, Write};
use std::ops::BitOr;

use cranelift_entity::{PrimaryMap, entity_impl};
use md5::{Digest, Md5};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// A symbol: an index into a [`SymTable`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sym(u32);
entity_impl!(Sym, "sym");

/// The kind of a symbol's memory (gc: objabi/symkind.go). Prints as in listing headers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum SymKind {
    /// Unknown: the symbol is only referred to.
    #[default]
    Sxxx,
    /// Instructions.
    STEXT,
    /// Read-only data.
    SRODATA,
    /// Data without pointers.
    SNOPTRDATA,
    /// Data.
    SDATA,
    /// Zeroed data.
    SBSS,
    /// Zeroed data without pointers.
    SNOPTRBSS,
    /// Zeroed data of each thread.
    STLSBSS,
    /// A DWARF debugging entry.
    SDWARFINFO,
    /// A part of the DWARF entry of a compilation unit.
    SDWARFCUINFO,
    /// DWARF entries of constants.
    SDWARFCONST,
    /// The DWARF entry shared by the inlined copies of a function.
    SDWARFABSFCN,
    /// The DWARF entry of a package variable. Such symbols don't have names.
    SDWARFVAR,
    /// DWARF address ranges.
    SDWARFRANGE,
    /// DWARF location lists.
    SDWARFLOC,
    /// A DWARF line table.
    SDWARFLINES,
    /// An alias, for another calling convention, of the function that the only relocation refers to.
    SABIALIAS,
}

impl fmt::Display for SymKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Attributes of a symbol, a set (gc: obj/link.go, Attribute).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Attrs(u16);

impl Attrs {
    /// No attribute.
    pub const NONE: Attrs = Attrs(0);
    /// Several packages may define it; the linker keeps one.
    pub const DUPOK: Attrs = Attrs(1 << 0);
    /// Runs on the system stack.
    pub const CFUNC: Attrs = Attrs(1 << 1);
    /// Has no stack-split prologue, by pragma, by flag or by inference.
    pub const NOSPLIT: Attrs = Attrs(1 << 2);
    /// Calls nothing.
    pub const LEAF: Attrs = Attrs(1 << 3);
    /// May call reflection methods.
    pub const REFLECTMETHOD: Attrs = Attrs(1 << 4);
    /// Not visible outside the module.
    pub const LOCAL: Attrs = Attrs(1 << 5);
    /// A method wrapper, which adjusts `g._panic.argp`.
    pub const WRAPPER: Attrs = Attrs(1 << 6);
    /// A closure: its context register must survive the stack split.
    pub const NEEDCTXT: Attrs = Attrs(1 << 7);
    /// Has no frame, not even to save BP.
    pub const NOFRAME: Attrs = Attrs(1 << 8);
    /// Visible in one file only: `name<>`.
    pub const STATIC: Attrs = Attrs(1 << 9);
    /// The outermost frame: unwinding ends here.
    pub const TOPFRAME: Attrs = Attrs(1 << 10);
    /// Has the calling convention of compiled Go code instead of that of assembly.
    pub const ABI_INTERNAL: Attrs = Attrs(1 << 11);

    /// Calls a function of another calling convention.
    pub const ABI_WRAPPER: Attrs = Attrs(1 << 12);
    /// Initialises the package's variables.
    pub const PKG_INIT: Attrs = Attrs(1 << 13);

    /// The attributes that belong to the name: symbols that differ in them are different symbols.
    pub const NAME: Attrs = Attrs(Attrs::STATIC.0 | Attrs::ABI_INTERNAL.0);

    /// The names of attributes on TEXT lines, in the order in which they print (gc: link.go,
    /// TextAttrString).
    const TEXT_NAMES: [(Attrs, &str); 14] = [
        (Attrs::DUPOK, "DUPOK"),
        (Attrs::CFUNC, "CFUNC"),
        (Attrs::NOSPLIT, "NOSPLIT"),
        (Attrs::LEAF, "LEAF"),
        (Attrs::REFLECTMETHOD, "REFLECTMETHOD"),
        (Attrs::LOCAL, "LOCAL"),
        (Attrs::WRAPPER, "WRAPPER"),
        (Attrs::NEEDCTXT, "NEEDCTXT"),
        (Attrs::NOFRAME, "NOFRAME"),
        (Attrs::STATIC, "STATIC"),
        (Attrs::ABI_WRAPPER, "ABIWRAPPER"),
        (Attrs::PKG_INIT, "PKGINIT"),
        (Attrs::ABI_INTERNAL, "ABIInternal"),
        (Attrs::TOPFRAME, "TOPFRAME"),
    ];

    /// Reports whether all of `other` are set.
    pub const fn has(self, other: Attrs) -> bool {
        self.0 & other.0 == other.0
    }

    /// The union of both sets.
    #[must_use]
    pub const fn with(self, other: Attrs) -> Attrs {
        Attrs(self.0 | other.0)
    }

    /// The attributes of `self` that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Attrs) -> Attrs {
        Attrs(self.0 & !other.0)
    }

    /// The attributes of `self` that are in `other`.
    #[must_use]
    pub const fn kept(self, other: Attrs) -> Attrs {
        Attrs(self.0 & other.0)
    }

    /// Adds `other`.
    pub fn insert(&mut self, other: Attrs) {
        self.0 |= other.0;
    }
}

impl BitOr for Attrs {
    type Output = Attrs;

    fn bitor(self, other: Attrs) -> Attrs {
        self.with(other)
    }
}

/// As on TEXT lines: `NOSPLIT|ABIInternal`.
impl fmt::Display for Attrs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (attr, name) in Attrs::TEXT_NAMES {
            if self.has(attr) {
                write!(f, "{separator}{name}")?;
                separator = "|";
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Attrs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A symbol's name and the facts that are known before anything is assembled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SymData {
    /// The full name as listings print it: `"".main`, `runtime.printint`.
    pub name: Box<str>,
    /// Set when the symbol is declared; references leave it at [`SymKind::Sxxx`].
    pub kind: SymKind,
    /// Set when the symbol is declared.
    pub attrs: Attrs,
    /// A runtime function that takes its arguments in registers and checks the stack before it uses any, so
    /// that its caller can be NOSPLIT. Set from the name: see [`Naming::is_zero_arg_runtime_call`].
    pub zero_arg_runtime_call: bool,
}

/// The names of symbols in a Go version.
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    /// The prefix of the own symbols of the package with a path. The path is empty if it is not known.
    pub own_prefix: fn(path: &str) -> String,
    /// The path of a package whose path isn't given, by the package's name.
    pub default_path: fn(name: &str) -> &str,
    /// The program is the package with the path `main`. Without, the one with that name.
    pub program_has_path: bool,
    /// Follows `go` and `type` in the names of symbols that no program can declare.
    pub reserved_separator: char,
    /// The hash of a long string, in the name of its symbol.
    pub string_hash: fn(text: &[u8]) -> String,
    /// The name of a stack map with some content.
    pub stack_map: fn(content: &[u8]) -> String,
    /// Reports whether a name is that of a runtime function that takes its arguments in registers and checks the
    /// stack before it uses any (gc: obj6.go, isZeroArgRuntimeCall).
    pub is_zero_arg_runtime_call: fn(name: &str) -> bool,
}

impl Naming {
    /// The names of Go 1.15: `""` for the package's path, which the linker replaces, and MD5 for stack maps.
    pub const UNNAMED_PACKAGE: Naming = Naming {
        own_prefix: |_| "\"\".".to_owned(),
        default_path: |_| "",
        program_has_path: false,
        reserved_separator: '.',
        string_hash: |text| {
            let digest = Sha256::digest(text);
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        },
        stack_map: |content| {
            let digest = u128::from_be_bytes(Md5::digest(content).into());
            format!("gclocals·{digest:032x}")
        },
        is_zero_arg_runtime_call: |name| {
            let Some(name) = name.strip_prefix("runtime.") else {
                return false;
            };
            matches!(name, "panicdivide" | "panicwrap" | "panicshift")
                || name.starts_with("panicIndex")
                || name.starts_with("panicSlice")
        },
    };
}

impl Naming {
    /// The names of Go 1.27: the package's path, and SHA-256 for stack maps.
    pub const NAMED_PACKAGE: Naming = Naming {
        own_prefix: |path| match path {
            "" => "<unlinkable>.".to_owned(),
            path => format!("{}.", escaped(path)),
        },
        default_path: |name| name,
        program_has_path: true,
        reserved_separator: ':',
        string_hash: |text| {
            // A byte in front, so that hashes of symbols differ from those of other content.
            let digest = Sha256::new_with_prefix([1]).chain_update(text).finalize();
            short_hash(digest.into())
        },
        stack_map: |content| {
            let mut digest: [u8; 32] = Sha256::digest(content).into();
            // For the same reason.
            digest[0] ^= 0xff;
            format!("gclocals·{}", short_hash(digest))
        },
        is_zero_arg_runtime_call: |name| {
            let name = name.strip_prefix("runtime.");
            name.is_some_and(|name| {
                matches!(
                    name,
                    "panicdivide" | "panicwrap" | "panicshift" | "panicBounds" | "panicExtend"
                )
            })
        },
    };
}

/// Returns the path of a package as names of symbols begin with it: points in its last element, and bytes that names
/// don't have, in hexadecimal (gc: objabi/path.go, PathToPrefix).
fn escaped(path: &str) -> String {
    let last = path.rfind('/').map_or(0, |slash| slash + 1);
    let mut text = String::new();
    for (at, c) in path.char_indices() {
        let is_plain = matches!(c, '!'..='~') && !matches!(c, '%' | '"') && (c != '.' || at < last);
        match is_plain {
            true => text.push(c),
            false => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(text, "%{byte:02x}");
                }
            }
        }
    }
    text
}

/// Returns the text of a hash in the names of symbols.
fn short_hash(digest: [u8; 32]) -> String {
    let mut start = [0; 16];
    start.copy_from_slice(&digest[..16]);
    base64(start)
}

/// Encodes bytes in the standard base64 alphabet, with padding.
fn base64(bytes: [u8; 16]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for digit in 0..4 {
            text.push(match digit <= group.len() {
                true => ALPHABET[(bits >> (18 - 6 * digit) & 63) as usize].into(),
                false => '=',
            });
        }
    }
    text
}

/// The symbols of one package, by name. Static symbols (`name<>`) have a name space of their own.
///
/// The package's own symbols begin with a prefix, which only this table spells: see [`Self::own`].
#[derive(Clone, Debug)]
pub struct SymTable {
    naming: Naming,
    /// The package's path; empty if it is not known.
    package: Box<str>,
    /// The prefix of the package's own symbols.
    own_prefix: Box<str>,
    syms: PrimaryMap<Sym, SymData>,
    global: FxHashMap<Box<str>, Sym>,
    /// Symbols that assembly names by the calling convention of compiled code, `f<ABIInternal>`.
    internal: FxHashMap<Box<str>, Sym>,
    statics: FxHashMap<Box<str>, Sym>,
    /// The symbols of stack maps by content.
    stack_maps: FxHashMap<Box<[u8]>, Sym>,
}

impl SymTable {
    /// The function that the stack check calls; present in every table.
    pub const MORESTACK_NOCTXT: Sym = Sym(0);
    /// The same for functions that need the context register.
    pub const MORESTACK: Sym = Sym(1);
    /// The same for functions on the system stack.
    pub const MORESTACKC: Sym = Sym(2);
    /// The function that zeroes memory; calls enter it in the middle.
    pub const DUFFZERO: Sym = Sym(3);

    /// Returns the table of a package whose path is not known, with the symbols that prologues and single instructions
    /// refer to.
    pub fn new() -> SymTable {
        SymTable::with_naming(&Naming::UNNAMED_PACKAGE, "")
    }

    /// Returns such a table for the package with a path.
    pub fn with_naming(naming: &Naming, path: &str) -> SymTable {
        let mut table = SymTable {
            naming: *naming,
            package: path.into(),
            own_prefix: (naming.own_prefix)(path).into(),
            syms: PrimaryMap::new(),
            global: FxHashMap::default(),
            internal: FxHashMap::default(),
            statics: FxHashMap::default(),
            stack_maps: FxHashMap::default(),
        };
        for (name, sym) in [
            ("runtime.morestack_noctxt", Self::MORESTACK_NOCTXT),
            ("runtime.morestack", Self::MORESTACK),
            ("runtime.morestackc", Self::MORESTACKC),
            ("runtime.duffzero", Self::DUFFZERO),
        ] {
            let added = table.lookup(name);
            debug_assert_eq!(added, sym);
        }
        table
    }

    /// Returns the symbol with a name, which it adds if there is none.
    pub fn lookup(&mut self, name: &str) -> Sym {
        match self.global.get(name) {
            Some(&sym) => sym,
            None => {
                let sym = self.add(name, Attrs::NONE);
                self.global.insert(name.into(), sym);
                sym
            }
        }
    }

    /// The prefix of the names of the package's own symbols, for example `"".`.
    pub fn own_prefix(&self) -> &str {
        &self.own_prefix
    }

    /// The full name of the package's own symbol that Go calls `name`: `"".add`.
    pub fn own_name(&self, name: impl fmt::Display) -> String {
        format!("{}{name}", self.own_prefix)
    }

    /// Returns the package's own symbol that Go calls `name`, which it adds if there is none.
    pub fn own(&mut self, name: impl fmt::Display) -> Sym {
        let name = self.own_name(name);
        self.lookup(&name)
    }

    /// Returns the package's own symbol that Go calls `name`, if there is one. Never a static one.
    pub fn get_own(&self, name: impl fmt::Display) -> Option<Sym> {
        self.get(&self.own_name(name))
    }

    /// Returns the hash of a long string for the name of its symbol.
    pub fn string_hash(&self, text: &[u8]) -> String {
        (self.naming.string_hash)(text)
    }

    /// The full name of a symbol that no program can declare: `go.string."text"` in the space `go`, `type.int` in the
    /// space `type`.
    pub fn reserved_name(&self, space: &str, name: impl fmt::Display) -> String {
        format!("{space}{}{name}", self.naming.reserved_separator)
    }

    /// Returns the symbol of that name, which it adds if there is none.
    pub fn reserved(&mut self, space: &str, name: impl fmt::Display) -> Sym {
        let name = self.reserved_name(space, name);
        self.lookup(&name)
    }

    /// Reports whether a symbol is the package's own.
    pub fn is_own(&self, sym: Sym) -> bool {
        self.own_part(self.name(sym)).is_some()
    }

    /// The part of an own symbol's full name after the prefix; none of the name of another's symbol.
    pub fn own_part<'a>(&self, name: &'a str) -> Option<&'a str> {
        name.strip_prefix(&*self.own_prefix)
    }

    /// Returns the static symbol with a name (without the `<>`), which it adds if there is none.
    pub fn lookup_static(&mut self, name: &str) -> Sym {
        match self.statics.get(name) {
            Some(&sym) => sym,
            None => {
                let sym = self.add(name, Attrs::STATIC);
                self.statics.insert(name.into(), sym);
                sym
            }
        }
    }

    /// Returns the function with a name and the calling convention of compiled code, which assembly spells
    /// `name<ABIInternal>`. Adds it if there is none.
    pub fn lookup_internal(&mut self, name: &str) -> Sym {
        match self.internal.get(name) {
            Some(&sym) => sym,
            None => {
                let sym = self.add(name, Attrs::ABI_INTERNAL);
                self.internal.insert(name.into(), sym);
                sym
            }
        }
    }

    /// Returns the namesake of a symbol that [`Self::lookup_internal`] has added.
    pub fn internal_namesake(&self, sym: Sym) -> Option<Sym> {
        if self.internal.is_empty() {
            return None;
        }
        let namesake = self.internal.get(self.name(sym)).copied();
        namesake.filter(|&namesake| namesake != sym)
    }

    /// Reports whether a symbol is one of [`Self::lookup_internal`].
    pub fn is_selected(&self, sym: Sym) -> bool {
        !self.internal.is_empty() && self.internal.get(self.name(sym)) == Some(&sym)
    }

    /// The path of the package; empty if it is not known.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// Reports whether a symbol of a kind belongs to Go's verified cryptography, whose memory is kept apart. Tables for
    /// the runtime don't (gc: obj/fips140.go, setFIPSType).
    pub(crate) fn is_fips(&self, sym: Sym, kind: SymKind) -> bool {
        const PACKAGES: &str = "crypto/internal/fips140";
        const TABLES: [&str; 3] = [".inittask", ".dict", ".typeAssert"];
        const SUFFIXES: [&str; 7] = [
            ".arginfo0",
            ".arginfo1",
            ".argliveinfo",
            ".args_stackmap",
            ".opendefer",
            ".stkobj",
            "·f",
        ];
        let has_kind = matches!(
            kind,
            SymKind::STEXT | SymKind::SDATA | SymKind::SRODATA | SymKind::SNOPTRDATA
        );
        if !has_kind || self.package.ends_with("_test") {
            return false;
        }
        let SymData { name, attrs, .. } = &self.syms[sym];
        if attrs.has(Attrs::STATIC) {
            let rest = self.package.strip_prefix(PACKAGES);
            return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        }
        let Some(rest) = name.strip_prefix(PACKAGES) else {
            return false;
        };
        let is_table = TABLES.iter().any(|part| name.contains(part))
            || SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
            || rest == "/check.linkinfo";
        rest.starts_with(['.', '/']) && (kind == SymKind::STEXT || !is_table)
    }

    /// Forgets the declarations and static names of the files read so far, because the next file is assembled on its
    /// own. Symbols stay valid.
    pub fn start_file(&mut self) {
        self.statics.clear();
        for data in self.syms.values_mut() {
            data.kind = SymKind::Sxxx;
            data.attrs = data.attrs.kept(Attrs::NAME);
        }
    }

    /// Adds the symbols of another table, in the order of [`Self::iter`]. Returns the symbol of this table for each.
    pub fn import(&mut self, others: &[SymData]) -> Vec<Sym> {
        let import = |other: &SymData| {
            if other.attrs.has(Attrs::STATIC) {
                let sym = self.add(&other.name, other.attrs);
                self[sym].kind = other.kind;
                return sym;
            }
            let sym = self.lookup(&other.name);
            if other.kind != SymKind::Sxxx {
                self[sym].kind = other.kind;
                self[sym].attrs = other.attrs;
            }
            sym
        };
        others.iter().map(import).collect()
    }

    fn add(&mut self, name: &str, attrs: Attrs) -> Sym {
        self.syms.push(SymData {
            name: name.into(),
            kind: SymKind::Sxxx,
            attrs,
            zero_arg_runtime_call: (self.naming.is_zero_arg_runtime_call)(name),
        })
    }

    /// Returns the symbol of a stack map. Its name is made from the content.
    pub fn lookup_gclocals(&mut self, content: &[u8]) -> Sym {
        let sym = match self.stack_maps.get(content) {
            Some(&sym) => sym,
            None => {
                let sym = self.lookup(&(self.naming.stack_map)(content));
                self.stack_maps.insert(content.into(), sym);
                sym
            }
        };
        self[sym].kind = SymKind::SRODATA;
        self[sym].attrs = Attrs::DUPOK;
        sym
    }

    /// Returns the symbol with a name, if there is one. Never a static one.
    pub fn get(&self, name: &str) -> Option<Sym> {
        self.global.get(name).copied()
    }

    /// The symbol's name as listings print it.
    pub fn name(&self, sym: Sym) -> &str {
        &self.syms[sym].name
    }

    /// Number of symbols.
    pub fn len(&self) -> usize {
        self.syms.len()
    }

    /// Returns false: the prologue's symbols are always there.
    pub fn is_empty(&self) -> bool {
        self.syms.is_empty()
    }

    /// All symbols in order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (Sym, &SymData)> {
        self.syms.iter()
    }
}

impl Default for SymTable {
    fn default() -> Self {
        SymTable::new()
    }
}

impl std::ops::Index<Sym> for SymTable {
    type Output = SymData;

    fn index(&self, sym: Sym) -> &SymData {
        &self.syms[sym]
    }
}

impl std::ops::IndexMut<Sym> for SymTable {
    fn index_mut(&mut self, sym: Sym) -> &mut SymData {
        &mut self.syms[sym]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_names_are_apart() {
        let mut table = SymTable::new();
        let a = table.lookup("a");
        assert_eq!(table.lookup("a"), a);
        let other = table.lookup_static("a");
        assert_ne!(other, a);
        table.start_file();
        assert_ne!(table.lookup_static("a"), other);
        assert_eq!(
            table.get("runtime.morestack_noctxt"),
            Some(SymTable::MORESTACK_NOCTXT)
        );
        assert_eq!(table.get("runtime.printint"), None);
    }

    #[test]
    fn own_symbols_begin_with_the_prefix() {
        let named = Naming {
            own_prefix: |path| format!("{path}."),
            ..Naming::UNNAMED_PACKAGE
        };
        for (naming, prefix) in [(Naming::UNNAMED_PACKAGE, "\"\"."), (named, "main.")] {
            let mut table = SymTable::with_naming(&naming, "main");
            let add = table.own("add");
            assert_eq!(table.name(add), format!("{prefix}add"));
            assert_eq!(table.get_own("add"), Some(add));
            assert_eq!(table.own_part(table.name(add)), Some("add"));
            assert!(table.is_own(add) && !table.is_own(SymTable::MORESTACK));
        }
    }

    #[test]
    fn panics_with_register_arguments_are_known() {
        let mut table = SymTable::new();
        for (name, expected) in [
            ("runtime.panicdivide", true),
            ("runtime.panicIndexU", true),
            ("runtime.panic", false),
            ("main.panicdivide", false),
        ] {
            let sym = table.lookup(name);
            assert_eq!(table[sym].zero_arg_runtime_call, expected, "{name}");
        }
    }

    #[test]
    fn stack_maps_are_named_by_content() {
        let mut table = SymTable::new();
        let sym = table.lookup_gclocals(&[1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(table.name(sym), "gclocals·33cdeccccebe80329f1fdbee7f5874cb");
        let mut table = SymTable::with_naming(&Naming::NAMED_PACKAGE, "main");
        let sym = table.lookup_gclocals(&[1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(table.name(sym), "gclocals·g5+hNtRBP6YXNjfog7aZjQ==");
    }

    #[test]
    fn attributes_print_in_order() {
        let attrs = Attrs::ABI_INTERNAL | Attrs::NOSPLIT;
        assert_eq!(attrs.to_string(), "NOSPLIT|ABIInternal");
        assert_eq!(Attrs::NONE.to_string(), "");
    }
}
