//! The Go versions that minigo knows by name.

use std::fmt;

/// A Go version: its name and nothing else. Each crate keeps the facts that it needs in a profile of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoVersion {
    /// Go 1.10: the version of the articles' listings.
    Go1_10,
    /// Go 1.15: the last one before the register calling convention, and the default.
    #[default]
    Go1_15,
    /// Go 1.27.
    Go1_27,
}

impl GoVersion {
    /// All versions, oldest first.
    pub const ALL: [GoVersion; 3] = [GoVersion::Go1_10, GoVersion::Go1_15, GoVersion::Go1_27];

    /// Returns the name that `-go` takes: `1.15`.
    pub const fn name(self) -> &'static str {
        match self {
            GoVersion::Go1_10 => "1.10",
            GoVersion::Go1_15 => "1.15",
            GoVersion::Go1_27 => "1.27",
        }
    }

    /// Returns the number after the point. Build constraints hold for the tags `go1.1` to `go1.release`.
    pub const fn release(self) -> u32 {
        match self {
            GoVersion::Go1_10 => 10,
            GoVersion::Go1_15 => 15,
            GoVersion::Go1_27 => 27,
        }
    }

    /// Returns the version with a name such as `1.15`, `go1.15` or `1.15.15`.
    pub fn parse(name: &str) -> Option<GoVersion> {
        let name = name.strip_prefix("go").unwrap_or(name);
        Self::ALL.into_iter().find(|version| {
            name.strip_prefix(version.name())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_parse_with_prefix_and_patch_level() {
        assert_eq!(GoVersion::parse("go1.15.15"), Some(GoVersion::Go1_15));
        assert_eq!(GoVersion::parse("1.10"), Some(GoVersion::Go1_10));
        assert_eq!(GoVersion::parse("1.1"), None);
        assert_eq!(GoVersion::parse("1.155"), None);
    }
}
