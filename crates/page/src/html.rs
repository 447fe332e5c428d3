//! The HTML file.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minigo_story::Lang;
use minigo_story::frame::Style;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::words::words;
use crate::{Function, Page, encode, function_json};

/// The style of pages.
pub const CSS: &str = include_str!("see.css");
/// The script of pages.
pub const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("data.js"),
    include_str!("graph.js"),
    include_str!("see.js"),
    "})();\n"
);

/// The style of pages without JavaScript.
const PLAIN_CSS: &str = ":root{color-scheme:light dark}.plain{max-width:110ch;margin:auto;padding:1em;font-family:sans-serif}\
.plain pre{font:12px/1.5 monospace;overflow:auto;tab-size:4}";

/// Unpacks style and script, and adds them to the page.
const BOOT: &str = "(async () => {
for (const tag of ['style', 'script']) {
const bytes = Uint8Array.from(atob(document.getElementById(tag).textContent), (c) => c.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
const node = document.createElement(tag);
node.textContent = await new Response(stream).text();
document.head.append(node);
}
})();";

/// Lines of a listing beyond this number are left out where there is no script; the data has them.
const PLAIN_LINES: usize = 400;

/// Returns the expressions of a policy that allow the styles and the scripts of pages. A page that has one in a frame needs
/// them in its own policy.
pub fn allowed() -> [String; 2] {
    expressions(&packed(CSS), &packed(SCRIPT))
}

/// Returns the same for packed style and script.
fn expressions(style: &str, script: &str) -> [String; 2] {
    let both = |plain: &str, packed: &str| format!("'{}' '{}'", hash(plain), hash(packed));
    [both(PLAIN_CSS, style), both(BOOT, script)]
}

/// Returns the page. The same page gives the same bytes.
pub fn html(page: &Page) -> String {
    let style = packed(CSS);
    let script = packed(SCRIPT);
    let [allowed_styles, allowed_scripts] = expressions(&style, &script);
    let names: Vec<&str> = page.functions.iter().map(|f| f.name.as_str()).collect();
    let title = format!("{} · minigo see", names.first().unwrap_or(&""));
    let lang = match page.lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    };
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {allowed_styles}; \
         script-src {allowed_scripts}; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"minigo {}\">\n<title>{}</title>\n<style>{PLAIN_CSS}</style>\n</head>\n<body>\n",
        escape(&page.minigo),
        escape(&title),
    );
    out.push_str("<div id=\"root\"></div>\n<noscript>\n");
    plain(&mut out, page);
    out.push_str("</noscript>\n");
    data(&mut out, "page", &page_json(page));
    for (index, function) in page.functions.iter().enumerate() {
        data(&mut out, &format!("f{index}"), &function_json(function));
    }
    data(&mut out, "style", &style);
    data(&mut out, "script", &script);
    let _ = write!(out, "<script>{BOOT}</script>\n</body>\n</html>\n");
    out
}

/// Returns the data of a page besides that of its functions.
pub fn page_json(page: &Page) -> String {
    let files = page.files.iter();
    let files: Vec<_> = files
        .map(|file| json!({"name": file.name, "text": file.text}))
        .collect();
    let functions = page.functions.iter();
    let functions: Vec<_> = functions
        .map(|function| json!({"name": function.name, "go": function.go}))
        .collect();
    let mut all = words();
    all["lang"] = json!(page.lang == Lang::Zh);
    all["pass"] = json!(page.pass);
    all["files"] = json!(files);
    all["functions"] = json!(functions);
    all.to_string()
}

fn data(out: &mut String, id: &str, json: &str) {
    let _ = writeln!(
        out,
        "<script type=\"text/plain\" id=\"{id}\">{}</script>",
        encode(json)
    );
}

/// Removes comments that are lines of their own, and blanks at the start of lines.
fn packed(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let is_comment =
        |line: &str| line.starts_with("// ") || line.starts_with("/*") && line.ends_with("*/");
    let lines = lines.filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the source expression that allows a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// The page without JavaScript: sources, annotated listings and frames.
fn plain(out: &mut String, page: &Page) {
    out.push_str("<main class=\"plain\">\n");
    for file in &page.files {
        let _ = write!(
            out,
            "<h2>{}</h2>\n<pre>{}</pre>\n",
            escape(&file.name),
            escape(file.text.trim_end())
        );
    }
    for function in &page.functions {
        let _ = writeln!(
            out,
            "<h2>{}, Go {}</h2>",
            escape(&function.name),
            function.go
        );
        let _ = writeln!(out, "<pre>{}</pre>", escape(&listing(function, page.lang)));
        let first = function.frames.iter();
        let frame = first
            .rev()
            .find(|frame| Some(frame.pc) == function.first_frame);
        if let Some(frame) = frame {
            let _ = writeln!(
                out,
                "<pre>{}</pre>",
                escape(&frame.draw(Style::Lines, page.lang))
            );
        }
    }
    out.push_str("</main>\n");
}

/// The listing with the reason of each line.
fn listing(function: &Function, lang: Lang) -> String {
    let mut text = format!("{}\n", function.header);
    for line in function.lines.iter().take(PLAIN_LINES) {
        let instruction = line.text.replacen('\t', " ", 1);
        let who = line.who.word().in_lang(lang);
        let why = &line.why[lang as usize];
        let _ = writeln!(text, "{:#06x} {instruction:<44} ; {who}: {why}", line.pc);
    }
    if let Some(left @ 1..) = function.lines.len().checked_sub(PLAIN_LINES) {
        let _ = writeln!(text, "… {left}: minigo build -S -why");
    }
    text
}

/// Returns a text as HTML shows it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
