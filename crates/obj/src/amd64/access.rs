//! The access of an instruction to an operand in memory, as far as its mnemonic tells.

use super::opcode::As;
use crate::prog::{Addr, AddrKind, Prog};

/// The access of an instruction to an operand in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The smallest number of bytes that it reads or writes, 0 if it only takes the address.
    pub size: i64,
    /// It reads the bytes.
    pub reads: bool,
    /// It writes the bytes.
    pub writes: bool,
}

/// Returns the access of an instruction to an operand; `is_last` tells whether it is the last one. The width is known from
/// the mnemonic, or 1.
pub fn access(prog: &Prog, operand: &Addr, is_last: bool) -> Access {
    let name = prog.as_.name();
    let is_address =
        operand.kind == AddrKind::Addr || name.starts_with("LEA") || name.starts_with("PREFETCH");
    let mixed = ["V", "K", "CVT", "P", "F"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    let size = match name.as_bytes() {
        _ if is_address => 0,
        b"PUSHQ" | b"POPQ" => 8,
        _ if mixed => 1,
        b"MOVO" | b"MOVOU" | b"MOVUPS" | b"MOVUPD" | b"MOVAPS" | b"MOVAPD" => 16,
        [.., b'S', b'D'] => 8,
        [.., b'S', b'S'] => 4,
        [b'S', b'E', b'T', ..] => 1,
        [.., b'W'] => 2,
        [.., b'L'] => 4,
        [.., b'Q'] => 8,
        _ => 1,
    };
    let compares = name.starts_with("CMP") || name.starts_with("TEST") || name.starts_with("BT");
    let writes = is_last && !is_address && !compares;
    let overwrites = name.starts_with("MOV") || name.starts_with("SET") || prog.as_ == As::POPQ;
    Access {
        size,
        reads: !(is_address || writes && overwrites),
        writes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amd64::Reg;
    use minigo_base::Pos;

    #[test]
    fn the_mnemonic_tells() {
        let memory = Addr::mem(Reg::SP, 8);
        for (as_, is_last, size, reads, writes) in [
            (As::MOVQ, true, 8, false, true),
            (As::MOVL, false, 4, true, false),
            (As::ADDQ, true, 8, true, true),
            (As::CMPB, true, 1, true, false),
            (As::LEAQ, false, 0, false, false),
            (As::SETEQ, true, 1, false, true),
        ] {
            let prog = Prog::new(as_, memory, memory, Pos::NONE);
            let expected = Access {
                size,
                reads,
                writes,
            };
            assert_eq!(access(&prog, &memory, is_last), expected, "{}", as_.name());
        }
    }
}
