//! Functions of a compiled package for pages.

use minigo_obj::{SymKind, Unit};
use minigo_page::{File, Function as View, Page, lines};
use minigo_story::Lang;
use minigo_story::frame::Frame;
use minigo_story::why::Known;

use crate::built::Built;
use crate::rows::Function;
use crate::source::Source;

/// Functions of more lines have frames only before calls and returns.
const EVERY_FRAME: usize = 600;
/// The largest number of frames of such a function.
const MOST_FRAMES: usize = 16;

/// Returns a page without functions.
pub fn page(sources: &[Source], lang: Lang) -> Page<'static> {
    let files = sources.iter().map(|source| File {
        name: source.name.clone(),
        text: String::from_utf8_lossy(&source.text).into_owned(),
    });
    Page {
        lang,
        minigo: env!("CARGO_PKG_VERSION").to_owned(),
        pass: None,
        files: files.collect(),
        functions: Vec::new(),
    }
}

impl Built {
    /// Returns the functions for a page of `sources`, from which the package was compiled: those that
    /// [`Options::record`](crate::Options::record) asked for, and hand-written ones.
    pub fn views(&self, sources: &[Source]) -> Vec<View<'_>> {
        let Some(wanted) = &self.options.record else {
            return Vec::new();
        };
        let functions = self.functions().filter(|function| {
            let name = wanted.func.as_deref();
            name.is_none_or(|name| self.is_called(function, name))
        });
        functions
            .map(|function| self.view(&function, sources))
            .collect()
    }

    fn view(&self, function: &Function, sources: &[Source]) -> View<'_> {
        let symbol = function.symbol;
        let story = symbol.sym.and_then(|sym| self.stories.get(&sym));
        let mut assembled = self.assembled.symbols.iter();
        let unit = Unit {
            hand_written: assembled
                .any(|other| other.sym == symbol.sym && other.kind == SymKind::STEXT),
            ..self.unit()
        };
        let known = Known {
            notes: story.map(|story| &story.notes),
            variables: symbol.sym.map_or(&[], |sym| self.variables.of(sym)),
        };
        let mut listing = String::new();
        minigo_obj::list::write_symbol(&mut listing, symbol, &unit);
        let lines = lines(symbol, &unit, known);
        let (frames, first_frame) = self.frames(function);
        let file_of = |name: &str| {
            let is_named =
                |source: &Source| source.name == name || self.paths.full(&source.name) == name;
            sources.iter().position(is_named)
        };
        let places = self.positions.iter().filter_map(|(base, data)| {
            let file = &self.positions.base(data.pos.base()).filename;
            Some((base.as_u32(), file_of(file)?))
        });
        View {
            name: self.linked_name(function),
            go: self.options.version.to_string(),
            header: listing.lines().next().unwrap_or_default().to_owned(),
            record: story.map(|story| &story.record),
            places: places.collect(),
            lines,
            frames,
            first_frame,
        }
    }

    /// Returns the frames of a function by offset, and the offset of the one to show first.
    fn frames(&self, function: &Function) -> (Vec<Frame>, Option<u32>) {
        let first = self.frame(function, None, false).ok();
        let first_pc = first.as_ref().map(|frame| frame.pc);
        let rows = function.rows().filter(|row| !row.bytes.is_empty());
        let pcs: Vec<u32> = match function.rows().nth(EVERY_FRAME) {
            None => rows.map(|row| row.pc).collect(),
            Some(_) => {
                let ends = rows.filter(|row| row.text.starts_with("CALL") || row.text == "RET");
                ends.map(|row| row.pc).take(MOST_FRAMES).collect()
            }
        };
        let frames = pcs.into_iter();
        let frames = frames.filter_map(|pc| self.frame(function, Some(pc), false).ok());
        (first.into_iter().chain(frames).collect(), first_pc)
    }
}
