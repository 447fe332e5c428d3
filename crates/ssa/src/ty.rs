//! Types of values: width, signedness, pointerness and identity, and nothing else of Go's types.
//!
//! The identity of a defined type matters twice: common-subexpression elimination and the scheduler
//! order values by type (gc: types/type.go, cmp), and dumps print its name.

use std::cmp::Ordering;
use std::fmt;

/// The kind of a type, in the order of gc's type kinds, which decides the order of types.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are Go's and gc's")]
pub enum Kind {
    Invalid,
    Int8,
    Uint8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Int64,
    Uint64,
    Int,
    Uint,
    Uintptr,
    Bool,
    Ptr,
    Slice,
    Array,
    /// The only supported structure: `os.File`.
    Struct,
    Interface,
    String,
    UnsafePtr,
    /// Memory state, CPU flags, no value, 128 bits: gc's TSSA types, which all compare equal.
    Mem,
    Flags,
    Void,
    Int128,
    /// A pair of results of one instruction.
    Tuple,
    /// The results of a call or a function, memory last.
    Results,
}

/// The type of a value. Six bytes, copied freely.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type {
    kind: Kind,
    /// The element of a pointer, slice or array; the first half of a tuple.
    first: Kind,
    /// The element of that element; the second half of a tuple.
    second: Kind,
    /// For arrays, and pointers to arrays, the length. Else the index into [`TypeNames`] of the defined type
    /// (for a pointer: of the type at the end of the chain of pointers); 0 for types without a name and Go's own. For
    /// results, the index of their list in [`TypeNames`].
    named: u16,
}

/// The defined types of a package. Index 0 is reserved; `byte` and `rune` come next, which dumps tell
/// apart from `uint8` and `int32` and the order of types does not; then what minigo knows of other packages.
#[derive(Clone, Debug)]
pub struct TypeNames {
    names: Vec<(String, u32)>,
    /// The lists of results of calls and functions, each once.
    results: Vec<Box<[Type]>>,
    /// The spelling of the type of interfaces without methods.
    pub empty_interface: &'static str,
}

const BYTE: u16 = 1;
const RUNE: u16 = 2;
const ERROR: u16 = 3;
const WRITER: u16 = 4;
const FILE: u16 = 5;

impl Default for TypeNames {
    fn default() -> Self {
        let own = |name: &str| (name.to_owned(), 0);
        TypeNames {
            names: ["", "byte", "rune", "error", "io.Writer", "os.File"]
                .map(own)
                .to_vec(),
            results: Vec::new(),
            empty_interface: Kind::Interface.name(),
        }
    }
}

impl TypeNames {
    /// Adds a defined type with the name that dumps print and the number that distinguishes types of the
    /// same name declared in different functions (gc: Vargen; 0 for package-level types).
    pub fn add(&mut self, name: &str, vargen: u32) -> u16 {
        self.names.push((name.to_owned(), vargen));
        u16::try_from(self.names.len() - 1)
            .expect("at most 65,535 defined types; the type checker refuses more")
    }

    /// Returns the name and number under which index `named` was added.
    pub fn get(&self, named: u16) -> (&str, u32) {
        let (name, vargen) = &self.names[named as usize];
        (name, *vargen)
    }
}

impl TypeNames {
    /// Returns the type of a list of results, memory last. Equal lists have equal types.
    pub fn results(&mut self, list: &[Type]) -> Type {
        debug_assert!(list.last().is_some_and(|ty| ty.is_memory()));
        let known = self.results.iter().position(|known| **known == *list);
        let index = known.unwrap_or_else(|| {
            self.results.push(list.into());
            self.results.len() - 1
        });
        Type {
            named: u16::try_from(index).expect("fewer lists of results than functions"),
            ..Type::basic(Kind::Results)
        }
    }

    /// Returns the list of a type of results. Memory alone is a list without results.
    pub fn result_list(&self, results: Type) -> &[Type] {
        if results == Type::MEM {
            return &[Type::MEM];
        }
        debug_assert_eq!(results.kind, Kind::Results);
        &self.results[results.named as usize]
    }
}

