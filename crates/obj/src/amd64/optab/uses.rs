//! The uses of a form's operands: the bytes of memory, and whether an operand is read or written.
//!
//! Both follow from the opcode, as in the opcode maps of the processor manuals (Intel SDM vol. 2D, appendix A).

use super::{Class, Encoding, Form, Map, Special};

/// The use of an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::amd64) enum Use {
    /// Neither read nor written: addresses and hints.
    None,
    Read,
    Write,
    /// Read and written.
    Update,
}

use Use::{Read, Update, Write};

/// The use of memory in ModRM.rm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::amd64) struct Memory {
    /// Bytes; 0 if none, or if their number isn't constant.
    pub size: u16,
    pub usage: Use,
    /// A mask in a vector register chooses elements.
    pub masked: bool,
}

const fn memory(size: u16, usage: Use) -> Memory {
    Memory {
        size,
        usage,
        masked: false,
    }
}

impl Form {
    /// Returns the use of memory in ModRM.rm, without a broadcast.
    pub(in crate::amd64) fn memory(&self) -> Memory {
        let size = match self.encoding {
            Encoding::Evex => self.evex_size(),
            _ => return self.memory_by_opcode(),
        };
        match self.rm_use() {
            Use::None => memory(0, Use::None),
            usage => memory(size, usage),
        }
    }

    /// Returns the use of an operand that isn't memory.
    pub(in crate::amd64) fn register_use(&self, arg: u8) -> Use {
        if self.is_both(arg) {
            return Update;
        }
        if self.special == Special::MovQuad && arg == 1 {
            return Write;
        }
        match arg {
            _ if arg == self.rm => self.rm_use(),
            _ if arg == self.reg => self.reg_use(),
            _ if arg == self.vvvv => self.vvvv_use(),
            _ if arg == self.plus => self.plus_use(),
            // Gathers and scatters clear it bit by bit; prefetches don't.
            _ if arg == self.mask && matches!(self.opcode, 0xc6 | 0xc7) => Read,
            _ if arg == self.mask => Update,
            _ if arg == self.last || arg == self.imm_arg => Read,
            _ => self.implied_use(arg),
        }
    }

    /// Reports whether an operand is both ModRM.rm and ModRM.reg.
    fn is_both(&self, arg: u8) -> bool {
        arg == self.rm && arg == self.reg
    }

    /// Returns the number of bytes of a general operand.
    fn general_size(&self) -> u16 {
        match (self.wide, self.prefixes[0]) {
            (true, _) => 8,
            (false, 0x66) => 2,
            _ => 4,
        }
    }

    /// Returns the size of a general operand that has no 16-bit form: prefix 66 is part of the opcode.
    fn double_or_quad(&self) -> u16 {
        if self.wide { 8 } else { 4 }
    }

    /// Returns the number of bytes of a vector: those of an MMX register, or of the vector length.
    fn vector_size(&self) -> u16 {
        let args = &self.args[..usize::from(self.n_args)];
        let is_mmx = args.iter().any(|arg| matches!(arg, Class::Mr | Class::Mm));
        if is_mmx { 8 } else { 16 << self.length }
    }

    /// Returns the prefix that selects among the instructions of an opcode: 66, F2, F3 or 0.
    fn selector(&self) -> u8 {
        match self.prefixes {
            [other, 0] => other,
            [_, repeat] => repeat,
        }
    }

    /// Returns the number of bytes of memory under an EVEX prefix: the unit of displacements, but for instructions that
    /// take elements one by one.
    fn evex_size(&self) -> u16 {
        let is_packing = self.map == Map::X0f38 && matches!(self.opcode, 0x62 | 0x63 | 0x88..=0x8b);
        match is_packing {
            true => self.vector_size(),
            false => self.disp_unit.into(),
        }
    }

    fn memory_by_opcode(&self) -> Memory {
        match self.map {
            Map::One if (0xd8..=0xdf).contains(&self.opcode) => self.x87_memory(),
            Map::One => memory(self.one_byte_size(), self.rm_use()),
            Map::X0f => self.x0f_memory(),
            Map::X0f38 => self.x0f38_memory(),
            Map::X0f3a => self.x0f3a_memory(),
        }
    }

