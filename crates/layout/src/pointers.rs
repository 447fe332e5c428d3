//! The words of a value that hold pointers (gc: plive.go, onebitwalktype1; types/size.go, PtrDataSize).

use crate::{Class, Result, Shape, Type, TypeData, Types};

const WORD: u64 = 8;

/// The class of the only word of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordClass {
    /// An integer or a bool.
    Integer,
    Float,
    Pointer,
}

impl Types<'_> {
    /// Returns the class of a value without parts.
    pub(crate) fn word_class(&mut self, typ: Type) -> Result<WordClass> {
        let underlying = self.underlying(typ)?;
        Ok(match self.data(underlying) {
            TypeData::Basic(basic) => match basic.name {
                "unsafe.Pointer" => WordClass::Pointer,
                "float32" | "float64" => WordClass::Float,
                _ if basic.class == Class::Complex => WordClass::Float,
                _ => WordClass::Integer,
            },
            _ => WordClass::Pointer,
        })
    }

    /// Reports whether values of a type hold pointers.
    ///
    /// # Errors
    /// As [`Self::layout`].
    pub fn has_pointers(&mut self, typ: Type) -> Result<bool> {
        Ok(match self.shape(typ)? {
            Shape::Word(_) => self.word_class(typ)? == WordClass::Pointer,
            Shape::Complex(_) => false,
            Shape::String | Shape::Slice | Shape::Interface | Shape::EmptyInterface => true,
            Shape::Array(len, elem, _) => len > 0 && self.has_pointers(elem)?,
            Shape::Struct(fields) => {
                for (_, field, _) in fields {
                    if self.has_pointers(field)? {
                        return Ok(true);
                    }
                }
                false
            }
        })
    }

    /// Adds the numbers of the words that hold pointers in a value at `offset`. The type of an interface value isn't one to
    /// the collector.
    pub(crate) fn add_pointers(
        &mut self,
        typ: Type,
        offset: u64,
        words: &mut Vec<u64>,
    ) -> Result<()> {
        let word = offset / WORD;
        match self.shape(typ)? {
            Shape::Word(_) if self.word_class(typ)? == WordClass::Pointer => words.push(word),
            Shape::Word(_) | Shape::Complex(_) => {}
            Shape::String | Shape::Slice => words.push(word),
            Shape::Interface | Shape::EmptyInterface => words.push(word + 1),
            Shape::Array(len, elem, stride) => {
                if self.has_pointers(elem)? {
                    for index in 0..len {
                        self.add_pointers(elem, offset + index * stride, words)?;
                    }
                }
            }
            Shape::Struct(fields) => {
                for (_, field, at) in fields {
                    self.add_pointers(field, offset + at, words)?;
                }
            }
        }
        Ok(())
    }
}
