//! The oracle: a gc that prints functions after every pass.

use std::path::Path;
use std::process::Command;

use crate::go::Go;

/// Compiles a file in `dir` with the oracle, one function after the other, and returns its output, which has the
/// dumps of the function, or of all for `*`.
pub fn run(
    oracle: &Path,
    go: &Go,
    dir: &Path,
    function: &str,
    flags: &[String],
    file: &str,
) -> String {
    let output = crate::go::run(
        Command::new(oracle)
            .current_dir(dir)
            .env("MGDUMP", function)
            .env("GOROOT", go.root())
            .args(go.package_flags(dir, file))
            .args(flags)
            .args(["-c=1", "-o", "oracle.o", file]),
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A function after a pass: a line `== FUNCTION: PASS nb=… nv=…`, then, where the whole state is printed, lines for
/// variables, free lists and homes, then blocks with their values, and names.
#[derive(Clone, Copy, Debug)]
pub struct Dump<'a> {
    /// The function's name.
    pub function: &'a str,
    /// The pass.
    pub pass: &'a str,
    /// The whole dump.
    pub text: &'a str,
}

impl<'a> Dump<'a> {
    /// Splits the dump after its first line, and before the first block.
    fn parts(&self) -> (&'a str, &'a str, &'a str) {
        let header = self.text.find('\n').map_or(self.text.len(), |end| end + 1);
        let (header, rest) = self.text.split_at(header);
        let is_block = |line: &str| {
            let id = line
                .strip_prefix("  b")
                .and_then(|rest| rest.split_once(": "));
            id.is_some_and(|(id, _)| id.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let lines = rest
            .split_inclusive('\n')
            .take_while(|line| !is_block(line));
        let (state, body) = rest.split_at(lines.map(str::len).sum());
        (header, state, body)
    }

    /// Whether the whole state is printed.
    pub fn has_state(&self) -> bool {
        !self.parts().1.is_empty()
    }

    /// Returns the blocks, values and names.
    pub fn without_state(&self) -> String {
        let (header, _, body) = self.parts();
        format!("{header}{body}")
    }

    /// Whether two dumps show the same blocks, values and names.
    pub fn is_same_but_for_state(&self, other: &Dump) -> bool {
        let ((header, _, body), (other_header, _, other_body)) = (self.parts(), other.parts());
        header == other_header && body == other_body
    }
}

/// Returns the dumps in a compiler's output, in order. A listing that follows the last one is left out.
pub fn dumps(text: &str) -> impl Iterator<Item = Dump<'_>> {
    let starts = text
        .match_indices("== ")
        .map(|(at, _)| at)
        .filter(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n');
    starts.filter_map(|start| {
        let rest = &text[start..];
        let end = ["\n== ", "\n\"\"."]
            .iter()
            .filter_map(|next| rest.find(next));
        let text = &rest[..end.min().map_or(rest.len(), |end| end + 1)];
        let (function, after) = text.strip_prefix("== ")?.split_once(": ")?;
        let (pass, _) = after.split_once(" nb=")?;
        Some(Dump {
            function,
            pass,
            text,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_are_told_apart() {
        let plain = "== f: early fuse nb=1 nv=2\n  b1: Ret v2\n    v2 = {\"\".G}\n";
        let state = "== f: early fuse nb=1 nv=2\n  func args=0\n  b1: Ret v2\n    v2 = {\"\".G}\n";
        let text = format!("{plain}{state}\"\".f STEXT\n");
        let found: Vec<Dump> = dumps(&text).collect();
        assert_eq!(
            found.iter().map(|dump| dump.text).collect::<String>(),
            format!("{plain}{state}")
        );
        assert_eq!((found[0].function, found[0].pass), ("f", "early fuse"));
        assert!(!found[0].has_state() && found[1].has_state());
        assert!(found[0].is_same_but_for_state(&found[1]));
    }
}
