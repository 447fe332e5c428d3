//! The names of decoded instructions are those that the assembler encodes: `src/names.txt` is made by assembling
//! every form of every mnemonic and decoding it again.
//!
//! `MINIGO_BLESS=1 cargo test -p minigo-disasm --test names` records it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use iced_x86::{Code, Decoder, DecoderOptions, Instruction, OpCodeOperandKind, OpKind, Register};
use minigo_base::PosTable;
use minigo_obj::amd64::{As, Class, Reg, operand_forms};
use minigo_obj::{Dialect, SymTable, Unit, asm, assemble, dialect};

/// An operand of an instruction that is assembled.
#[derive(Clone, Debug)]
struct Sample {
    text: String,
    meaning: Meaning,
}

/// The part of a decoded instruction that an operand is.
#[derive(Clone, Debug, PartialEq)]
enum Meaning {
    Register(Reg),
    List(Reg),
    Memory,
    Branch,
    Immediate {
        value: i64,
        unsigned: bool,
    },
    /// The class accepts nothing else.
    Fixed,
}

fn register(reg: Reg) -> Sample {
    Sample {
        text: reg.name().to_owned(),
        meaning: Meaning::Register(reg),
    }
}

fn fixed(text: &str) -> Sample {
    Sample {
        text: text.to_owned(),
        meaning: Meaning::Fixed,
    }
}

fn immediate(value: i64, unsigned: bool) -> Sample {
    Sample {
        text: format!("${value}"),
        meaning: Meaning::Immediate { value, unsigned },
    }
}

fn memory(text: &str) -> Sample {
    Sample {
        text: text.to_owned(),
        meaning: Meaning::Memory,
    }
}

/// Returns operands of a class in a place of the instruction. No two places have the same registers or numbers.
fn samples(class: Class, place: usize) -> Vec<Sample> {
    use Class::*;
    let long = [Reg::DX, Reg::BX, Reg::SI, Reg::DI, Reg::R8][place];
    let low = register([Reg::DL, Reg::BL, Reg::R8B, Reg::R9B, Reg::R10B][place]);
    let nth = |first: Reg, n: usize| register(first.offset(n + place));
    let or_memory = |sample: Sample| vec![sample, memory("64(R9)")];
    let step = place as i64;
    match class {
        I0 => vec![fixed("$0")],
        I1 => vec![fixed("$1")],
        U2 => vec![immediate(2 + step % 2, true)],
        I8 => vec![immediate(0x11 + step, false)],
        U8 | Ui8 => vec![immediate(0x81 + step, true), fixed("$3")],
        S32 | I32 => vec![
            immediate(0x1122_3344 + step, false),
            immediate(0x1122 + step, false),
            immediate(3 + step, false),
        ],
        I64 => vec![immediate(0x1122_3344_5566_7788 + step, false)],
        IAddr | Indir => Vec::new(),
        Al => vec![fixed("AL")],
        Ax => vec![fixed("AX")],
        Cl => vec![fixed("CL")],
        Cx => vec![fixed("CX")],
        Rb => vec![low],
        Rx => vec![register([Reg::DX, Reg::BX][place % 2]), fixed("AX")],
        Rl => vec![register(long), fixed("AX")],
        M => vec![memory("64(R9)")],
        Mb => or_memory(low),
        Ml => or_memory(register(long)),
        Mm => vec![nth(Reg::M0, 2), register(long), memory("64(R9)")],
        Br => vec![
            Sample {
                text: "l".to_owned(),
                meaning: Meaning::Branch,
            },
            Sample {
                text: "f(SB)".to_owned(),
                meaning: Meaning::Branch,
            },
        ],
        Seg => vec![register(Reg::ES)],
        Cs => vec![fixed("CS")],
        Ss => vec![fixed("SS")],
        Ds => vec![fixed("DS")],
        Es => vec![fixed("ES")],
        Fs => vec![fixed("FS")],
        Gs => vec![fixed("GS")],
        Cr => vec![register(Reg::CR2)],
        DrL => vec![register(Reg::DR6)],
        DrQ => vec![register(Reg::DR6)],
        Tr => vec![register(Reg::TR6)],
        Gdtr => vec![fixed("GDTR")],
        Idtr => vec![fixed("IDTR")],
        Ldtr => vec![fixed("LDTR")],
        Msw => vec![fixed("MSW")],
        Task => vec![fixed("TASK")],
        F0 => vec![fixed("F0")],
        Rf => vec![nth(Reg::F0, 2)],
        Mr => vec![nth(Reg::M0, 2)],
        X0 => vec![fixed("X0")],
        Xr => vec![nth(Reg::X0, 2)],
        Xm => or_memory(nth(Reg::X0, 2)),
        Yr => vec![nth(Reg::Y0, 2)],
        Ym => or_memory(nth(Reg::Y0, 2)),
        Zr => vec![nth(Reg::Z0, 18)],
        Zm => or_memory(nth(Reg::Z0, 18)),
        XrE => vec![nth(Reg::X0, 2), nth(Reg::X0, 18)],
        XmE => vec![nth(Reg::X0, 2), nth(Reg::X0, 18), memory("64(R9)")],
        YrE => vec![nth(Reg::Y0, 2), nth(Reg::Y0, 18)],
        YmE => vec![nth(Reg::Y0, 2), nth(Reg::Y0, 18), memory("64(R9)")],
        K => vec![nth(Reg::K0, 1)],
        Kn => vec![nth(Reg::K0, 1)],
        Km => or_memory(nth(Reg::K0, 1)),
        XVm => vec![memory("64(R9)(X9*2)")],
        XVmE => vec![memory("64(R9)(X9*2)"), memory("64(R9)(X29*2)")],
        YVm => vec![memory("64(R9)(Y9*2)")],
        YVmE => vec![memory("64(R9)(Y9*2)"), memory("64(R9)(Y29*2)")],
        ZVm => vec![memory("64(R9)(Z29*2)")],
        X4 => vec![list(Reg::X0)],
        Z4 => vec![list(Reg::Z0)],
    }
}

