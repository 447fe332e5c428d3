//! Names of files and packages.

use std::path::{Component, Path, PathBuf};

/// Returns the shortest equivalent path by name alone, `.` for an empty one (Go: path.Clean).
pub fn clean(path: impl AsRef<Path>) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.as_ref().components() {
        match (component, cleaned.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(cleaned.pop()),
            (other, _) => cleaned.push(other),
        }
    }
    match cleaned.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => cleaned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("a//b/./c", "a/b/c"),
            ("a/../b/..", "."),
            ("../../a", "../../a"),
            ("/a/../../b", "/b"),
            ("/..", "/"),
        ] {
            assert_eq!(clean(path), Path::new(expected), "{path}");
        }
    }
}
