//! `-json`: every document follows the schema that `minigo explain schema` prints, doesn't depend on where the files are, and
//! says what the text says.

use std::path::Path;
use std::sync::OnceLock;

use libtest_mimic::{Failed, Trial};
use minigo::{Form, GoVersion, Lang, Options};
use minigo_story::json::{Document, SCHEMA};
use serde_json::Value;

use crate::programs::{options, programs};
use crate::{folder, minigo_command, same};

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("json: the schema", schema),
        Trial::test("json: listings", listings),
        Trial::test("json: messages", messages),
        Trial::test("json: frames and explanations", others),
        Trial::test("json: files elsewhere give the same bytes", elsewhere),
    ];
    for version in [GoVersion::Go1_10, GoVersion::Go1_15, GoVersion::Go1_27] {
        let name = format!("json: documents say what listings say, Go {version}");
        trials.push(Trial::test(name, move || every_listing(version)));
    }
    trials
}

/// Fails unless a text is a document of the schema, on one line.
pub fn valid(text: &str) -> Result<Value, Failed> {
    static VALIDATOR: OnceLock<jsonschema::Validator> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| {
        let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("the schema is one")
    });
    let document: Value =
        serde_json::from_str(text).map_err(|err| format!("{err}: not JSON: {text}"))?;
    if let Some(error) = validator.iter_errors(&document).next() {
        let place = error.instance_path();
        return Err(format!("{place}: {error}").into());
    }
    match text.ends_with("}\n") && text.lines().count() == 1 {
        true => Ok(document),
        false => Err(format!("not a line: {text}").into()),
    }
}

const ADD: &[u8] = include_bytes!("../examples/add/direct_topfunc_call.go");
const WRONG: &[u8] = b"package main\n\nfunc main() {\n\tlong := 1\n}\n";
const ASSEMBLY: &[u8] = b"TEXT \xc2\xb7f(SB), 4, $0-0\n\tRET\nTEXT \xc2\xb7g(SB), 0, $8-0\n\tCALL \xc2\xb7f(SB)\n\tRET\nDATA x<>+0(SB)/8, $1\nGLOBL x<>(SB), 8, $8\n";
const BAD: &[u8] = b"TEXT \xc2\xb7f(SB), 4, $0-0\n\tMOVQ AX\n\tRET\n";
const DECLARED: &[u8] = b"package main\n\nfunc f(a, b int) int\n\nfunc main() {}\n";
const UNLIKE: &[u8] = b"TEXT \xc2\xb7f(SB), 4, $0-8\n\tMOVQ a+8(FP), AX\n\tRET\n";

fn inputs() -> Result<tempfile::TempDir, Failed> {
    folder(&[
        ("add.go", ADD),
        ("wrong.go", WRONG),
        ("x.s", ASSEMBLY),
        ("bad.s", BAD),
        ("f.go", DECLARED),
        ("f_amd64.s", UNLIKE),
    ])
}

/// Runs a command twice, with the same output, which must be a document; standard error stays empty.
fn document(dir: &Path, args: &[&str], status: i32) -> Result<(Value, String), Failed> {
    let run = || minigo_command().current_dir(dir).args(args).output();
    let (first, second) = (run()?, run()?);
    let text = String::from_utf8(first.stdout)?;
    same(
        &format!("{args:?} again"),
        &text,
        &String::from_utf8(second.stdout)?,
    )?;
    let errors = String::from_utf8_lossy(&first.stderr);
    same(&format!("standard error of {args:?}"), "", &errors)?;
    if first.status.code() != Some(status) {
        return Err(format!("{args:?} ends with {:?}", first.status.code()).into());
    }
    let value = valid(&text).map_err(|why| format!("{args:?}: {}", why.message().unwrap_or("")))?;
    Ok((value, text))
}

fn schema() -> Result<(), Failed> {
    let output = minigo_command().args(["explain", "schema"]).output()?;
    same("the schema", SCHEMA, &String::from_utf8(output.stdout)?)?;
    for wrong in ["{}\n", "{\"minigo\":1,\"schema\":1}\n"] {
        if valid(wrong).is_ok() {
            return Err(format!("the schema takes {wrong}").into());
        }
    }
    Ok(())
}