impl Type {
    /// No type.
    pub const INVALID: Type = Type::basic(Kind::Invalid);
    /// int8.
    pub const INT8: Type = Type::basic(Kind::Int8);
    /// int16.
    pub const INT16: Type = Type::basic(Kind::Int16);
    /// int32.
    pub const INT32: Type = Type::basic(Kind::Int32);
    /// int64.
    pub const INT64: Type = Type::basic(Kind::Int64);
    /// uint8.
    pub const UINT8: Type = Type::basic(Kind::Uint8);
    /// uint16.
    pub const UINT16: Type = Type::basic(Kind::Uint16);
    /// uint32.
    pub const UINT32: Type = Type::basic(Kind::Uint32);
    /// uint64.
    pub const UINT64: Type = Type::basic(Kind::Uint64);
    /// int, 64 bits.
    pub const INT: Type = Type::basic(Kind::Int);
    /// uint, 64 bits.
    pub const UINT: Type = Type::basic(Kind::Uint);
    /// uintptr, 64 bits.
    pub const UINTPTR: Type = Type::basic(Kind::Uintptr);
    /// bool, one byte.
    pub const BOOL: Type = Type::basic(Kind::Bool);
    /// string, 16 bytes: pointer and length.
    pub const STRING: Type = Type::basic(Kind::String);
    /// The state of memory.
    pub const MEM: Type = Type::basic(Kind::Mem);
    /// The flags register.
    pub const FLAGS: Type = Type::basic(Kind::Flags);
    /// No result.
    pub const VOID: Type = Type::basic(Kind::Void);
    /// A 16-byte vector.
    pub const INT128: Type = Type::basic(Kind::Int128);
    /// byte: uint8 by another name.
    pub const BYTE: Type = Type {
        named: BYTE,
        ..Type::UINT8
    };
    /// rune: int32 by another name.
    pub const RUNE: Type = Type {
        named: RUNE,
        ..Type::INT32
    };
    /// interface {}, 16 bytes: type and data.
    pub const INTERFACE: Type = Type::basic(Kind::Interface);
    /// error.
    pub const ERROR: Type = Type {
        named: ERROR,
        ..Type::INTERFACE
    };
    /// io.Writer.
    pub const WRITER: Type = Type {
        named: WRITER,
        ..Type::INTERFACE
    };
    /// []interface {}, 24 bytes: pointer, length and capacity.
    pub const SLICE: Type = Type {
        first: Kind::Interface,
        ..Type::basic(Kind::Slice)
    };
    /// *interface {}.
    pub const INTERFACE_PTR: Type = Type {
        first: Kind::Interface,
        ..Type::basic(Kind::Ptr)
    };
    /// *os.File.
    pub const FILE_PTR: Type = Type {
        first: Kind::Struct,
        named: FILE,
        ..Type::basic(Kind::Ptr)
    };
    /// unsafe.Pointer.
    pub const UNSAFE_PTR: Type = Type::basic(Kind::UnsafePtr);
    /// **uint8.
    pub const BYTE_PTR_PTR: Type = Type {
        first: Kind::Ptr,
        second: Kind::Uint8,
        ..Type::basic(Kind::Ptr)
    };
    /// *uint8.
    pub const BYTE_PTR: Type = Type {
        first: Kind::Uint8,
        ..Type::basic(Kind::Ptr)
    };

    /// *int.
    pub const INT_PTR: Type = Type {
        first: Kind::Int,
        ..Type::basic(Kind::Ptr)
    };

    /// One of Go's or the compiler's own types.
    pub const fn basic(kind: Kind) -> Type {
        Type {
            kind,
            first: Kind::Invalid,
            second: Kind::Invalid,
            named: 0,
        }
    }

    /// Returns a pair of types of the instruction set.
    pub const fn tuple(first: Type, second: Type) -> Type {
        Type {
            kind: Kind::Tuple,
            first: first.kind,
            second: second.kind,
            named: 0,
        }
    }

    /// Returns the defined type with the given index in [`TypeNames`] and this underlying type.
    #[must_use]
    pub fn defined(self, named: u16) -> Type {
        Type { named, ..self }
    }

    /// `[len]elem`, of interfaces or integers.
    pub fn array(elem: Type, len: u16) -> Type {
        Type {
            kind: Kind::Array,
            first: elem.kind,
            second: Kind::Invalid,
            named: len,
        }
    }

    /// Returns the number of elements of an array.
    pub fn array_len(self) -> u16 {
        debug_assert_eq!(self.kind, Kind::Array);
        self.named
    }

    /// Returns a pointer to this type, which must not be a tuple or a pointer to a pointer itself. Of pointers to arrays, only
    /// those of interfaces have pointers.
    pub fn pointer_to(self) -> Type {
        let array = self.first == Kind::Array && self.second == Kind::Interface;
        debug_assert!(self.kind != Kind::Tuple && (array || self.second == Kind::Invalid));
        Type {
            kind: Kind::Ptr,
            first: self.kind,
            second: self.first,
            named: self.named,
        }
    }

    /// Returns the kind.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// Returns the element of a pointer, slice or array.
    pub fn elem(self) -> Type {
        debug_assert!(matches!(self.kind, Kind::Ptr | Kind::Slice | Kind::Array));
        Type {
            kind: self.first,
            first: self.second,
            second: match (self.first, self.second) {
                (Kind::Ptr, Kind::Array) => Kind::Interface,
                _ => Kind::Invalid,
            },
            named: if self.kind == Kind::Array {
                0
            } else {
                self.named
            },
        }
    }

