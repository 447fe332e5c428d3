//! `cargo xtask web`: the playground, one HTML file with the compiler in it as WebAssembly.

mod check;
mod text;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lzma_rust2::{LzmaOptions, LzmaWriter};
use minigo_tests::{files, root};
use sha2::{Digest, Sha256};

use crate::browser;
use crate::go::target_folder;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Web {
    /// The page (default: target/web/minigo.html)
    #[arg(short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Optimize less: a larger and slower page, built in a third of the time
    #[arg(long)]
    quick: bool,

    /// Compare the page's compiler with the command, in node, and its size with the limit; try the page in a browser
    #[arg(long)]
    check: bool,
}

/// The most bytes that the page may have: its size with both generations, and a little more. It grows only with features.
const LIMIT: usize = 1_358_000;
/// The same for a page that is built fast, with room for a few features.
const QUICK_LIMIT: usize = 1_900_000;

/// The target of the module.
const TARGET: &str = "wasm32-unknown-unknown";
/// The profile for a page that is built fast.
const QUICK: &str = "quick";
/// Names a folder with a `rustc` that has the target, its `wasm-ld` and `wasm-opt`.
const VARIABLE: &str = "MINIGO_WASM_BIN";
/// The features that wasm-opt may use: those of rustc's code. With all features it writes types that node 20 doesn't read.
const FEATURES: [&str; 7] = [
    "bulk-memory",
    "bulk-memory-opt",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
    "multivalue",
    "reference-types",
];

/// The parts of the script, in their order.
const SCRIPTS: [&str; 9] = [
    "words.js",
    "bytes.js",
    "lzma.js",
    "compiler.js",
    "editor.js",
    "listing.js",
    "frame.js",
    "passes.js",
    "main.js",
];

/// A Rust compiler for WebAssembly.
struct Toolchain {
    /// The folder of its tools; none for the one that compiles minigo.
    folder: Option<PathBuf>,
}

impl Toolchain {
    /// Returns the compiler that the environment names, else the usual one if it has the target.
    fn find() -> Option<Toolchain> {
        let named = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty());
        if let Some(folder) = named {
            return Some(Toolchain {
                folder: Some(folder.into()),
            });
        }
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let args = ["--print", "target-libdir", "--target", TARGET];
        let output = Command::new(rustc).args(args).output().ok()?;
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        folder.is_dir().then_some(Toolchain { folder: None })
    }

    /// Builds the module and returns its bytes.
    fn build(&self, profile: &str) -> Result<Vec<u8>, String> {
        let target = page_folder();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["rustc", "--quiet", "--package", "minigo-web", "--lib"])
            .args(["--crate-type", "cdylib", "--target", TARGET])
            .args(["--profile", profile, "--target-dir"])
            .arg(&target)
            .current_dir(root());
        if let Some(folder) = &self.folder {
            command
                .env("RUSTC", folder.join("rustc"))
                .env(
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
                    folder.join("wasm-ld"),
                )
                .env_remove("RUSTC_WRAPPER")
                .env_remove("RUSTUP_TOOLCHAIN");
        }
        succeed(command)?;
        let made = target.join(TARGET).join(profile).join("minigo_web.wasm");
        if profile == QUICK {
            return read(&made);
        }
        let small = target.join("minigo.wasm");
        match self.optimize(&made, &small)? {
            true => read(&small),
            false => {
                println!("There is no wasm-opt (Binaryen): the page is larger than it could be.");
                read(&made)
            }
        }
    }

    /// Makes a module smaller; false if the tool isn't there.
    fn optimize(&self, module: &Path, small: &Path) -> Result<bool, String> {
        let name = Path::new("wasm-opt");
        let tool = self
            .folder
            .as_ref()
            .map_or(name.to_owned(), |folder| folder.join(name));
        let mut command = Command::new(tool);
        command
            .arg("-Oz")
            .args(FEATURES.map(|feature| format!("--enable-{feature}")))
            .arg(module)
            .arg("-o")
            .arg(small);
        match command.status() {
            Ok(status) if status.success() => Ok(true),
            Ok(_) => Err(format!("{command:?} fails")),
            Err(_) => Ok(false),
        }
    }
}

