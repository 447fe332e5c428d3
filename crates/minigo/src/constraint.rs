//! `//go:build` lines, by which Go 1.17 and later choose files.
//!
//! Source: go/build/constraint/expr.go; go/build/build.go, parseFileHeader.

/// Reports whether the `//go:build` line in front of a file's code holds, if there is one. A malformed one doesn't.
pub fn go_build(text: &str, holds: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment {
            in_comment = !line.contains("*/");
        } else if let Some(rest) = line.strip_prefix("//go:build") {
            if rest.starts_with([' ', '\t']) {
                return Some(expression(rest, holds));
            }
        } else if let Some(comment) = line.strip_prefix("/*") {
            in_comment = !comment.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            break;
        }
    }
    None
}

/// Returns the value of an expression.
fn expression(text: &str, holds: &dyn Fn(&str) -> bool) -> bool {
    let is_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '&' | '|' => 2,
            c if is_tag(c) => rest.find(|c| !is_tag(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let Some((token, after)) = rest.split_at_checked(len) else {
            return false;
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    let mut parser = Expression {
        holds,
        tokens: &tokens,
        depth: 0,
    };
    parser.or() == Some(true) && parser.tokens.is_empty()
}

/// Evaluates a `//go:build` expression while it parses.
struct Expression<'a> {
    /// Reports whether a tag holds.
    holds: &'a dyn Fn(&str) -> bool,
    tokens: &'a [&'a str],
    depth: usize,
}

impl Expression<'_> {
    fn accept(&mut self, token: &str) -> bool {
        let found = self.tokens.first() == Some(&token);
        self.tokens = &self.tokens[usize::from(found)..];
        found
    }

    fn or(&mut self) -> Option<bool> {
        let mut value = self.and()?;
        while self.accept("||") {
            value |= self.and()?;
        }
        Some(value)
    }

    fn and(&mut self) -> Option<bool> {
        let mut value = self.not()?;
        while self.accept("&&") {
            value &= self.not()?;
        }
        Some(value)
    }

    fn not(&mut self) -> Option<bool> {
        const DEEPEST: usize = 1000;
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let value = if self.accept("!") {
            !self.not()?
        } else if self.accept("(") {
            let value = self.or()?;
            if !self.accept(")") {
                return None;
            }
            value
        } else {
            let (tag, rest) = self.tokens.split_first()?;
            self.tokens = rest;
            (self.holds)(tag)
        };
        self.depth -= 1;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_decide() {
        let holds = |tag: &str| ["linux", "amd64"].contains(&tag);
        for (text, expected) in [
            (
                "//go:build (linux && !arm64) || windows\n\npackage p",
                Some(true),
            ),
            (
                "/* x\n */\n//go:build linux&&!amd64\npackage p",
                Some(false),
            ),
            ("//go:build linux && (amd64\npackage p", Some(false)),
            ("//go:build linux & amd64\npackage p", Some(false)),
            ("package p\n//go:build linux\n", None),
        ] {
            assert_eq!(go_build(text, &holds), expected, "{text}");
        }
    }
}
