//! Random packages of Go declarations and their assembly, with occasional mistakes.

use std::fmt::Write;

use super::layout::{DECLARATIONS, Type};
use minigo_fuzz::random::Random;

/// The two files of a package.
pub struct Package {
    pub go: String,
    pub assembly: String,
}

/// The number of functions in a package.
const FUNCTIONS: usize = 30;

/// Returns a random package.
pub fn package(random: &mut Random) -> Package {
    let mut go = format!("package example\n\n{DECLARATIONS}");
    let mut assembly = "#define NOSPLIT 4\n#define NOFRAME 512\n".to_owned();
    for index in 0..FUNCTIONS {
        let name = format!("f{index}");
        let function = Function::random(random);
        match random.below(20) {
            0 => {}
            1 => _ = writeln!(go, "\nfunc {name}{} {{ panic(0) }}", function.signature),
            _ => _ = writeln!(go, "\nfunc {name}{}", function.signature),
        }
        if !random.chance(5) {
            function.assembly(random, &name, &mut assembly);
        }
    }
    Package { go, assembly }
}

/// A signature, and the variables that assembly can name.
struct Function {
    signature: String,
    /// Names with their offsets from FP and sizes in bytes.
    variables: Vec<(String, usize, usize)>,
    args_size: usize,
}

/// A parameter or result.
struct Variable {
    /// The declared name, empty for none.
    name: String,
    /// The name in assembly.
    known_as: String,
    of: Type,
}

impl Function {
    fn random(random: &mut Random) -> Function {
        let n_params = random.below(5);
        let params = list(random, n_params, "arg", "p");
        let n_results = random.pick(&[0, 0, 1, 1, 1, 2, 3]);
        let results = list(random, n_results, "ret", "r");
        let mut variables = Vec::new();
        let end = place(&params, 0, &mut variables);
        let end = place(&results, end.next_multiple_of(8), &mut variables);
        let results_text = match results.as_slice() {
            [] => String::new(),
            [only] if only.name.is_empty() => only.of.text.clone(),
            _ => format!("({})", declared(&results)),
        };
        Function {
            signature: format!("({}) {results_text}", declared(&params)),
            variables,
            args_size: end.next_multiple_of(8),
        }
    }

    /// Writes the function in assembly.
    fn assembly(&self, random: &mut Random, name: &str, text: &mut String) {
        let frame = random.pick(&[0, 0, 8, 16, 40]);
        let args = match random.below(10) {
            0 => format!("-{}", self.args_size + 8),
            1 => String::new(),
            2 => "-0".to_owned(),
            _ => format!("-{}", self.args_size),
        };
        let flags = random.pick(&["NOSPLIT", "NOSPLIT", "0", "4", "7", "NOSPLIT|NOFRAME"]);
        let middot = if random.chance(3) { "" } else { "·" };
        let static_ = if random.chance(3) { "<>" } else { "" };
        let _ = writeln!(
            text,
            "\nTEXT {middot}{name}{static_}(SB), {flags}, ${frame}{args}"
        );
        for _ in 0..random.below(12) {
            let line = self.line(random, frame);
            let comment = random.pick(&["", "", "", " // x+0(FP)", " /* RET */"]);
            let _ = writeln!(text, "\t{line}{comment}");
        }
        if !random.chance(10) {
            let _ = writeln!(text, "\t{}", random.pick(&["RET", "RET", "JMP ·f0(SB)"]));
        }
    }

    fn line(&self, random: &mut Random, frame: usize) -> String {
        match random.below(24) {
            0 => "RET".to_owned(),
            1 => format!("RET ·f{}(SB)", random.below(FUNCTIONS)),
            2 => format!("MOVQ {}(SP), AX", random.below(16) * 4),
            3 => format!("MOVQ {}(SP), AX", frame + 8 + random.below(8) * 8),
            4 => format!("MOVL AX, {}(FP)", random.below(10) * 4),
            5 => random.pick(STACK).to_owned(),
            6 => format!("loop{}:", random.below(100)),
            7 => "CALL ·f1(SB)".to_owned(),
            8 => random.pick(BASE_POINTER).to_owned(),
            _ => self.access(random),
        }
    }

