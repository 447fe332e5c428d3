//! `cargo xtask`: the developer commands besides cargo's own.

use std::process::ExitCode;

use clap::Parser;

mod asm;
mod asm_lines;
mod bench;
mod bless;
mod browser;
mod ci;
mod conform;
mod coverage;
mod demo;
mod dist;
mod fuzz;
mod go;
mod golden;
mod objdump;
mod oracle;
mod order;
mod schema;
mod sig;
mod vet;
mod web;

/// Developer commands of minigo.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Xtask {
    /// Compare listings with a real Go, or record expectations from it
    Golden(golden::Golden),
    /// Run random programs and mutated sources, or fuzz guided by coverage
    Fuzz(fuzz::Fuzz),
    /// Compare Go's own tests and library, or other folders of Go files, with a real Go
    Conform(conform::Conform),
    /// Measure time and memory beside go tool compile, or beside another build
    Bench(bench::Bench),
    /// Record the schema of the JSON documents
    Schema,
    /// Record the functions that compilations run, which are linked side by side; needs Valgrind
    Order,
    /// Test the pages of `minigo see` in a browser
    SeeTest,
    /// Print an example's listing and run it
    Demo(demo::Demo),
    /// Make completions for shells and man pages
    Dist(dist::Dist),
    /// Make the playground: a page with the compiler as WebAssembly
    Web(web::Web),
    /// Check everything that must pass before a change lands
    Ci(ci::Ci),
}

fn main() -> ExitCode {
    match run(Xtask::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command.
fn run(command: Xtask) -> Result<(), String> {
    match command {
        Xtask::Golden(flags) => golden::golden(&flags),
        Xtask::Fuzz(flags) => fuzz::fuzz(&flags),
        Xtask::Conform(flags) => conform::conform(&flags),
        Xtask::Bench(flags) => bench::bench(&flags),
        Xtask::Schema => schema::schema(),
        Xtask::Order => order::order(),
        Xtask::SeeTest => browser::run("see.mjs", &[]),
        Xtask::Demo(flags) => demo::demo(&flags),
        Xtask::Dist(flags) => dist::dist(&flags),
        Xtask::Web(flags) => web::web(&flags),
        Xtask::Ci(flags) => ci::ci(&flags),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// The documents show only commands and flags that exist.
    #[test]
    fn documents_show_commands() {
        for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
            let text = std::fs::read_to_string(minigo_tests::root().join(document)).unwrap();
            for shown in text.split("cargo xtask ").skip(1) {
                let line = shown.lines().next().unwrap_or("");
                let line = line.split(['`', '#', ';']).next().unwrap_or("");
                let mut command = Xtask::command();
                for word in line.split([' ', '(', ')', ',']) {
                    if let Some(name) = word.strip_prefix("--") {
                        let known = command
                            .get_arguments()
                            .any(|arg| arg.get_long() == Some(name));
                        assert!(known, "{document} shows --{name} in {line:?}");
                    } else if let Some(inner) = command.find_subcommand(word) {
                        command = inner.clone();
                    }
                }
                let name = command.get_name();
                assert_ne!(name, Xtask::command().get_name(), "{document}: {line:?}");
            }
        }
    }
}
