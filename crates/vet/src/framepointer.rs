//! go vet's framepointer: frameless functions that lose their caller's frame pointer (framepointer.go, run).

use crate::{Finding, Source};

/// Returns the findings in one file.
pub(crate) fn check(source: &Source, findings: &mut Vec<Finding>) {
    let text = String::from_utf8_lossy(&source.text);
    // Whether this is a frameless function that hasn't mentioned BP yet.
    let mut active = false;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let code = line
            .find("//")
            .map_or(line, |comment| &line[..comment])
            .trim();
        if code.is_empty() {
            continue;
        }
        if code.starts_with("TEXT") && code.contains("(SB)") && code.contains("$0") {
            active = true;
        } else if active && writes_bp(code) {
            findings.push(Finding {
                file: source.name.clone(),
                line: index as u32 + 1,
                message: "frame pointer is clobbered before saving".to_owned(),
            });
            active = false;
        } else if mentions_bp(code) || code.starts_with("JMP") || code.starts_with("RET") {
            active = false;
        }
    }
}

fn writes_bp(code: &str) -> bool {
    let last = code.strip_suffix("BP");
    last.is_some_and(|rest| {
        rest.trim_end_matches([' ', '\t', '\r', '\u{c}'])
            .ends_with(',')
    })
}

fn mentions_bp(code: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    code.split(|c| !is_word(c)).any(|word| word == "BP")
}