fn list(first: Reg) -> Sample {
    let low = first.offset(8);
    Sample {
        text: format!("[{low}-{}]", low.offset(3)),
        meaning: Meaning::List(low),
    }
}

/// Returns the bytes of an instruction, if it is one; a branch has a long form if `far`.
fn encode(instruction: &str, far: bool, dialect: &'static Dialect) -> Option<Vec<u8>> {
    let n_between = if far { 200 } else { 0 };
    let between = "\tBYTE $0\n".repeat(n_between);
    let text = format!("TEXT f(SB), 516, $0\nl:\n{between}\t{instruction}\n");
    let options = asm::Options {
        dialect,
        defines: &[],
        includes: &|name| Err(format!("no {name}")),
        all_errors: false,
        lenient: false,
        body: asm::Body::Instructions,
    };
    let (mut syms, mut files) = (SymTable::new(), PosTable::default());
    let mut data = None;
    let mut each = |f, syms: &SymTable, files: &PosTable| {
        let unit = Unit {
            hand_written: true,
            tracebacks: false,
            ..Unit::new(syms, files, dialect)
        };
        data = assemble(f, &unit).ok().map(|symbol| symbol.data);
    };
    let text = Box::new(text.as_bytes());
    let variables = &mut asm::Variables::default();
    let read = asm::read_each(
        "in.s", text, &options, &mut syms, &mut files, variables, &mut each,
    );
    read.ok()?;
    Some(data?[n_between..].to_vec())
}

