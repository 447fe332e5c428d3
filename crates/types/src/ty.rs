//! Interned types: a [`Type`] is an index, and equal indices are equal types.
//!
//! The predeclared types have fixed indices, the constants of [`Type`]. `byte` and `rune` have indices of their own,
//! because messages distinguish them from `uint8` and `int32`; [`Type::is_identical`] equates them (gc: universe.go,
//! lexinit1). A defined type is a new index with a declaration; an alias is the index of the aliased type.

use cranelift_entity::{EntityRef, PrimaryMap, entity_impl};
use rustc_hash::FxHashMap;

use crate::info::Object;

/// A type: an index into [`Types`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Type(u32);
entity_impl!(Type, "type");

impl Default for Type {
    fn default() -> Self {
        Type::INVALID
    }
}

/// The kind of a type's underlying type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// No type: of a statement, a call without a result, or an expression with a reported error.
    Invalid,
    /// `bool`, or the untyped result of a comparison.
    Bool,
    /// `int8`.
    Int8,
    /// `uint8`, also called `byte`.
    Uint8,
    /// `int16`.
    Int16,
    /// `uint16`.
    Uint16,
    /// `int32`, also called `rune`.
    Int32,
    /// `uint32`.
    Uint32,
    /// `int64`.
    Int64,
    /// `uint64`.
    Uint64,
    /// `int`, 64 bits.
    Int,
    /// `uint`, 64 bits.
    Uint,
    /// `uintptr`, 64 bits.
    Uintptr,
    /// `float32`; constants only.
    Float32,
    /// `float64`; constants only.
    Float64,
    /// `complex64`; constants only.
    Complex64,
    /// `complex128`; constants only.
    Complex128,
    /// `string`; constants only.
    String,
    /// An untyped number (gc: TIDEAL).
    Ideal,
    /// The type of `nil`.
    Nil,
    /// The type of `_`.
    Blank,
    /// The empty interface, the parameter type of `panic` and `fmt.Println`. A constant argument keeps its own type in
    /// the tables.
    Interface,
    /// A function's signature.
    Func,
    /// The two or more results of a call.
    Tuple,
    /// A defined type whose definition is being checked.
    Forward,
}

/// The data of a type.
#[derive(Clone, Debug)]
pub struct TypeData {
    /// The kind of the underlying type.
    pub kind: Kind,
    /// The name in messages; empty for signatures and tuples.
    pub name: String,
    /// The object of a defined type.
    pub declared: Option<Object>,
    /// The first type with this structure: itself, unless defined in terms of another type.
    pub underlying: Type,
    /// For a signature, the parameter types; for a tuple, the element types.
    pub params: Vec<Type>,
    /// For a signature, the result types.
    pub results: Vec<Type>,
    /// For a signature, whether the last parameter is variadic (`fmt.Println`).
    pub variadic: bool,
    /// For a signature, whether the results are named, which permits a bare `return`.
    pub named_results: bool,
    /// Whether the definition is wrong or a signature contains a wrong type. The error has been reported, and the type
    /// causes no others.
    pub broken: bool,
}

impl TypeData {
    fn new(kind: Kind, name: &str, underlying: Type) -> TypeData {
        TypeData {
            kind,
            name: name.to_owned(),
            declared: None,
            underlying,
            params: Vec::new(),
            results: Vec::new(),
            variadic: false,
            named_results: false,
            broken: false,
        }
    }
}

macro_rules! predeclared {
    ($($index:literal $id:ident $kind:ident $name:literal;)*) => {
        impl Type {
            $(#[doc = concat!("`", $name, "`.")]
            pub const $id: Type = Type($index);)*
        }

        /// Kind and printed name, by index.
        const PREDECLARED: &[(Kind, &str)] = &[$((Kind::$kind, $name)),*];
    };
}

predeclared! {
    0 INVALID Invalid "<T>";
    1 BOOL Bool "bool";
    2 INT8 Int8 "int8";
    3 UINT8 Uint8 "uint8";
    4 INT16 Int16 "int16";
    5 UINT16 Uint16 "uint16";
    6 INT32 Int32 "int32";
    7 UINT32 Uint32 "uint32";
    8 INT64 Int64 "int64";
    9 UINT64 Uint64 "uint64";
    10 INT Int "int";
    11 UINT Uint "uint";
    12 UINTPTR Uintptr "uintptr";
    13 BYTE Uint8 "byte";
    14 RUNE Int32 "rune";
    15 FLOAT32 Float32 "float32";
    16 FLOAT64 Float64 "float64";
    17 COMPLEX64 Complex64 "complex64";
    18 COMPLEX128 Complex128 "complex128";
    19 STRING String "string";
    20 UNTYPED_BOOL Bool "untyped bool";
    21 UNTYPED_INT Ideal "untyped int";
    22 UNTYPED_RUNE Ideal "untyped rune";
    23 UNTYPED_FLOAT Ideal "untyped float";
    24 UNTYPED_COMPLEX Ideal "untyped complex";
    25 UNTYPED_STRING String "untyped string";
    26 UNTYPED_NIL Nil "nil";
    27 BLANK Blank "blank";
    28 INTERFACE Interface "interface {}";
    29 ERROR Interface "error";
}

