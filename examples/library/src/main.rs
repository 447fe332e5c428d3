//! Compiles a Go program from memory, prints its functions row by row, builds an executable and runs it.

use std::error::Error;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use minigo::{Options, Source};

const PROGRAM: &str = "package main

//go:noinline
func add(a, b int32) (int32, bool) { return a + b, true }

func main() {
	sum, ok := add(10, 32)
	println(sum, ok)
}
";

fn main() -> Result<(), Box<dyn Error>> {
    let sources = [Source::new("add.go", PROGRAM)];
    let built = minigo::compile(&sources, &Options::default())?;
    for function in built.functions() {
        let stack_check = match function.is_nosplit() {
            true => "no stack check",
            false => "a stack check",
        };
        let frame = function.frame_size();
        println!("{}: {stack_check}, frame of {frame} bytes", function.name());
        for row in function.rows() {
            let line = row.position.map_or(0, |position| position.line);
            println!("{line:4} {:#06x}  {}", row.pc, row.text);
        }
    }

    let program = std::env::temp_dir().join(format!("minigo-example-{}", std::process::id()));
    std::fs::write(&program, built.executable()?)?;
    std::fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    let output = Command::new(&program).output();
    std::fs::remove_file(&program)?;
    print!("{}", String::from_utf8_lossy(&output?.stderr));
    Ok(())
}
