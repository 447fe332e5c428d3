//! Closed, full and cut-off outputs, and signals: the exit status is right, and no file or process stays behind.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::{folder, minigo_command, same};

/// A trial: its name and its body.
type Named = (&'static str, fn() -> Result<(), Failed>);

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for command in COMMANDS {
        for (stream, name) in [(1, "standard output"), (2, "standard error")] {
            for state in [State::Closed, State::Full, State::Cut] {
                let title = format!(
                    "streams: {name} {state:?}, minigo {}",
                    command.args.join(" ")
                );
                trials.push(Trial::test(title, move || outcome(command, stream, state)));
            }
        }
    }
    let others: [Named; 5] = [
        ("a signal ends asm, and no file stays behind", asm_ends),
        ("a signal ends what run has started", run_ends),
        ("run names the signal that ended the program", signal_names),
        ("little address space", little_space),
        ("too little address space", too_little_space),
    ];
    let others = others.map(|(name, run)| Trial::test(format!("streams: {name}"), run));
    trials.extend(others);
    trials
}

struct Case {
    args: &'static [&'static str],
    /// The exit status.
    status: i32,
    /// It prints to standard output, whose failure makes the status 2.
    prints: bool,
    /// The file that it makes, unless standard output fails.
    makes: &'static str,
}

const COMMANDS: &[Case] = &[
    Case {
        args: &["build", "-S", "good.go"],
        status: 0,
        prints: true,
        makes: "",
    },
    Case {
        args: &["build", "-c", "-m", "good.go"],
        status: 0,
        prints: true,
        makes: "good.o",
    },
    Case {
        args: &["build", "good.go"],
        status: 0,
        prints: false,
        makes: "good",
    },
    Case {
        args: &["build", "bad.go"],
        status: 1,
        prints: false,
        makes: "",
    },
    Case {
        args: &["build", "none.go"],
        status: 2,
        prints: false,
        makes: "",
    },
    Case {
        args: &["build", "-none"],
        status: 2,
        prints: false,
        makes: "",
    },
    Case {
        args: &["asm", "-S", "good.s"],
        status: 0,
        prints: true,
        makes: "good.o",
    },
    Case {
        args: &["asm", "bad.s"],
        status: 1,
        prints: false,
        makes: "",
    },
    Case {
        args: &["vet", "good.s"],
        status: 2,
        prints: false,
        makes: "",
    },
    Case {
        args: &["run", "fails.go"],
        status: 2,
        prints: false,
        makes: "",
    },
    Case {
        args: &["version"],
        status: 0,
        prints: true,
        makes: "",
    },
    Case {
        args: &["--help"],
        status: 0,
        prints: true,
        makes: "",
    },
];

const SOURCES: &[(&str, &[u8])] = &[
    (
        "good.go",
        b"package main\n\nfunc one() int { return 1 }\n\nfunc main() { println(one()) }\n",
    ),
    ("bad.go", b"package main\n\nfunc main() {\n\tx := 1\n}\n"),
    ("fails.go", b"package main\n\nfunc main() { panic(1) }\n"),
    (
        "loop.go",
        b"package main\n\nfunc main() {\n\tprintln(1)\n\tfor {\n\t}\n}\n",
    ),
    ("good.s", b"TEXT \xc2\xb7f(SB), 4, $0\n\tRET\n"),
    ("bad.s", b"TEXT \xc2\xb7f(SB), 4, $0\n\tMOVQ\tAX\n"),
];

/// Returns a shell that does `before` and then becomes the command, with `redirection`.
fn shell(before: &str, redirection: &str) -> Command {
    let minigo = minigo_command();
    let mut shell = Command::new("sh");
    for (name, value) in minigo.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let script = format!("{before}; exec \"$0\" \"$@\" {redirection}");
    shell.args(["-c", &script]).arg(minigo.get_program());
    shell
}

/// What becomes of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    Full,
    /// The reader has gone.
    Cut,
}

fn outcome(case: &Case, stream: u8, state: State) -> Result<(), Failed> {
    let dir = folder(SOURCES)?;
    let redirection = match state {
        State::Closed => format!("{stream}>&-"),
        State::Full => format!("{stream}>/dev/full"),
        State::Cut => String::new(),
    };
    let mut child = shell(":", &redirection)
        .args(case.args)
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if state == State::Cut {
        match stream {
            1 => drop(child.stdout.take()),
            _ => drop(child.stderr.take()),
        }
    }
    let output = child.wait_with_output()?;
    let fails = case.prints && stream == 1 && state == State::Full;
    let status = if fails { 2 } else { case.status };
    same("the status", &status.to_string(), &described(output.status))?;
    let makes = if fails { "" } else { case.makes };
    same("the folder", &names_with(makes), &names(&dir)?)
}

fn described(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| format!("{status}"), |code| code.to_string())
}

/// Returns the sorted names of the sources, and of another file if its name isn't empty.
fn names_with(other: &str) -> String {
    let mut names: Vec<&str> = SOURCES.iter().map(|(name, _)| *name).collect();
    names.extend(Some(other).filter(|name| !name.is_empty()));
    names.sort_unstable();
    names.join(" ")
}

