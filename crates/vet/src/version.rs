//! What differs between the Go versions whose `go vet` minigo follows.

/// A Go version as data: checks read its fields and never compare versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// As given to `-go`: `1.15`.
    pub name: &'static str,
    /// The release tags `go1.1` to `go1.release` hold.
    pub release: u32,
    /// `//go:build` lines decide, and `// +build` lines only where there is none.
    pub go_build_lines: bool,
    /// The tag `unix` holds.
    pub unix_tag: bool,
    /// Sizes of structs and arrays are gc's. Before, a struct ended with its last field, without padding
    /// (go/types: StdSizes).
    pub gc_sizes: bool,
    /// Aliases keep their names in messages, and there is `any`.
    pub named_aliases: bool,
    /// The files have syntax that minigo's parser lacks: what it cannot parse is passed over.
    pub newer_syntax: bool,
    /// The framepointer analyzer exists.
    pub framepointer: bool,
    /// `TEXT f<ABIInternal>(SB)` is the function f; results may be in registers, and `RET f(SB)` need not
    /// write them.
    pub abi_selectors: bool,
    /// R14 is g and X15 zero in ABIInternal functions, R15 addresses the global offset table.
    pub reserved_registers: bool,
    /// What the type checker says of a name that is not declared.
    pub undeclared: &'static str,
    /// Findings in assembly name files of the current folder with `./`.
    pub dot_slash: bool,
    /// Exit status of `go vet` when it finds something.
    pub status: u8,
}

impl Version {
    /// Go 1.15: the default.
    pub const GO1_15: Version = Version {
        name: "1.15",
        release: 15,
        go_build_lines: false,
        unix_tag: false,
        gc_sizes: false,
        named_aliases: false,
        newer_syntax: false,
        framepointer: false,
        abi_selectors: false,
        reserved_registers: false,
        undeclared: "undeclared name",
        dot_slash: true,
        status: 2,
    };

    /// Go 1.27.
    pub const GO1_27: Version = Version {
        name: "1.27",
        release: 27,
        go_build_lines: true,
        unix_tag: true,
        gc_sizes: true,
        named_aliases: true,
        newer_syntax: true,
        framepointer: true,
        abi_selectors: true,
        reserved_registers: true,
        undeclared: "undefined",
        dot_slash: false,
        status: 1,
    };

    /// All versions, oldest first.
    pub const ALL: [Version; 2] = [Version::GO1_15, Version::GO1_27];

    /// The version with that name: `1.15`, `go1.15` or `1.15.15`.
    pub fn parse(name: &str) -> Option<Version> {
        let name = name.strip_prefix("go").unwrap_or(name);
        Self::ALL.into_iter().find(|version| {
            name.strip_prefix(version.name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

impl Default for Version {
    fn default() -> Self {
        Version::GO1_15
    }
}
