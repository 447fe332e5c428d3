//! The places of a function's parameters for tracebacks: an offset and a size for each word (gc: ssagen/pgen.go,
//! EmitArgInfo).

use crate::{Result, Shape, Type, Types};

const WORD: u64 = 8;
/// Words beyond this number print as dots.
const MAX_PRINTED: usize = 10;
/// Aggregates print as dots from this depth on.
const MAX_DEPTH: usize = 5;
/// Offsets from here on have other meanings.
const FIRST_SPECIAL: u64 = 0xf0;
const OFFSET_TOO_LARGE: u8 = 0xfb;
const DOTS: u8 = 0xfc;
const END_AGGREGATE: u8 = 0xfd;
const START_AGGREGATE: u8 = 0xfe;
const END: u8 = 0xff;

/// The bytes so far.
#[derive(Default)]
pub(crate) struct Places {
    bytes: Vec<u8>,
    n: usize,
    /// There are more parameters than are printed.
    is_full: bool,
}

impl Places {
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push(END);
        self.bytes
    }

    /// Adds a parameter.
    pub fn visit(&mut self, types: &mut Types, typ: Type, offset: u64, depth: usize) -> Result<()> {
        if !self.is_full {
            self.is_full = !self.add(types, typ, offset, depth)?;
        }
        Ok(())
    }

    /// Adds a value. Reports whether there may be more.
    fn add(&mut self, types: &mut Types, typ: Type, offset: u64, depth: usize) -> Result<bool> {
        if self.is_over() {
            return Ok(false);
        }
        let shape = types.shape(typ)?;
        if let Shape::Word(size) = shape {
            self.word(offset, size);
            return Ok(true);
        }
        self.bytes.push(START_AGGREGATE);
        if depth + 1 >= MAX_DEPTH {
            self.bytes.extend([DOTS, END_AGGREGATE]);
            self.n += 1;
            return Ok(true);
        }
        match shape {
            Shape::String | Shape::Interface | Shape::EmptyInterface => {
                self.words(offset, 2, WORD);
            }
            Shape::Slice => self.words(offset, 3, WORD),
            Shape::Complex(size) => self.words(offset, 2, size / 2),
            Shape::Array(0, ..) => self.n += 1,
            Shape::Struct(fields) if fields.is_empty() => self.n += 1,
            Shape::Array(len, elem, stride) => {
                for index in 0..len {
                    if !self.add(types, elem, offset + index * stride, depth + 1)? {
                        break;
                    }
                }
            }
            Shape::Struct(fields) => {
                for (_, field, at) in fields {
                    if !self.add(types, field, offset + at, depth + 1)? {
                        break;
                    }
                }
            }
            Shape::Word(_) => {}
        }
        self.bytes.push(END_AGGREGATE);
        Ok(true)
    }

    fn words(&mut self, offset: u64, n: u64, size: u64) {
        for index in 0..n {
            if self.is_over() {
                return;
            }
            self.word(offset + index * size, size);
        }
    }

    /// Adds the dots if enough words are printed.
    fn is_over(&mut self) -> bool {
        let is_over = self.n >= MAX_PRINTED;
        if is_over {
            self.bytes.push(DOTS);
        }
        is_over
    }

    fn word(&mut self, offset: u64, size: u64) {
        match u8::try_from(offset) {
            Ok(byte) if offset < FIRST_SPECIAL => self.bytes.extend([byte, size as u8]),
            _ => self.bytes.push(OFFSET_TOO_LARGE),
        }
        self.n += 1;
    }
}
