//! Lines of assembly for `cargo xtask golden asm`: lines of every form of the table, and random lines, most of which are
//! refused.

use minigo_base::PosTable;
use minigo_obj::amd64::{As, Class, FormOperands, Reg, operand_forms};
use minigo_obj::{SymTable, Unit, asm, assemble, dialect};

use minigo_fuzz::random::Random;

/// Returns `per_form` lines of every form of every mnemonic, in the order of the table.
pub fn of_every_form(random: &mut Random, per_form: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for as_ in As::all().filter(|&as_| has_operands(as_)) {
        for form in operand_forms(as_) {
            for _ in 0..per_form {
                lines.push(of_form(random, as_.name(), &form, 0));
            }
        }
    }
    lines
}

/// Returns a line that may or may not be an instruction.
pub fn any(random: &mut Random) -> String {
    let all: Vec<As> = As::all().filter(|&as_| has_operands(as_)).collect();
    let as_ = random.pick(&all);
    let mnemonic = if random.chance(5) {
        random.pick(ALIASES)
    } else {
        as_.name()
    };
    let forms: Vec<FormOperands> = operand_forms(as_).collect();
    if random.chance(60) {
        let form = random.pick(&forms);
        return of_form(random, mnemonic, &form, 30);
    }
    let n_operands = match random.below(10) {
        0 => random.below(6),
        _ => random.pick(&forms).classes.len(),
    };
    let operands = (0..n_operands).map(|_| operand(random)).collect();
    let suffix = if random.chance(10) {
        format!(".{}", random.pick(SUFFIXES))
    } else {
        String::new()
    };
    line(mnemonic, &suffix, operands)
}

/// The aliases of mnemonics that the reader knows.
const ALIASES: &[&str] = &[
    "JA",
    "JAE",
    "JB",
    "JBE",
    "JC",
    "JE",
    "JG",
    "JHS",
    "JL",
    "JLO",
    "JNA",
    "JNAE",
    "JNB",
    "JNBE",
    "JNC",
    "JNG",
    "JNGE",
    "JNL",
    "JNLE",
    "JNO",
    "JNP",
    "JNS",
    "JNZ",
    "JO",
    "JP",
    "JPE",
    "JPO",
    "JS",
    "JZ",
    "MASKMOVDQU",
    "MOVD",
    "MOVDQ2Q",
    "MOVNTDQ",
    "MOVOA",
    "PADDD",
    "PSLLDQ",
    "PSRLDQ",
];

const SUFFIXES: &[&str] = &[
    "Z", "SAE", "SAE.Z", "RN_SAE", "RZ_SAE", "RD_SAE.Z", "RU_SAE", "BCST", "BCST.Z", "Z.BCST",
    "BCST.SAE", "FOO", "Z.Z",
];

/// Reports whether the mnemonic is an instruction that assembly may name. Pseudo-instructions are tested elsewhere, and
/// only the compiler calls DUFFZERO.
fn has_operands(as_: As) -> bool {
    use As::*;
    let other = matches!(as_, TEXT | PCDATA | FUNCDATA | DUFFZERO | DUFFCOPY);
    operand_forms(as_).next().is_some() && !other
}

/// Reports whether minigo assembles an instruction, or functions.
pub fn is_right(text: &str) -> bool {
    let (mut syms, mut files) = (SymTable::new(), PosTable::default());
    let includes = |name: &str| Err(format!("no {name}"));
    let text = match text.starts_with("TEXT") {
        true => text.to_owned(),
        false => format!("TEXT f(SB), 4, $16-8\n\t{text}\n"),
    };
    let Ok(file) = asm::read("x.s", &text, &[], &includes, &mut syms, &mut files) else {
        return false;
    };
    let unit = Unit {
        hand_written: true,
        ..Unit::new(&syms, &files, &dialect::GO1_15)
    };
    file.texts.into_iter().all(|f| assemble(f, &unit).is_ok())
}

