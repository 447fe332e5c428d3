//! `minigo explain`: explains a message or a term, with examples that it compiles while it shows them.

use std::path::Path;
use std::process::Command;

use minigo_base::Message;
use minigo_story::explain::{Article, Entry, Example, Topic};
use minigo_story::json::{self, Document, SCHEMA};
use minigo_story::{Lang, Text};

use super::document;
use super::environment::{lang, temp_dir};
use super::flags::Explain;
use super::stop::{Stop, file_error};
use super::streams::print_out;

/// The width of text in columns.
const WIDTH: usize = 80;

/// Headings of the parts of an entry.
const WRONG: Text = Text {
    en: "Wrong:",
    zh: "错误：",
};
const RIGHT: Text = Text {
    en: "Right:",
    zh: "正确：",
};
const EXAMPLE: Text = Text {
    en: "Example:",
    zh: "示例：",
};
const SAYS: Text = Text {
    en: "The article says: ",
    zh: "文章说：",
};
const TODAY: Text = Text {
    en: "Today: ",
    zh: "现在：",
};

pub(super) fn explain_command(flags: &Explain) -> Result<(), Stop> {
    let lang = lang(flags.lang);
    let asked = flags.what.join(" ");
    if asked == "schema" {
        return print_out(SCHEMA);
    }
    if flags.list || flags.what.is_empty() {
        return print_out(match flags.json {
            true => document_of(Topic::all().map(|topic| as_data(topic, false)))?,
            false => list(lang),
        });
    }
    let Some(topic) = topic(&asked) else {
        return Err(Stop::Usage(unknown(&asked)));
    };
    if flags.json {
        return print_out(document_of([as_data(topic, true)])?);
    }
    print_out(match topic {
        Topic::Article(article) => explain_article(article, lang)?,
        Topic::Go(_) | Topic::Assembly(_) | Topic::Term(_) => {
            let entry = topic.entry().expect("only articles have no entry");
            explain_entry(entry, topic.is_code(), lang)?
        }
    })
}

/// Returns the document with topics.
fn document_of(
    topics: impl IntoIterator<Item = Result<json::Topic, Stop>>,
) -> Result<String, Stop> {
    let topics: Result<Vec<json::Topic>, Stop> = topics.into_iter().collect();
    let document = Document {
        topics: Some(topics?),
        ..document::new()
    };
    Ok(document.text())
}

/// Returns a topic as data, with examples if they are wanted.
fn as_data(topic: Topic, with_examples: bool) -> Result<json::Topic, Stop> {
    let mut data = json::Topic::new(topic);
    if !with_examples {
        return Ok(data);
    }
    if let Topic::Article(article) = topic {
        for statement in article.statements {
            let example = &statement.example;
            let output = output_of(statement.command, example)?;
            data.statements.push(json::Statement {
                says: statement.says.into(),
                fact: statement.fact.into(),
                example: json::Example::new(
                    example,
                    statement.command,
                    output.lines_with(statement.shows),
                ),
            });
        }
    }
    if let Some(entry) = topic.entry() {
        if let Some(wrong) = &entry.wrong {
            let output = output_of(wrong.command(), wrong)?;
            let messages = output.messages().collect();
            data.wrong = Some(json::Example::new(wrong, wrong.command(), messages));
        }
        let right = &entry.right;
        let output = output_of(right.command(), right)?;
        let shown = output.lines_with(right.shows);
        data.right = Some(json::Example::new(right, right.command(), shown));
    }
    Ok(data)
}

/// Returns the topic of a name or of a message, which may have a position.
fn topic(asked: &str) -> Option<Topic> {
    let message = || {
        let messages = Message::read_all(asked);
        messages.first().map(|message| message.text.clone())
    };
    let named = Topic::named(asked).or_else(|| Topic::of_message(asked));
    named.or_else(|| Topic::of_message(&message()?))
}

fn unknown(asked: &str) -> String {
    let near = Topic::near(asked);
    match near.is_empty() {
        true => format!("nothing is known about {asked:?}; minigo explain -list lists all"),
        false => format!(
            "nothing is known about {asked:?}; near: {}",
            near.join(", ")
        ),
    }
}

/// Returns a line for each topic: its name and the first sentence.
fn list(lang: Lang) -> String {
    let line = |topic: Topic| {
        let about = match (topic, topic.entry()) {
            (Topic::Article(article), _) => article.title.in_lang(lang),
            (_, entry) => entry.map_or("", |entry| entry.about.in_lang(lang)),
        };
        format!("{:<22} {}\n", topic.name(), first_sentence(about))
    };
    Topic::all().map(line).collect()
}