    /// Returns the size of memory of opcodes of one byte.
    fn one_byte_size(&self) -> u16 {
        match (self.opcode, self.digit) {
            (0x63, _) => 4,
            (0x69 | 0x6b | 0x83, _) => self.general_size(),
            (0x8c | 0x8e, _) => 2,
            (0x8d, _) => 0,
            // Far pointers: an offset and a selector.
            (0xff, 3 | 5) => self.general_size() + 2,
            // The stack and branches have no operands of 32 bits.
            (0x8f, _) | (0xff, 2 | 4 | 6) if self.prefixes[0] == 0 => 8,
            (opcode, _) if opcode & 1 == 0 => 1,
            _ => self.general_size(),
        }
    }

    fn x87_memory(&self) -> Memory {
        match (self.opcode, self.digit) {
            (0xd8 | 0xda, _) => memory(4, Read),
            (0xdc, _) => memory(8, Read),
            (0xde, _) => memory(2, Read),
            (0xd9 | 0xdb, 0) => memory(4, Read),
            (0xd9 | 0xdb, 1..=3) => memory(4, Write),
            (0xd9, 4) => memory(28, Read),
            (0xd9, 5) => memory(2, Read),
            (0xd9, 6) => memory(28, Write),
            (0xd9, _) => memory(2, Write),
            (0xdb, 5) => memory(10, Read),
            (0xdb, _) => memory(10, Write),
            (0xdd, 0) => memory(8, Read),
            (0xdd, 1..=3) => memory(8, Write),
            (0xdd, 4) => memory(108, Read),
            (0xdd, 6) => memory(108, Write),
            (0xdd, _) => memory(2, Write),
            (_, 0) => memory(2, Read),
            (_, 1..=3) => memory(2, Write),
            (_, 4) => memory(10, Read),
            (_, 5) => memory(8, Read),
            (_, 6) => memory(10, Write),
            _ => memory(8, Write),
        }
    }

    fn x0f_memory(&self) -> Memory {
        let size = match (self.opcode, self.encoding) {
            (0x00 | 0x01 | 0x18..=0x1f | 0xae | 0xc7, _) => return self.system_memory(),
            (0x02 | 0x03 | 0xb7 | 0xbf, _) => 2,
            (0x90 | 0x91, Encoding::Vex) => match (self.selector(), self.wide) {
                (0x66, false) => 1,
                (0x66, true) => 4,
                (_, false) => 2,
                (_, true) => 8,
            },
            (0x90..=0x9f | 0xb0 | 0xb6 | 0xbe | 0xc0, Encoding::Legacy) => 1,
            // Far pointers: an offset and a selector.
            (0xb2 | 0xb4 | 0xb5, _) => self.general_size() + 2,
            (0x40..=0x4f | 0xa3..=0xa5 | 0xab..=0xad | 0xaf, _) => self.general_size(),
            (0xb1 | 0xb3 | 0xb8 | 0xba..=0xbd | 0xc1 | 0xc3, _) => self.general_size(),
            _ => self.x0f_vector_size(),
        };
        memory(size, self.rm_use())
    }

    /// Returns the size of memory of vector instructions in map 0F.
    fn x0f_vector_size(&self) -> u16 {
        let vector = self.vector_size();
        match (self.opcode, self.selector()) {
            (0x12, 0xf2) if self.length == 0 => 8,
            (0x12 | 0x16, 0 | 0x66) | (0x13 | 0x17, _) => 8,
            (0x2a, 0xf2 | 0xf3) | (0x6e, _) => self.double_or_quad(),
            (0x7e, 0xf3) => 8,
            (0x7e, _) => self.double_or_quad(),
            (0x2c | 0x2d, 0x66) => 16,
            (0x2c | 0x2d, 0) | (0x2e | 0x2f, 0x66) => 8,
            (0x2e | 0x2f, _) => 4,
            (0x5a, 0) => vector / 2,
            (0x5b, _) => vector,
            (0x10 | 0x11 | 0x2c | 0x2d | 0x51..=0x5f | 0xc2, 0xf2) => 8,
            (0x10 | 0x11 | 0x2c | 0x2d | 0x51..=0x5f | 0xc2, 0xf3) => 4,
            (0x60..=0x62, 0) => 4,
            (0xc4, _) => 2,
            // The count of a shift.
            (0xd1..=0xd3 | 0xe1 | 0xe2 | 0xf1..=0xf3, _) => vector.min(16),
            (0xd6, _) => 8,
            (0xe6, 0xf3) => vector / 2,
            _ => vector,
        }
    }

