//! The systems that minigo makes code for, by their names in GOOS and GOARCH.

use target_lexicon::Triple;

/// The systems and architectures that Go 1.15 has and minigo doesn't (gc: go tool dist list).
const OTHERS: &str = "aix/ppc64 android/386 android/amd64 android/arm android/arm64 darwin/arm64 \
    dragonfly/amd64 freebsd/386 freebsd/amd64 freebsd/arm freebsd/arm64 illumos/amd64 js/wasm linux/386 \
    linux/arm linux/arm64 linux/mips linux/mips64 linux/mips64le linux/mipsle linux/ppc64 linux/ppc64le \
    linux/riscv64 linux/s390x netbsd/386 netbsd/amd64 netbsd/arm netbsd/arm64 openbsd/386 openbsd/amd64 \
    openbsd/arm openbsd/arm64 plan9/386 plan9/amd64 plan9/arm solaris/amd64 windows/386 windows/amd64 \
    windows/arm";

/// A system on amd64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Executables and ELF objects.
    #[default]
    Linux,
    /// Mach-O objects, without a runtime.
    Darwin,
}

impl Target {
    /// The only architecture, by its name in GOARCH.
    pub const ARCH: &'static str = "amd64";

    /// Returns the target of a pair of GOOS and GOARCH, by default linux and amd64.
    ///
    /// # Errors
    ///
    /// A pair that Go or minigo doesn't have.
    pub fn parse(os: &str, arch: &str) -> Result<Target, String> {
        let or = |text: &str, default: &str| match text {
            "" => default.to_owned(),
            text => text.to_owned(),
        };
        let pair = format!("{}/{}", or(os, "linux"), or(arch, Target::ARCH));
        match pair.as_str() {
            "linux/amd64" => Ok(Target::Linux),
            "darwin/amd64" => Ok(Target::Darwin),
            _ if OTHERS.split_whitespace().any(|known| known == pair) => Err(format!(
                "minigo does not support {pair}: it makes code for linux/amd64, and objects for darwin/amd64"
            )),
            _ => Err(format!("unsupported GOOS/GOARCH pair {pair}")),
        }
    }

    /// Returns the name in GOOS.
    pub fn os(self) -> &'static str {
        match self {
            Target::Linux => "linux",
            Target::Darwin => "darwin",
        }
    }

    /// Returns the name in object formats.
    pub fn triple(self) -> Triple {
        let text = match self {
            Target::Linux => "x86_64-unknown-linux-gnu",
            Target::Darwin => "x86_64-apple-darwin",
        };
        text.parse().expect("the triple is well-formed")
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn pairs_are_known_or_refused() {
        assert_eq!(Target::parse("", ""), Ok(Target::Linux));
        assert_eq!(Target::parse("darwin", ""), Ok(Target::Darwin));
        for (os, arch, message) in [
            ("foo", "", "unsupported GOOS/GOARCH pair foo/amd64"),
            (
                "windows",
                "arm64",
                "unsupported GOOS/GOARCH pair windows/arm64",
            ),
            (
                "",
                "arm64",
                "minigo does not support linux/arm64: it makes code for linux/amd64, and objects for darwin/amd64",
            ),
        ] {
            assert_eq!(Target::parse(os, arch), Err(message.to_owned()));
        }
    }
}
