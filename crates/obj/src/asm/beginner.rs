//! Hints for the mistakes of those who know another assembler: Intel's or AT&T's syntax, or Go's from afar.

use crate::amd64::{As, Reg};
use crate::dialect::Assembly;

/// A line with a mistake, in words.
pub(super) struct Mistake<'a> {
    /// The first word.
    pub word: &'a str,
    /// The rest of the line. A suffix of the first word comes first.
    pub tokens: &'a [&'a str],
    /// The message.
    pub message: &'a str,
}

/// Returns a hint that names the fix, if the mistake is a known one.
pub(super) fn hint(mistake: &Mistake) -> Option<String> {
    newer(mistake.message)
        .map(str::to_owned)
        .or_else(|| syntax(mistake))
        .or_else(|| mistake.tokens.iter().find_map(|token| register(token)))
        .or_else(|| operand(mistake))
}

/// Returns a hint for a mnemonic of other assemblers, or for one that lacks the size of its operands.
pub(super) fn mnemonic(word: &str, assembly: &Assembly) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    let known = |name: &str| As::from_name(name).is_some_and(|as_| assembly.has(as_));
    let other = OTHER_NAMES.iter().find(|(name, _)| *name == upper);
    if let Some((_, here)) = other {
        return Some(format!("here it is {here}"));
    }
    if upper != word && (known(&upper) || matches!(&*upper, "TEXT" | "DATA" | "GLOBL")) {
        return Some(format!("instructions are in capital letters: {upper}"));
    }
    let sizes = ["B", "W", "L", "Q"].map(|size| format!("{upper}{size}"));
    let sized: Vec<&str> = sizes
        .iter()
        .map(String::as_str)
        .filter(|name| known(name))
        .collect();
    match sized[..] {
        [] | [_] => None,
        _ => Some(format!(
            "the size of the operands is part of the name: {} ({} bytes)",
            sized.join(", "),
            sizes_of(&sized)
        )),
    }
}

fn sizes_of(names: &[&str]) -> String {
    let size = |name: &&str| match name.as_bytes().last() {
        Some(b'B') => "1",
        Some(b'W') => "2",
        Some(b'L') => "4",
        _ => "8",
    };
    names.iter().map(size).collect::<Vec<_>>().join(", ")
}

/// Names of instructions in Intel's and AT&T's syntax that aren't the same with a size.
const OTHER_NAMES: [(&str, &str); 39] = [
    ("CALLQ", "CALL"),
    ("RETQ", "RET"),
    ("JMPQ", "JMP"),
    ("LEAVE", "LEAVEQ"),
    ("MOVABS", "MOVQ, which takes constants of 64 bits"),
    ("MOVABSQ", "MOVQ, which takes constants of 64 bits"),
    (
        "MOVZX",
        "MOVBLZX, MOVBQZX, MOVWLZX, MOVWQZX or MOVLQZX: from one size to another",
    ),
    (
        "MOVSX",
        "MOVBLSX, MOVBQSX, MOVWLSX, MOVWQSX or MOVLQSX: from one size to another",
    ),
    ("MOVSXD", "MOVLQSX"),
    ("MOVZBL", "MOVBLZX"),
    ("MOVZBQ", "MOVBQZX"),
    ("MOVZWL", "MOVWLZX"),
    ("MOVZWQ", "MOVWQZX"),
    ("MOVSBL", "MOVBLSX"),
    ("MOVSBQ", "MOVBQSX"),
    ("MOVSLQ", "MOVLQSX"),
    ("MOVSWL", "MOVWLSX"),
    ("MOVSWQ", "MOVWQSX"),
    ("MOVDQU", "MOVOU"),
    ("MOVDQA", "MOVO"),
    ("CVTSI2SD", "CVTSL2SD or CVTSQ2SD"),
    ("CVTSI2SS", "CVTSL2SS or CVTSQ2SS"),
    ("CVTTSD2SI", "CVTTSD2SL or CVTTSD2SQ"),
    ("CVTTSS2SI", "CVTTSS2SL or CVTTSS2SQ"),
    ("CMOVE", "CMOVQEQ (CMOVWEQ and CMOVLEQ for fewer bytes)"),
    ("CMOVZ", "CMOVQEQ (CMOVWEQ and CMOVLEQ for fewer bytes)"),
    ("CMOVNE", "CMOVQNE (CMOVWNE and CMOVLNE for fewer bytes)"),
    ("CMOVNZ", "CMOVQNE (CMOVWNE and CMOVLNE for fewer bytes)"),
    ("CMOVL", "CMOVQLT (signed) or CMOVQCS (unsigned)"),
    ("CMOVG", "CMOVQGT (signed) or CMOVQHI (unsigned)"),
    ("CMOVA", "CMOVQHI"),
    ("CMOVB", "CMOVQCS"),
    ("SETE", "SETEQ"),
    ("SETZ", "SETEQ"),
    ("SETNZ", "SETNE"),
    ("SETL", "SETLT"),
    ("SETG", "SETGT"),
    ("SETA", "SETHI"),
    ("SETB", "SETCS"),
];