fn listings() -> Result<(), Failed> {
    let dir = inputs()?;
    for (args, parts) in [
        (
            &["build", "-S", "-json", "add.go"][..],
            &[
                "\"schema\":1,\"go\":\"1.15\",\"messages\":[],\"funcs\":[{\"name\":\"main.add\",\"sym\":\"\\\"\\\".add\",\"file\":\"add.go\",\"line\":4,\"size\":20,\"frame\":0,\"args\":16,\"nosplit\":\"inferred\",\"attributes\":[\"nosplit\"],",
                "{\"pc\":8,\"bytes\":\"01c8\",\"file\":\"add.go\",\"line\":4,\"column\":47,\"as\":\"ADDL\",\"ops\":\"CX, AX\"}",
                "\"relocs\":[{\"off\":5,\"size\":4,\"type\":\"17\",\"sym\":\"TLS\",\"add\":0},",
                "{\"sym\":\"gclocals\u{b7}33cdeccccebe80329f1fdbee7f5874cb\",\"kind\":\"SRODATA\",\"size\":8,\"attributes\":[\"dupok\"],\"bytes\":\"0100000000000000\",\"relocs\":[]}",
            ][..],
        ),
        (
            &["build", "-why", "-json", "add.go"],
            &[
                "\"why\":[{\"by\":\"go\",\"id\":\"assign\",\"to\":\"AX\",\"value\":\"a + b\",\"en\":\"AX = a + b\",\"zh\":\"AX = a + b\"}],\"value\":{\"id\":\"v12\",\"steps\":[{\"pass\":\"start\",\"op\":\"Add32\"},{\"pass\":\"lower\",\"op\":\"ADDL\",\"rule\":{\"name\":\"Add32 \u{2192} ADDL\",\"place\":\"amd64.rules:",
                "{\"by\":\"frame\",\"id\":\"nosplit_inferred\",\"panics\":false,\"en\":",
            ],
        ),
        (
            &["build", "-S", "-json", "-go", "1.27", "add.go"],
            &[
                "\"go\":\"1.27\"",
                "\"sym\":\"main.add\",\"file\":\"add.go\"",
            ],
        ),
        (
            &["asm", "-S", "-why", "-json", "-o", "x.o", "x.s"],
            &[
                "\"funcs\":[{\"sym\":\"\\\"\\\".f\"",
                "\"id\":\"return\"",
                "\"data\":[{\"sym\":\"x\"",
            ],
        ),
    ] {
        let (_, text) = document(dir.path(), args, 0)?;
        if let Some(part) = parts.iter().find(|part| !text.contains(**part)) {
            return Err(format!("{args:?}: no {part} in {text}").into());
        }
    }
    document(
        dir.path(),
        &["build", "-S", "-json", "-o", "out.json", "add.go"],
        0,
    )
    .err();
    let (_, text) = document(dir.path(), &["build", "-S", "-json", "add.go"], 0)?;
    same(
        "the file",
        &text,
        &std::fs::read_to_string(dir.path().join("out.json"))?,
    )
}

fn messages() -> Result<(), Failed> {
    let dir = inputs()?;
    for (args, status, parts) in [
        (
            &["build", "-json", "wrong.go"][..],
            1,
            &[
                "\"messages\":[{\"file\":\"wrong.go\",\"line\":4,\"column\":2,\"end_column\":6,\"severity\":\"error\",\"code\":\"UnusedVar\",\"text\":\"long declared but not used\",\"hint\":",
            ][..],
        ),
        (&["build", "-json", "-m", "add.go"], 0, &["\"notes\":[\""]),
        (
            &["frame", "-json", "wrong.go"],
            1,
            &["\"code\":\"UnusedVar\""],
        ),
        (
            &["asm", "-json", "-o", "x.o", "bad.s"],
            1,
            &[
                "\"file\":\"bad.s\",\"line\":2,",
                "\"code\":\"InvalidInstruction\"",
                "\"hint\":\"MOVQ takes",
            ],
        ),
        (
            &["vet", "-json", "f.go", "f_amd64.s"],
            2,
            &[
                "\"file\":\"f_amd64.s\",\"line\":1,",
                "wrong argument size 8",
            ],
        ),
    ] {
        let (_, text) = document(dir.path(), args, status)?;
        if let Some(part) = parts.iter().find(|part| !text.contains(**part)) {
            return Err(format!("{args:?}: no {part} in {text}").into());
        }
    }
    Ok(())
}