/// Reports whether an instruction can't be inserted anywhere: jumps, changes of SP, instructions that gc refuses.
pub fn moves_control_or_stack(line: &str) -> bool {
    let has_effect = [
        "J", "CALL", "RET", "LOOP", "XBEGIN", "PUSH", "POP", "ADJSP", "END", "FLDENV",
    ];
    has_effect.iter().any(|start| line.starts_with(start))
}

/// Returns a line of a form. Each operand is replaced by any other with a probability of `percent`.
fn of_form(random: &mut Random, mnemonic: &str, form: &FormOperands, percent: usize) -> String {
    let mut operands: Vec<String> = Vec::new();
    for &class in form.classes {
        operands.push(if random.chance(percent) {
            operand(random)
        } else {
            of_class(random, class)
        });
    }
    let mut suffixes = vec![""];
    if form.rounding {
        suffixes.extend(["RN_SAE", "RZ_SAE", "RD_SAE", "RU_SAE"]);
    }
    if form.sae {
        suffixes.push("SAE");
    }
    if form.broadcast {
        suffixes.push("BCST");
    }
    let mut suffix = random.pick(&suffixes).to_owned();
    if form.maskable && random.chance(50) {
        let at = operands.len() - 1;
        operands.insert(at, of_class(random, Class::Kn));
        if form.zeroing && random.chance(50) {
            suffix += if suffix.is_empty() { "Z" } else { ".Z" };
        }
    }
    if !suffix.is_empty() {
        suffix.insert(0, '.');
    }
    line(mnemonic, &suffix, operands)
}

fn line(mnemonic: &str, suffix: &str, operands: Vec<String>) -> String {
    format!("{mnemonic}{suffix} {}", operands.join(", "))
        .trim_end()
        .to_owned()
}

fn reg_in(random: &mut Random, first: Reg, last: Reg) -> String {
    let n = last.index() - first.index() + 1;
    first.offset(random.below(n)).name().to_owned()
}

/// Returns an operand of a class.
fn of_class(random: &mut Random, class: Class) -> String {
    use Class::*;
    let either = |random: &mut Random, register: Class| {
        let class = if random.chance(50) { register } else { M };
        of_class(random, class)
    };
    match class {
        I0 => "$0".to_owned(),
        I1 => "$1".to_owned(),
        U2 => random.pick(&["$0", "$3"]).to_owned(),
        I8 => random.pick(&["$-128", "$127", "$7", "$-1"]).to_owned(),
        U8 | Ui8 => random.pick(&["$0", "$255", "$128", "$9"]).to_owned(),
        S32 => random
            .pick(&["$-2147483648", "$0x7fffffff", "$200", "$-129"])
            .to_owned(),
        I32 => random
            .pick(&["$0xffffffff", "$0x80000000", "$128", "$-32769"])
            .to_owned(),
        I64 => random.pick(INTEGERS).to_owned(),
        IAddr => format!("$sym+{}(SB)", random.below(20)),
        Al => "AL".to_owned(),
        Ax => "AX".to_owned(),
        Cl => "CL".to_owned(),
        Cx => "CX".to_owned(),
        Rb => match random.below(3) {
            0 => reg_in(random, Reg::AH, Reg::BH),
            1 => reg_in(random, Reg::BPB, Reg::R15B),
            _ => reg_in(random, Reg::AX, Reg::R15),
        },
        Rx => random.pick(&["AX", "BX", "CX", "DX"]).to_owned(),
        Rl => reg_in(random, Reg::AX, Reg::R15),
        M => memory(random),
        Mb => either(random, Rb),
        Ml => either(random, Rl),
        Mm => match random.below(2) {
            0 => of_class(random, Mr),
            _ => of_class(random, Ml),
        },
        Br => random.pick(&["l", "1(PC)", "-1(PC)", "sym(SB)"]).to_owned(),
        Indir => "*sym(SB)".to_owned(),
        Seg => reg_in(random, Reg::CS, Reg::GS),
        Cs => "CS".to_owned(),
        Ss => "SS".to_owned(),
        Ds => "DS".to_owned(),
        Es => "ES".to_owned(),
        Fs => "FS".to_owned(),
        Gs => "GS".to_owned(),
        Cr => random.pick(&["CR0", "CR2", "CR3", "CR4", "CR8"]).to_owned(),
        DrL => random.pick(&["DR0", "DR6", "DR7"]).to_owned(),
        DrQ => random.pick(&["DR0", "DR2", "DR3", "DR6", "DR7"]).to_owned(),
        Tr => random.pick(&["TR6", "TR7"]).to_owned(),
        Gdtr => "GDTR".to_owned(),
        Idtr => "IDTR".to_owned(),
        Ldtr => "LDTR".to_owned(),
        Msw => "MSW".to_owned(),
        Task => "TASK".to_owned(),
        F0 => "F0".to_owned(),
        Rf => reg_in(random, Reg::F0, Reg::F7),
        Mr => reg_in(random, Reg::M0, Reg::M7),
        X0 => "X0".to_owned(),
        Xr => reg_in(random, Reg::X0, Reg::X15),
        Xm => either(random, Xr),
        Yr => reg_in(random, Reg::Y0, Reg::Y15),
        Ym => either(random, Yr),
        Zr => reg_in(random, Reg::Z0, Reg::Z31),
        Zm => either(random, Zr),
        XrE => reg_in(random, Reg::X0, Reg::X31),
        XmE => either(random, XrE),
        YrE => reg_in(random, Reg::Y0, Reg::Y31),
        YmE => either(random, YrE),
        K => reg_in(random, Reg::K0, Reg::K7),
        Kn => reg_in(random, Reg::K1, Reg::K7),
        Km => either(random, K),
        XVm => vector_memory(random, Reg::X0, Reg::X15),
        XVmE => vector_memory(random, Reg::X0, Reg::X31),
        YVm => vector_memory(random, Reg::Y0, Reg::Y15),
        YVmE => vector_memory(random, Reg::Y0, Reg::Y31),
        ZVm => vector_memory(random, Reg::Z0, Reg::Z31),
        X4 => list(random, Reg::X0, Reg::X31),
        Z4 => list(random, Reg::Z0, Reg::Z31),
    }
}

