//! Sizes, alignments and components (go/types: sizes.go, gcsizes.go; asmdecl: asmKindForType).

use rustc_hash::FxHashSet;

use crate::{Class, Place, Result, Trouble, Type, TypeData, Types};

/// The size of a pointer in bytes, and the largest alignment.
const WORD: u64 = 8;

/// The largest size of a type.
const MAX_SIZE: u64 = 1 << 30;

/// Size and alignment in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The size.
    pub size: u64,
    /// The alignment, a power of two.
    pub align: u64,
}

/// The parts of a value that assembly can access.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// A value of this many bytes without parts.
    Word(u64),
    String,
    Slice,
    Interface,
    EmptyInterface,
    /// A complex number of this many bytes.
    Complex(u64),
    /// A struct: names, types and offsets of the fields.
    Struct(Vec<(String, Type, u64)>),
    /// An array: number of elements, their type, and the distance between them.
    Array(u64, Type, u64),
}

impl Types<'_> {
    /// Returns the underlying type.
    ///
    /// # Errors
    /// A type that is declared as itself, or in an unknown package.
    pub(crate) fn underlying(&mut self, typ: Type) -> Result<Type> {
        if let Some(&known) = self.underlying.get(&typ) {
            return Ok(known);
        }
        let mut at = typ;
        let mut passed = FxHashSet::default();
        loop {
            let (scope, expr) = match self.data(at) {
                TypeData::Alias { target, .. } => {
                    at = *target;
                    continue;
                }
                TypeData::Named {
                    place: Place::Declared(scope, expr),
                    ..
                } => (*scope, *expr),
                TypeData::Named {
                    name,
                    path,
                    place: Place::Elsewhere(pos),
                } => {
                    return Err(Trouble {
                        pos: *pos,
                        message: format!(
                            "minigo does not know {path}.{name}: it has no source of package {path}"
                        ),
                        wrong: false,
                    });
                }
                _ => {
                    self.underlying.insert(typ, at);
                    return Ok(at);
                }
            };
            if !passed.insert(at) {
                return Err(self.recursive(typ));
            }
            at = self.resolve(scope, expr)?;
        }
    }

    fn recursive(&self, typ: Type) -> Trouble {
        let (name, pos) = match self.data(typ) {
            TypeData::Named {
                name,
                place: Place::Declared(scope, expr),
                ..
            } => (name.as_str(), self.pos(*scope, *expr)),
            _ => ("type", minigo_base::Pos::NONE),
        };
        Trouble {
            pos,
            message: format!("invalid recursive type {name}"),
            wrong: true,
        }
    }

    /// Returns size and alignment of a type.
    ///
    /// # Errors
    /// It contains itself, is too large, or is unknown.
    pub fn layout(&mut self, typ: Type) -> Result<Layout> {
        match self.layouts.insert(typ, None) {
            Some(Some(layout)) => {
                self.layouts.insert(typ, Some(layout));
                return Ok(layout);
            }
            Some(None) => return Err(self.recursive(typ)),
            None => {}
        }
        let layout = self.compute_layout(typ);
        match &layout {
            Ok(layout) => self.layouts.insert(typ, Some(*layout)),
            Err(_) => self.layouts.remove(&typ),
        };
        layout
    }

    fn compute_layout(&mut self, typ: Type) -> Result<Layout> {
        let words = |n| Layout {
            size: n * WORD,
            align: WORD,
        };
        Ok(match self.shape(typ)? {
            Shape::Word(size) => Layout {
                size,
                align: size.max(1),
            },
            Shape::Complex(size) => Layout {
                size,
                align: size / 2,
            },
            Shape::String | Shape::Interface | Shape::EmptyInterface => words(2),
            Shape::Slice => words(3),
            Shape::Struct(fields) => {
                let mut align = 1;
                for (_, field, _) in &fields {
                    align = align.max(self.layout(*field)?.align);
                }
                let size = match fields.last() {
                    Some(&(_, last, offset)) => {
                        let size = self.layout(last)?.size;
                        self.struct_size(offset, size, align)
                    }
                    None => 0,
                };
                self.checked(size, align)?
            }
            Shape::Array(len, elem, stride) => {
                let elem = self.layout(elem)?;
                let size = match len {
                    0 => 0,
                    len => (len - 1).saturating_mul(stride).saturating_add(elem.size),
                };
                self.checked(size, elem.align)?
            }
        })
    }

    /// Returns the size of a struct whose last field is at `offset` and has `size` bytes.
    fn struct_size(&self, offset: u64, size: u64, align: u64) -> u64 {
        if !self.rules.gc_sizes {
            return offset + size;
        }
        // A pointer to a zero-size last field must not point past the struct.
        let size = if offset > 0 && size == 0 { 1 } else { size };
        (offset + size).next_multiple_of(align)
    }

    fn checked(&self, size: u64, align: u64) -> Result<Layout> {
        if size > MAX_SIZE {
            return Err(Trouble {
                pos: minigo_base::Pos::NONE,
                message: "type too large".to_owned(),
                wrong: false,
            });
        }
        Ok(Layout { size, align })
    }

    /// Returns the parts of a value of a type.
    ///
    /// # Errors
    /// As [`Self::layout`].
    pub(crate) fn shape(&mut self, typ: Type) -> Result<Shape> {
        let underlying = self.underlying(typ)?;
        Ok(match self.data(underlying) {
            TypeData::Basic(basic) => match basic.class {
                Class::Word => Shape::Word(basic.size),
                Class::Complex => Shape::Complex(basic.size),
                Class::String => Shape::String,
            },
            TypeData::Pointer(_) | TypeData::Map(..) | TypeData::Chan(..) | TypeData::Func(_) => {
                Shape::Word(WORD)
            }
            TypeData::Slice(_) => Shape::Slice,
            TypeData::Interface { .. } | TypeData::Named { .. } | TypeData::Alias { .. } => {
                match self.has_methods(underlying, 0)? {
                    true => Shape::Interface,
                    false => Shape::EmptyInterface,
                }
            }
            &TypeData::Array(len, elem) => {
                let layout = self.layout(elem)?;
                Shape::Array(len, elem, layout.size.next_multiple_of(layout.align))
            }
            TypeData::Struct(fields) => {
                let fields: Vec<(String, Type)> = fields
                    .iter()
                    .map(|field| (field.name.clone(), field.typ))
                    .collect();
                let mut placed = Vec::with_capacity(fields.len());
                let mut offset = 0u64;
                for (name, typ) in fields {
                    let layout = self.layout(typ)?;
                    offset = offset.next_multiple_of(layout.align);
                    placed.push((name, typ, offset));
                    offset = self.checked(offset + layout.size, 1)?.size;
                }
                Shape::Struct(placed)
            }
        })
    }

    /// Reports whether an interface has methods, including those of embedded interfaces.
    fn has_methods(&mut self, interface: Type, depth: usize) -> Result<bool> {
        if depth > crate::MAX_DEPTH {
            return Err(self.recursive(interface));
        }
        let embedded = match self.data(interface) {
            TypeData::Interface { methods, embedded } if methods.is_empty() => embedded.clone(),
            TypeData::Interface { .. } => return Ok(true),
            // The only other named type is `error`.
            _ => return Ok(true),
        };
        for typ in embedded {
            let typ = self.underlying(typ)?;
            if self.has_methods(typ, depth + 1)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
