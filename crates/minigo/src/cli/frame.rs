//! `minigo frame`: draws the frames of functions.

use std::path::{Path, PathBuf};

use minigo_story::frame::{NoFrame, Style};

use super::compile::{compile, package, read};
use super::document;
use super::environment::lang;
use super::flags::FrameFlags;
use super::stop::Stop;
use super::streams::{print_out, say};
use crate::built::Built;
use crate::rows::Function;

pub(super) fn frame_command(flags: &FrameFlags) -> Result<(), Stop> {
    let lang = lang(flags.lang);
    let (files, function) = divided(&flags.files);
    let (files, mut options) = package(files, &flags.compile)?;
    options.listing = true;
    options.rows = true;
    let built = match flags.json {
        true => crate::compile(&read(&files, &mut options)?, &options)?,
        false => compile(&files, &mut options)?,
    };
    let functions = wanted(&built, function)?;
    let mut frames = Vec::new();
    for function in &functions {
        match built.frame(function, flags.pc, flags.with_caller) {
            Ok(frame) => {
                let lacks_caller = flags.with_caller && frame.caller.is_none();
                if let Some(call) = built.inlined_call(function).filter(|_| lacks_caller) {
                    let name = built.linked_name(function);
                    say(format_args!(
                        "minigo: nothing calls {name}: its body is inlined, first at {call} (-l or //go:noinline keeps calls)\n"
                    ));
                }
                frames.push(frame);
            }
            Err(NoFrame::NoInstructions) => {}
            Err(NoFrame::NoInstruction(pc)) => {
                return Err(Stop::Usage(no_instruction(function, pc)));
            }
        }
    }
    print_out(if flags.json {
        document::of_frames(&frames, options.version).text()
    } else if flags.svg {
        let [frame] = &frames[..] else {
            return Err(Stop::Usage(format!(
                "-svg draws one function, and there are {}",
                frames.len()
            )));
        };
        frame.svg(lang)
    } else {
        let style = if flags.ascii {
            Style::Ascii
        } else {
            Style::Lines
        };
        let drawings: Vec<String> = frames.iter().map(|frame| frame.draw(style, lang)).collect();
        drawings.join("\n")
    })
}

/// Divides the arguments into files and, if the last one is none, a function.
fn divided(arguments: &[PathBuf]) -> (&[PathBuf], Option<&str>) {
    let is_file = |path: &Path| {
        let source = path
            .extension()
            .is_some_and(|ext| ext == "go" || ext == "s");
        source || path.is_dir()
    };
    match arguments.split_last() {
        Some((last, files)) if !is_file(last) => (files, last.to_str()),
        _ => (arguments, None),
    }
}

/// Returns the functions of a name, which may have the package in front; all functions without a name.
pub(super) fn wanted<'a>(built: &'a Built, name: Option<&str>) -> Result<Vec<Function<'a>>, Stop> {
    let Some(name) = name else {
        return Ok(built.functions().collect());
    };
    let is_wanted = |function: &Function| built.is_called(function, name);
    let found: Vec<Function> = built.functions().filter(is_wanted).collect();
    if found.is_empty() {
        let names: Vec<String> = built
            .functions()
            .map(|function| built.linked_name(&function))
            .collect();
        let names = names.join(", ");
        return Err(Stop::Usage(format!(
            "there is no function {name}; there are {names}"
        )));
    }
    Ok(found)
}

fn no_instruction(function: &Function, pc: u32) -> String {
    let offsets: Vec<u32> = function.rows().map(|row| row.pc).collect();
    let before = offsets.iter().filter(|&&offset| offset < pc).max();
    let after = offsets.iter().find(|&&offset| offset > pc);
    let near: Vec<String> = [before, after]
        .into_iter()
        .flatten()
        .map(|offset| format!("{offset:#x}"))
        .collect();
    let name = function.name();
    format!(
        "no instruction of {name} begins at {pc:#x}; near: {}",
        near.join(", ")
    )
}