fn list(random: &mut Random, first: Reg, last: Reg) -> String {
    let low = first.offset(random.below(last.index() - first.index() - 2));
    format!("[{low}-{}]", low.offset(3))
}

/// Integers at the limits of fields.
const INTEGERS: &[&str] = &[
    "$0",
    "$1",
    "$2",
    "$3",
    "$4",
    "$-1",
    "$127",
    "$128",
    "$-128",
    "$-129",
    "$255",
    "$256",
    "$32767",
    "$32768",
    "$-32768",
    "$65535",
    "$65536",
    "$0x7fffffff",
    "$0x80000000",
    "$0xffffffff",
    "$0x100000000",
    "$-0x80000000",
    "$-0x80000001",
    "$0x7fffffffffffffff",
    "$0x8000000000000000",
    "$0xffffffffffffffff",
    "$(1<<40)",
    "$~7",
    "$'a'",
    "$(3*5-1)",
    "$-(1+2)",
    "$0x12345678",
];

const DISPLACEMENTS: &[&str] = &[
    "",
    "",
    "0",
    "8",
    "-8",
    "127",
    "128",
    "-128",
    "-129",
    "64",
    "4096",
    "-4096",
    "2032",
    "2048",
    "1016",
    "508",
    "0x7fffffff",
    "-0x80000000",
    "0x80000000",
    "0xffffffff",
    "(1<<10)",
    "(8*3)",
];

fn memory(random: &mut Random) -> String {
    let disp = random.pick(&DISPLACEMENTS[..16]);
    let base = reg_in(random, Reg::AX, Reg::R15);
    match random.below(10) {
        0 => format!("sym+{}(SB)", random.below(100)),
        1 => "loc<>(SB)".to_owned(),
        2 => format!("x+{}(FP)", random.below(4) * 8),
        3 => format!("y-{}(SP)", 8 + random.below(2) * 8),
        4 => {
            let index = random.pick(&["AX", "CX", "BP", "DI", "R12", "R13", "R15"]);
            format!("{disp}({index}*{})", random.pick(&[1, 2, 4, 8]))
        }
        5 | 6 => {
            let index = random.pick(&["AX", "CX", "BP", "DI", "R12", "R13", "R15"]);
            format!("{disp}({base})({index}*{})", random.pick(&[1, 2, 4, 8]))
        }
        _ => format!("{disp}({base})"),
    }
}