/// Runs the command. Says aloud when there is nothing to make the page with.
///
/// # Errors
///
/// The module doesn't build, a file can't be written, the page is too large, or a listing differs.
pub fn web(flags: &Web) -> Result<(), String> {
    let Some(toolchain) = Toolchain::find() else {
        let missing = format!(
            "no Rust compiler for {TARGET}: rustup target add {TARGET}, or name a folder with one in {VARIABLE}"
        );
        return match flags.check {
            true => {
                println!("SKIPPED: {missing}");
                Ok(())
            }
            false => Err(missing),
        };
    };
    let module = toolchain.build(if flags.quick { QUICK } else { "web" })?;
    let page = page(&module)?;
    let output = match &flags.output {
        Some(path) => path.clone(),
        None => page_folder().join("minigo.html"),
    };
    std::fs::write(&output, &page).map_err(|err| format!("{}: {err}", output.display()))?;
    println!(
        "{}: {} bytes, module {}",
        output.display(),
        page.len(),
        module.len()
    );
    if !flags.check {
        return Ok(());
    }
    bounded(page.len(), if flags.quick { QUICK_LIMIT } else { LIMIT })?;
    check::listings(&output)?;
    let page = output
        .canonicalize()
        .map_err(|err| format!("{}: {err}", output.display()))?;
    browser::run("web.mjs", &[&page])
}

/// Compares the size of the page with its limit.
fn bounded(size: usize, limit: usize) -> Result<(), String> {
    if size > limit {
        return Err(format!(
            "the page has {size} bytes, and its limit is {limit}"
        ));
    }
    Ok(())
}

/// Returns the page with its parts put in.
fn page(module: &[u8]) -> Result<String, String> {
    let folder = root().join("crates/web/page");
    let text =
        |name: &str| String::from_utf8(read(&folder.join(name))?).map_err(|err| err.to_string());
    let style = text("style.css")?;
    let mut script = String::from("\"use strict\";\n");
    for name in SCRIPTS {
        script.push_str(&text(name)?);
    }
    let parts = [
        ("{{csp}}", policy(&style, &script)),
        ("{{style}}", style),
        ("{{worker}}", text("worker.js")?),
        ("{{bytes}}", module.len().to_string()),
        ("{{compiler}}", text::text_of(&packed(module)?)),
        ("{{examples}}", json(&examples()?)?),
        ("{{script}}", script),
    ];
    let mut page = String::new();
    let template = text("index.html")?;
    let mut rest = template.as_str();
    for (place, part) in parts {
        let (before, after) = rest
            .split_once(place)
            .ok_or(format!("there is no {place} in the page"))?;
        page.push_str(before);
        page.push_str(&part);
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

/// Returns a module as a stream of LZMA that `crates/web/page/lzma.js` reads. It has two thirds of what deflate leaves: rules and
/// passes of several versions of Go resemble each other over long distances.
fn packed(module: &[u8]) -> Result<Vec<u8>, String> {
    let mut options = LzmaOptions::with_preset(9);
    (options.lc, options.lp, options.pb) = (3, 0, 0);
    options.dict_size = module.len().next_power_of_two() as u32;
    let mut writer = LzmaWriter::new_no_header(Vec::new(), &options, false)
        .map_err(|err| format!("LZMA: {err}"))?;
    let written = writer.write_all(module).map(|()| writer);
    let stream = written.and_then(LzmaWriter::finish);
    stream.map_err(|err| format!("LZMA: {err}"))
}

/// Returns the policy of the page: nothing is loaded, and only its own style, script, worker and module are used, and those of
/// pages about passes.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let [framed_styles, framed_scripts] = minigo_page::allowed();
    let (style, script) = (hash(style), hash(script));
    [
        "default-src 'none'",
        &format!("style-src {style} {framed_styles}"),
        &format!("script-src {script} {framed_scripts} 'wasm-unsafe-eval'"),
        "worker-src blob:",
        "frame-src blob:",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    .join("; ")
}

/// Returns the examples by name: the text of a Go file, or of several files as an archive.
fn examples() -> Result<BTreeMap<String, String>, String> {
    let mut examples = BTreeMap::new();
    for file in files(&root().join("examples"), ".go") {
        let folder = file.parent().unwrap_or(Path::new(""));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let mut text = String::new();
        for source in files(folder, ".go").iter().chain(&files(folder, ".s")) {
            let name = source.file_name().unwrap_or_default().to_string_lossy();
            text.push_str(&format!(
                "-- {name} --\n{}",
                String::from_utf8_lossy(&read(source)?)
            ));
        }
        examples.insert(name.into_owned(), text);
    }
    Ok(examples)
}

/// Returns texts by name as a JSON object that an HTML script can hold.
fn json(texts: &BTreeMap<String, String>) -> Result<String, String> {
    let text = serde_json::to_string(texts).map_err(|err| err.to_string())?;
    Ok(text.replace('<', "\\u003c"))
}

/// Returns the folder of the module and the page; the module's compiler may be another than that of the rest.
fn page_folder() -> PathBuf {
    target_folder().join("web")
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|err| format!("{}: {err}", path.display()))
}

/// Runs a command that has to succeed.
fn succeed(mut command: Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|err| format!("{command:?}: {err}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{command:?} fails")),
    }
}
