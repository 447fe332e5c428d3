//! The drawing of a frame as text: high addresses on top, a row for each part, not to scale.

use super::{Frame, Part, Row, State, Variable, VariableKind};
use crate::lang::{Lang, Text};

/// The characters of a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Lines.
    #[default]
    Lines,
    /// ASCII.
    Ascii,
}

/// The words of drawings.
pub(super) mod words {
    use super::Text;

    macro_rules! words {
        ($($name:ident: $en:literal, $zh:literal;)*) => {
            $(pub const $name: Text = Text { en: $en, zh: $zh };)*
        };
    }
    words! {
        BEFORE: "before", "执行前";
        FRAME: "frame", "栈帧";
        ARGUMENTS: "arguments", "参数与结果";
        FRAME_OF: "frame of", "所属栈帧";
        RETURN_ADDRESS: "return address", "返回地址";
        SAVED_BP: "BP of the caller", "调用方的 BP";
        RESULT: "result", "结果";
        ALIGNMENT: "(alignment)", "(对齐)";
        UNNAMED: "(no name)", "(无名)";
        SPILL_OF: "spill of", "溢出槽";
        IN_REGISTER: "comes in a register", "由寄存器传入";
        READ: "read", "读";
        WRITTEN: "written", "写";
        ADDRESS_TAKEN: "address taken", "取地址";
        NOT_WRITTEN: "not yet written", "尚未写入";
        LIVE_UNTIL: "live until", "存活至";
        DEAD: "not read any more", "不再被读";
        LOWER: "lower addresses", "低地址";
        SP_COLUMN: "(SP)", "(SP)";
        PSEUDO_COLUMN: "x(SP)", "x(SP)";
        FP_COLUMN: "x(FP)", "x(FP)";
        COLUMNS: "(SP) is the processor's, x(SP) and x(FP) are the pseudo-registers of hand-written assembly", "(SP) 是硬件寄存器，x(SP) 和 x(FP) 是手写汇编的伪寄存器";
    }
}

/// Accesses beyond this number show as dots.
const MOST: usize = 3;

impl Frame {
    /// Returns the drawing, each line with a newline.
    pub fn draw(&self, style: Style, lang: Lang) -> String {
        let mut lines = vec![self.title(lang)];
        let labels = |rows: &[Row]| rows.iter().map(|row| row.label(lang)).collect::<Vec<_>>();
        let own = labels(&self.rows);
        let caller = self.caller.as_ref().map(|(_, rows)| labels(rows));
        let all = || own.iter().chain(caller.iter().flatten());
        let name_width = all().map(|(name, _)| width(name)).max().unwrap_or(0);
        let tag_width = all().map(|(_, tag)| width(tag)).max().unwrap_or(0);
        let gap = if tag_width > 0 { 2 } else { 0 };
        let drawing = Drawing {
            frame: self,
            style,
            lang,
            name_width: name_width + gap,
            tag_width,
        };
        lines.push(drawing.columns());
        if let Some((name, rows)) = &self.caller {
            let note = format!("{} {name}", words::FRAME_OF.in_lang(lang));
            let mut edge = Edge::Top;
            for row in rows {
                lines.push(drawing.edge(edge, ""));
                lines.push(drawing.row(row));
                edge = Edge::Between;
            }
            lines.push(drawing.edge(Edge::Heavy, &note));
        }
        let mut before: Option<&Row> = None;
        for row in &self.rows {
            let edge = match before {
                None if self.caller.is_none() => Some(drawing.edge(Edge::Top, "")),
                None => None,
                Some(above) if matches!(above.part, Part::ReturnAddress(_)) => {
                    let note = format!("{} {}", words::FRAME.in_lang(lang), self.depth);
                    Some(drawing.edge(Edge::Heavy, &note))
                }
                Some(_) => Some(drawing.edge(Edge::Between, "")),
            };
            lines.extend(edge);
            lines.push(drawing.row(row));
            before = Some(row);
        }
        let lower = words::LOWER.in_lang(lang);
        lines.push(drawing.edge(Edge::Bottom, lower));
        lines.push(words::COLUMNS.in_lang(lang).to_owned());
        lines
            .iter()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }

    /// The first line of a drawing.
    pub(super) fn title(&self, lang: Lang) -> String {
        let [before, frame, arguments] =
            [words::BEFORE, words::FRAME, words::ARGUMENTS].map(|word| word.in_lang(lang));
        format!(
            "{} {before} {:#06x} {}: {frame} {}, {arguments} {}",
            self.name, self.pc, self.instruction, self.depth, self.args_size
        )
    }

    /// The registers that point at an offset from SP.
    pub(super) fn pointers(&self, offset: i64) -> Vec<&'static str> {
        let mut pointers = Vec::new();
        if offset == 0 {
            pointers.push("SP");
        }
        if self.bp == Some(offset) {
            pointers.push("BP");
        }
        if offset == self.fp() {
            pointers.push("FP");
        }
        pointers
    }
}

