//! Receives the errors and directive comments of one file: diagnostics, position bases and pending pragmas (gc:
//! syntax/parser.go, the handlers in init; gc/noder.go, pragma).
//!
//! Line directives (`//line`, `/*line*/`) change the base of all later positions. `//go:` directives accumulate until a
//! declaration takes them or a statement shows that they are misplaced.

use minigo_base::{Diagnostics, Pos, PosBase, PosTable};

use crate::build::build_version;
use crate::cgo;
use crate::pragma::{PragmaData, PragmaFlags};
use crate::profile::Profile;

/// A physical position: line and column in bytes, both from 1 and without the limits of [`Pos`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) col: u32,
}

impl Place {
    fn right(self, bytes: usize) -> Place {
        Place {
            col: self.col + bytes as u32,
            ..self
        }
    }
}

/// Returns the shortest name of a file, without `.` and inner `..` (gc: path/filepath, Clean).
fn clean(name: &str) -> String {
    let is_rooted = name.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    match (is_rooted, parts.join("/")) {
        (true, name) => format!("/{name}"),
        (false, name) if name.is_empty() => ".".to_owned(),
        (false, name) => name,
    }
}

/// A `//go:linkname` directive: place, which one, local name and remote name.
pub(crate) type LinknameText = (Pos, &'static str, String, Option<String>);

/// The largest line or column that a line directive can set (gc: syntax/pos.go, PosMax).
const DIRECTIVE_MAX: u64 = 1 << 30;

pub(crate) struct Handler<'a> {
    diags: &'a mut Diagnostics,
    pub(crate) table: &'a mut PosTable,
    /// The base of the file itself, to which line directives are relative.
    pub(crate) file: PosBase,
    /// The base in effect.
    pub(crate) base: PosBase,
    /// Number of scanner and parser errors, including those dropped because their line already has one. Wrong pragmas
    /// and labels don't count.
    pub(crate) n_errors: usize,
    /// Directives that no declaration has taken yet.
    pragma: Option<PragmaData>,
    pub(crate) linknames: Vec<LinknameText>,
    pub(crate) profile: &'static Profile,
    /// Whether the package clause is still to come.
    at_top: bool,
    /// The version that a `//go:build` line asks for.
    go_version: Option<u32>,
}

