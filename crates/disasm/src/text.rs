//! Decoded instructions as text of Plan 9 assembly.

use std::fmt::Write;

use iced_x86::{Instruction, OpKind, Register, RoundingControl};

use crate::rules::{Operand, Rule, rules};

/// The names of the addresses that an instruction contains; none where it is printed as a number.
#[derive(Default)]
pub(crate) struct Names {
    /// The target of a branch: a symbol or a label.
    pub(crate) branch: Option<String>,
    /// The symbol that a memory operand refers to.
    pub(crate) memory: Option<String>,
    /// The symbol whose address is the immediate.
    pub(crate) immediate: Option<String>,
}

/// Appends an instruction. One that the assembler lacks has Intel's name and its operands in reverse; `?` is none.
pub(crate) fn write_instruction(out: &mut String, instruction: &Instruction, names: &Names) {
    if let Some(rule) = rules(instruction.code()).first() {
        return write_as(out, instruction, rule, names);
    }
    if instruction.is_invalid() {
        return out.push('?');
    }
    write_prefixes(out, instruction);
    out.push_str(&format!("{:?}", instruction.mnemonic()).to_uppercase());
    let mut separator = " ";
    for index in (0..instruction.op_count()).rev() {
        out.push_str(separator);
        separator = ", ";
        write_operand(out, instruction, index, names);
    }
}

/// Appends an instruction as a rule writes it.
pub(crate) fn write_as(out: &mut String, instruction: &Instruction, rule: &Rule, names: &Names) {
    write_prefixes(out, instruction);
    out.push_str(rule.mnemonic.name());
    write_suffixes(out, instruction);
    let mask = instruction.op_mask();
    let is_named = rule.operands.iter().any(|op| matches!(op, Operand::Mask));
    let mut separator = " ";
    let mut next = |out: &mut String| {
        out.push_str(separator);
        separator = ", ";
    };
    for (index, operand) in rule.operands.iter().enumerate() {
        if index + 1 == rule.operands.len() && mask != Register::None && !is_named {
            next(out);
            write_register(out, mask);
        }
        next(out);
        match *operand {
            Operand::Decoded(index) => write_operand(out, instruction, index, names),
            Operand::Unsigned(index) => {
                let _ = write!(out, "${:#x}", unsigned(instruction, index));
            }
            Operand::List(index) => {
                let first = instruction.op_register(index);
                out.push('[');
                write_register(out, first);
                out.push('-');
                write_register(out, first + 3);
                out.push(']');
            }
            Operand::Mask => write_register(out, mask),
            Operand::Implied(text) => out.push_str(text),
        }
    }
}

/// Appends prefixes, which are instructions of their own to the assembler.
fn write_prefixes(out: &mut String, instruction: &Instruction) {
    for (has, name) in [
        (instruction.has_xacquire_prefix(), "XACQUIRE; "),
        (instruction.has_xrelease_prefix(), "XRELEASE; "),
        (instruction.has_lock_prefix(), "LOCK; "),
        (
            instruction.has_rep_prefix() || instruction.has_repe_prefix(),
            "REP; ",
        ),
        (instruction.has_repne_prefix(), "REPN; "),
    ] {
        if has {
            out.push_str(name);
        }
    }
}

fn write_suffixes(out: &mut String, instruction: &Instruction) {
    match instruction.rounding_control() {
        RoundingControl::None if instruction.suppress_all_exceptions() => out.push_str(".SAE"),
        RoundingControl::None => {}
        RoundingControl::RoundToNearest => out.push_str(".RN_SAE"),
        RoundingControl::RoundDown => out.push_str(".RD_SAE"),
        RoundingControl::RoundUp => out.push_str(".RU_SAE"),
        RoundingControl::RoundTowardZero => out.push_str(".RZ_SAE"),
    }
    if instruction.is_broadcast() {
        out.push_str(".BCST");
    }
    if instruction.zeroing_masking() {
        out.push_str(".Z");
    }
}

fn write_operand(out: &mut String, instruction: &Instruction, index: u32, names: &Names) {
    match instruction.op_kind(index) {
        OpKind::Register => write_register(out, instruction.op_register(index)),
        OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64 => match &names.branch {
            Some(name) => out.push_str(name),
            None => {
                let _ = write!(out, "{:#x}", instruction.near_branch_target());
            }
        },
        OpKind::Memory => write_memory(out, instruction, names),
        kind if is_immediate(kind) => match &names.immediate {
            Some(name) => {
                out.push('$');
                out.push_str(name);
            }
            None => {
                out.push('$');
                write_signed(out, signed(instruction, index));
            }
        },
        // Far branches and the implied operands of string instructions.
        _ => out.push('?'),
    }
}

