//! The page's compiler beside the command: every test and example, as every version, has the same listing or the same
//! messages.

use std::path::Path;
use std::process::Command;

use minigo::GoVersion;
use minigo_tests::{Archive, files, root};

use crate::go::{Profile, minigo};

/// Nested parentheses that no browser's stack has room for, and the request after them.
const TOO_DEEP: usize = 100_000;

/// The number of packages that may be nested too deeply: those of tests of long chains of types.
const MOST_DEEP: usize = 6;

/// A package, and how both compile it.
struct Case {
    name: String,
    /// Names and texts of its files.
    files: Vec<(String, String)>,
    flags: Vec<&'static str>,
}

impl Case {
    fn request(&self) -> String {
        let files = self.files.iter();
        let files: String = files
            .map(|(name, text)| format!("-- {name} --\n{text}"))
            .collect();
        format!("build -S {}\n{files}", self.flags.join(" "))
    }

    /// Returns the exit status and the output of the command, in the form of an answer.
    fn command(&self, minigo: &Path, folder: &Path) -> Result<String, String> {
        let failed = |err: std::io::Error| format!("{}: {err}", self.name);
        for (name, text) in &self.files {
            std::fs::write(folder.join(name), text).map_err(failed)?;
        }
        let mut command = Command::new(minigo);
        for variable in ["GOSSAFUNC", "GOOS", "GOARCH", "GOROOT", "MINIGO_GO"] {
            command.env_remove(variable);
        }
        let output = command
            .current_dir(folder)
            .args(["build", "-S"])
            .arg(format!("-trimpath={}", folder.display()))
            .args(&self.flags)
            .args(self.files.iter().map(|(name, _)| name))
            .output()
            .map_err(failed)?;
        let text = match output.status.success() {
            true => &output.stdout,
            false => &output.stderr,
        };
        let status = output.status.code().unwrap_or(-1);
        Ok(format!("{status}\n{}", String::from_utf8_lossy(text)))
    }
}

/// Compares the compiler of a page with the command.
///
/// # Errors
///
/// There is no node, or a difference.
pub fn listings(page: &Path) -> Result<(), String> {
    if Command::new("node").arg("--version").output().is_err() {
        println!("SKIPPED: no node to run the page's compiler in");
        return Ok(());
    }
    let minigo = minigo(Profile::Dev)?;
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let cases = cases()?;
    let mut requests: Vec<String> = cases.iter().map(Case::request).collect();
    let deep = format!(
        "build -S\n-- x.go --\npackage p\n\nvar x = {}1{}\n",
        "(".repeat(TOO_DEEP),
        ")".repeat(TOO_DEEP)
    );
    // After it, the page's compiler still answers.
    let after = requests.first().cloned().ok_or("there are no tests")?;
    requests.extend([deep, after]);
    let answers = answers(page, &requests, work.path())?;

    let (mut n_listings, mut n_deep) = (0, 0);
    for (case, answer) in cases.iter().zip(&answers) {
        if answer.starts_with("deep\n") {
            n_deep += 1;
            continue;
        }
        let folder = tempfile::tempdir_in(work.path()).map_err(|err| err.to_string())?;
        let want = case.command(&minigo, folder.path())?;
        if *answer != want {
            let difference = similar::TextDiff::from_lines(&want, answer);
            return Err(format!(
                "{} {}: the page differs from the command:\n{}",
                case.name,
                case.flags.join(" "),
                difference.unified_diff().context_radius(2)
            ));
        }
        n_listings += usize::from(answer.starts_with("0\n"));
    }
    let [.., deep, after] = &answers[..] else {
        return Err("answers are missing".to_owned());
    };
    if !deep.starts_with("deep\n") || *after != answers[0] {
        return Err(format!("nested too deeply: {deep:?}, and then: {after:?}"));
    }
    if n_deep > MOST_DEEP {
        return Err(format!("{n_deep} packages are nested too deeply"));
    }
    println!(
        "{} answers are the command's, {n_listings} of them listings; {n_deep} packages are nested too deeply",
        cases.len() - n_deep
    );
    Ok(())
}

/// Returns the page's answers to requests.
fn answers(page: &Path, requests: &[String], folder: &Path) -> Result<Vec<String>, String> {
    for (number, request) in requests.iter().enumerate() {
        let path = folder.join(format!("{number}.request"));
        std::fs::write(path, request).map_err(|err| err.to_string())?;
    }
    let mut node = Command::new("node");
    node.arg(root().join("xtask/src/web/check.mjs"))
        .arg(page)
        .arg(folder);
    super::succeed(node)?;
    let read = |number| {
        let path = folder.join(format!("{number}.answer"));
        std::fs::read_to_string(&path).map_err(|err| format!("{}: {err}", path.display()))
    };
    (0..requests.len()).map(read).collect()
}

/// Returns every test and example that has sources, as every version, optimized and not.
fn cases() -> Result<Vec<Case>, String> {
    let mut archives = Vec::new();
    for file in files(&root().join("tests"), ".txtar") {
        // Some are no UTF-8, which a page's editor can't hold.
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        archives.push((file, Archive::parse(&text)));
    }
    for file in files(&root().join("examples"), ".go") {
        let folder = file.parent().unwrap_or(Path::new(""));
        let archive = Archive::of_example(folder).map_err(|err| err.to_string())?;
        archives.push((file, archive));
    }
    let mut cases = Vec::new();
    for (file, archive) in archives {
        let is_file = |end: &str, name: &str| !name.contains(['/', ' ']) && name.ends_with(end);
        // A page has no files to include.
        let includes = archive
            .sections
            .iter()
            .any(|(name, _)| name.ends_with(".h"));
        let named = archive.sections.into_iter();
        let sources: Vec<(String, String)> = named
            .filter(|(name, _)| is_file(".go", name) || is_file(".s", name))
            .collect();
        if sources.is_empty() || includes {
            continue;
        }
        let name = file
            .strip_prefix(root())
            .unwrap_or(&file)
            .display()
            .to_string();
        for version in GoVersion::ALL {
            for more in [&[][..], &["-N", "-l"]] {
                let flags = ["-go", version.name()]
                    .into_iter()
                    .chain(more.iter().copied());
                cases.push(Case {
                    name: name.clone(),
                    files: sources.clone(),
                    flags: flags.collect(),
                });
            }
        }
    }
    Ok(cases)
}
