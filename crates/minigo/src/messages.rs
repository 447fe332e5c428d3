//! Messages about the program as the command prints them: gc's lines; on a terminal also the source line
//! with a caret, and a hint where one helps.

use minigo_base::{Diagnostics, PosTable};

use crate::build::{Options, Source};

/// All messages, each with a newline.
pub fn render(
    diags: &Diagnostics,
    positions: &PosTable,
    sources: &[Source],
    options: &Options,
) -> String {
    let mut text = String::new();
    let place = |pos| positions.format(pos, true, false);
    for error in diags.sorted() {
        if error.pos.is_known() {
            text.push_str(&format!("{}: ", place(error.pos)));
        }
        text.push_str(&error.message);
        text.push('\n');
        if options.pretty {
            let file = &positions
                .base(positions.base(error.pos.base()).pos.base())
                .filename;
            if let Some(source) = sources.iter().find(|source| source.name == *file) {
                text.push_str(&excerpt(&source.text, error.pos.line(), error.pos.col()));
            }
            if !error.hint.is_empty() {
                text.push_str(&format!("    hint: {}\n", error.hint));
            }
        }
    }
    if let Some(pos) = diags.stopped_at {
        text.push_str(&format!("{}: too many errors\n", place(pos)));
    }
    text
}

/// The source line with a caret under the column, in green as compilers have it.
fn excerpt(source: &[u8], line: u32, col: u32) -> String {
    const LONGEST: usize = 200;
    let Some(bytes) = source
        .split(|&byte| byte == b'\n')
        .nth((line as usize).saturating_sub(1))
    else {
        return String::new();
    };
    if col == 0 || bytes.len() > LONGEST {
        return String::new();
    }
    let before = &bytes[..bytes.len().min(col as usize - 1)];
    // Tabs stay tabs, so that the caret stands where the terminal shows the character.
    let indent: String = String::from_utf8_lossy(before)
        .chars()
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    format!(
        "    {}\n    {indent}\x1b[1;32m^\x1b[0m\n",
        String::from_utf8_lossy(bytes).trim_end()
    )
}

#[cfg(test)]
mod tests {
    use crate::build::{Failure, Options, Source, check_sources};

    #[test]
    fn terminals_show_the_line_and_a_hint() {
        let source = Source {
            name: "x.go".into(),
            text: b"package p\n\nfunc f() {\n\tx := 1\n}\n".to_vec(),
        };
        let options = Options {
            pretty: true,
            ..Options::default()
        };
        let Err(Failure::Program(text)) = check_sources(&[source], &options) else {
            panic!("an unused variable is an error");
        };
        assert_eq!(
            text,
            "x.go:4:2: x declared but not used\n    \tx := 1\n    \t\x1b[1;32m^\x1b[0m\n    \
             hint: remove it, or assign it to the blank identifier: _ = name\n"
        );
    }
}