/// Reports whether an operand is an immediate.
fn is_immediate(kind: OpKind) -> bool {
    matches!(
        kind,
        OpKind::Immediate8
            | OpKind::Immediate8_2nd
            | OpKind::Immediate16
            | OpKind::Immediate32
            | OpKind::Immediate64
            | OpKind::Immediate8to16
            | OpKind::Immediate8to32
            | OpKind::Immediate8to64
            | OpKind::Immediate32to64
    )
}

fn signed(instruction: &Instruction, index: u32) -> i64 {
    let value = instruction.immediate(index);
    match instruction.op_kind(index) {
        OpKind::Immediate8 | OpKind::Immediate8_2nd => i64::from(value as i8),
        OpKind::Immediate16 => i64::from(value as i16),
        // A signed byte would have a shorter form.
        OpKind::Immediate32 if (-128..0).contains(&(value as i32)) => i64::from(value as u32),
        OpKind::Immediate32 => i64::from(value as i32),
        _ => value as i64,
    }
}

fn unsigned(instruction: &Instruction, index: u32) -> u64 {
    let value = instruction.immediate(index);
    match instruction.op_kind(index) {
        OpKind::Immediate8 | OpKind::Immediate8_2nd => value & 0xff,
        OpKind::Immediate16 | OpKind::Immediate8to16 => value & 0xffff,
        OpKind::Immediate32 | OpKind::Immediate8to32 => value & 0xffff_ffff,
        _ => value,
    }
}

fn write_signed(out: &mut String, value: i64) {
    let sign = if value < 0 { "-" } else { "" };
    let _ = write!(out, "{sign}{:#x}", value.unsigned_abs());
}

/// Appends `0x8(SP)`, `0(AX)(CX*8)`, `x+8(SB)` or `-0x8(FS)`.
fn write_memory(out: &mut String, instruction: &Instruction, names: &Names) {
    let (base, index) = (instruction.memory_base(), instruction.memory_index());
    let segment = instruction.segment_prefix();
    let is_relative = instruction.is_ip_rel_memory_operand();
    let has_base = base != Register::None && !is_relative;
    match &names.memory {
        Some(name) => out.push_str(name),
        None if is_relative => {
            let _ = write!(out, "{:#x}(SB)", instruction.ip_rel_memory_address());
        }
        None => {
            let displacement = instruction.memory_displacement64() as i64;
            match displacement {
                0 => out.push('0'),
                _ => write_signed(out, displacement),
            }
        }
    }
    if has_base {
        out.push('(');
        write_register(out, base);
        out.push(')');
    }
    if index != Register::None {
        out.push('(');
        write_register(out, index);
        let _ = write!(out, "*{})", instruction.memory_index_scale());
    }
    if segment != Register::None {
        out.push('(');
        write_register(out, segment);
        out.push_str(if has_base { "*1)" } else { ")" });
    }
}

/// Appends the assembler's name of a register, which for general registers of two, four and eight bytes is the same.
fn write_register(out: &mut String, register: Register) {
    const LONG: [&str; 8] = ["AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"];
    // The assembler takes SP for its low byte, which has no name.
    const LOW: [&str; 8] = ["AL", "CL", "DL", "BL", "SP", "BPB", "SIB", "DIB"];
    const HIGH: [&str; 4] = ["AH", "CH", "DH", "BH"];
    let is_high = (Register::AH..=Register::BH).contains(&register);
    let (prefix, suffix) = match register {
        _ if is_high => {
            out.push_str(HIGH[register as usize - Register::AH as usize]);
            return;
        }
        _ if register.is_gpr() => {
            let number = register.full_register().number();
            let low = register.is_gpr8();
            match (if low { LOW } else { LONG }).get(number) {
                Some(name) => {
                    out.push_str(name);
                    return;
                }
                None => ("R", if low { "B" } else { "" }),
            }
        }
        _ if register.is_xmm() => ("X", ""),
        _ if register.is_ymm() => ("Y", ""),
        _ if register.is_zmm() => ("Z", ""),
        _ if register.is_mm() => ("M", ""),
        _ if register.is_k() => ("K", ""),
        _ if register.is_st() => ("F", ""),
        _ if register.is_cr() => ("CR", ""),
        _ if register.is_dr() => ("DR", ""),
        _ if register.is_tr() => ("TR", ""),
        Register::ES => ("ES", ""),
        Register::CS => ("CS", ""),
        Register::SS => ("SS", ""),
        Register::DS => ("DS", ""),
        Register::FS => ("FS", ""),
        Register::GS => ("GS", ""),
        _ => ("?", ""),
    };
    out.push_str(prefix);
    let is_numbered = !register.is_segment_register() && prefix != "?";
    if is_numbered {
        let number = register.full_register().number();
        let _ = write!(out, "{number}");
    }
    out.push_str(suffix);
}