/// Reports whether a decoded register is one that was written: general registers of all sizes are the same.
fn is_same(decoded: Register, written: Reg) -> bool {
    let (first, last, number) = match decoded {
        _ if (Register::AH..=Register::BH).contains(&decoded) => return false,
        _ if decoded.is_gpr8() => (Reg::AL, Reg::R15B, decoded.full_register().number()),
        _ if decoded.is_gpr() => (Reg::AX, Reg::R15, decoded.full_register().number()),
        _ if decoded.is_xmm() => (Reg::X0, Reg::X31, decoded.number()),
        _ if decoded.is_ymm() => (Reg::Y0, Reg::Y31, decoded.number()),
        _ if decoded.is_zmm() => (Reg::Z0, Reg::Z31, decoded.number()),
        _ if decoded.is_mm() => (Reg::M0, Reg::M7, decoded.number()),
        _ if decoded.is_k() => (Reg::K0, Reg::K7, decoded.number()),
        _ if decoded.is_st() => (Reg::F0, Reg::F7, decoded.number()),
        _ if decoded.is_cr() => (Reg::CR0, Reg::CR15, decoded.number()),
        _ if decoded.is_dr() => (Reg::DR0, Reg::DR7, decoded.number()),
        _ if decoded.is_tr() => (Reg::TR0, Reg::TR7, decoded.number()),
        Register::ES => (Reg::ES, Reg::ES, 0),
        _ => return false,
    };
    let number_of = |reg: Reg| reg.is_in(first, last).then(|| reg.index() - first.index());
    let as_byte = written
        .is_gpr()
        .then(|| Reg::AL.offset(written.index() - Reg::AX.index()));
    let as_long = written
        .is_in(Reg::AL, Reg::R15B)
        .then(|| Reg::AX.offset(written.index() - Reg::AL.index()));
    let names = [Some(written), as_byte, as_long];
    names
        .into_iter()
        .flatten()
        .any(|reg| number_of(reg) == Some(number))
}

/// Reports whether the code has always the same operand in a place, so that it need not be written.
fn is_implied(kind: OpCodeOperandKind) -> bool {
    use OpCodeOperandKind::*;
    matches!(
        kind,
        es | cs
            | ss
            | ds
            | fs
            | gs
            | al
            | cl
            | ax
            | dx
            | eax
            | rax
            | st0
            | imm8_const_1
            | seg_rBX_al
            | seg_rDI
            | seg_rSI
            | es_rDI
    )
}

/// Returns how the operands of a decoded instruction were written; none if that says less than the instruction.
fn operands(instruction: &Instruction, written: &[Sample]) -> Option<Vec<String>> {
    let n = instruction.op_count();
    let code = instruction.code();
    let op_code = code.op_code();
    let mut used = vec![false; n as usize];
    let mut words = Vec::new();
    for sample in written {
        let found = (0..n).find(|&i| {
            let kind = instruction.op_kind(i);
            !used[i as usize]
                && match &sample.meaning {
                    Meaning::Register(reg) | Meaning::List(reg) => {
                        kind == OpKind::Register && is_same(instruction.op_register(i), *reg)
                    }
                    Meaning::Memory => kind == OpKind::Memory,
                    Meaning::Branch => matches!(
                        kind,
                        OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64
                    ),
                    Meaning::Immediate { value, .. } => {
                        let is_immediate = instruction.try_immediate(i).is_ok();
                        is_immediate && {
                            let found = instruction.immediate(i);
                            let size = match kind {
                                OpKind::Immediate8 | OpKind::Immediate8_2nd => 0xff,
                                OpKind::Immediate16 | OpKind::Immediate8to16 => 0xffff,
                                OpKind::Immediate32 | OpKind::Immediate8to32 => 0xffff_ffff,
                                _ => u64::MAX,
                            };
                            found & size == *value as u64 & size
                                && i64::from_le_bytes((*value & size as i64).to_le_bytes())
                                    == *value
                        }
                    }
                    Meaning::Fixed => false,
                }
        });
        let word = match (&sample.meaning, found) {
            (Meaning::List(_), Some(i)) => format!("l{i}"),
            (Meaning::Immediate { unsigned: true, .. }, Some(i)) => format!("u{i}"),
            (_, Some(i)) => format!("{i}"),
            (Meaning::Fixed, None) => sample.text.clone(),
            (Meaning::Register(reg), None) if is_same(instruction.op_mask(), *reg) => {
                "k".to_owned()
            }
            (_, None) => return None,
        };
        if let Some(i) = found {
            used[i as usize] = true;
        }
        words.push(word);
    }
    let is_complete = (0..n).all(|i| used[i as usize] || is_implied(op_code.op_kind(i)));
    is_complete.then_some(words)
}