impl Kind {
    /// Reports whether values are integers, signed or not.
    pub fn is_integer(self) -> bool {
        Kind::Int8 <= self && self <= Kind::Uintptr
    }

    /// Reports whether values are signed integers.
    pub fn is_signed(self) -> bool {
        use Kind::*;
        matches!(self, Int8 | Int16 | Int32 | Int64 | Int)
    }

    /// Reports whether values are floating-point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, Kind::Float32 | Kind::Float64)
    }

    /// Reports whether values are complex numbers.
    pub fn is_complex(self) -> bool {
        matches!(self, Kind::Complex64 | Kind::Complex128)
    }

    /// Returns the size of a value in bytes on amd64, which is also its alignment; 0 for kinds without run-time values.
    pub fn size(self) -> u32 {
        use Kind::*;
        match self {
            Bool | Int8 | Uint8 => 1,
            Int16 | Uint16 => 2,
            Int32 | Uint32 => 4,
            Int64 | Uint64 | Int | Uint | Uintptr => 8,
            Float32 | Float64 | Complex64 | Complex128 | String => 0,
            Invalid | Ideal | Nil | Blank | Interface | Func | Tuple | Forward => 0,
        }
    }
}

impl Type {
    /// Reports whether this is the type of an untyped constant, comparison or shift.
    pub fn is_untyped(self) -> bool {
        Type::UNTYPED_BOOL.0 <= self.0 && self.0 <= Type::UNTYPED_NIL.0
    }

    /// Reports whether both are the same type. `byte` is identical to `uint8`, and `rune` to `int32`.
    pub fn is_identical(self, other: Type) -> bool {
        self.canonical() == other.canonical()
    }

    /// Returns `uint8` for `byte`, `int32` for `rune`, and every other type unchanged.
    pub fn canonical(self) -> Type {
        match self {
            Type::BYTE => Type::UINT8,
            Type::RUNE => Type::INT32,
            ty => ty,
        }
    }
}

/// All types of a package. Indexed by [`Type`].
#[derive(Clone, Debug)]
pub struct Types {
    data: PrimaryMap<Type, TypeData>,
    /// Signatures and tuples by structure, so that equal ones share an index.
    interned: FxHashMap<Structure, Type>,
    /// The number of defined types.
    n_defined: usize,
}

/// Kind, parameters, results, whether variadic, and whether the results are named.
type Structure = (Kind, Vec<Type>, Vec<Type>, bool, bool);

impl Default for Types {
    fn default() -> Self {
        let mut data = PrimaryMap::new();
        for (index, &(kind, name)) in PREDECLARED.iter().enumerate() {
            let ty = Type::new(index);
            data.push(TypeData::new(kind, name, ty.canonical()));
        }
        Types {
            data,
            interned: FxHashMap::default(),
            n_defined: 0,
        }
    }
}

impl std::ops::Index<Type> for Types {
    type Output = TypeData;

    fn index(&self, ty: Type) -> &TypeData {
        &self.data[ty]
    }
}

impl Types {
    /// The number of defined types that a package may have, local ones included. Later stages number them and their own in
    /// 16 bits.
    pub(crate) const MAX_DEFINED: usize = 65_000;

    /// Returns the kind of `ty`'s underlying type.
    pub fn kind(&self, ty: Type) -> Kind {
        self.data[ty].kind
    }

    /// Creates a defined type called `name`, without a definition yet.
    pub fn define(&mut self, name: &str, declared: Object) -> Type {
        let ty = self.data.next_key();
        let mut data = TypeData::new(Kind::Forward, name, ty);
        data.declared = Some(declared);
        self.n_defined += 1;
        self.data.push(data)
    }

    /// Reports whether the last defined type was the first one too many.
    pub(crate) fn has_too_many(&self) -> bool {
        self.n_defined == Types::MAX_DEFINED + 1
    }

