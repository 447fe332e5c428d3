//! Compiles the rewrite rules (see crate `minigo-rules`) to Rust in the build folder.

use std::path::Path;
use std::process::ExitCode;

use minigo_rules::{Ops, compile};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let out = std::env::var("OUT_DIR").map_err(|err| format!("OUT_DIR: {err}"))?;
    let ops = Ops::read(&read("src/op.rs")?).map_err(|err| format!("src/op.rs: {err}"))?;
    for name in ["generic", "dec", "amd64", "split_load"] {
        let file = format!("{name}.rules");
        let path = format!("rules/{file}");
        let rust = compile(&file, &read(&path)?, &ops).map_err(|err| format!("{path}:{err}"))?;
        let target = Path::new(&out).join(format!("{name}.rs"));
        std::fs::write(&target, rust).map_err(|err| format!("{}: {err}", target.display()))?;
    }
    Ok(())
}

fn read(path: &str) -> Result<String, String> {
    println!("cargo::rerun-if-changed={path}");
    std::fs::read_to_string(path).map_err(|err| format!("{path}: {err}"))
}