/// Returns all choices of one operand of each list.
fn product(lists: &[Vec<Sample>]) -> Vec<Vec<Sample>> {
    let mut all = vec![Vec::new()];
    for list in lists {
        let longer = |chosen: &Vec<Sample>| {
            let with = |sample: &Sample| [chosen.as_slice(), std::slice::from_ref(sample)].concat();
            list.iter().map(with).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// Reports whether a mnemonic is an instruction of its own.
fn is_instruction(as_: As) -> bool {
    use As::*;
    let other = matches!(
        as_,
        TEXT | PCDATA
            | FUNCDATA
            | DUFFZERO
            | DUFFCOPY
            | BYTE
            | WORD
            | LONG
            | QUAD
            | NOP
            | ADJSP
            | LOCK
            | REP
            | REPN
            | XACQUIRE
            | XRELEASE
            | UNDEF
            | END
    );
    !other
}

/// The code, the mnemonic and the operands.
type Row = (Code, As, Vec<String>);

fn add_form(rows: &mut Vec<Row>, as_: As, classes: &[Class], dialect: &'static Dialect) {
    let lists: Vec<Vec<Sample>> = classes
        .iter()
        .enumerate()
        .map(|(place, &class)| samples(class, place))
        .collect();
    for written in product(&lists) {
        let texts: Vec<&str> = written.iter().map(|sample| sample.text.as_str()).collect();
        let line = format!("{as_} {}", texts.join(", "));
        let is_branch = written
            .iter()
            .any(|sample| sample.meaning == Meaning::Branch);
        for far in [false, true] {
            if far && !is_branch {
                break;
            }
            let Some(bytes) = encode(line.trim_end(), far, dialect) else {
                continue;
            };
            let instruction = Decoder::new(64, &bytes, DecoderOptions::NONE).decode();
            if instruction.is_invalid() || instruction.len() != bytes.len() {
                continue;
            }
            if let Some(words) = operands(&instruction, &written) {
                let row = (instruction.code(), as_, words);
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
    }
}

/// The decoder's name of an operation.
fn mnemonic(code: Code) -> String {
    format!("{:?}", code.mnemonic()).to_uppercase()
}

fn table() -> String {
    let mut rows: Vec<Row> = Vec::new();
    for as_ in As::all().filter(|&as_| is_instruction(as_)) {
        let mut own = Vec::new();
        for form in operand_forms(as_) {
            for dialect in [&dialect::GO1_15, &dialect::GO1_27] {
                add_form(&mut own, as_, form.classes, dialect);
            }
        }
        rows.append(&mut own);
    }
    // Operands that can be left out: hints of branches.
    let all = rows.clone();
    rows.retain(|(code, as_, words)| {
        let same = all
            .iter()
            .filter(|(other, name, _)| other == code && name == as_);
        let shortest = same.map(|(_, _, words)| words.len()).min();
        shortest == Some(words.len())
    });
    // The name that is most like the decoder's comes first, and the most general operands.
    rows.sort_by_cached_key(|(code, as_, words)| {
        let name = mnemonic(*code);
        let same = name
            .chars()
            .zip(as_.name().chars())
            .take_while(|(a, b)| a == b);
        let n_same = same.count();
        let implied = words
            .iter()
            .filter(|word| !word.ends_with(|c: char| c.is_ascii_digit()) || word.starts_with('$'));
        (
            *code as usize,
            usize::MAX - n_same,
            as_.name().len(),
            as_.name(),
            implied.count(),
        )
    });
    let mut text = String::new();
    for (code, as_, words) in rows {
        let _ = write!(text, "{code:?} {as_}");
        for word in words {
            let _ = write!(text, " {word}");
        }
        text.push('\n');
    }
    text
}

#[test]
fn names_are_the_assembler_s() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/names.txt");
    let made = table();
    if std::env::var_os("MINIGO_BLESS").is_some() {
        fs::write(&path, &made).expect("writable");
    }
    let recorded = fs::read_to_string(&path).expect("readable");
    let mut lines = recorded.lines().zip(made.lines());
    let different = lines.find(|(recorded, made)| recorded != made);
    assert_eq!(different, None, "another table than recorded");
    assert_eq!(recorded.len(), made.len(), "another table than recorded");
}
