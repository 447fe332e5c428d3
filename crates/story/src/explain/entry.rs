//! The form of an entry: a text in every language and examples that compile or don't.

use crate::lang::Text;

/// An entry about a code or a term.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name to ask for.
    pub name: &'static str,
    /// For codes the shapes of their messages, in which `*` stands for any text; for terms their other names.
    pub shapes: &'static [&'static str],
    /// The explanation.
    pub about: Text,
    /// A program with the mistake, if there is one to make.
    pub wrong: Option<Example>,
    /// A program that is right.
    pub right: Example,
}

/// A program of one or two files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Example {
    /// The Go file after its package clause; empty for none.
    pub go: &'static str,
    /// A second Go file, `y.go`, with its package clause; empty for none.
    pub second: &'static str,
    /// The assembly file; empty for none.
    pub assembly: &'static str,
    /// How the example is tried.
    pub trial: Trial,
    /// Parts of the lines of the listing that it is an example of.
    pub shows: &'static [&'static str],
}

/// How an example is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trial {
    /// It is compiled or assembled.
    #[default]
    Compile,
    /// It is compiled and linked.
    Link,
    /// Its assembly is compared with its declarations, as by `minigo vet`.
    Vet,
    /// The same as the `go vet` of Go 1.27 does.
    VetNewest,
    /// It is compiled or assembled as by Go 1.27.
    CompileNewest,
    /// It is assembled for a shared library.
    Shared,
}

impl Example {
    /// Returns an example without assembly.
    pub const fn go(go: &'static str) -> Example {
        Example {
            go,
            second: "",
            assembly: "",
            trial: Trial::Compile,
            shows: &[],
        }
    }

    /// Returns an example without Go.
    pub const fn assembly(assembly: &'static str) -> Example {
        Example {
            assembly,
            ..Example::go("")
        }
    }

    /// Returns an example of both.
    pub const fn both(go: &'static str, assembly: &'static str) -> Example {
        Example {
            assembly,
            ..Example::go(go)
        }
    }

    /// The example, to be linked.
    pub const fn linked(self) -> Example {
        Example {
            trial: Trial::Link,
            ..self
        }
    }

    /// The example, to be vetted.
    pub const fn vetted(self) -> Example {
        Example {
            trial: Trial::Vet,
            ..self
        }
    }

    /// The example, to be vetted as Go 1.27 does.
    pub const fn vetted_newest(self) -> Example {
        Example {
            trial: Trial::VetNewest,
            ..self
        }
    }

    /// The example, to be compiled or assembled as Go 1.27 does.
    pub const fn newest(self) -> Example {
        Example {
            trial: Trial::CompileNewest,
            ..self
        }
    }

    /// The example, to be assembled for a shared library.
    pub const fn shared(self) -> Example {
        Example {
            trial: Trial::Shared,
            ..self
        }
    }

    /// The example with a second Go file, `y.go`, which has its package clause.
    pub const fn with(self, second: &'static str) -> Example {
        Example { second, ..self }
    }

    /// The example with the lines of its listing that have one of these parts.
    pub const fn showing(self, shows: &'static [&'static str]) -> Example {
        Example { shows, ..self }
    }

    /// Returns the arguments of the command that tries the example, whose files are called `x.go` and `x.s`.
    pub fn command(&self) -> &'static [&'static str] {
        match (self.trial, self.go.is_empty(), self.assembly.is_empty()) {
            (Trial::Compile, false, true) if !self.second.is_empty() => {
                &["build", "-S", "x.go", "y.go"]
            }
            (Trial::Compile, false, true) => &["build", "-S", "x.go"],
            (Trial::Compile, true, _) => &["asm", "-S", "x.s"],
            (Trial::Compile, false, false) => &["build", "-S", "x.go", "x.s"],
            (Trial::Link, _, true) => &["build", "x.go"],
            (Trial::Link, ..) => &["build", "x.go", "x.s"],
            (Trial::Vet, ..) => &["vet", "x.go", "x.s"],
            (Trial::CompileNewest, false, _) => &["build", "-S", "-go", "1.27", "x.go"],
            (Trial::CompileNewest, true, _) => &["asm", "-S", "-go", "1.27", "x.s"],
            (Trial::Shared, ..) => &["asm", "-S", "-dynlink", "x.s"],
            (Trial::VetNewest, ..) => &["vet", "-go", "1.27", "x.go", "x.s"],
        }
    }

    /// The text of the Go file; none if there is no such file.
    pub fn go_file(&self) -> Option<String> {
        let package = match self.trial {
            Trial::Link => "main",
            Trial::Compile
            | Trial::CompileNewest
            | Trial::Shared
            | Trial::Vet
            | Trial::VetNewest => "p",
        };
        let clause = match self.go.starts_with("package") {
            true => String::new(),
            false => format!("package {package}\n\n"),
        };
        (!self.go.is_empty()).then(|| format!("{clause}{}\n", self.go))
    }

    /// The text of the second Go file; none if there is no such file.
    pub fn second_file(&self) -> Option<String> {
        (!self.second.is_empty()).then(|| format!("{}\n", self.second))
    }

    /// The text of the assembly file; none if there is no such file.
    pub fn assembly_file(&self) -> Option<String> {
        (!self.assembly.is_empty()).then(|| format!("{}\n", self.assembly))
    }
}

/// Declares an enumeration whose variants are the names of entries, each with its entry.
macro_rules! entries {
    ($(#[$meta:meta])* $enum:ident;
     $($name:ident {
        $(name: $title:literal,)?
        shapes: [$($shape:literal),* $(,)?],
        en: $en:literal,
        zh: $zh:literal,
        $(wrong: $wrong:expr,)?
        right: $right:expr $(,)?
     })*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum $enum { $($name),* }

        impl $enum {
            /// All of them, in the order in which they are listed.
            pub const ALL: &'static [$enum] = &[$($enum::$name),*];

            /// Returns the entry.
            pub fn entry(self) -> &'static Entry {
                match self {
                    $($enum::$name => {
                        #[allow(unused_mut, unused_assignments)]
                        const ENTRY: Entry = {
                            let mut name = stringify!($name);
                            let mut wrong = None;
                            $(name = $title;)?
                            $(wrong = Some($wrong);)?
                            Entry {
                                name,
                                shapes: &[$($shape),*],
                                about: Text { en: $en, zh: $zh },
                                wrong,
                                right: $right,
                            }
                        };
                        &ENTRY
                    })*
                }
            }
        }
    };
}
pub(super) use entries;
