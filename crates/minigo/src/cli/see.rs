//! `minigo see` and `GOSSAFUNC`: pages about functions.

use std::path::{Path, PathBuf};

use minigo_page::{Function, html};
use minigo_story::Lang;

use super::compile::{compile_sources, package, read};
use super::environment::{current_folder, lang};
use super::flags::See;
use super::names::output_path;
use super::stop::Stop;
use super::streams::{print_out, say};
use super::{document, frame, output};
use crate::built::Built;
use crate::options::{Options, Recording};
use crate::source::Source;
use crate::views;

pub(super) fn see_command(flags: &See) -> Result<(), Stop> {
    if flags.json && flags.go.len() > 1 {
        let reason = "-json describes one version of Go at a time".to_owned();
        return Err(Stop::Usage(reason));
    }
    let versions: Vec<_> = match &flags.go[..] {
        [] => vec![None],
        versions => versions.iter().map(|&version| Some(version)).collect(),
    };
    let mut packages = Vec::new();
    let mut inputs = Vec::new();
    let mut path = PathBuf::new();
    for version in versions {
        let (files, mut options) = package(&flags.files, &flags.compile(version))?;
        inputs = files.all();
        path = output_path(&flags.files, flags.output.as_deref(), &files, ".html");
        options.rows = true;
        options.listing = true;
        options.record = Some(Recording {
            func: flags.func.clone(),
            passes: flags
                .pass
                .iter()
                .map(|name| name.replace('_', " "))
                .collect(),
        });
        let sources = read(&files, &mut options)?;
        let built = compile_sources(&sources, &options)?;
        frame::wanted(&built, flags.func.as_deref())?;
        if flags.json {
            let views = built.views(&sources);
            let passes = views.iter().filter_map(|view| view.record.cloned());
            let document = document::of_passes(passes.collect(), options.version);
            return print_out(document.text());
        }
        packages.push((built, sources));
    }
    let (_, sources) = &packages[0];
    let mut page = views::page(sources, lang(flags.lang));
    page.pass = flags.pass.first().map(|name| name.replace('_', " "));
    for (built, sources) in &packages {
        page.functions.extend(built.views(sources));
    }
    if flags.pass.is_empty() {
        page.functions.iter().for_each(say_what_is_missing);
    }
    output::write(&path, html(&page).as_bytes(), output::Kind::Text, &inputs).map_err(Stop::Usage)
}

/// Says if a function is so large that not all passes were recorded.
fn say_what_is_missing(function: &Function) {
    let Some(record) = function.record else {
        return;
    };
    let recorded = record.passes.iter().filter(|pass| pass.recorded).count();
    let all = record.passes.len();
    if recorded < all {
        let name = &function.name;
        say(format_args!(
            "minigo: {name} is so large that the page has {recorded} of its {all} passes; -pass chooses others\n"
        ));
    }
}

/// The request of `GOSSAFUNC`: the page of a function, as gc writes one.
pub(super) struct Asked {
    func: String,
    /// Print the passes, too.
    prints: bool,
}

impl Asked {
    /// Reads `FUNC`, or `FUNC+`, which prints the passes, too. What follows a colon is for graphs, which pages have anyway
    /// (gc: main.go).
    pub fn of_environment() -> Option<Asked> {
        let text = std::env::var("GOSSAFUNC").ok()?;
        let name = text.split(':').next().unwrap_or_default();
        let func = name.trim_end_matches('+');
        (!func.is_empty()).then(|| Asked {
            func: func.to_owned(),
            prints: name.ends_with('+'),
        })
    }

    /// Asks for the function's passes.
    pub fn add_to(&self, options: &mut Options) {
        options.rows = true;
        options.record = Some(Recording {
            func: Some(self.func.clone()),
            passes: Vec::new(),
        });
        if self.prints {
            let own = self.func.rsplit('.').next().unwrap_or_default();
            options.debug.push(format!("ssa/all/dump={own}"));
        }
    }

    /// Writes the page to `ssa.html` in the current folder. Returns gc's message about it, which is empty if there is no such
    /// function.
    pub fn write(
        &self,
        built: &Built,
        sources: &[Source],
        inputs: &[PathBuf],
        lang: Lang,
    ) -> Result<String, Stop> {
        let mut page = views::page(sources, lang);
        page.functions = built.views(sources);
        if page.functions.is_empty() {
            return Ok(String::new());
        }
        let path = current_folder().join(Path::new("ssa.html"));
        output::write(&path, html(&page).as_bytes(), output::Kind::Text, inputs)
            .map_err(Stop::Usage)?;
        Ok(format!("dumped SSA to {}\n", path.display()))
    }
}