    /// Returns the use of memory by instructions for systems, caches and states.
    fn system_memory(&self) -> Memory {
        match (self.opcode, self.digit) {
            (0x00, 0 | 1) | (0x01, 4) => memory(2, Write),
            (0x00, _) | (0x01, 6) => memory(2, Read),
            (0x01, 0 | 1) => memory(10, Write),
            (0x01, 2 | 3) => memory(10, Read),
            // CMPXCHG8B and CMPXCHG16B; the others save and restore states whose size depends on the processor.
            (0xc7, 1) => memory(2 * self.double_or_quad(), Update),
            (0xc7, 3) => memory(0, Read),
            (0xc7, _) => memory(0, Write),
            (0xae, 6 | 7) if self.prefixes[0] == 0x66 => memory(1, Read),
            (0xae, 0) => memory(512, Write),
            (0xae, 1) => memory(512, Read),
            (0xae, 2) => memory(4, Read),
            (0xae, 3) => memory(4, Write),
            (0xae, 5) => memory(0, Read),
            (0xae, 7) => memory(1, Read),
            (0xae, _) => memory(0, Update),
            _ => memory(0, Use::None),
        }
    }

    fn x0f38_memory(&self) -> Memory {
        let vector = self.vector_size();
        let size = match (self.opcode, self.selector()) {
            (0x18 | 0x58, _) => 4,
            (0x19 | 0x59, _) => 8,
            (0x1a | 0x5a, _) => 16,
            (0x13 | 0x20 | 0x23 | 0x25 | 0x30 | 0x33 | 0x35, _) => vector / 2,
            (0x21 | 0x24 | 0x31 | 0x34, _) => vector / 4,
            (0x22 | 0x32, _) => vector / 8,
            (0x78, _) => 1,
            (0x79, _) => 2,
            (0x2c..=0x2f | 0x8c | 0x8e, _) => {
                return Memory {
                    masked: true,
                    ..memory(vector, self.rm_use())
                };
            }
            // One element at each address.
            (0x90..=0x93, _) => self.double_or_quad(),
            // Fused multiply and add of one element.
            (0x99..=0xbf, _) if self.opcode & 9 == 9 => self.double_or_quad(),
            (0xf0, 0xf2) => 1,
            (0xf0 | 0xf1, _) => self.general_size(),
            (0xf2..=0xf7, _) => self.double_or_quad(),
            _ => vector,
        };
        memory(size, self.rm_use())
    }

    fn x0f3a_memory(&self) -> Memory {
        let vector = self.vector_size();
        let size = match self.opcode {
            0x14 | 0x20 => 1,
            0x15 => 2,
            0x0a | 0x17 | 0x21 => 4,
            0x0b => 8,
            0x16 | 0x22 | 0xf0 => self.double_or_quad(),
            0x18 | 0x19 | 0x38 | 0x39 => 16,
            0x1d => vector / 2,
            _ => vector,
        };
        memory(size, self.rm_use())
    }

    /// Returns the use of ModRM.rm.
    fn rm_use(&self) -> Use {
        match self.map {
            Map::One => match (self.opcode, self.digit) {
                (0x38 | 0x39, _) | (0x80..=0x83, 7) => Read,
                (0x00..=0x3f, _) if self.opcode & 2 == 0 => Update,
                (0x80..=0x83 | 0x86 | 0x87 | 0xc0 | 0xc1 | 0xd0..=0xd3, _) => Update,
                (0xf6 | 0xf7, 2 | 3) | (0xfe | 0xff, 0 | 1) => Update,
                (0x88 | 0x89 | 0x8c | 0x8f | 0xc6 | 0xc7, _) => Write,
                (0x8d, _) => Use::None,
                _ => Read,
            },
            Map::X0f => self.x0f_rm_use(),
            Map::X0f38 => match (self.opcode, self.selector()) {
                (0x10..=0x15 | 0x20..=0x25 | 0x30..=0x35, 0xf3) => Write,
                (0x2e | 0x2f | 0x63 | 0x8a | 0x8b | 0x8e | 0xa0..=0xa3, _) => Write,
                // Prefetches of elements.
                (0xc6 | 0xc7, _) => Use::None,
                (0xf1, 0 | 0x66) => Write,
                _ => Read,
            },
            Map::X0f3a => match self.opcode {
                0x14..=0x17 | 0x19 | 0x1b | 0x1d | 0x39 | 0x3b => Write,
                _ => Read,
            },
        }
    }

