//! `minigo explain`: every example is what its entry says, and every message that a real Go was recorded to print has a code.

use libtest_mimic::{Failed, Trial};
use minigo_base::Message;
use minigo_story::Lang;
use minigo_story::explain::{Article, Entry, Example, Topic};
use minigo_tests::{Archive, Content, Section, files, root};

use crate::{folder, minigo_command};

/// Lines that close a report and explain nothing.
const CLOSING: &[&str] = &[
    "assembly of * failed",
    "assembly failed",
    "exit status *",
    "open *",
    "read *",
    "unknown setting *",
];

/// Returns the trials of this file: one for each topic, and one for the recorded messages.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("explain: recorded messages have codes", recorded_messages),
        Trial::test("explain: what is asked for is found", asking),
    ];
    trials.extend(Topic::all().map(|topic| {
        Trial::test(format!("explain: {}", topic.name()), move || match topic {
            Topic::Article(article) => check_article(article),
            Topic::Go(_) | Topic::Assembly(_) | Topic::Term(_) => {
                let entry = topic.entry().ok_or("no entry")?;
                check_entry(entry, topic)
            }
        })
    }));
    trials
}

/// Runs a command on the files of an example. Returns standard output, standard error and whether it succeeded.
fn run(arguments: &[&str], example: &Example) -> Result<(String, String, bool), Failed> {
    let [go, second, assembly] = [
        example.go_file(),
        example.second_file(),
        example.assembly_file(),
    ];
    let mut inputs = Vec::new();
    inputs.extend(go.as_ref().map(|text| ("x.go", text.as_bytes())));
    inputs.extend(second.as_ref().map(|text| ("y.go", text.as_bytes())));
    inputs.extend(assembly.as_ref().map(|text| ("x.s", text.as_bytes())));
    let dir = folder(&inputs)?;
    let output = minigo_command()
        .current_dir(dir.path())
        .args(arguments)
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((
        text(&output.stdout),
        text(&output.stderr),
        output.status.success(),
    ))
}

/// The wrong example has a message, for a code one of this code; the right one has none, and its listing has the lines
/// that it shows. The command shows both in each language.
fn check_entry(entry: &Entry, topic: Topic) -> Result<(), Failed> {
    if let Some(wrong) = &entry.wrong {
        let (_, errors, _) = run(wrong.command(), wrong)?;
        let messages = Message::read_all(&errors);
        let found = messages
            .iter()
            .filter_map(|message| Topic::of_message(&message.text));
        let names: Vec<&str> = found.map(Topic::name).collect();
        if messages.is_empty() || topic.is_code() && !names.contains(&entry.name) {
            return Err(format!("the wrong example has codes {names:?}:\n{errors}").into());
        }
    }
    let (listing, errors, succeeded) = run(entry.right.command(), &entry.right)?;
    if !errors.is_empty() || !succeeded {
        return Err(format!("the right example is refused:\n{errors}").into());
    }
    for part in entry.right.shows {
        if !listing.contains(part) {
            return Err(format!("the listing shows no {part:?}:\n{listing}").into());
        }
    }
    for (lang, about) in [("en", entry.about.en), ("zh", entry.about.zh)] {
        let output = minigo_command()
            .args(["explain", "-lang", lang, entry.name])
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = format!("{} {}", entry.name, words(about));
        if !words(&text).starts_with(&expected) || !output.status.success() {
            return Err(format!("minigo explain -lang {lang} prints:\n{text}").into());
        }
    }
    Ok(())
}

/// The command of each statement prints the lines that contradict it.
fn check_article(article: &Article) -> Result<(), Failed> {
    for statement in article.statements {
        let (output, errors, _) = run(statement.command, &statement.example)?;
        for part in statement.shows {
            if !output.contains(part) && !errors.contains(part) {
                let says = statement.says.in_lang(Lang::En);
                return Err(format!("{says}: nothing shows {part:?}:\n{output}{errors}").into());
            }
        }
    }
    Ok(())
}

/// Every message of the compiler and the assembler that is recorded in the tests has a code.
fn recorded_messages() -> Result<(), Failed> {
    let mut without = Vec::new();
    for file in files(&root().join("tests"), ".txtar") {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        for (name, text) in Archive::parse(&text).sections {
            let content = Section::parse(&name)?.content;
            if !matches!(
                content,
                Content::Errors | Content::Assembler(_) | Content::Vet
            ) {
                continue;
            }
            let messages = Message::read_all(&text);
            let is_code = |message: &&Message| {
                let closes = |line: &&str| matches(line, &message.text);
                let is_reported = message.position.is_some() || message.text.starts_with("asm: ");
                is_reported
                    && Topic::of_message(&message.text).is_none()
                    && !CLOSING.iter().any(closes)
            };
            without.extend(messages.iter().filter(is_code).map(Message::to_string));
        }
    }
    match without.is_empty() {
        true => Ok(()),
        false => Err(format!("messages without a code:\n{}", without.join("\n")).into()),
    }
}

/// Whether a message without `asm: ` begins and ends as a line with one star.
fn matches(line: &str, message: &str) -> bool {
    let message = message.strip_prefix("asm: ").unwrap_or(message);
    match line.split_once('*') {
        Some((start, end)) => message.starts_with(start) && message.ends_with(end),
        None => message == line,
    }
}

/// Names in any case, terms in words, messages with and without positions; suggestions for the rest.
fn asking() -> Result<(), Failed> {
    for (words, first) in [
        (&["explain", "-lang", "en", "unusedvar"][..], "UnusedVar\n"),
        (&["explain", "pseudo", "SP"], "pseudo SP\n"),
        (
            &["explain", "x.go:4:2: x declared but not used"],
            "UnusedVar\n",
        ),
        (&["explain", "declared and not used: x"], "UnusedVar\n"),
        (&["explain", "伪", "SP"], "pseudo SP\n"),
        (&["explain", "-list"], "UnusedVar "),
    ] {
        let output = minigo_command().args(words).output()?;
        if !output.stdout.starts_with(first.as_bytes()) || !output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            return Err(format!("{words:?} prints:\n{text}").into());
        }
    }
    let output = minigo_command().args(["explain", "nosplitting"]).output()?;
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = "minigo: nothing is known about \"nosplitting\"; near: ";
    match errors.starts_with(expected) && output.status.code() == Some(2) {
        true => Ok(()),
        false => Err(errors.into()),
    }
}