impl Row {
    /// The name of a part, and what it is for.
    pub fn label(&self, lang: Lang) -> (String, String) {
        let word = |word: Text| word.in_lang(lang).to_owned();
        match &self.part {
            Part::Variable(variable) => (variable.label(), variable.tag(lang)),
            Part::Outgoing {
                callee, variable, ..
            } => {
                let name = format!("{callee}: {}", variable.label());
                (
                    name.trim_end_matches([':', ' ']).to_owned(),
                    variable.tag(lang),
                )
            }
            Part::ReturnAddress(None) => (word(words::RETURN_ADDRESS), String::new()),
            Part::ReturnAddress(Some(place)) => (
                format!("{}: {place}", word(words::RETURN_ADDRESS)),
                String::new(),
            ),
            Part::SavedBp => (word(words::SAVED_BP), String::new()),
            Part::Hole => (word(words::ALIGNMENT), String::new()),
            Part::Unnamed => (word(words::UNNAMED), String::new()),
        }
    }

    /// What is to be said about the contents.
    pub(super) fn notes(&self, lang: Lang) -> String {
        let mut notes = Vec::new();
        match self.state {
            State::NotWritten => notes.push(words::NOT_WRITTEN.in_lang(lang).to_owned()),
            State::LiveUntil(pc) => {
                notes.push(format!("{} {pc:#06x}", words::LIVE_UNTIL.in_lang(lang)));
            }
            State::Dead => notes.push(words::DEAD.in_lang(lang).to_owned()),
            State::Unknown => {}
        }
        for (word, pcs) in [
            (words::WRITTEN, &self.writes),
            (words::READ, &self.reads),
            (words::ADDRESS_TAKEN, &self.addressed),
        ] {
            if !pcs.is_empty() {
                let shown = pcs.iter().take(MOST).map(|pc| format!("{pc:#06x}"));
                let dots = if pcs.len() > MOST { " …" } else { "" };
                let list: Vec<String> = shown.collect();
                notes.push(format!("{} {}{dots}", word.in_lang(lang), list.join(" ")));
            }
        }
        notes.join(", ")
    }
}

impl Variable {
    fn label(&self) -> String {
        format!("{} {}", self.name, self.ty).trim().to_owned()
    }

    fn tag(&self, lang: Lang) -> String {
        match &self.kind {
            VariableKind::Result { number } => {
                format!("{} {number}", words::RESULT.in_lang(lang))
            }
            VariableKind::Param { in_registers: true } => {
                words::IN_REGISTER.in_lang(lang).to_owned()
            }
            VariableKind::Local { spilled } if !spilled.is_empty() => {
                format!("{} {}", words::SPILL_OF.in_lang(lang), spilled.join(" "))
            }
            VariableKind::Param { .. } | VariableKind::Local { .. } => String::new(),
        }
    }
}

/// The horizontal lines of a drawing.
#[derive(Clone, Copy)]
enum Edge {
    Top,
    Between,
    /// Between frames.
    Heavy,
    Bottom,
}

/// A drawing while it is made.
struct Drawing<'a> {
    frame: &'a Frame,
    style: Style,
    lang: Lang,
    name_width: usize,
    tag_width: usize,
}

impl Drawing<'_> {
    fn inner_width(&self) -> usize {
        self.name_width + self.tag_width + 2
    }

    /// The line that names the columns.
    fn columns(&self) -> String {
        let [sp, pseudo, fp] = [words::SP_COLUMN, words::PSEUDO_COLUMN, words::FP_COLUMN]
            .map(|column| column.in_lang(self.lang));
        let blank = " ".repeat(self.inner_width() + 8);
        format!("{blank} {sp:>6} {pseudo:>6} {fp:>6}")
    }

    fn edge(&self, edge: Edge, note: &str) -> String {
        let [left, line, right] = match (self.style, edge) {
            (Style::Lines, Edge::Top) => ["┌", "─", "┐"],
            (Style::Lines, Edge::Between) => ["├", "─", "┤"],
            (Style::Lines, Edge::Heavy) => ["╞", "═", "╡"],
            (Style::Lines, Edge::Bottom) => ["└", "─", "┘"],
            (Style::Ascii, Edge::Heavy) => ["+", "=", "+"],
            (Style::Ascii, Edge::Top | Edge::Between | Edge::Bottom) => ["+", "-", "+"],
        };
        format!(
            "      {left}{}{right} {note}",
            line.repeat(self.inner_width())
        )
    }

    fn row(&self, row: &Row) -> String {
        let (name, tag) = row.label(self.lang);
        let name = padded(&name, self.name_width);
        let tag = padded(&tag, self.tag_width);
        let bar = match self.style {
            Style::Lines => "│",
            Style::Ascii => "|",
        };
        let offset = row.offset;
        let pseudo = offset - self.frame.pseudo_sp;
        let fp = offset - self.frame.fp();
        let pointers = self.frame.pointers(offset);
        let arrow = match (pointers.is_empty(), self.style) {
            (true, _) => String::new(),
            (false, Style::Lines) => format!("◄ {}", pointers.join(" ")),
            (false, Style::Ascii) => format!("<- {}", pointers.join(" ")),
        };
        let notes = row.notes(self.lang);
        let size = row.size;
        format!(
            "{size:>5} {bar} {name}{tag} {bar} {offset:>6} {pseudo:>6} {fp:>6} {arrow:<8} {notes}"
        )
    }
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Returns the number of columns of a text on a terminal: wide characters take two.
pub(super) fn width(text: &str) -> usize {
    let is_wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
    };
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}
