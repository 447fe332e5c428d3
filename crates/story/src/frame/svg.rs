//! The drawing of a frame as SVG.

use std::fmt::Write;

use super::draw::{width, words};
use super::{Frame, Part, Row};
use crate::lang::Lang;

/// Pixels of a row, and of a column of text.
const ROW: usize = 24;
const COLUMN: usize = 8;
/// Where the boxes begin.
const LEFT: usize = 48;

impl Frame {
    /// Returns an SVG document.
    pub fn svg(&self, lang: Lang) -> String {
        let caller = self.caller.iter().flat_map(|(_, rows)| rows);
        let rows: Vec<&Row> = caller.chain(&self.rows).collect();
        let label = |row: &Row| {
            let (name, tag) = row.label(lang);
            format!("{name} {tag}").trim_end().to_owned()
        };
        let widest = rows.iter().map(|row| width(&label(row))).max().unwrap_or(0);
        let notes = rows
            .iter()
            .map(|row| width(&row.notes(lang)))
            .max()
            .unwrap_or(0);
        let box_width = (widest + 3) * COLUMN;
        let total = LEFT + box_width + (32 + notes) * COLUMN;
        let title = self.title(lang);
        let total = total.max((width(&title) + 3) * COLUMN);
        let height = (rows.len() + 3) * ROW;
        let mut out = String::new();
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total}\" height=\"{height}\" \
             viewBox=\"0 0 {total} {height}\" font-family=\"monospace\" font-size=\"13\">\n\
             <title>{}</title>",
            escaped(&title)
        );
        let mut text = |x: usize, y: usize, anchor: &str, text: &str| {
            if !text.is_empty() {
                let text = escaped(text);
                let _ = writeln!(
                    out,
                    "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
                );
            }
        };
        text(COLUMN, ROW - 8, "start", &title);
        let right = LEFT + box_width;
        let columns = [words::SP_COLUMN, words::PSEUDO_COLUMN, words::FP_COLUMN];
        let ends = [7, 14, 21].map(|n| right + n * COLUMN);
        for (column, end) in columns.iter().zip(ends) {
            text(end, 2 * ROW - 8, "end", column.in_lang(lang));
        }
        for (index, row) in rows.iter().enumerate() {
            let base = (index + 3) * ROW - 8;
            text(LEFT - COLUMN, base, "end", &row.size.to_string());
            text(LEFT + COLUMN, base, "start", &label(row));
            let offsets = [
                row.offset,
                row.offset - self.pseudo_sp,
                row.offset - self.fp(),
            ];
            for (offset, end) in offsets.iter().zip(ends) {
                text(end, base, "end", &offset.to_string());
            }
            text(
                right + 22 * COLUMN,
                base,
                "start",
                &self.pointers(row.offset).join(" "),
            );
            text(right + 30 * COLUMN, base, "start", &row.notes(lang));
        }
        for (index, row) in rows.iter().enumerate() {
            let y = (index + 2) * ROW;
            let fill = match row.part {
                Part::ReturnAddress(_) | Part::SavedBp => "#88888844",
                Part::Hole | Part::Unnamed => "#88888811",
                Part::Variable(_) => "#4488cc33",
                Part::Outgoing { .. } => "#44aa6633",
            };
            let _ = writeln!(
                out,
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{box_width}\" height=\"{ROW}\" fill=\"{fill}\" \
                 stroke=\"#888888\"/>"
            );
        }
        out.push_str("</svg>\n");
        out
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