    /// Returns an instruction that names a variable.
    fn access(&self, random: &mut Random) -> String {
        let known = match self.variables.len() {
            0 => ("x".to_owned(), 0, 8),
            n => self.variables[random.below(n)].clone(),
        };
        let (mut name, mut offset, mut size) = known;
        match random.below(12) {
            0 => name += random.pick(&["_base", "_len", "_x", "_0", "_f0", "_lo", "_hi"]),
            1 => {
                name = random
                    .pick(&["x", "ret", "arg", "p0", "r0", "argframe", "_"])
                    .to_owned()
            }
            2 => offset = random.below(40),
            3 => size = random.pick(&[1, 2, 4, 8, 16]),
            4 => name.clear(),
            _ => {}
        }
        let place = match name.is_empty() {
            true => format!("{offset}(FP)"),
            false => format!("{name}+{offset}(FP)"),
        };
        let opcodes: &[&str] = match size {
            1 => &[
                "MOVB @, AX",
                "MOVB AX, @",
                "CMPB @, $1",
                "SETEQ @",
                "MOVBLZX @, AX",
            ],
            2 => &["MOVW @, AX", "MOVW AX, @", "MOVWLSX @, AX"],
            4 => &[
                "MOVL @, AX",
                "MOVL AX, @",
                "MOVSS @, X0",
                "ADDL @, AX",
                "MOVLQSX @, R8",
                "FMOVF F0, @",
            ],
            16 => &["MOVOU @, X0", "MOVOU X0, @", "MOVUPS @, X0"],
            _ => &[
                "MOVQ @, AX",
                "MOVQ AX, @",
                "MOVSD @, X0",
                "LEAQ @, SI",
                "MOVQ $@, DI",
                "FMOVD @, F0",
                "ADDQ @, AX",
                "PUSHQ @",
                "@",
            ],
        };
        let opcode = random.pick(opcodes);
        let opcode = if opcode == "@" && !random.chance(20) {
            "MOVQ @, CX"
        } else {
            opcode
        };
        opcode.replace('@', &place)
    }
}

/// Returns lines that move SP, and the flag of frames that do.
const STACK: &[&str] = &[
    "NOP SP",
    "SUBQ $8, SP",
    "PUSHQ AX",
    "ADDQ $8, SP",
    "POPQ AX",
];

/// Returns lines that change BP, after lines that may save it.
const BASE_POINTER: &[&str] = &[
    "MOVQ BP, 0(SP)",
    "MOVQ AX, BP",
    "LEAQ 8(AX), BP",
    "ADDQ $1, BP",
    "JMP loop1",
    "JNE loop2",
    "PUSHQ BP",
    "POPQ BP",
];

/// Returns `n` parameters or results: all with names, some of them blank, or all without.
fn list(random: &mut Random, n: usize, unnamed: &str, prefix: &str) -> Vec<Variable> {
    let named = random.chance(70);
    let known = |index: usize| match index {
        0 => unnamed.to_owned(),
        _ => format!("{unnamed}{index}"),
    };
    let variable = |index| {
        let of = Type::random(random, 2);
        let (name, known_as) = match named {
            false => (String::new(), known(index)),
            true if random.chance(10) => ("_".to_owned(), known(index)),
            true => (format!("{prefix}{index}"), format!("{prefix}{index}")),
        };
        Variable { name, known_as, of }
    };
    (0..n).map(variable).collect()
}

/// Lays out variables from an offset on, and returns the end.
fn place(variables: &[Variable], from: usize, placed: &mut Vec<(String, usize, usize)>) -> usize {
    let mut offset = from;
    for variable in variables {
        offset = offset.next_multiple_of(variable.of.align);
        for (suffix, at, size) in &variable.of.parts {
            placed.push((format!("{}{suffix}", variable.known_as), offset + at, *size));
        }
        offset += variable.of.size;
    }
    offset
}

/// Returns parameters or results as in a declaration, where neighbours of one type share it.
fn declared(variables: &[Variable]) -> String {
    let mut text = String::new();
    for (index, variable) in variables.iter().enumerate() {
        if index > 0 {
            text += ", ";
        }
        text += &variable.name;
        let next = variables.get(index + 1);
        let shared =
            !variable.name.is_empty() && next.is_some_and(|next| next.of.text == variable.of.text);
        if !shared {
            text += if variable.name.is_empty() { "" } else { " " };
            text += &variable.of.text;
        }
    }
    text
}
