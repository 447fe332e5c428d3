//! The symbols that come with the expanded bodies of `fmt` in versions with generic types: `os.Stdout` is a `*os.File`,
//! whose methods use `atomic.Pointer[os.dirInfo]`, so every package that has such a body describes that type.

use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind, SymTable};

use super::{Described, Descriptors, UNCOMMON_SIZE, WORD, offset};
use crate::ir::Kind;
use crate::symbols::FILE_WRITER_ITAB;

/// The name of the type in symbols, and as programs see it.
pub(super) const POINTER: &str = "sync/atomic.Pointer[os.dirInfo]";
pub(super) const POINTER_TEXT: &str = "atomic.Pointer[os.dirInfo]";

const PACKAGE: &str = "sync/atomic";
const DIR_INFO: Described = Described::Foreign("*os.dirInfo");

/// Returns the name of a function type, made of the names of others.
pub(super) fn func_name(ty: &Described, name: impl Fn(&Described) -> String) -> String {
    let Described::Func(params, result) = ty else {
        minigo_base::internal!("{ty:?} isn't a function");
    };
    let params: Vec<String> = params.iter().map(&name).collect();
    let result = result.as_deref().map(|ty| format!(" {}", name(ty)));
    format!("func({}){}", params.join(", "), result.unwrap_or_default())
}

/// A method: its name, parameters and result.
type Method = (&'static str, Vec<Described>, Option<Box<Described>>);

/// Returns the methods by name.
fn methods() -> [Method; 4] {
    let info = || Some(Box::new(DIR_INFO));
    let bool = Some(Box::new(Described::Basic(Kind::Bool)));
    [
        ("CompareAndSwap", vec![DIR_INFO, DIR_INFO], bool),
        ("Load", Vec::new(), info()),
        ("Store", vec![DIR_INFO], None),
        ("Swap", vec![DIR_INFO], info()),
    ]
}

impl Descriptors<'_> {
    /// Writes the rest of the descriptor of a function.
    pub(super) fn write_func(
        &mut self,
        s: &mut LSym,
        params: &[Described],
        result: Option<&Described>,
    ) {
        s.write(&(params.len() as u16).to_le_bytes());
        s.write(&u16::from(result.is_some()).to_le_bytes());
        s.write(&[0; 4]);
        for ty in params.iter().chain(result) {
            self.write_ref(s, ty);
        }
    }

    /// Writes the rest of the descriptor of the type, whose symbol is `sym`: package, fields and an empty list of methods.
    pub(super) fn write_atomic_fields(&mut self, s: &mut LSym, sym: Sym) {
        let fields = [
            ("_", Described::Table(Box::new(DIR_INFO), 0)),
            ("_", Described::Foreign("sync/atomic.noCopy")),
            ("v", Described::Foreign("unsafe.Pointer")),
        ];
        let n_fields = fields.len() as u64;
        let fields_size = 3 * WORD as u32 * fields.len() as u32;
        for (_, ty) in &fields {
            self.describe(ty);
        }
        let path = self.atomic_path();
        s.write_addr(path, 0);
        let fields_start = s.size + 3 * WORD as i64 + i64::from(UNCOMMON_SIZE);
        s.write_addr(sym, fields_start);
        s.write(&n_fields.to_le_bytes());
        s.write(&n_fields.to_le_bytes());
        offset(s, RelocKind::ADDROFF, Some(path));
        s.write(&[0; 4]);
        s.write(&(UNCOMMON_SIZE + fields_size).to_le_bytes());
        s.write(&[0; 4]);
        for (name, ty) in &fields {
            let name = self.name_data(name, false);
            s.write_addr(name, 0);
            self.write_ref(s, ty);
            // All fields but the last one are empty.
            s.write(&[0; 8]);
        }
    }

    /// Writes the rest of the descriptor of pointers to the type: their methods.
    pub(super) fn write_atomic_methods(&mut self, s: &mut LSym) {
        let receiver = Described::Pointer(Box::new(Described::AtomicPointer));
        for (_, mut params, result) in methods() {
            params.insert(0, receiver.clone());
            self.describe(&Described::Func(params, result));
        }
        let path = self.atomic_path();
        offset(s, RelocKind::ADDROFF, Some(path));
        let n_methods = methods().len() as u16;
        // All of them are exported.
        s.write(&n_methods.to_le_bytes());
        s.write(&n_methods.to_le_bytes());
        s.write(&UNCOMMON_SIZE.to_le_bytes());
        s.write(&[0; 4]);
        for (name, params, result) in methods() {
            let data = self.name_data(name, true);
            offset(s, RelocKind::ADDROFF, Some(data));
            let ty = Described::Func(params, result);
            self.describe(&ty);
            let ty = self.sym(&ty);
            offset(s, RelocKind::METHODOFF, Some(ty));
            let method = format!("{PACKAGE}.(*Pointer[os.dirInfo]).{name}");
            let method = self.table.lookup(&method);
            offset(s, RelocKind::METHODOFF, Some(method));
            offset(s, RelocKind::METHODOFF, Some(method));
        }
    }

    fn atomic_path(&mut self) -> Sym {
        let name = self
            .table
            .reserved_name("type", format_args!(".importpath.{PACKAGE}."));
        let format = self.format;
        self.shared_symbol(&name, |s| super::write_name(s, PACKAGE, false, format))
    }
}