impl<'a> Handler<'a> {
    pub(crate) fn new(
        table: &'a mut PosTable,
        diags: &'a mut Diagnostics,
        filename: &str,
        profile: &'static Profile,
    ) -> Handler<'a> {
        let file = table.add_file(filename);
        Handler {
            diags,
            table,
            file,
            base: file,
            n_errors: 0,
            pragma: None,
            linknames: Vec::new(),
            profile,
            at_top: true,
            go_version: None,
        }
    }

    /// Ends the part of the file in which `//go:build` lines count. Returns the version that they ask for.
    pub(crate) fn end_of_top(&mut self) -> Option<u32> {
        self.at_top = false;
        self.go_version
    }

    /// Returns the position of `place` under the line directive in effect.
    pub(crate) fn pos(&self, place: Place) -> Pos {
        Pos::new(self.base, place.line, place.col)
    }

    /// Reports an error of the scanner or the parser.
    pub(crate) fn error(&mut self, pos: Pos, message: &str) {
        self.n_errors += 1;
        self.diags.error(pos, message);
    }

    /// Reports source that minigo can't read. Callers see a syntax error.
    pub(crate) fn refuse(&mut self, pos: Pos, message: &str) {
        self.error(pos, message);
        self.diags.syntax_errors += 1;
    }

    /// Reports an error that leaves the tree complete.
    pub(crate) fn soft_error(&mut self, pos: Pos, message: &str) {
        self.diags.error(pos, message);
    }

    /// Reports whether the error limit is reached and reading should stop.
    pub(crate) fn stopped(&self) -> bool {
        self.diags.stopped()
    }

    /// Takes the directives in front of the current token, which starts a declaration.
    pub(crate) fn take_pragma(&mut self) -> Option<PragmaData> {
        self.pragma.take()
    }

    /// Reports pending directives as misplaced: no declaration follows.
    pub(crate) fn clear_pragma(&mut self) {
        if let Some(pragma) = self.pragma.take() {
            for pos in pragma.misplaced(pragma.flags) {
                self.soft_error(pos, "misplaced compiler directive");
            }
        }
    }

    /// Handles the comment `text`, including delimiters, at `place`. `blank` is set if only white space precedes it on
    /// its line. The bytes that gc skips with an error belong to the token before them, so that they may be at the end.
    pub(crate) fn comment(&mut self, place: Place, blank: bool, text: &[u8]) {
        let is_line_comment = text.starts_with(b"//");
        let body = match is_line_comment {
            true => text[2..].strip_suffix(b"\r").unwrap_or(&text[2..]),
            false => &text[2..text.len() - 2],
        };
        if let Some(directive) = body.strip_prefix(b"line ")
            && (place.col == 1 || !is_line_comment)
        {
            // The base starts right after the comment, to which the newline belongs.
            let start = match is_line_comment {
                true => Pos::new(self.file, place.line + 1, 1),
                false => Pos::new(self.file, place.line, place.right(text.len()).col),
            };
            self.line_directive(start, place.right("//line ".len()), directive);
        } else if body.starts_with(b"go:") {
            let body = &*String::from_utf8_lossy(body);
            if self.at_top && is_line_comment && body.starts_with("go:build") {
                self.go_version = build_version(body).or(self.go_version);
            }
            self.go_directive(self.pos(place.right(2)), blank, body);
        }
    }

    /// Handles the line directive `filename:line:col` or `filename:line` at `place`. It takes effect at `start` (gc:
    /// syntax/parser.go, updateBase).
    fn line_directive(&mut self, start: Pos, place: Place, text: &[u8]) {
        let Some((mut at, number)) = trailing_number(text) else {
            return; // not a directive
        };
        let Some(mut line) = number else {
            return self.invalid(place, at, "line", text);
        };
        let valid = 1..=DIRECTIVE_MAX;
        let (mut text, mut col) = (text, 0);
        if let Some((line_at, Some(number))) = trailing_number(&text[..at - 1]) {
            if !valid.contains(&line) {
                return self.invalid(place, at, "column", text);
            }
            (col, line) = (line, number);
            (text, at) = (&text[..at - 1], line_at);
        }
        if !valid.contains(&line) {
            return self.invalid(place, at, "line", text);
        }
        // With a column, an empty file name means the current one.
        let filename = match &*String::from_utf8_lossy(&text[..at - 1]) {
            "" if col > 0 => self.table.base(self.base).filename.clone(),
            name if self.profile.relative_directives && !name.is_empty() => {
                let file = &self.table.base(self.file).filename;
                let folder = match file.rsplit_once('/') {
                    Some(("", _)) => "/",
                    Some((folder, _)) => folder,
                    None => "",
                };
                match name.starts_with('/') || folder.is_empty() {
                    true => clean(name),
                    false => clean(&format!("{folder}/{name}")),
                }
            }
            name => name.to_owned(),
        };
        let (line, col) = (line as u32, col as u32);
        self.base = self.table.add_line_directive(start, &filename, line, col);
    }

    /// Reports an invalid number at byte `at` of the directive `text` at `place`.
    fn invalid(&mut self, place: Place, at: usize, what: &str, text: &[u8]) {
        let pos = self.pos(place.right(at));
        let number = String::from_utf8_lossy(&text[at..]);
        self.error(pos, &format!("invalid {what} number: {number}"));
    }

    /// Handles the directive `text`, which starts with `go:`, at `pos` (gc: gc/noder.go, pragma).
    fn go_directive(&mut self, pos: Pos, blank: bool, text: &str) {
        // Even a wrong directive leaves a set of pragmas, possibly an empty one.
        let mut pragma = self.pragma.take().unwrap_or_default();
        if !blank {
            self.soft_error(pos, "misplaced compiler directive");
        } else if text.starts_with("go:linkname ") {
            self.linkname(pos, "go:linkname", text);
        } else if self.profile.linkname_std && text.starts_with("go:linknamestd ") {
            self.linkname(pos, "go:linknamestd", text);
        } else if let Some(library) = cgo::imported_library(text) {
            if !cgo::is_safe_argument(library) {
                let message =
                    format!("invalid library name {library:?} in cgo_import_dynamic directive");
                self.soft_error(pos, &message);
            }
            self.cgo_usage(pos, text);
        } else {
            let verb = text.split(' ').next().unwrap_or(text);
            if text.starts_with("go:cgo_") {
                let message = format!("//{text} only allowed in cgo-generated code");
                self.soft_error(pos, &message);
                self.cgo_usage(pos, text);
            }
            let flags = PragmaFlags::of_verb(verb).without(self.profile.unknown_directives);
            if flags.intersects(PragmaFlags::RUNTIME) {
                self.soft_error(pos, &format!("//{verb} only allowed in runtime"));
            }
            if flags == PragmaFlags::UINTPTR_KEEPALIVE {
                let message = format!("//{verb} is only allowed in the standard library");
                self.soft_error(pos, &message);
            }
            pragma.flags = pragma.flags.with(flags);
            pragma.places.push((flags, pos));
        }
        self.pragma = Some(pragma);
    }

    fn cgo_usage(&mut self, pos: Pos, text: &str) {
        if let Some(usage) = cgo::wrong_usage(text) {
            self.soft_error(pos, &usage);
        }
    }

    fn linkname(&mut self, pos: Pos, verb: &'static str, text: &str) {
        let mut words = text.split_whitespace().skip(1);
        match (words.next(), words.next(), words.next()) {
            (Some(local), remote, None) => {
                let names = (pos, verb, local.to_owned(), remote.map(str::to_owned));
                self.linknames.push(names);
            }
            _ => self.soft_error(pos, &format!("usage: //{verb} localname [linkname]")),
        }
    }
}

/// Returns the index after the last colon of `text`, and the number there; no number if the rest is not one.
fn trailing_number(text: &[u8]) -> Option<(usize, Option<u64>)> {
    let at = text.iter().rposition(|&byte| byte == b':')? + 1;
    let digits = Some(&text[at..]).filter(|rest| rest.iter().all(u8::is_ascii_digit));
    let number = digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    Some((at, number))
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn names_are_cleaned() {
        for (name, cleaned) in [
            ("a/./b//c.go", "a/b/c.go"),
            ("a/../b.go", "b.go"),
            ("../a/../../b.go", "../../b.go"),
            ("/../a.go", "/a.go"),
            ("a/..", "."),
        ] {
            assert_eq!(clean(name), cleaned);
        }
    }
}
