//! Types as SSA needs them, and the layout of arguments.

use cranelift_entity::entity_impl;
use cranelift_entity::packed_option::PackedOption;

use super::Var;

/// A named type declared by the program: an index into [`Package::defined`](super::Package::defined).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Defined(u32);
entity_impl!(Defined, "type");

/// The representation of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    /// No value: for statements, and calls without a single result.
    #[default]
    Void,
    /// `bool`, one byte.
    Bool,
    /// `int8`, one byte.
    Int8,
    /// `int16`, two bytes.
    Int16,
    /// `int32`, four bytes.
    Int32,
    /// `int64`, eight bytes.
    Int64,
    /// `int`, eight bytes.
    Int,
    /// `uint8`, one byte.
    Uint8,
    /// `uint16`, two bytes.
    Uint16,
    /// `uint32`, four bytes.
    Uint32,
    /// `uint64`, eight bytes.
    Uint64,
    /// `uint`, eight bytes.
    Uint,
    /// `uintptr`, eight bytes.
    Uintptr,
    /// `string`, pointer and length; constants only.
    String,
    /// `interface {}`: a type descriptor and the address of a value.
    Interface,
    /// `error`
    Error,
    /// `io.Writer`
    Writer,
    /// `[]interface {}`: address, length and capacity.
    Slice,
    /// `[N]interface {}`
    Array(u16),
    /// `*[N]interface {}`
    ArrayPointer(u16),
    /// `*os.File`
    File,
    /// `unsafe.Pointer`
    UnsafePointer,
    /// The address of a type descriptor or of a value.
    Pointer,
}

/// The name of a type among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TypeName {
    /// The predeclared name of the kind: `int32`.
    #[default]
    Basic,
    /// `byte`, `rune` or `any`. Identical to `uint8`, `int32` or `interface {}`, but gc prints this name and keeps separate temporaries for
    /// it.
    Alias,
    /// A type declared by the program.
    Defined(Defined),
}

/// A type: a kind and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Type {
    /// The representation.
    pub kind: Kind,
    /// The name in four bytes, of which most nodes have one: 0 is basic, 1 an alias, and defined types follow. The order is
    /// that of [`TypeName`].
    name: u32,
}

impl Type {
    /// No value.
    pub const VOID: Type = Type::basic(Kind::Void);
    /// `bool`.
    pub const BOOL: Type = Type::basic(Kind::Bool);
    /// `int64`, the parameter of `printint`.
    pub const INT64: Type = Type::basic(Kind::Int64);
    /// `uint64`, the parameter of `printuint`.
    pub const UINT64: Type = Type::basic(Kind::Uint64);
    /// `uint8`.
    pub const UINT8: Type = Type::basic(Kind::Uint8);
    /// `int`, the type of indices.
    pub const INT: Type = Type::basic(Kind::Int);
    /// `uint`.
    pub const UINT: Type = Type::basic(Kind::Uint);
    /// `uintptr`.
    pub const UINTPTR: Type = Type::basic(Kind::Uintptr);
    /// `string`.
    pub const STRING: Type = Type::basic(Kind::String);
    /// `interface {}`.
    pub const INTERFACE: Type = Type::basic(Kind::Interface);
    /// `any`.
    pub const ANY: Type = Type::named(Kind::Interface, TypeName::Alias);
    /// `error`.
    pub const ERROR: Type = Type::basic(Kind::Error);
    /// `io.Writer`.
    pub const WRITER: Type = Type::basic(Kind::Writer);
    /// `[]interface {}`.
    pub const SLICE: Type = Type::basic(Kind::Slice);
    /// `*os.File`.
    pub const FILE: Type = Type::basic(Kind::File);
    /// `unsafe.Pointer`.
    pub const UNSAFE_POINTER: Type = Type::basic(Kind::UnsafePointer);
    /// The address of a type descriptor or of a value.
    pub const POINTER: Type = Type::basic(Kind::Pointer);

    /// Returns the predeclared type of a kind.
    pub const fn basic(kind: Kind) -> Type {
        Type::named(kind, TypeName::Basic)
    }

    /// Returns the type of a kind with a name.
    pub const fn named(kind: Kind, name: TypeName) -> Type {
        let name = match name {
            TypeName::Basic => 0,
            TypeName::Alias => 1,
            TypeName::Defined(Defined(index)) => index + 2,
        };
        Type { kind, name }
    }

    /// Returns the identity.
    pub fn name(self) -> TypeName {
        match self.name {
            0 => TypeName::Basic,
            1 => TypeName::Alias,
            name => TypeName::Defined(Defined(name - 2)),
        }
    }

    /// Returns the size in bytes; 0 for `VOID`.
    pub fn size(self) -> u32 {
        match self.kind {
            Kind::Void => 0,
            Kind::Bool | Kind::Int8 | Kind::Uint8 => 1,
            Kind::Int16 | Kind::Uint16 => 2,
            Kind::Int32 | Kind::Uint32 => 4,
            Kind::Int64 | Kind::Int | Kind::Uint64 | Kind::Uint | Kind::Uintptr => 8,
            Kind::ArrayPointer(_) | Kind::File | Kind::UnsafePointer | Kind::Pointer => 8,
            Kind::String | Kind::Interface | Kind::Error | Kind::Writer => 16,
            Kind::Slice => 24,
            Kind::Array(len) => 16 * u32::from(len),
        }
    }

    /// Returns the alignment in bytes, at least 1.
    pub fn align(self) -> u32 {
        self.size().clamp(1, 8)
    }

