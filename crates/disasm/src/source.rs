//! Lines of source files.

use rustc_hash::FxHashMap;

/// Reads a source file; none if it can't be read.
pub type ReadSource<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// Source files, each read once.
pub struct Sources<'a> {
    read: ReadSource<'a>,
    files: FxHashMap<String, Option<SourceFile>>,
}

struct SourceFile {
    text: Vec<u8>,
    /// The start of each line.
    starts: Vec<usize>,
}

impl<'a> Sources<'a> {
    /// Returns sources that `read` reads.
    pub fn new(read: ReadSource<'a>) -> Sources<'a> {
        Sources {
            read,
            files: FxHashMap::default(),
        }
    }

    /// Returns a line without its end. Lines are numbered from 1.
    pub(crate) fn line(&mut self, file: &str, line: i32) -> Option<&[u8]> {
        if !self.files.contains_key(file) {
            let text = Some(file)
                .filter(|file| !file.is_empty())
                .and_then(self.read);
            self.files
                .insert(file.to_owned(), text.map(SourceFile::new));
        }
        let file = self.files.get(file)?.as_ref()?;
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let rest = &file.text[*file.starts.get(index)?..];
        let end = rest.iter().position(|&byte| byte == b'\n');
        let line = &rest[..end.unwrap_or(rest.len())];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

impl SourceFile {
    fn new(text: Vec<u8>) -> SourceFile {
        let ends = text.iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
        let starts = ends
            .map(|(index, _)| index + 1)
            .filter(|&start| start < text.len());
        SourceFile {
            starts: std::iter::once(0).chain(starts).collect(),
            text,
        }
    }
}