    /// Returns half `index` of a tuple.
    pub fn field(self, index: usize) -> Type {
        debug_assert_eq!(self.kind, Kind::Tuple);
        Type::basic(if index == 0 { self.first } else { self.second })
    }

    /// Returns the size in bytes; 0 for memory, flags, void and tuples.
    pub fn size(self) -> i64 {
        use Kind::*;
        match self.kind {
            Int8 | Uint8 | Bool => 1,
            Int16 | Uint16 => 2,
            Int32 | Uint32 => 4,
            Int64 | Uint64 | Int | Uint | Uintptr | Ptr | UnsafePtr => 8,
            String | Interface | Int128 => 16,
            Slice => 24,
            Array => i64::from(self.named) * self.elem().size(),
            Invalid | Struct | Mem | Flags | Void | Tuple | Results => 0,
        }
    }

    /// Returns the alignment in bytes, at least 1.
    pub fn alignment(self) -> i64 {
        self.size().clamp(1, 8)
    }

    /// Reports whether this is an integer type (not a pointer).
    pub fn is_integer(self) -> bool {
        Kind::Int8 <= self.kind && self.kind <= Kind::Uintptr
    }

    /// Reports whether this is a signed integer type.
    pub fn is_signed(self) -> bool {
        matches!(
            self.kind,
            Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64 | Kind::Int
        )
    }

    /// Reports whether this is an unsigned integer type.
    pub fn is_unsigned(self) -> bool {
        self.is_integer() && !self.is_signed()
    }

    /// Reports whether this is a boolean type.
    pub fn is_boolean(self) -> bool {
        self.kind == Kind::Bool
    }

    /// Reports whether this is a pointer type, `unsafe.Pointer` included (gc: IsPtrShaped).
    pub fn is_ptr(self) -> bool {
        matches!(self.kind, Kind::Ptr | Kind::UnsafePtr)
    }

    /// Reports whether this is an interface type.
    pub fn is_interface(self) -> bool {
        self.kind == Kind::Interface
    }

    /// Reports whether this is a slice type.
    pub fn is_slice(self) -> bool {
        self.kind == Kind::Slice
    }

    /// Reports whether this is an array type.
    pub fn is_array(self) -> bool {
        self.kind == Kind::Array
    }

    /// Reports whether values have pointers in them.
    pub fn has_pointers(self) -> bool {
        match self.kind {
            Kind::Array => self.elem().has_pointers(),
            Kind::Ptr | Kind::UnsafePtr | Kind::Slice | Kind::Interface | Kind::String => true,
            _ => false,
        }
    }

    /// Reports whether this is the string type.
    pub fn is_string(self) -> bool {
        self.kind == Kind::String
    }

    /// Reports whether this is the state of memory, or a list of results, which ends in memory.
    pub fn is_memory(self) -> bool {
        matches!(self.kind, Kind::Mem | Kind::Results)
    }

    /// Reports whether this is a list of results.
    pub fn is_results(self) -> bool {
        self.kind == Kind::Results
    }

    /// Reports whether this is the flags register.
    pub fn is_flags(self) -> bool {
        self.kind == Kind::Flags
    }

    /// Reports whether this is the type of values without a result.
    pub fn is_void(self) -> bool {
        self.kind == Kind::Void
    }

    /// Reports whether this is a pair of results.
    pub fn is_tuple(self) -> bool {
        self.kind == Kind::Tuple
    }

    /// Compares by gc's total order of types (gc: types/type.go, cmp): by kind; types of one kind by length of name,
    /// defined types before Go's own, then name; pointers by element; tuples by halves. Memory, flags and
    /// void compare equal, and so do `byte` and `uint8`, `rune` and `int32`.
    pub fn compare(self, other: Type, names: &TypeNames) -> Ordering {
        let rank = |kind: Kind| {
            if matches!(kind, Kind::Flags | Kind::Void | Kind::Int128) {
                Kind::Mem
            } else {
                kind
            }
        };
        let by_symbol = || {
            let (a, b) = (self.without_alias(), other.without_alias());
            if a.named == b.named {
                return Ordering::Equal;
            }
            // Types without a symbol come first.
            if self.kind == Kind::Interface && (a.named == 0 || b.named == 0) {
                return a.named.cmp(&b.named);
            }
            let key = |ty: Type| {
                let symbol = ty.symbol(names);
                (symbol.0.len(), ty.named == 0, symbol)
            };
            key(a).cmp(&key(b))
        };
        rank(self.kind)
            .cmp(&rank(other.kind))
            .then_with(|| match self.kind {
                Kind::Array => self
                    .named
                    .cmp(&other.named)
                    .then_with(|| self.elem().compare(other.elem(), names)),
                Kind::Ptr | Kind::Slice => self.elem().compare(other.elem(), names),
                // Only equality matters here: calls and functions with other results are never compared.
                Kind::Results => self.named.cmp(&other.named),
                Kind::Tuple => (rank(self.first).cmp(&rank(other.first)))
                    .then_with(|| rank(self.second).cmp(&rank(other.second))),
                _ => by_symbol(),
            })
    }

