//! Links the command `minigo` so that it starts at once. Measured on a small build, whose time is mostly the start of the
//! process: position-independent code would take 23 % longer, because thousands of addresses are relocated at the start,
//! and shared libraries 23 % longer again, because they must be found, mapped and searched.
//!
//! `-static` alone doesn't do it: the standard library asks for `-lc`, `-lgcc_s` and others, and rustc hides their archives
//! behind `-Bdynamic`. So each library gets a linker script `libNAME.so` in the build folder that names the C
//! compiler's archives. Without these archives, the shared libraries stay, except for libgcc.
//!
//! Functions that compilations run stand side by side, in the order of `text-order`: pages of code are loaded in groups of
//! 16, so that functions scattered among others would bring in nearly all of it. An empty program takes 6.3 MB instead of 8.5.

use std::env::var;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that rustc asks for, and the archives that replace them.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("c", &["c", "gcc_eh"]),
    ("m", &["m"]),
    ("gcc_s", &["gcc_eh"]),
    ("pthread", &["pthread"]),
    ("dl", &["dl"]),
    ("rt", &["rt"]),
    ("util", &["util"]),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |key: &str| var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") != "linux" {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let is_native = var("HOST") == var("TARGET");
    if target("ENV") == "gnu" && is_native {
        match static_libraries() {
            Some(folder) => {
                println!("cargo::rustc-link-arg-bins=-static");
                println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
            }
            None => println!("cargo::rustc-link-lib=static:-bundle=gcc_eh"),
        }
        // Other builds are linked faster, and other linkers may not know the script.
        let is_release = var("OPT_LEVEL").is_ok_and(|level| level == "2");
        if is_release
            && !names_linker()
            && let Some(script) = text_order()
        {
            println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
        }
    }
}

/// Reports whether the environment or flags of the compiler choose a linker.
fn names_linker() -> bool {
    let flags = var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    var("RUSTC_LINKER").is_ok() || flags.contains("linker") || flags.contains("-fuse-ld")
}

/// Returns a linker script that adds a section of the functions in `text-order` to those that the linker makes.
fn text_order() -> Option<PathBuf> {
    println!("cargo::rerun-if-changed=text-order");
    let order = std::fs::read_to_string("text-order").ok()?;
    let functions = order.lines().filter(|line| !line.starts_with('#'));
    let functions = functions.map(|function| match function.contains(".a:") {
        true => format!("*{function}(.text .text.*)\n"),
        // Functions that grow tables are marked as cold, and have other sections.
        false => format!("*(.text.{0} .text.unlikely.{0})\n", symbol(function)),
    });
    let functions: String = functions.collect();
    let script = format!("SECTIONS {{ .text.order : {{\n{functions}}} }}\nINSERT BEFORE .text;\n");
    let path = PathBuf::from(var("OUT_DIR").ok()?).join("text-order.ld");
    std::fs::write(&path, script).ok()?;
    Some(path)
}

/// Returns a pattern for the symbol of a function: its path is mangled, whatever the hash; other names are patterns.
fn symbol(function: &str) -> String {
    if !function.contains("::") {
        return function.to_owned();
    }
    let parts = function.split("::");
    let parts: String = parts.map(|part| format!("{}{part}", part.len())).collect();
    format!("_ZN{parts}17h*")
}

/// Returns a folder with linker scripts for the libraries; none if an archive is missing. Building everything for static
/// executables (`crt-static`) is impossible without `--target`, because procedural macros are shared libraries.
fn static_libraries() -> Option<PathBuf> {
    let folder = PathBuf::from(var("OUT_DIR").ok()?);
    for (library, archives) in LIBRARIES {
        let paths: Option<Vec<String>> = archives.iter().map(|name| archive(name)).collect();
        let script = format!("GROUP({})\n", paths?.join(" "));
        std::fs::write(folder.join(format!("lib{library}.so")), script).ok()?;
    }
    Some(folder)
}

/// Returns the path of one of the C compiler's archives, in quotes.
fn archive(name: &str) -> Option<String> {
    let option = format!("-print-file-name=lib{name}.a");
    let output = Command::new("cc").arg(option).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    let path = path.trim();
    Path::new(path).is_absolute().then(|| format!("\"{path}\""))
}
