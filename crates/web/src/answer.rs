//! Answers as JSON documents, in the form of the command's `-json`.

use std::collections::BTreeSet;

use minigo::{Built, Failure, Frame, Function, Message, NoFrame};
use minigo_story::explain;
use minigo_story::json::{self, Document};

use crate::request::Request;

/// Returns an empty document about a request.
fn document(request: &Request) -> Document {
    Document {
        go: Some(request.versions[0].to_string()),
        ..Document::new(env!("CARGO_PKG_VERSION"))
    }
}

/// Returns the functions of a package with the reasons of their lines, their frames before the first call or return, and a
/// note if the listing is known to differ from gc's.
pub fn look(built: &Built, request: &Request) -> String {
    let mut funcs = built.symbols().funcs;
    for func in funcs.iter_mut().filter(|func| func.name.is_none()) {
        let is_it = |function: &Function| function.name() == func.sym;
        let function = built.functions().find(is_it);
        func.name = function.map(|function| built.linked_name(&function));
    }
    let functions = built.functions();
    let frames = functions.filter_map(|function| built.frame(&function, None, false).ok());
    Document {
        notes: built
            .known_difference()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        funcs: Some(funcs),
        frames: Some(frames.map(|frame| json::Frame::from(&frame)).collect()),
        ..document(request)
    }
    .text()
}

/// Returns the frame that a request asks for.
///
/// # Errors
///
/// There is no such function, or no instruction begins at the offset.
pub fn frame(built: &Built, request: &Request) -> Result<String, Failure> {
    let name = request.function.as_deref().unwrap_or_default();
    let is_wanted = |function: &Function| built.linked_name(function) == name;
    let function = built.functions().find(is_wanted);
    let unknown = || Failure::Environment(format!("there is no function {name}"));
    let function = function.ok_or_else(unknown)?;
    let frames: Vec<Frame> = match built.frame(&function, request.pc, false) {
        Ok(frame) => vec![frame],
        Err(NoFrame::NoInstructions) => Vec::new(),
        Err(NoFrame::NoInstruction(pc)) => {
            let why = format!("no instruction of {name} begins at {pc:#x}");
            return Err(Failure::Environment(why));
        }
    };
    let document = Document {
        frames: Some(frames.iter().map(json::Frame::from).collect()),
        ..document(request)
    };
    Ok(document.text())
}

/// Returns the page about a function, as `minigo see` makes it.
///
/// # Errors
///
/// Errors in the program.
pub fn page(request: &Request) -> Result<String, Failure> {
    let versions = request.versions.iter();
    let compile = |&version| minigo::compile(&request.sources, &request.options_of(version));
    let packages: Vec<Built> = versions.map(compile).collect::<Result<_, _>>()?;
    let mut page = minigo::views::page(&request.sources, request.lang);
    for built in &packages {
        page.functions.extend(built.views(&request.sources));
    }
    Ok(minigo_page::html(&page))
}

/// Returns the messages of a failure, and what their codes mean.
pub fn messages(failure: &Failure, request: &Request) -> String {
    let messages: Vec<Message> = match failure {
        Failure::Program(messages) => messages.clone(),
        Failure::Environment(text) => vec![Message::new(None, text)],
    };
    let mut names = BTreeSet::new();
    let topics = messages
        .iter()
        .filter_map(|message| explain::Topic::of_message(&message.text))
        .filter(|topic| names.insert(topic.name()));
    let folder = &request.options().folder;
    let data = messages
        .iter()
        .map(|message| json::Message::new(message, folder));
    Document {
        messages: Some(data.collect()),
        topics: Some(topics.map(json::Topic::new).collect()),
        ..document(request)
    }
    .text()
}
