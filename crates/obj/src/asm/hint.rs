//! Hints that minigo adds to messages of `go tool asm`.

use minigo_base::GoVersion;

use super::beginner;
use crate::amd64::As;
use crate::dialect::{Assembly, Dialect};

/// Returns a hint with the version of Go that has a mnemonic, or with the mnemonics whose spelling is nearest to `word`.
pub(super) fn nearest(word: &str, assembly: &Assembly) -> Option<String> {
    const MOST: usize = 3;
    if let Some(as_) = As::from_name(word) {
        let mut versions = GoVersion::ALL.into_iter();
        let version = versions.find(|&version| Dialect::of(version).assembly.has(as_))?;
        let aliases = Dialect::of(version).assembly.aliases.iter();
        let mut same = aliases.filter(|(_, other)| *other == as_);
        return Some(match same.next() {
            Some((name, _)) => format!("here it is {name}; Go {version} has both names"),
            None => format!("Go {version} has it: -go {version}"),
        });
    }
    if let Some(hint) = beginner::mnemonic(word, assembly) {
        return Some(hint);
    }
    let upper = word.to_ascii_uppercase();
    let names = As::all().filter(|&as_| assembly.has(as_));
    let names = names.map(As::name).chain(["DATA", "GLOBL"]);
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.len().abs_diff(upper.len()) <= 2)
        .map(|name| (distance(upper.as_bytes(), name.as_bytes()), name))
        .filter(|&(distance, name)| distance <= 2 && distance < name.len())
        .collect();
    near.sort();
    let is_prose = word.chars().all(|c| c.is_lowercase());
    if is_prose && near.first().is_none_or(|&(distance, _)| distance > 1) {
        return Some("comments begin with //, and ; ends an instruction".to_owned());
    }
    let names: Vec<&str> = near.iter().take(MOST).map(|&(_, name)| name).collect();
    (!names.is_empty()).then(|| format!("similar: {}", names.join(", ")))
}

/// Returns the Levenshtein distance of two words: the number of bytes to add, drop or replace.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, byte) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(byte != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Returns a hint with the header that defines a name.
pub(super) fn missing_header(name: &str, assembly: &Assembly) -> Option<String> {
    let defines = |text: &str| {
        let mut lines = text.lines();
        lines.any(|line| line.split(' ').nth(1) == Some(name))
    };
    let mut headers = assembly.headers.iter();
    let (header, _) = headers.find(|(_, text)| defines(text))?;
    Some(format!(
        "{name} is defined in {header}, which is built in: #include \"{header}\""
    ))
}

/// Returns a hint for an included file that isn't found.
pub(super) fn missing_include(name: &str) -> &'static str {
    match name {
        _ if name.starts_with('<') => "the name is in quotes: #include \"textflag.h\"",
        "go_asm.h" => "the compiler writes go_asm.h for the package's constants: -asmhdr",
        _ => "minigo asm -I adds a folder to those that are searched",
    }
}

/// Returns the part of a constant that its field keeps, and the size of the field, if the constant doesn't fit.
pub(super) fn truncated(as_: As, value: i64) -> Option<(i64, &'static str)> {
    use As::*;
    match as_ {
        BYTE | ADCB | ADDB | ANDB | CMPB | MOVB | ORB | SBBB | SUBB | TESTB | XORB => {
            let fits = (-0x80..0x100).contains(&value);
            (!fits).then_some((value & 0xff, "a byte"))
        }
        WORD | ADCW | ADDW | ANDW | CMPW | MOVW | ORW | SBBW | SUBW | TESTW | XORW => {
            let fits = (-0x8000..0x1_0000).contains(&value);
            (!fits).then_some((value & 0xffff, "two bytes"))
        }
        LONG => {
            let fits = (-0x8000_0000..0x1_0000_0000).contains(&value);
            (!fits).then_some((value & 0xffff_ffff, "four bytes"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::GO1_15;

    #[test]
    fn words_are_near() {
        assert_eq!(distance(b"MOVQ", b"MOVQ"), 0);
        assert_eq!(distance(b"MOV", b"MOVQ"), 1);
        assert_eq!(distance(b"", b"AB"), 2);
        assert_eq!(
            nearest("movqq", GO1_15.assembly),
            Some("similar: MOVQ, MOVQL, MOVSQ".to_owned())
        );
        assert_eq!(nearest("XYZZY", GO1_15.assembly), None);
        assert_eq!(
            nearest("ENDBR64", GO1_15.assembly),
            Some("Go 1.27 has it: -go 1.27".to_owned())
        );
        assert_eq!(
            nearest("MOVBEL", GO1_15.assembly),
            Some("here it is MOVBELL; Go 1.27 has both names".to_owned())
        );
    }

    #[test]
    fn headers_are_named() {
        let missing_header = |name| missing_header(name, GO1_15.assembly);
        assert!(missing_header("NOSPLIT").is_some_and(|hint| hint.contains("textflag.h")));
        assert!(missing_header("GO_ARGS").is_some_and(|hint| hint.contains("funcdata.h")));
        assert_eq!(missing_header("x"), None);
    }
}