/// Returns the register that other assemblers call `name`, if it has another name here.
fn renamed(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let is_register = |name: &str| Reg::from_name(name).is_some();
    let rest = |prefix: &str| upper.strip_prefix(prefix);
    let numbered = |prefix: &str, here: &str| {
        let number = rest(prefix)?;
        let here = format!("{here}{number}");
        is_register(&here).then_some(here)
    };
    let general = || {
        let short = rest("R").or_else(|| rest("E"))?;
        matches!(short, "AX" | "BX" | "CX" | "DX" | "SI" | "DI" | "BP" | "SP")
            .then(|| short.to_owned())
    };
    let part = || {
        let stem = upper.strip_suffix(['D', 'W', 'B', 'L'])?;
        let number: u32 = stem.strip_prefix('R')?.parse().ok()?;
        (8..16).contains(&number).then(|| stem.to_owned())
    };
    let found = general()
        .or_else(|| numbered("XMM", "X"))
        .or_else(|| numbered("YMM", "Y"))
        .or_else(|| numbered("ZMM", "Z"))
        .or_else(|| numbered("MM", "M"))
        .or_else(|| numbered("ST", "F"))
        .or_else(|| part().filter(|_| !is_register(&upper)))
        .or_else(|| is_register(&upper).then(|| upper.clone()));
    found.filter(|found| found != name)
}

fn register(name: &str) -> Option<String> {
    if matches!(name, "RIP" | "rip" | "EIP") {
        return Some("variables are addressed by name: x(SB)".to_owned());
    }
    let here = renamed(name)?;
    let is_vector = here.starts_with(['X', 'Y', 'Z', 'M', 'F']);
    Some(match is_vector || name.eq_ignore_ascii_case(&here) {
        true => format!("{name} is {here} here"),
        false => format!("{name} is {here} here; the instruction has the size of the operand"),
    })
}

/// Returns a hint for what newer versions of Go have, or have for the runtime alone.
fn newer(message: &str) -> Option<&'static str> {
    match message {
        "illegal or missing addressing mode for symbol g" => {
            Some("Go 1.27 has the register g: -go 1.27; here, MOVQ (TLS), AX loads g")
        }
        "expected '>', found ABIInternal" | "expected '>', found ABI0" => Some(
            "Go 1.27 has ABI selectors, for packages of the runtime; arguments are on the stack",
        ),
        _ if message.starts_with("ABI selector only permitted when compiling runtime") => Some(
            "leave the selector out: arguments are on the stack, unless a package is the runtime's",
        ),
        _ => None,
    }
}

/// Returns a hint for a line in the syntax of another assembler.
fn syntax(mistake: &Mistake) -> Option<String> {
    let &Mistake {
        word,
        tokens,
        message,
    } = mistake;
    let has = |token: &str| tokens.contains(&token);
    let after = |token: &str| {
        let at = tokens.iter().position(|&other| other == token)?;
        tokens.get(at + 1).copied()
    };
    let is_name = |text: &str| text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if let ["REP" | "REPN" | "LOCK", ..] = [word]
        && !tokens.is_empty()
    {
        return Some(format!(
            "{word} is an instruction of its own: {word}; {}",
            tokens[0]
        ));
    }
    // For Go 1.27, a middle dot has become a dot, too.
    let is_about_name = message == "cannot reference SB without a symbol"
        || message.starts_with("wrong number of arguments to ");
    if let Some(name) = tokens.first().and_then(|first| first.strip_prefix('.'))
        && is_about_name
    {
        return Some(format!(
            "names of the package have a middle dot (U+00B7) in front: \u{b7}{name}(SB)"
        ));
    }
    if has("%") || message.ends_with("found \"%\"") || message.ends_with("found %") {
        let name = after("%").unwrap_or("AX");
        let name = renamed(name).unwrap_or_else(|| name.to_owned());
        return Some(format!("registers have no % here: {name}"));
    }
    if has("[") {
        return Some("memory is (AX), 8(AX) or 8(AX)(BX*4)".to_owned());
    }
    if matches!(message.rsplit("found ").next(), Some("#" | "\"#\"")) || has("#") {
        return Some("comments begin with //".to_owned());
    }
    if message.starts_with("expected identifier, found \".\"") {
        return Some("labels and names have no dot in front here; a label is loop:".to_owned());
    }
    if let Some(name) = after(".").filter(|name| is_name(name)) {
        return Some(format!(
            "a name has a middle dot (U+00B7) before its last part: \u{b7}{name}(SB)"
        ));
    }
    if has("PTR") || has("ptr") {
        return Some("the instruction has the size of the operand: MOVQ (AX), BX".to_owned());
    }
    if message.starts_with("(register,register) not supported")
        || message.starts_with("(register+register) not supported")
    {
        return Some("a base and an index are (AX)(BX*8)".to_owned());
    }
    None
}