fn vector_memory(random: &mut Random, first: Reg, last: Reg) -> String {
    let disp = random.pick(&DISPLACEMENTS[..16]);
    let index = reg_in(random, first, last);
    let scale = random.pick(&[1, 2, 4, 8]);
    if random.chance(30) {
        return format!("{disp}({index}*{scale})");
    }
    let base = reg_in(random, Reg::AX, Reg::R15);
    format!("{disp}({base})({index}*{scale})")
}

/// Returns any valid operand, or an invalid one.
fn operand(random: &mut Random) -> String {
    let any_reg = |random: &mut Random| reg_in(random, Reg::AL, Reg::PC);
    match random.below(20) {
        0..6 => any_reg(random),
        6 | 7 => reg_in(random, Reg::AX, Reg::R15),
        8 => reg_in(random, Reg::X0, Reg::Z31),
        9..12 => random.pick(INTEGERS).to_owned(),
        12 | 13 => memory(random),
        14 => {
            let disp = random.pick(DISPLACEMENTS);
            let (base, index) = (any_reg(random), any_reg(random));
            let scale = random.pick(&[0, 1, 2, 3, 4, 8, 16]);
            match random.below(4) {
                0 => format!("{disp}({base})"),
                1 => format!("{disp}({index}*{scale})"),
                2 => format!("${disp}({base})({index}*{scale})"),
                _ => format!("{disp}({base})({index}*{scale})"),
            }
        }
        15 => random
            .pick(&[
                "$1.0", "$0.0", "$-1.5", "$1e300", "$\"abc\"", "$\"\"", "$-0.0", "$(1.5)",
                "$0x1p-2", "1.0", "\"abc\"",
            ])
            .to_owned(),
        16 => random
            .pick(&[
                "$sym(SB)",
                "$sym+8(SB)",
                "$loc<>-4(SB)",
                "*sym(SB)",
                "sym(SB)(AX*4)",
                "$x+8(FP)",
                "$y-8(SP)",
                "*AX",
                "*(AX)",
                "*8(AX)",
                "sym<>+16(SB)",
                "$x(FP)",
                "x(SP)",
            ])
            .to_owned(),
        17 => random
            .pick(&[
                "l",
                "1(PC)",
                "-2(PC)",
                "0(PC)",
                "(TLS)",
                "8(TLS)",
                "(AX)(TLS*1)",
                "8(ES)",
                "(GS)",
                "(CS)(AX*2)",
                "(AX)(FS*1)",
                "100",
                "-8",
                "g",
                "8(FP)",
                "(SB)",
                "(FP)",
            ])
            .to_owned(),
        18 => random
            .pick(&[
                "[Z0-Z3]", "[X1-X4]", "[Y0-Y3]", "[Z30-Z1]", "[AX-DX]", "[Z0-Z2]", "[Z0]", "[]",
                "[Z0-]", "[Z0,Z1]", "[0-3]",
            ])
            .to_owned(),
        _ => random
            .pick(&[
                "(AX",
                "AX)",
                "$",
                "$$1",
                "$AX",
                "(AX)(BX)",
                "(AX)(BX*4)(CX)",
                "8(AX)4",
                "AX:DX",
                "AX+BX",
                "(AX+BX)",
                "(AX, BX)",
                "AX*4",
                "$(1",
                "$1/0",
                "$-1/2",
                "$08",
                "$0x",
                "x",
                "x+",
                "x<y>(SB)",
                "x<>",
                "$x",
                "sym(AX)",
                "1<<3(AX)",
                "$'ab'",
                "@",
                "$1<<64",
                "a.b(SB)",
                "·x(SB)",
                "$·y+8(SB)",
                "runtime∕x(SB)",
            ])
            .to_owned(),
    }
}