fn first_sentence(text: &str) -> &str {
    let end = |mark: &str| text.find(mark).map(|at| at + mark.trim_end().len());
    let ends = [". ", ": ", "; ", "。", "：", "；"]
        .into_iter()
        .filter_map(end);
    let sentence = &text[..ends.min().unwrap_or(text.len())];
    sentence.trim_end_matches(['.', ':', ';', '。', '：', '；'])
}

fn explain_entry(entry: &Entry, is_code: bool, lang: Lang) -> Result<String, Stop> {
    let mut text = format!("{}\n\n{}\n", entry.name, wrapped(entry.about.in_lang(lang)));
    if let Some(example) = &entry.wrong {
        text.push_str(&format!("\n{}\n", WRONG.in_lang(lang)));
        show_files(&mut text, example);
        let output = output_of(example.command(), example)?;
        show_output(&mut text, &output, output.messages());
    }
    let title = match is_code || entry.wrong.is_some() {
        true => RIGHT,
        false => EXAMPLE,
    };
    text.push_str(&format!("\n{}\n", title.in_lang(lang)));
    show_files(&mut text, &entry.right);
    let output = output_of(entry.right.command(), &entry.right)?;
    let shown = output.lines_with(entry.right.shows);
    show_output(&mut text, &output, shown.into_iter());
    Ok(text)
}

fn explain_article(article: &Article, lang: Lang) -> Result<String, Stop> {
    let mut text = format!("{}: {}\n", article.name, article.title.in_lang(lang));
    let mut before = None;
    for (index, statement) in article.statements.iter().enumerate() {
        let [says, fact] = [statement.says, statement.fact].map(|text| text.in_lang(lang));
        let [says_title, today] = [SAYS, TODAY].map(|text| text.in_lang(lang));
        let says = wrapped(&format!("{}. {says_title}{says}", index + 1));
        let fact = wrapped(&format!("{today}{fact}"));
        text.push_str(&format!("\n{says}\n{fact}\n"));
        let files = (statement.example.go, statement.example.assembly);
        if before != Some(files) {
            show_files(&mut text, &statement.example);
        }
        before = Some(files);
        let output = output_of(statement.command, &statement.example)?;
        let shown = output.lines_with(statement.shows);
        show_output(&mut text, &output, shown.into_iter());
    }
    Ok(text)
}

/// Breaks lines between words.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// Appends the files of an example, indented.
fn show_files(text: &mut String, example: &Example) {
    let files = [
        example.go_file(),
        example.second_file(),
        example.assembly_file(),
    ];
    for (index, file) in files.iter().flatten().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for line in file.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            text.push_str(&format!("{indent}{line}\n"));
        }
    }
}

/// Appends a command and lines of its output, unless there are none.
fn show_output<'a>(text: &mut String, output: &Output, lines: impl Iterator<Item = &'a str>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        text.push_str(&format!("\n    $ minigo {}\n", output.arguments.join(" ")));
    }
    for line in lines {
        text.push_str(format!("    {line}").trim_end());
        text.push('\n');
    }
}

/// A command and what it printed.
struct Output {
    arguments: Vec<&'static str>,
    stdout: String,
    stderr: String,
}

impl Output {
    /// Returns the lines of the messages.
    fn messages(&self) -> impl Iterator<Item = &str> {
        self.stderr.lines()
    }

    /// Returns the lines that have one of some parts.
    fn lines_with(&self, parts: &[&str]) -> Vec<&str> {
        let lines = self.stdout.lines().chain(self.stderr.lines());
        let has_part = |line: &&str| parts.iter().any(|part| line.contains(part));
        lines.filter(has_part).collect()
    }
}

/// Runs this program with arguments in a folder with the files of an example.
fn output_of(arguments: &[&'static str], example: &Example) -> Result<Output, Stop> {
    let folder = temp_dir()?;
    let write = |name: &str, text: Option<String>| match text {
        Some(text) => std::fs::write(folder.path().join(name), text),
        None => Ok(()),
    };
    let written = write("x.go", example.go_file())
        .and_then(|()| write("y.go", example.second_file()))
        .and_then(|()| write("x.s", example.assembly_file()));
    written.map_err(|err| file_error(folder.path(), &err))?;
    let program = std::env::current_exe().map_err(|err| file_error(Path::new("minigo"), &err))?;
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("MINIGO_GO")
        .env_remove("GOSSAFUNC")
        .env_remove("GOOS")
        .env_remove("GOARCH")
        .output()
        .map_err(|err| file_error(&program, &err))?;
    // Go 1.27 lists files by their whole names.
    let prefix = format!("{}/", folder.path().display());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&prefix, "");
    Ok(Output {
        arguments: arguments.to_vec(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    })
}