    /// Gives the defined type `ty` the structure of `definition`.
    pub fn set_underlying(&mut self, ty: Type, definition: Type) {
        let kind = self.data[definition].kind;
        let underlying = self.data[definition].underlying;
        self.data[ty].kind = kind;
        self.data[ty].underlying = underlying;
    }

    /// Marks the defined type `ty` as having a wrong definition.
    pub fn set_broken(&mut self, ty: Type) {
        self.data[ty].broken = true;
    }

    /// Returns the signature with the given parameters and results.
    pub fn func(
        &mut self,
        params: Vec<Type>,
        results: Vec<Type>,
        variadic: bool,
        named_results: bool,
    ) -> Type {
        self.intern(Kind::Func, params, results, variadic, named_results)
    }

    /// Returns a new signature, which isn't shared with others of the same structure.
    pub fn signature(
        &mut self,
        params: Vec<Type>,
        results: Vec<Type>,
        variadic: bool,
        named_results: bool,
    ) -> Type {
        let mut data = TypeData::new(Kind::Func, "", self.data.next_key());
        (data.params, data.results) = (params, results);
        (data.variadic, data.named_results) = (variadic, named_results);
        self.data.push(data)
    }

    /// Returns a new type of a call with two or more results, which isn't shared with others of the same structure.
    pub fn own_tuple(&mut self, elements: Vec<Type>) -> Type {
        let mut data = TypeData::new(Kind::Tuple, "", self.data.next_key());
        data.params = elements;
        self.data.push(data)
    }

    /// Returns the type of a call with two or more results.
    pub fn tuple(&mut self, elements: Vec<Type>) -> Type {
        self.intern(Kind::Tuple, elements, Vec::new(), false, false)
    }

    fn intern(
        &mut self,
        kind: Kind,
        params: Vec<Type>,
        results: Vec<Type>,
        variadic: bool,
        named_results: bool,
    ) -> Type {
        let key = (kind, params, results, variadic, named_results);
        if let Some(&ty) = self.interned.get(&key) {
            return ty;
        }
        let ty = self.data.next_key();
        let mut data = TypeData::new(kind, "", ty);
        data.params.clone_from(&key.1);
        data.results.clone_from(&key.2);
        data.variadic = variadic;
        data.named_results = named_results;
        let invalid = |list: &[Type]| list.contains(&Type::INVALID);
        data.broken = kind == Kind::Func && (invalid(&key.1) || invalid(&key.2));
        self.data.push(data);
        self.interned.insert(key, ty);
        ty
    }

    /// Returns the type as messages print it (gc: fmt.go, tconv2).
    pub fn display(&self, ty: Type) -> String {
        let data = &self.data[ty];
        match data.kind {
            Kind::Func => self.display_func(data),
            Kind::Tuple => self.display_list(&data.params, false),
            Kind::Forward if data.name.is_empty() => "undefined".to_owned(),
            _ => data.name.clone(),
        }
    }

    /// Returns a parenthesized list of types: `(int32, bool)`.
    pub fn display_list(&self, list: &[Type], variadic: bool) -> String {
        let mut names: Vec<String> = list.iter().map(|&ty| self.display(ty)).collect();
        if let Some(last) = names.last_mut()
            && variadic
        {
            last.insert_str(0, "...");
        }
        format!("({})", names.join(", "))
    }

    fn display_func(&self, data: &TypeData) -> String {
        let params = self.display_list(&data.params, data.variadic);
        match data.results[..] {
            [] => format!("func{params}"),
            [result] => format!("func{params} {}", self.display(result)),
            _ => format!("func{params} {}", self.display_list(&data.results, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predeclared_types_are_their_own_and_print() {
        let types = Types::default();
        assert_eq!(types.display(Type::BYTE), "byte");
        assert_eq!(types[Type::BYTE].underlying, Type::UINT8);
        assert!(Type::RUNE.is_identical(Type::INT32));
        assert!(!Type::INT.is_identical(Type::INT64));
        assert!(Type::UNTYPED_BOOL.is_untyped() && !Type::BLANK.is_untyped());
        assert!(types.kind(Type::UINTPTR).is_integer());
        assert!(!types.kind(Type::BOOL).is_integer());
    }

    #[test]
    fn signatures_are_shared_and_print() {
        let mut types = Types::default();
        let results = vec![Type::INT32, Type::BOOL];
        let f = types.func(vec![Type::BYTE], results.clone(), false, false);
        assert_eq!(f, types.func(vec![Type::BYTE], results, false, false));
        assert_eq!(types.display(f), "func(byte) (int32, bool)");
        let g = types.func(vec![Type::INTERFACE], vec![Type::INT], true, false);
        assert_eq!(types.display(g), "func(...interface {}) int");
    }
}