/// Returns the method table of `*os.File` as an `io.Writer`, which the linker drops if nothing uses its method (gc:
/// reflect.go, writeITab).
pub(crate) fn file_writer_itab(hash: fn(&str) -> [u8; 4], table: &mut SymTable) -> LSym {
    let sym = table.reserved("go", FILE_WRITER_ITAB);
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
    s.align = WORD as u32;
    s.write_addr(table.reserved("type", "io.Writer"), 0);
    s.write_addr(table.reserved("type", "*os.File"), 0);
    s.write(&hash("*os.File"));
    s.write(&[0; 4]);
    s.relocs.push(Reloc {
        off: s.data.len() as u32,
        siz: WORD as u8,
        kind: RelocKind::WEAKADDR,
        sym: Some(table.lookup("os.(*File).Write")),
        add: 0,
    });
    s.write(&[0; 8]);
    s
}

/// The types that the dictionary of the type's methods names: uses for the linker, which listings have in front of and
/// behind the first entry, and entries. P is the pointer to the type, D `*os.dirInfo`, U `unsafe.Pointer`.
const USED: [&str; 2] = ["DDDDDDUP", "DUPPUDDDDUPUD"];
const ENTRIES: &str = "PDDPDPDDDPD";
const DICTIONARY_SIZE: i64 = 128;

/// Returns the dictionary of the type's methods: the types that generic code needs.
pub(crate) fn dictionary(table: &mut SymTable) -> LSym {
    let name = format!("{PACKAGE}..dict.Pointer[os.dirInfo]");
    let mut s = LSym::new(table.lookup(&name), SymKind::SRODATA, Attrs::DUPOK);
    let pointer = table.reserved("type", format_args!("*{POINTER}"));
    let info = table.reserved("type", "*os.dirInfo");
    let unsafe_pointer = table.reserved("type", "unsafe.Pointer");
    let ty = |letter: char| match letter {
        'P' => pointer,
        'D' => info,
        _ => unsafe_pointer,
    };
    let mut entries = ENTRIES.chars().map(ty);
    for letters in USED {
        s.relocs.extend(letters.chars().map(|letter| Reloc {
            off: 0,
            siz: 0,
            kind: RelocKind::USEIFACE,
            sym: Some(ty(letter)),
            add: 0,
        }));
        if s.data.is_empty() {
            s.write_addr(entries.next().expect("the dictionary has entries"), 0);
        }
    }
    for entry in entries {
        s.write_addr(entry, 0);
    }
    s.size = DICTIONARY_SIZE;
    s
}
