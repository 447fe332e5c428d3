//! `cargo xtask demo`: the listing of an example, then the program itself.

use std::process::Command;

use crate::go::{Profile, minigo};

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Demo {
    /// A folder of examples/
    #[arg(default_value = "gcd")]
    example: String,
}

/// Runs the command.
///
/// # Errors
///
/// minigo doesn't build, or there is no such example.
pub fn demo(flags: &Demo) -> Result<(), String> {
    let minigo = minigo(Profile::Dev)?;
    let folder = format!("examples/{}", flags.example);
    for args in [&["build", "-S", &folder][..], &["run", &folder]] {
        println!("$ minigo {}", args.join(" "));
        let status = Command::new(&minigo)
            .current_dir(minigo_tests::root())
            .args(args)
            .status()
            .map_err(|err| format!("{}: {err}", minigo.display()))?;
        if !status.success() {
            return Err(format!("minigo {} fails", args.join(" ")));
        }
    }
    Ok(())
}