    /// Returns the type with `uint8` for `byte` and `int32` for `rune`.
    pub(crate) fn without_alias(self) -> Type {
        match (self.kind, self.named) {
            (Kind::Uint8 | Kind::Int32, BYTE | RUNE) => self.defined(0),
            _ => self,
        }
    }

    /// Returns the index in [`TypeNames`] and the underlying kind of a defined type or of a pointer's element, if it
    /// is one of the package's.
    pub(crate) fn definition(self) -> Option<(u16, Kind)> {
        match self.kind {
            Kind::Ptr | Kind::Slice => self.elem().definition(),
            Kind::Array | Kind::Results => None,
            _ => (self.named > FILE).then_some((self.named, self.kind)),
        }
    }

    /// Returns the name and generation of the symbol of a type that is not made of others.
    fn symbol(self, names: &TypeNames) -> (&str, u32) {
        if self.named != 0 {
            let (name, vargen) = &names.names[self.named as usize];
            return (name, *vargen);
        }
        (self.kind.name(), 0)
    }

    /// Returns the name that dumps print.
    pub fn display(self, names: &TypeNames) -> String {
        match self.kind {
            Kind::Ptr => format!("*{}", self.elem().display(names)),
            Kind::Slice => format!("[]{}", self.elem().display(names)),
            Kind::Array => format!("[{}]{}", self.named, self.elem().display(names)),
            Kind::Tuple => format!("{},{}", self.first.name(), self.second.name()),
            Kind::Results => {
                let list = names.result_list(self).iter();
                let list: Vec<String> = list.map(|ty| ty.display(names)).collect();
                list.join(",")
            }
            Kind::Interface if self.named == 0 => names.empty_interface.to_owned(),
            _ => self.symbol(names).0.to_owned(),
        }
    }
}

impl Kind {
    const ALL: [Kind; 19] = {
        use Kind::*;
        [
            Int8, Uint8, Int16, Uint16, Int32, Uint32, Int64, Uint64, Int, Uint, Uintptr, Bool,
            Interface, String, UnsafePtr, Mem, Flags, Void, Int128,
        ]
    };

    /// Returns the kind that dumps print under that name.
    pub(crate) fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        use Kind::*;
        match self {
            Invalid => "invalid",
            Int8 => "int8",
            Uint8 => "uint8",
            Int16 => "int16",
            Uint16 => "uint16",
            Int32 => "int32",
            Uint32 => "uint32",
            Int64 => "int64",
            Uint64 => "uint64",
            Int => "int",
            Uint => "uint",
            Uintptr => "uintptr",
            Bool => "bool",
            Ptr => "pointer",
            Slice => "slice",
            Array => "array",
            Struct => "struct",
            Interface => "interface {}",
            String => "string",
            UnsafePtr => "unsafe.Pointer",
            Mem => "mem",
            Flags => "flags",
            Void => "void",
            Int128 => "int128",
            Tuple => "tuple",
            Results => "results",
        }
    }
}

/// The name, with defined types as their index: for panics and debugging only.
impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Ptr => return write!(f, "*{:?}", self.elem()),
            Kind::Tuple => write!(f, "{},{}", self.first.name(), self.second.name())?,
            kind => f.write_str(kind.name())?,
        }
        if self.named != 0 {
            write!(f, "#{}", self.named)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_gcs() {
        let mut names = TypeNames::default();
        let celsius = Type::INT32.defined(names.add("celsius", 0));
        let t = Type::INT32.defined(names.add("T", 0));
        let short = Type::INT32.defined(names.add("uuuuu", 0));
        let less = |a: Type, b: Type| a.compare(b, &names) == Ordering::Less;
        assert!(
            less(Type::INT8, Type::UINT8)
                && less(Type::UINTPTR, Type::BOOL)
                && less(Type::BOOL, Type::BYTE_PTR)
        );
        assert!(less(t, Type::INT32) && less(Type::INT32, celsius) && less(celsius, Type::UINT32));
        assert!(
            less(short, Type::INT32),
            "of one length, the package's come first"
        );
        assert_eq!(Type::MEM.compare(Type::FLAGS, &names), Ordering::Equal);
        assert_eq!(Type::BYTE.compare(Type::UINT8, &names), Ordering::Equal);
        assert_eq!(Type::RUNE.pointer_to().display(&names), "*rune");
        assert!(less(Type::MEM, Type::tuple(Type::INT32, Type::INT32)));
        assert_eq!(celsius.pointer_to().display(&names), "*celsius");
        assert_eq!(size_of::<Type>(), 6);
    }
}