fn others() -> Result<(), Failed> {
    let dir = inputs()?;
    for (args, parts) in [
        (
            &["frame", "-json", "-with-caller", "add.go"][..],
            &[
                "\"frames\":[{\"name\":\"main.add\",\"pc\":19,",
                "\"caller\":{\"name\":\"main.main\",\"slots\":[",
            ][..],
        ),
        (
            &["see", "-json", "-func", "add", "add.go"],
            &[
                "\"passes\":[{\"func\":\"add\",\"lines\":[",
                "\"passes\":[{\"name\":\"start\",\"changed\":true,",
                "{\"name\":\"regalloc\",\"changed\":true,\"recorded\":true,",
                "\"values\":[{\"id\":\"v1.0\",\"born\":0,",
            ],
        ),
        (
            &["explain", "-json"],
            &["\"topics\":[{\"name\":\"UnusedVar\",\"kind\":\"code\""],
        ),
        (
            &["explain", "-json", "NOSPLIT"],
            &["\"kind\":\"term\"", "\"right\":{\"go\":"],
        ),
        (
            &["explain", "-json", "UnusedVar"],
            &["\"wrong\":{\"go\":", "\"shows\":[\"x.go:3:"],
        ),
        (
            &["explain", "-json", "go-internals"],
            &["\"kind\":\"article\"", "\"statements\":[{\"says\":{\"en\":"],
        ),
    ] {
        let (_, text) = document(dir.path(), args, 0)?;
        if let Some(part) = parts.iter().find(|part| !text.contains(**part)) {
            return Err(format!("{args:?}: no {part} in {text}").into());
        }
    }
    Ok(())
}

/// Whole names, other folders: the documents are the same, and name no folder.
fn elsewhere() -> Result<(), Failed> {
    let (here, there) = (inputs()?, inputs()?);
    for version in ["1.15", "1.27"] {
        for (flags, file, status) in [
            (&["build", "-S", "-json"][..], "add.go", 0),
            (&["build", "-json"], "wrong.go", 1),
            (&["frame", "-json"], "add.go", 0),
            (&["asm", "-S", "-json"], "x.s", 0),
        ] {
            let args = |file: &str| [flags, &["-go", version, file]].concat().join(" ");
            let run = |dir: &Path, file: &str| {
                let args = args(file);
                let args: Vec<&str> = args.split(' ').collect();
                document(dir, &args, status)
            };
            let (_, near) = run(here.path(), file)?;
            let (_, far) = run(there.path(), file)?;
            same("the document of another folder", &near, &far)?;
            let whole = there.path().join(file);
            let (_, whole) = run(there.path(), &whole.to_string_lossy())?;
            same("the document by a whole name", &near, &whole)?;
        }
    }
    Ok(())
}

/// For every program, the instructions of the document are the rows of the listing, and each has reasons in both languages.
fn every_listing(version: GoVersion) -> Result<(), Failed> {
    let mut n_lines = 0;
    for program in programs() {
        let sources = program.sources();
        let mut options = Options {
            rows: false,
            ..options(version)
        };
        let Ok(built) = minigo::compile(&sources, &options) else {
            continue;
        };
        let plain: String = built.listing().collect::<String>() + built.assembly_listing();
        options.json = true;
        options.why = Some((Form::Full, Lang::En));
        let built = minigo::compile(&sources, &options).map_err(|why| why.to_string())?;
        let symbols = built.symbols();
        let mut rows = String::new();
        for function in &symbols.funcs {
            for inst in &function.insts {
                n_lines += 1;
                let is_told = inst
                    .why
                    .iter()
                    .all(|why| !why.en.is_empty() && !why.zh.is_empty());
                if inst.why.is_empty() || !is_told {
                    return Err(format!("{}: no reason: {inst:?}", program.name).into());
                }
                let tab = if inst.ops.is_empty() { "" } else { "\t" };
                rows.push_str(&format!(
                    "{:#06x} {}{tab}{}\n",
                    inst.pc, inst.mnemonic, inst.ops
                ));
            }
        }
        same(&program.name, &rows_of(&plain), &rows)?;
        let document = Document {
            funcs: Some(symbols.funcs),
            data: Some(symbols.data),
            ..Document::new("0.1.0")
        };
        let text = document.text();
        valid(&text).map_err(|why| format!("{}: {}", program.name, why.message().unwrap_or("")))?;
        if text.contains("/home/gopher") {
            return Err(format!("{}: the document names a folder", program.name).into());
        }
    }
    match n_lines {
        0..20_000 => Err(format!("only {n_lines} lines").into()),
        _ => Ok(()),
    }
}

/// The offsets and instructions of a listing.
fn rows_of(listing: &str) -> String {
    let row = |line: &str| {
        let mut parts = line.strip_prefix('\t')?.splitn(2, '\t');
        let (place, text) = (parts.next()?, parts.next()?);
        let pc = place.split(' ').next()?;
        place.ends_with(')').then(|| format!("{pc} {text}\n"))
    };
    listing.lines().filter_map(row).collect()
}