fn names(dir: &TempDir) -> Result<String, Failed> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir.path())? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names.join(" "))
}

/// Sends a signal to a process.
fn send(signal: &str, child: &Child) -> Result<(), Failed> {
    Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status()?;
    Ok(())
}

/// Waits until a process ends, but not for ever.
fn wait(child: &mut Child) -> Result<ExitStatus, Failed> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    Err("it doesn't end".into())
}

/// The assembler writes its object piece by piece; each signal comes at another moment.
fn asm_ends() -> Result<(), Failed> {
    let mut source = String::new();
    for index in 0..20_000 {
        source +=
            &format!("TEXT \u{b7}f{index}(SB), 4, $0\n\tMOVQ\tAX, BX\n\tADDQ\t$1, BX\n\tRET\n");
    }
    for (index, signal) in ["INT", "TERM", "HUP", "INT", "TERM", "HUP"]
        .into_iter()
        .enumerate()
    {
        let dir = folder(&[("big.s", source.as_bytes())])?;
        let mut child = minigo_command()
            .args(["asm", "-o", "big.o", "big.s"])
            .current_dir(dir.path())
            .spawn()?;
        std::thread::sleep(Duration::from_millis(10 * index as u64));
        send(signal, &child)?;
        wait(&mut child)?;
        let names = names(&dir)?;
        let is_clean = names == "big.s" || names == "big.o big.s";
        is_clean
            .then_some(())
            .ok_or(format!("SIG{signal} leaves {names}"))?;
    }
    Ok(())
}

/// Starts the endless program with `run`, whose temporary files are in `temporary`, and waits until it runs.
fn start_loop(dir: &TempDir, temporary: &TempDir) -> Result<Child, Failed> {
    use std::io::Read;
    let mut child = minigo_command()
        .args(["run", "loop.go"])
        .current_dir(dir.path())
        .env("TMPDIR", temporary.path())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut first = [0];
    child
        .stderr
        .as_mut()
        .ok_or("no pipe")?
        .read_exact(&mut first)?;
    Ok(child)
}

fn run_ends() -> Result<(), Failed> {
    let dir = folder(SOURCES)?;
    let temporary = folder(&[])?;
    let mut child = start_loop(&dir, &temporary)?;
    // Others may be ignored here, and then are by the program.
    send("TERM", &child)?;
    same("the status", "1", &described(wait(&mut child)?))?;
    // Standard error is closed once the program has ended as well.
    let mut rest = String::new();
    std::io::Read::read_to_string(child.stderr.as_mut().ok_or("no pipe")?, &mut rest)?;
    same("temporary files", "", &names(&temporary)?)
}

fn signal_names() -> Result<(), Failed> {
    let dir = folder(SOURCES)?;
    let temporary = folder(&[])?;
    let child = start_loop(&dir, &temporary)?;
    send("TERM", &child)?;
    let output = child.wait_with_output()?;
    same(
        "messages",
        "\nsignal: terminated\n",
        &String::from_utf8_lossy(&output.stderr),
    )
}

/// Where memory ends, commands say so, and no file is left.
fn too_little_space() -> Result<(), Failed> {
    let dir = folder(SOURCES)?;
    let many: String = (0..100_000).map(|n| format!("\tADDQ ${n}, AX\n")).collect();
    let text = format!("TEXT \u{b7}f(SB), 4, $0\n{many}\tRET\n");
    std::fs::write(dir.path().join("many.s"), text)?;
    let files = || std::fs::read_dir(dir.path()).map(Iterator::count);
    let before = files()?;
    let mut refused = 0;
    for kib in [60_000, 70_000, 80_000, 90_000, 100_000, 200_000] {
        for args in [&["version"][..], &["asm", "-o", "many.o", "many.s"]] {
            let output = shell(&format!("ulimit -v {kib}"), "")
                .args(args)
                .current_dir(dir.path())
                .output()?;
            match output.status.code() {
                Some(0) => {
                    let _ = std::fs::remove_file(dir.path().join("many.o"));
                }
                _ => {
                    refused += 1;
                    let messages = String::from_utf8_lossy(&output.stderr);
                    same("messages", "minigo: cannot allocate memory\n", &messages)?;
                    same("the status", "2", &described(output.status))?;
                }
            }
            same(
                "the number of files",
                &before.to_string(),
                &files()?.to_string(),
            )?;
        }
    }
    match refused {
        0 => Err("memory was never short".into()),
        _ => Ok(()),
    }
}

fn little_space() -> Result<(), Failed> {
    let dir = folder(SOURCES)?;
    for kib in [300_000, 1_000_000] {
        let output = shell(&format!("ulimit -v {kib}"), "")
            .args(["build", "good.go"])
            .current_dir(dir.path())
            .output()?;
        let messages = String::from_utf8_lossy(&output.stderr);
        same("messages", "", &messages)?;
        same("the status", "0", &described(output.status))?;
    }
    Ok(())
}
