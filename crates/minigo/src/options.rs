//! How to compile.

use std::path::PathBuf;

use minigo_base::GoVersion;
use minigo_link::Paths;
use minigo_story::Lang;
use minigo_story::why::Form;

use crate::profile::Profile;
use crate::target::Target;

/// How to compile a package. The default is for sources in memory: it compiles as `minigo build -S` does.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version of Go to compile as.
    pub version: GoVersion,
    /// Optimize; false for `-N`.
    pub optimize: bool,
    /// Inline calls; false for `-l`.
    pub inline: bool,
    /// How much the inliner reports: 0 nothing, 1 its decisions, 2 and more its reasons (`-m`).
    pub explain: u32,
    /// Report all errors, not only ten (`-e`).
    pub all_errors: bool,
    /// Refuse functions without a body in packages without assembly files.
    pub complete: bool,
    /// The package path that debugging symbols name (`-p`).
    pub package: String,
    /// The prefix to cut off file names (`-trimpath`); empty for the folder.
    pub trimpath: Option<String>,
    /// Keep the listing for [`Built::listing`](crate::Built::listing). Files then have the names that were given;
    /// otherwise the names that `go build` shows.
    pub listing: bool,
    /// Keep the listing as data for [`Built::symbols`](crate::Built::symbols) instead of as text.
    pub json: bool,
    /// Say in the listing why each line is there.
    pub why: Option<(Form, Lang)>,
    /// Record the passes of functions for [`Built::views`](crate::Built::views).
    pub record: Option<Recording>,
    /// Keep the instructions of functions for [`Built::functions`](crate::Built::functions).
    pub rows: bool,
    /// Size of a program's first stack in bytes, a power of two.
    pub stack0: u64,
    /// Put debugging information into objects and executables; false for `-w`.
    pub debugging: bool,
    /// Put a symbol table into executables; false for `-s`.
    pub symbol_table: bool,
    /// The descriptor to which a program reports each growth of its stack, in records of 64 bytes.
    pub growth: Option<u32>,
    /// Debugging settings, as `-d` takes them: `ssa/PASS/dump=FUNC`.
    pub debug: Vec<String>,
    /// The system that objects and executables are for.
    pub target: Target,
    /// The folder of Go, for the names of its files in listings; while it is empty, they begin with `$GOROOT`. Only
    /// versions whose listings have whole names follow it.
    pub goroot: PathBuf,
    /// The current folder, absolute: relative names of files start there, and executables name source files by their
    /// whole names. While it is empty, file names stay as they are and relative imports find nothing.
    pub folder: PathBuf,
    /// Called between stages, when much memory has come free, which an allocator may return to the system.
    pub freed: Option<fn()>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            version: GoVersion::default(),
            optimize: true,
            inline: true,
            explain: 0,
            all_errors: false,
            complete: false,
            package: String::new(),
            trimpath: None,
            listing: true,
            json: false,
            why: None,
            record: None,
            rows: true,
            stack0: 2048,
            debugging: true,
            symbol_table: true,
            growth: None,
            debug: Vec::new(),
            target: Target::Linux,
            goroot: PathBuf::new(),
            folder: PathBuf::new(),
            freed: None,
        }
    }
}

/// Which passes of which functions to record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The function's name, which may have the package in front; all functions without one.
    pub func: Option<String>,
    /// The passes; all without one.
    pub passes: Vec<String>,
}

impl Recording {
    /// Reports whether the function `name` of a package is wanted.
    pub(crate) fn wants(&self, name: &str, package: &str) -> bool {
        self.func.as_deref().is_none_or(|func| {
            let own = func.strip_prefix(package);
            func == name || own.and_then(|own| own.strip_prefix('.')) == Some(name)
        })
    }
}

impl Options {
    /// Says that much memory has come free.
    pub(crate) fn tell_freed(&self) {
        if let Some(freed) = self.freed {
            freed();
        }
    }

    /// Returns how executables name files. A trimpath without prefix stands for the folder, as in go build.
    pub(crate) fn paths(&self) -> Paths {
        let rewrites = match self.trimpath.as_deref() {
            Some("") => {
                let name = Profile::of(self.version).trimmed_folder;
                format!("{}=>{name}", self.folder.display())
            }
            prefix => prefix.unwrap_or_default().to_owned(),
        };
        Paths {
            folder: self.folder.clone(),
            rewrites,
            complete: Vec::new(),
        }
    }
}
