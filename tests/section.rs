//! The names of sections: what a section records, of which Go version and with which flags.
//!
//! A name is a word, or a few, and then flags of the compiler: `S -go 1.15 -N`, `ssa/generic cse`, `debug prove`,
//! `out -stack0 4096`. Without `-go` a section is of minigo's default version, so that recordings of two versions
//! stand side by side in one file. A name with a dot in it is a file. Everything else is a mistake, which both the
//! harness and `cargo xtask golden --bless` report.

use minigo_base::GoVersion;

/// A section's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The input or output.
    pub content: Content,
    /// The version of Go that it is recorded from (`-go`).
    pub version: GoVersion,
    /// False for `-N`.
    pub optimize: bool,
    /// False for `-l`.
    pub inline: bool,
    /// The package path (`-p`).
    pub package: Option<String>,
    /// The size of the program's first stack in bytes (`-stack0`).
    pub stack0: Option<u64>,
}

/// The content of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A file: `in.go`, `sub/x.h`, `in.ssa`.
    File,
    /// `S`: the listing.
    Listing,
    /// `W`: the trees after walk.
    Trees,
    /// `m`: the decisions of the inliner and their reasons.
    Inlining,
    /// `debug PASS`: the findings of a pass.
    Findings(String),
    /// `ssa/PASS`: the functions after a pass.
    Functions(String),
    /// `hex`: the bytes of assembly that is encoded as compiled code, 32 a line.
    Bytes,
    /// `err`: error messages.
    Errors,
    /// `hint`: the hints of messages, which Go doesn't have.
    Hints,
    /// `asmhdr`: the header for assembly.
    Header,
    /// `build`: the reasons why `go build` refuses a package.
    Refusal,
    /// `out`: the behaviour of the program.
    Outcome,
    /// `vet`: the findings of `go vet`.
    Vet,
    /// `sig`: the registers of the arguments of functions without body.
    Places,
    /// `asm ARGUMENTS`: all output of the assembler.
    Assembler(Vec<String>),
}

impl Section {
    /// Takes a section's name apart.
    ///
    /// # Errors
    ///
    /// The name of no content, or a flag that isn't known or lacks its value.
    pub fn parse(name: &str) -> Result<Section, String> {
        let mut section = Section {
            content: Content::File,
            version: GoVersion::default(),
            optimize: true,
            inline: true,
            package: None,
            stack0: None,
        };
        let words: Vec<&str> = name.split_whitespace().collect();
        if let [file] = words[..]
            && file.contains('.')
        {
            return Ok(section);
        }
        let end = words.iter().position(|word| word.starts_with('-'));
        let (title, mut flags) = words.split_at(end.unwrap_or(words.len()));
        let title = title.join(" ");
        let wrong = |why: &str| format!("section {name:?}: {why}");
        let is_assembler = title == "asm" || title.starts_with("asm ");
        while let [flag, rest @ ..] = flags {
            let mut value = || match rest.split_first() {
                Some((value, rest)) => {
                    flags = rest;
                    Ok(*value)
                }
                None => Err(wrong(&format!("{flag} lacks its value"))),
            };
            match *flag {
                "-go" => {
                    let version = value()?;
                    let known = GoVersion::parse(version);
                    section.version =
                        known.ok_or_else(|| wrong(&format!("Go {version} isn't known")))?;
                }
                // The others are the assembler's own.
                _ if is_assembler => break,
                "-p" => section.package = Some(value()?.to_owned()),
                "-stack0" => {
                    let size = value()?.parse();
                    section.stack0 = Some(size.map_err(|_| wrong("-stack0 takes a number"))?);
                }
                "-N" => (section.optimize, flags) = (false, rest),
                "-l" => (section.inline, flags) = (false, rest),
                _ => return Err(wrong(&format!("there is no flag {flag}"))),
            }
        }
        section.content = match title.split_once([' ', '/']) {
            None => match title.as_str() {
                "S" => Content::Listing,
                "W" => Content::Trees,
                "m" => Content::Inlining,
                "hex" => Content::Bytes,
                "err" => Content::Errors,
                "hint" => Content::Hints,
                "asmhdr" => Content::Header,
                "build" => Content::Refusal,
                "out" => Content::Outcome,
                "vet" => Content::Vet,
                "sig" => Content::Places,
                "asm" => Content::Assembler(flags.iter().map(|&word| word.to_owned()).collect()),
                _ => return Err(wrong("it is neither a file nor an output")),
            },
            Some(("debug", pass)) => Content::Findings(pass.to_owned()),
            Some(("ssa", pass)) => Content::Functions(pass.to_owned()),
            Some(("asm", files)) => {
                let words = files.split(' ').chain(flags.iter().copied());
                Content::Assembler(words.map(str::to_owned).collect())
            }
            Some(_) => return Err(wrong("it is neither a file nor an output")),
        };
        Ok(section)
    }

    /// Returns the flags as gc and minigo spell them, but for the version.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        if !self.optimize {
            flags.push("-N".to_owned());
        }
        if !self.inline {
            flags.push("-l".to_owned());
        }
        if let Some(path) = &self.package {
            flags.extend(["-p".to_owned(), path.clone()]);
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_flags() {
        let section = Section::parse("ssa/generic cse -go 1.10 -N").unwrap();
        assert_eq!(
            section.content,
            Content::Functions("generic cse".to_owned())
        );
        assert_eq!(
            (section.version, section.optimize, section.inline),
            (GoVersion::Go1_10, false, true)
        );
        assert_eq!(section.flags(), ["-N"]);
        let section = Section::parse("out -stack0 4096").unwrap();
        assert_eq!(
            (section.content, section.stack0),
            (Content::Outcome, Some(4096))
        );
    }

    #[test]
    fn arguments_of_the_assembler_are_its_own() {
        let section = Section::parse("asm -go 1.27 -o x.o sub").unwrap();
        let arguments = ["-o", "x.o", "sub"].map(str::to_owned).to_vec();
        assert_eq!(section.version, GoVersion::Go1_27);
        assert_eq!(section.content, Content::Assembler(arguments));
    }

    #[test]
    fn files_have_a_dot_in_their_names() {
        assert_eq!(Section::parse("sub/x.s").unwrap().content, Content::File);
        for wrong in ["s", "S -x", "S -go", "S -go 1.11", "out -stack0 x", "ssa"] {
            assert!(Section::parse(wrong).is_err(), "{wrong}");
        }
    }
}
