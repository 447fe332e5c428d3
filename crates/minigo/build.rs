//! Links `minigo` so that it starts at once: at a fixed address, as thousands of addresses would have to be filled in
//! otherwise, and where the C library can be had as an archive, without shared libraries, which have to be found,
//! mapped and searched for a hundred names.

use std::env::var;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that the compiler asks for, and the archives with the same in them.
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
    }
}

/// A folder where the compiler's shared libraries are scripts for the linker that name archives; none if one of the
/// archives is not there. A whole build for static executables is no way: macros are shared libraries.
fn static_libraries() -> Option<PathBuf> {
    let folder = PathBuf::from(var("OUT_DIR").ok()?);
    for (library, archives) in LIBRARIES {
        let paths: Option<Vec<String>> = archives.iter().map(|name| archive(name)).collect();
        let script = format!("GROUP({})\n", paths?.join(" "));
        std::fs::write(folder.join(format!("lib{library}.so")), script).ok()?;
    }
    Some(folder)
}

/// Where the C compiler has an archive, in quotes.
fn archive(name: &str) -> Option<String> {
    let option = format!("-print-file-name=lib{name}.a");
    let output = Command::new("cc").arg(option).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    let path = path.trim();
    Path::new(path).is_absolute().then(|| format!("\"{path}\""))
}
