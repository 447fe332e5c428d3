//! Requests: a line with a command, then files.
//!
//! ```text
//! look -go 1.27 -N
//! -- x.go --
//! package main
//! ```

use minigo::{Form, GoVersion, Lang, Options, Recording, Source};

/// The command of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// `build -S`: the listing as text.
    Listing,
    /// `look`: instructions with reasons and frames, as JSON.
    Look,
    /// `frame -pc OFFSET FUNC`: the frame before an instruction, as JSON.
    Frame,
    /// `see FUNC`: the page about a function.
    See,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub what: What,
    /// The versions of Go to compile as (`-go 1.15`, for pages also `-go 1.15,1.27`).
    pub versions: Vec<GoVersion>,
    /// The language of a page (`-lang`).
    pub lang: Lang,
    /// False for `-N`.
    optimize: bool,
    /// False for `-l`.
    inline: bool,
    /// The package path (`-p`).
    package: String,
    /// The offset of an instruction (`-pc`).
    pub pc: Option<u32>,
    /// The function that is asked for, as linked: `main.add`.
    pub function: Option<String>,
    pub sources: Vec<Source>,
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// An unknown command or flag, or a flag without its value.
    pub fn parse(text: &str) -> Result<Request, String> {
        let (line, files) = text.split_once('\n').unwrap_or((text, ""));
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let what = match words.next() {
            Some("build") => What::Listing,
            Some("look") => What::Look,
            Some("frame") => What::Frame,
            Some("see") => What::See,
            other => return Err(format!("there is no command {}", other.unwrap_or("\"\""))),
        };
        let mut request = Request {
            what,
            versions: vec![GoVersion::default()],
            lang: Lang::default(),
            optimize: true,
            inline: true,
            package: String::new(),
            pc: None,
            function: None,
            sources: sources(files),
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} lacks its value"));
            match word {
                // Listings are the only output of build here.
                "-S" if what == What::Listing => {}
                "-N" => request.optimize = false,
                "-l" => request.inline = false,
                "-p" => request.package = value()?.to_owned(),
                "-go" => request.versions = versions(value()?)?,
                "-lang" => {
                    let name = value()?;
                    request.lang =
                        Lang::parse(name).ok_or(format!("there is no language {name}"))?;
                }
                "-pc" => {
                    let number = value()?.parse();
                    request.pc = Some(number.map_err(|_| "-pc takes a number")?);
                }
                _ if word.starts_with('-') => return Err(format!("there is no flag {word}")),
                _ => request.function = Some(word.to_owned()),
            }
        }
        match request.versions[..] {
            [_] => Ok(request),
            _ if what == What::See => Ok(request),
            _ => Err("only pages have several versions".to_owned()),
        }
    }

    /// Returns how to compile as the first version.
    pub fn options(&self) -> Options {
        self.options_of(self.versions[0])
    }

    /// Returns how to compile as a version.
    pub fn options_of(&self, version: GoVersion) -> Options {
        let record = Recording {
            func: self.function.clone(),
            passes: Vec::new(),
        };
        Options {
            version,
            optimize: self.optimize,
            inline: self.inline,
            package: self.package.clone(),
            record: (self.what == What::See).then_some(record),
            json: self.what == What::Look,
            // As data the reasons are in all languages.
            why: (self.what == What::Look).then_some((Form::Full, Lang::En)),
            ..Options::default()
        }
    }
}

/// Returns the versions of a list.
fn versions(names: &str) -> Result<Vec<GoVersion>, String> {
    let version = |name| GoVersion::parse(name).ok_or_else(|| format!("Go {name} isn't known"));
    names.split(',').map(version).collect()
}

/// Returns the files of an archive: a line `-- name --` begins a file.
fn sources(text: &str) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line
            .trim_end()
            .strip_prefix("-- ")
            .and_then(|rest| rest.strip_suffix(" --"));
        match (name, sources.last_mut()) {
            (Some(name), _) => sources.push(Source::new(name.trim(), "")),
            (None, Some(source)) => source.text.extend_from_slice(line.as_bytes()),
            (None, None) => {}
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_name_command_flags_and_files() {
        let text = "frame -go 1.27 -N -pc 43 main.add\n-- x.go --\npackage p\n-- x.s --\n";
        let request = Request::parse(text).unwrap();
        assert_eq!(
            (request.what, &request.versions[..], request.pc),
            (What::Frame, &[GoVersion::Go1_27][..], Some(43))
        );
        assert_eq!(request.function.as_deref(), Some("main.add"));
        assert_eq!(
            request.sources,
            [Source::new("x.go", "package p\n"), Source::new("x.s", "")]
        );
        assert!(!request.options().optimize);
    }

    #[test]
    fn wrong_requests_say_why() {
        for (text, why) in [
            ("", "there is no command \"\""),
            ("run", "there is no command run"),
            ("look -x", "there is no flag -x"),
            ("look -S", "there is no flag -S"),
            ("build -S -go", "-go lacks its value"),
            ("build -S -go 1.11", "Go 1.11 isn't known"),
            ("frame -pc x", "-pc takes a number"),
            ("look -go 1.10,1.15", "only pages have several versions"),
            ("see -go 1.10,1.11", "Go 1.11 isn't known"),
            ("see -lang de", "there is no language de"),
        ] {
            assert_eq!(Request::parse(text).unwrap_err(), why, "{text}");
        }
    }
}
