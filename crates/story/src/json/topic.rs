//! Explanations as data.

use serde::Serialize;

use super::Words;
use crate::explain;

/// Something that `minigo explain` explains.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Topic {
    /// The name to ask for.
    pub name: String,
    /// The kind.
    pub kind: TopicKind,
    /// The explanation; for articles the title.
    pub about: Words,
    /// An example with the mistake, if there is one to make and the topic was asked for by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Example>,
    /// An example that is right, if the topic was asked for by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<Example>,
    /// For articles: the statements that no longer hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Statement>,
}

/// The kind of a topic.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum TopicKind {
    /// A code of messages.
    Code,
    /// A term.
    Term,
    /// An article.
    Article,
}

/// An example: files, a command, and lines that it prints.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Example {
    /// The text of `x.go`, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub go: Option<String>,
    /// The text of `y.go`, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// The text of `x.s`, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assembly: Option<String>,
    /// The arguments of minigo.
    pub command: Vec<String>,
    /// The lines of its output that matter.
    pub shows: Vec<String>,
}

/// A statement of an article that no longer holds.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Statement {
    /// The statement of the article.
    pub says: Words,
    /// The fact.
    pub fact: Words,
    /// The example that shows it.
    pub example: Example,
}

impl Topic {
    /// Returns a topic without examples.
    pub fn new(topic: explain::Topic) -> Topic {
        let (kind, about) = match topic {
            explain::Topic::Article(article) => (TopicKind::Article, article.title),
            explain::Topic::Term(term) => (TopicKind::Term, term.entry().about),
            explain::Topic::Go(code) => (TopicKind::Code, code.entry().about),
            explain::Topic::Assembly(code) => (TopicKind::Code, code.entry().about),
        };
        Topic {
            name: topic.name().to_owned(),
            kind,
            about: about.into(),
            wrong: None,
            right: None,
            statements: Vec::new(),
        }
    }
}

impl Example {
    /// Returns an example, the command that was run on it, and lines of what it printed.
    pub fn new(example: &explain::Example, command: &[&str], shows: Vec<&str>) -> Example {
        Example {
            go: example.go_file(),
            second: example.second_file(),
            assembly: example.assembly_file(),
            command: command.iter().map(|&word| word.to_owned()).collect(),
            shows: shows
                .iter()
                .map(|line| line.trim_end().to_owned())
                .collect(),
        }
    }
}