    fn x0f_rm_use(&self) -> Use {
        let is_legacy = self.encoding == Encoding::Legacy;
        match (self.opcode, self.selector()) {
            (0x00, _) if self.digit < 2 => Write,
            (0x01, _) if self.digit == 4 => Write,
            (0x18..=0x1f, _) => Use::None,
            // Shifts by a constant have one operand, under a VEX prefix two.
            (0x71..=0x73, _) if is_legacy => Update,
            // Between MMX and SSE registers.
            (0xd6, 0xf2 | 0xf3) => Read,
            (0x11 | 0x13 | 0x17 | 0x29 | 0x2b | 0x7f | 0xd6 | 0xe7, _) => Write,
            // Control and debug registers, and test registers.
            (0x20 | 0x21 | 0x24, _) => Write,
            (0x7e, 0xf3) => Read,
            (0x7e, _) => Write,
            (0x90..=0x9f, _) if is_legacy => Write,
            (0x91, _) => Write,
            (0xc3, _) if is_legacy => Write,
            (0xba, _) if self.digit == 4 => Read,
            (0xa4 | 0xa5 | 0xab..=0xad | 0xb0 | 0xb1 | 0xb3 | 0xba | 0xbb, _) => Update,
            (0xc0 | 0xc1, _) => Update,
            // RDRAND, RDSEED and RDPID; with memory CMPXCHG8B.
            (0xc7, _) => Write,
            // RDFSBASE and RDGSBASE.
            (0xae, 0xf3) if self.digit < 2 => Write,
            _ => Read,
        }
    }

    /// Returns the use of ModRM.reg. Vectors that are written may be read, too.
    fn reg_use(&self) -> Use {
        let is_compare = match (self.map, self.opcode) {
            (Map::One, 0x38..=0x3b | 0x84 | 0x85) => true,
            (Map::X0f, 0x2e | 0x2f | 0xa3 | 0xf7) => true,
            (Map::X0f, 0x98 | 0x99) => self.encoding == Encoding::Vex,
            (Map::X0f38, 0x0e | 0x0f) => self.encoding == Encoding::Vex,
            (Map::X0f38, 0x17 | 0x80..=0x82 | 0xa0..=0xa3) => true,
            (Map::X0f3a, 0x60..=0x63) => true,
            _ => false,
        };
        let is_exchange = matches!(
            (self.map, self.opcode),
            (Map::One, 0x86 | 0x87) | (Map::X0f, 0xc0 | 0xc1)
        );
        match self.rm_use() {
            _ if is_compare => Read,
            _ if is_exchange => Update,
            Write | Update => Read,
            _ if self.map == Map::One
                && matches!(self.opcode, 0x69 | 0x6b | 0x63 | 0x8a..=0x8e) =>
            {
                Write
            }
            Use::None | Read => Update,
        }
    }

    /// Returns the use of VEX.vvvv: a source, but for a few instructions with two destinations or with a digit.
    fn vvvv_use(&self) -> Use {
        match (self.map, self.opcode) {
            (Map::X0f, 0x71..=0x73) | (Map::X0f38, 0xf3) => Write,
            (Map::X0f38, 0xf6) if self.selector() == 0xf2 => Write,
            // The mask of a gather.
            (Map::X0f38, 0x90..=0x93) => Update,
            _ => Read,
        }
    }

    /// Returns the use of the register that is added to the opcode.
    fn plus_use(&self) -> Use {
        match (self.map, self.opcode) {
            (Map::One, 0x50..=0x57) => Read,
            (Map::One, 0x58..=0x5f | 0xb0..=0xbf) => Write,
            _ => Update,
        }
    }

    /// Returns the use of an operand that the opcode implies: AX, CX, X0 or a constant.
    fn implied_use(&self, arg: u8) -> Use {
        let is_ax = matches!(self.args[usize::from(arg)], Class::Al | Class::Ax);
        match self.opcode {
            _ if !is_ax || self.map != Map::One => Read,
            0x3c | 0x3d | 0xa8 | 0xa9 | 0xe6 | 0xe7 | 0xee | 0xef => Read,
            _ => Update,
        }
    }
}
