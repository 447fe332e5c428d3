//! The target `behaviour`: a program's executables print the same and end the same way, optimized or not.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use minigo::{Options, Source, Tool};
use rustix::fs::{MemfdFlags, memfd_create};

use crate::go_mutations;
use crate::random::{Random, Style, program};

/// The time that a program has. Those that take longer are not compared.
const LIMIT: Duration = Duration::from_millis(200);

/// The number of changes that are tried until one compiles.
const TRIES: usize = 20;

/// Lines at which the part of the output begins that depends on code and frames.
const MACHINE_DEPENDENT: [&str; 2] = ["[signal ", "goroutine 1 ["];

/// The message of a program whose end depends on the size of its frames.
const OVERFLOW: &str = "runtime: goroutine stack exceeds";

/// Compiles a program with optimization and without, and runs both. Reports whether there was something to compare.
///
/// Which version, and whether with inlining, depends on the text. Inlining is the same on both sides, because it may change
/// the order of evaluation where Go leaves it open.
///
/// # Panics
///
/// The executables behave differently.
pub fn check(input: &[u8]) -> bool {
    let hash = input.iter().fold(0, |hash: usize, &byte| {
        hash.wrapping_mul(31).wrapping_add(byte.into())
    });
    let versions: Vec<_> = Tool::Compiler.versions().collect();
    let options = Options {
        version: versions[hash / 2 % versions.len()],
        inline: hash.is_multiple_of(2),
        listing: false,
        rows: false,
        ..Options::default()
    };
    let source = Source::new("x.go", input);
    let run = |optimize| {
        let options = Options {
            optimize,
            ..options.clone()
        };
        outcome(&executable(&source, &options)?)
    };
    let Some(optimized) = run(true) else {
        return false;
    };
    let Some(plain) = run(false) else {
        return false;
    };
    assert_eq!(
        optimized,
        plain,
        "left is optimized, right is not: -go {}{}\n{}",
        options.version,
        if options.inline { "" } else { " -l" },
        String::from_utf8_lossy(input)
    );
    true
}

/// Returns the executable of a program, or nothing if it doesn't compile.
pub fn executable(source: &Source, options: &Options) -> Option<Vec<u8>> {
    let built = minigo::compile(std::slice::from_ref(source), options).ok()?;
    if !built.is_program() {
        return None;
    }
    built.executable().ok()
}

/// Runs an executable. Returns what it prints and its exit status, or nothing if it takes too long or too much stack.
pub fn outcome(executable: &[u8]) -> Option<(String, Option<i32>)> {
    let mut program = memory_file("program");
    program
        .write_all(executable)
        .expect("memory can be written");
    let mut output = memory_file("output");
    let path = format!("/proc/self/fd/{}", program.as_raw_fd());
    let stream = || Stdio::from(output.try_clone().expect("a descriptor can be duplicated"));
    let mut child = Command::new(path)
        .stdin(Stdio::null())
        .stdout(stream())
        .stderr(stream())
        .spawn()
        .expect("an executable starts");
    let start = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => break status,
            None if start.elapsed() > LIMIT => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            None => std::thread::sleep(Duration::from_micros(100)),
        }
    };
    output.rewind().expect("memory has a beginning");
    let mut bytes = Vec::new();
    output.read_to_end(&mut bytes).expect("memory can be read");
    let text = String::from_utf8_lossy(&bytes);
    if text.contains(OVERFLOW) {
        return None;
    }
    let ends = MACHINE_DEPENDENT.iter().filter_map(|line| text.find(line));
    let end = ends.min().unwrap_or(text.len());
    Some((text[..end].to_owned(), status.code()))
}

fn memory_file(name: &str) -> File {
    File::from(memfd_create(name, MemfdFlags::empty()).expect("memory is left"))
}

/// Returns the program with one change, so that it still compiles, or now and then another program. Returns nothing if no
/// change compiles.
pub fn mutated(text: &str, random: &mut Random) -> Option<String> {
    if random.chance(2) {
        let style = Style {
            all_integers: random.chance(80),
            calls: true,
            globals: true,
            main: true,
            functions: 1 + random.below(3),
        };
        return Some(program(random.bits(), style));
    }
    (0..TRIES).find_map(|_| {
        let text = go_mutations::with_one_change(text, random);
        let sources = [Source::new("x.go", text.as_bytes())];
        let compiles = minigo::check(&sources, &Options::default()).is_ok();
        compiles.then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome_of(text: &str) -> Option<(String, Option<i32>)> {
        let source = Source::new("x.go", text);
        outcome(&executable(&source, &Options::default()).expect("the program compiles"))
    }

    #[test]
    fn outcomes_have_what_a_program_prints() {
        let program = |body: &str| format!("package main\n\nfunc main() {{ {body} }}\n");
        let printed = outcome_of(&program("print(1, true); panic(7)"));
        assert_eq!(printed, Some(("1truepanic: 7\n\n".to_owned(), Some(2))));
        assert_eq!(outcome_of(&program("for { }")), None);
    }

    #[test]
    fn changed_programs_compile() {
        let text = program(
            1,
            Style {
                all_integers: true,
                calls: true,
                globals: true,
                main: true,
                functions: 2,
            },
        );
        let random = &mut Random::new(1);
        for _ in 0..5 {
            let changed = mutated(&text, random).expect("one of many changes compiles");
            let sources = [Source::new("x.go", changed)];
            assert_eq!(
                minigo::check(&sources, &Options::default()).map_err(|err| err.to_string()),
                Ok(())
            );
        }
    }
}