/// Returns a hint for an operand that isn't complete.
fn operand(mistake: &Mistake) -> Option<String> {
    let &Mistake {
        word,
        tokens,
        message,
    } = mistake;
    if let Some(name) = message.strip_prefix("illegal or missing addressing mode for symbol ") {
        let own = name.strip_prefix("\"\".").unwrap_or(name);
        let own = own.rsplit('.').next().unwrap_or(own);
        return Some(match word {
            "TEXT" | "GLOBL" | "DATA" => format!("a symbol ends with (SB): \u{b7}{own}(SB)"),
            _ if tokens.first() == Some(&"$") && name == own => format!(
                "an address is ${own}(SB), ${own}+0(FP) or ${own}-8(SP); a constant is defined: #define {own} 1"
            ),
            _ => format!(
                "{own}+0(FP) is an argument, {own}-8(SP) a local variable, \u{b7}{own}(SB) one of the package"
            ),
        });
    }
    let fixed = match message {
        _ if message.starts_with("cannot reference FP without a symbol") => {
            "an argument has a name: x+8(FP)"
        }
        _ if message.starts_with("cannot reference SB without a symbol") => {
            "a variable or function has a name: \u{b7}x(SB)"
        }
        _ if message.starts_with("bad scale") => "an index is multiplied by 1, 2, 4 or 8",
        _ if message.starts_with("expected end of operand, found ") => {
            "a comma separates operands, // begins a comment"
        }
        "expect two or three operands for TEXT" => {
            "want TEXT \u{b7}f(SB), NOSPLIT, $frame-arguments"
        }
        "expect two operands for DATA" => "want DATA \u{b7}x+0(SB)/8, $value",
        "expect two or three operands for GLOBL" => "want GLOBL \u{b7}x(SB), NOPTR, $size",
        _ if message.contains("frame size must be an immediate constant") => {
            "want $ before the size of the frame: $0-16"
        }
        _ if message.contains(": expected immediate constant") => "a constant has a $ in front: $8",
        _ if message.contains("DATA value must be an immediate constant") => {
            "a constant has a $ in front: $8"
        }
        _ if message.contains(": expected integer constant; found $") => {
            "flags have no $: NOSPLIT, or 4 for it"
        }
        _ if message.starts_with("expect /size for DATA argument") => {
            "the bytes of a value stand behind a slash: DATA \u{b7}x+0(SB)/8, $1"
        }
        _ if message.starts_with("wrong number of arguments to ") => {
            "a jump has one operand: a label or a function f(SB)"
        }
        _ if message.starts_with("prefix $ not allowed for register") => {
            "a register has no $, which marks constants and addresses"
        }
        _ => return None,
    };
    Some(fixed.to_owned())
}

/// Returns a hint for a label that is not defined in its function.
pub(super) fn label<'a>(name: &str, mut defined: impl Iterator<Item = &'a str>) -> String {
    if let Some(near) = defined.find(|other| other.eq_ignore_ascii_case(name)) {
        return format!("the label {near} is spelt otherwise");
    }
    // Names of the package have its path in front.
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    format!("a label is a line {name}: in the same function; a function is \u{b7}{name}(SB)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::GO1_15;

    #[test]
    fn registers_of_others() {
        let check = |name, want: Option<&str>| {
            assert_eq!(renamed(name).as_deref(), want, "{name}");
        };
        check("RAX", Some("AX"));
        check("edi", Some("DI"));
        check("R8D", Some("R8"));
        check("r15w", Some("R15"));
        check("XMM15", Some("X15"));
        check("ymm3", Some("Y3"));
        check("ax", Some("AX"));
        check("AX", None);
        check("R8", None);
        check("R8B", None);
        check("RAT", None);
        check("XMM", None);
    }

    #[test]
    fn selectors_are_the_runtime_s() {
        let mistake = Mistake {
            word: "TEXT",
            tokens: &[".f", "<", "ABIInternal", ">", "(", "SB", ")"],
            message: "ABI selector only permitted when compiling runtime, reference was to \"p.f\"",
        };
        let hint = hint(&mistake).unwrap_or_default();
        assert!(hint.starts_with("leave the selector out"), "{hint}");
    }

    #[test]
    fn mnemonics_of_others() {
        let check = |name, want: &str| {
            let have = mnemonic(name, GO1_15.assembly).unwrap_or_default();
            assert!(have.contains(want), "{name}: {have}");
        };
        check("movq", "MOVQ");
        check("MOV", "MOVB, MOVW, MOVL, MOVQ (1, 2, 4, 8 bytes)");
        check("PUSH", "PUSHW, PUSHL, PUSHQ");
        check("retq", "RET");
        check("movdqu", "MOVOU");
        assert_eq!(mnemonic("XYZZY", GO1_15.assembly), None);
    }

    #[test]
    fn instructions_of_others_are_unknown_here() {
        for (name, _) in OTHER_NAMES {
            let known = As::from_name(name).is_some_and(|as_| GO1_15.assembly.has(as_));
            assert!(!known, "{name}");
        }
    }
}