    /// Reports whether this is an integer type.
    pub fn is_integer(self) -> bool {
        Kind::Int8 <= self.kind && self.kind <= Kind::Uintptr
    }

    /// Reports whether values are interfaces.
    pub fn is_interface(self) -> bool {
        matches!(self.kind, Kind::Interface | Kind::Error | Kind::Writer)
    }

    /// Reports whether this is a signed integer type.
    pub fn is_signed(self) -> bool {
        matches!(
            self.kind,
            Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64 | Kind::Int
        )
    }

    /// Returns the type under its primary name: `uint8` for `byte`, `int32` for `rune`.
    #[must_use]
    pub fn unaliased(self) -> Type {
        match self.name() {
            TypeName::Alias => Type::basic(self.kind),
            TypeName::Basic | TypeName::Defined(_) => self,
        }
    }

    /// Reports whether the types are identical. `byte` is identical to `uint8`, and `rune` to `int32`.
    pub fn is_identical(self, other: Type) -> bool {
        self.unaliased() == other.unaliased()
    }

    /// Reports whether values of both types have the same bits, that is, width and signedness (gc: simtype).
    pub fn is_same_machine_type(self, other: Type) -> bool {
        let sized = |kind| match kind {
            Kind::Int => Kind::Int64,
            Kind::Uint | Kind::Uintptr => Kind::Uint64,
            kind => kind,
        };
        sized(self.kind) == sized(other.kind)
    }

    /// Returns the name of a predeclared type; for a defined type, that of its kind.
    pub fn kind_name(self) -> &'static str {
        match (self.kind, self.name()) {
            (Kind::Uint8, TypeName::Alias) => "byte",
            (Kind::Int32, TypeName::Alias) => "rune",
            (Kind::Void, _) => "",
            (Kind::Bool, _) => "bool",
            (Kind::Int8, _) => "int8",
            (Kind::Int16, _) => "int16",
            (Kind::Int32, _) => "int32",
            (Kind::Int64, _) => "int64",
            (Kind::Int, _) => "int",
            (Kind::Uint8, _) => "uint8",
            (Kind::Uint16, _) => "uint16",
            (Kind::Uint32, _) => "uint32",
            (Kind::Uint64, _) => "uint64",
            (Kind::Uint, _) => "uint",
            (Kind::Uintptr, _) => "uintptr",
            (Kind::String, _) => "string",
            (Kind::Interface, TypeName::Alias) => "any",
            (Kind::Interface, _) => "interface {}",
            (Kind::Error, _) => "error",
            (Kind::Writer, _) => "io.Writer",
            (Kind::Slice, _) => "[]interface {}",
            (Kind::Array(_), _) => "[...]interface {}",
            (Kind::ArrayPointer(_), _) => "*[...]interface {}",
            (Kind::File, _) => "*os.File",
            (Kind::UnsafePointer, _) => "unsafe.Pointer",
            (Kind::Pointer, _) => "*uint8",
        }
    }
}

/// The parameters and results of a function, and where they are passed.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Parameters in order, including unnamed and blank ones.
    pub params: Vec<Slot>,
    /// Results in order.
    pub results: Vec<Slot>,
    /// Size of arguments and results in bytes, a multiple of 8.
    pub args_size: u32,
    /// Whether the results are named; `_` counts (gc: Outnamed).
    pub named_results: bool,
}

/// A parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The type.
    pub ty: Type,
    /// Offset in bytes from the start of the argument area (`0(SP)` at the call).
    pub offset: u32,
    /// The variable in the function; none for unnamed and blank parameters.
    pub var: PackedOption<Var>,
}

impl Signature {
    /// Reports whether the last parameter is variadic.
    pub fn is_variadic(&self) -> bool {
        self.params
            .last()
            .is_some_and(|slot| slot.ty == Type::SLICE)
    }

    /// Lays out parameters and results. Parameters are aligned from offset 0, results start at the next multiple of 8,
    /// and the total size is rounded up to 8 (gc: align.go, widstruct for functions).
    pub fn new(params: &[Type], results: &[Type]) -> Signature {
        let mut offset = 0u32;
        let mut lay_out = |types: &[Type]| -> Vec<Slot> {
            let mut slots = Vec::with_capacity(types.len());
            for &ty in types {
                offset = offset.next_multiple_of(ty.align());
                slots.push(Slot {
                    ty,
                    offset,
                    var: None.into(),
                });
                offset += ty.size();
            }
            offset = offset.next_multiple_of(8);
            slots
        };
        let (params, results) = (lay_out(params), lay_out(results));
        Signature {
            params,
            results,
            args_size: offset,
            named_results: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_start_at_a_word() {
        let [int8, int32, int64] = [Kind::Int8, Kind::Int32, Kind::Int64].map(Type::basic);
        let signature = Signature::new(&[int8, int32, int8], &[Type::BOOL, int64]);
        let offsets = |slots: &[Slot]| slots.iter().map(|slot| slot.offset).collect::<Vec<_>>();
        assert_eq!(offsets(&signature.params), [0, 4, 8]);
        assert_eq!(offsets(&signature.results), [16, 24]);
        assert_eq!(signature.args_size, 32);
        assert_eq!(Signature::new(&[], &[]).args_size, 0);
    }

    #[test]
    fn byte_is_uint8_under_another_name() {
        let byte = Type::named(Kind::Uint8, TypeName::Alias);
        assert!(byte.is_identical(Type::UINT8) && byte != Type::UINT8);
        assert_eq!(byte.kind_name(), "byte");
        let int = Type::basic(Kind::Int);
        assert!(!int.is_identical(Type::INT64) && int.is_same_machine_type(Type::INT64));
    }
}
