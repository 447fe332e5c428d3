//! What the environment says: the version of Go, the target, the language, folders.

use std::path::PathBuf;

use minigo_base::GoVersion;
use minigo_story::Lang;

use super::output;
use super::stop::Stop;
use crate::target::Target;

/// Returns the version of Go that a flag asks for, else that of the environment, else minigo's default.
///
/// # Errors
///
/// A version in the environment that `parse` refuses.
pub(super) fn go_version(
    flag: Option<GoVersion>,
    parse: fn(&str) -> Result<GoVersion, String>,
) -> Result<GoVersion, Stop> {
    const VARIABLE: &str = "MINIGO_GO";
    if let Some(version) = flag {
        return Ok(version);
    }
    match std::env::var_os(VARIABLE) {
        Some(name) if !name.is_empty() => {
            let name = name.to_string_lossy();
            let wrong = |why| Stop::Usage(format!("{VARIABLE}={name}: {why}"));
            parse(&name).map_err(wrong)
        }
        _ => Ok(GoVersion::default()),
    }
}

/// Returns the current folder; an empty path if the system can't name it.
pub(super) fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// Returns the target that `GOOS` and `GOARCH` ask for.
pub(super) fn target() -> Result<Target, Stop> {
    let variable = |name| std::env::var(name).unwrap_or_default();
    Target::parse(&variable("GOOS"), &variable("GOARCH")).map_err(Stop::Usage)
}

/// Returns the language of explanations: the one asked for, or that of the locale.
pub(super) fn lang(asked: Option<Lang>) -> Lang {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut set = variables.filter_map(|name| std::env::var(name).ok());
    asked.unwrap_or_else(|| {
        let locale = set.find(|locale| !locale.is_empty());
        Lang::of_locale(&locale.unwrap_or_default())
    })
}

/// Makes a folder that goes when it is dropped.
pub(super) fn temp_dir() -> Result<tempfile::TempDir, Stop> {
    tempfile::tempdir().map_err(|err| {
        let folder = std::env::temp_dir();
        let (folder, err) = (folder.display(), output::nameless(err));
        Stop::Usage(format!("cannot make a temporary folder in {folder}: {err}"))
    })
}
