//! `minigo see`: what pages hold is what dumps and listings print; pages are whole, small, and ask for nothing.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::{Failed, Trial};
use minigo::{Built, GoVersion, Lang, Options, Recording, Source, views};
use minigo_tests::{Archive, files, root};
use serde_json::Value;

use crate::programs::SPILL;
use crate::{folder, minigo_command, refused, same};

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("see: the command", command),
        Trial::test("see: GOSSAFUNC", gossafunc),
        Trial::test("see: pages are well-formed and ask for nothing", pages),
        Trial::test("see: numbers that are used again", generations),
        Trial::test("see: a small page", small),
        Trial::test("see: a function of 10,000 blocks", large),
    ];
    for version in [GoVersion::Go1_10, GoVersion::Go1_15, GoVersion::Go1_27] {
        let name = format!("see: data of pages, Go {version}");
        trials.push(Trial::test(name, move || data(version)));
    }
    trials
}

fn compiled(sources: &[Source], version: GoVersion) -> Option<Built> {
    let options = Options {
        version,
        record: Some(Recording::default()),
        debug: ["ssa/all/dump=*", "ssa/check/off"]
            .map(str::to_owned)
            .to_vec(),
        ..Options::default()
    };
    minigo::compile(sources, &options).ok()
}

fn page(sources: &[Source], version: GoVersion) -> Option<(Built, String)> {
    let built = compiled(sources, version)?;
    let mut page = views::page(sources, Lang::En);
    page.functions = built.views(sources);
    let html = minigo_page::html(&page);
    Some((built, html))
}

/// Returns the data of a page as its script reads it.
fn decoded(html: &str, id: &str) -> Result<Value, Failed> {
    let start = format!("<script type=\"text/plain\" id=\"{id}\">");
    let (_, rest) = html
        .split_once(&start)
        .ok_or_else(|| format!("no data {id}"))?;
    let text = rest.split('<').next().unwrap_or_default();
    let bytes = STANDARD.decode(text)?;
    let json = miniz_oxide::inflate::decompress_to_vec_zlib(&bytes)
        .map_err(|err| format!("{id}: {err:?}"))?;
    Ok(serde_json::from_slice(&json)?)
}

fn numbers(value: &Value) -> Vec<i64> {
    let array = value.as_array().map_or(&[][..], Vec::as_slice);
    array.iter().filter_map(Value::as_i64).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns the dumps of all passes, put together from the edits of a function's data.
fn dumps(data: &Value) -> String {
    let lines: Vec<&str> = text(&data["lines"]).split('\n').collect();
    let mut state: Vec<usize> = Vec::new();
    let mut dumps = String::new();
    for pass in data["passes"].as_array().map_or(&[][..], Vec::as_slice) {
        let mut next = Vec::new();
        let mut edits = numbers(&pass["edits"]).into_iter();
        let mut old = state.into_iter();
        while let (Some(keep), Some(remove), Some(insert)) =
            (edits.next(), edits.next(), edits.next())
        {
            next.extend(old.by_ref().take(keep as usize));
            let removed: Vec<usize> = old.by_ref().take(remove as usize).collect();
            let mut last = 0;
            for index in 0..insert as usize {
                if let Some(&removed) = removed.get(index) {
                    last = removed as i64;
                }
                last += edits.next().unwrap_or_default();
                next.push(last as usize);
            }
        }
        next.extend(old);
        state = next;
        let (func, name) = (text(&data["func"]), text(&pass["name"]));
        dumps.push_str(&format!(
            "== {func}: {name} nb={} nv={}\n",
            pass["nb"], pass["nv"]
        ));
        for &line in &state {
            dumps.push_str(lines[line]);
            dumps.push('\n');
        }
    }
    dumps
}

/// For every function of the test files, the data has the dumps of all passes, and the values and blocks that made the lines
/// of the listing, with generations that are alive then.
fn data(version: GoVersion) -> Result<(), Failed> {
    let mut compared = 0;
    for file in files(&root().join("tests/build"), ".txtar") {
        let archive = Archive::parse(&std::fs::read_to_string(&file)?);
        let Some(source) = archive.section("in.go") else {
            continue;
        };
        let Some((built, html)) = page(&[Source::new("in.go", source)], version) else {
            continue;
        };
        let page = decoded(&html, "page")?;
        let functions = page["functions"].as_array().map_or(0, Vec::len);
        let mut all = String::new();
        for index in 0..functions {
            let data = decoded(&html, &format!("f{index}"))?;
            all.push_str(&dumps(&data));
            lives(&data).map_err(|why| format!("{}: {}: {why}", file.display(), data["name"]))?;
            compared += 1;
        }
        let remarks = |line: &&str| !line.starts_with("in.go:");
        let report: Vec<&str> = built.report().lines().filter(remarks).collect();
        same(
            &format!("{}: the dumps", file.display()),
            &report.join("\n"),
            all.trim_end(),
        )?;
    }
    match compared {
        0..50 => Err(format!("only {compared} functions").into()),
        _ => Ok(()),
    }
}

/// Checks the lives of values and blocks: in each state exactly the lines of those alive.
fn lives(data: &Value) -> Result<(), String> {
    let lines: Vec<&str> = text(&data["lines"]).split('\n').collect();
    let passes = data["passes"].as_array().map_or(0, Vec::len);
    let mut alive = vec![BTreeSet::new(); passes];
    for (kind, lives) in [("v", &data["values"]), ("b", &data["blocks"])] {
        let [ids, born, lasts] = ["ids", "born", "lasts"].map(|name| numbers(&lives[name]));
        let mut id = 0;
        for ((difference, born), lasts) in ids.into_iter().zip(born).zip(lasts) {
            id += difference;
            let died = if lasts == 0 {
                passes as i64
            } else {
                born + lasts
            };
            for state in born..died {
                if !alive[state as usize].insert(format!("{kind}{id}")) {
                    return Err(format!("{kind}{id} lives twice in state {state}"));
                }
            }
        }
    }
    let text = dumps(data);
    for (state, dump) in text.split("== ").skip(1).enumerate() {
        let names = dump
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with("  name "));
        let names = names.map(|line| {
            let end = |c: char| c == ':' || c == ' ';
            line.trim_start()
                .split(end)
                .next()
                .unwrap_or_default()
                .to_owned()
        });
        let names: BTreeSet<String> = names.collect();
        if alive[state] != names {
            let differ: Vec<&String> = alive[state].symmetric_difference(&names).collect();
            return Err(format!(
                "state {state}: {differ:?} of {} lines",
                lines.len()
            ));
        }
    }
    for origin in numbers(&data["listing"]["origins"]) {
        let name = match origin {
            0 => continue,
            1.. => format!("v{origin}"),
            _ => format!("b{}", -origin),
        };
        if alive.last().is_some_and(|last| !last.contains(&name)) {
            return Err(format!("{name} made a line, but isn't there in the end"));
        }
    }
    Ok(())
}

/// v22 of sum is a product until lower makes a LEAQ2 of it and nobody needs that; then it is a parameter that is reloaded.
fn generations() -> Result<(), Failed> {
    let sources = [Source::new("sum.go", SPILL)];
    let built = compiled(&sources, GoVersion::Go1_15).ok_or("the program compiles")?;
    let views = built.views(&sources);
    let sum = views.iter().find(|view| view.name == "main.sum");
    let record = sum.and_then(|view| view.record).ok_or("sum is recorded")?;
    let lives = record
        .values
        .iter()
        .filter(|value| value.id.starts_with("v22."));
    let lives = lives.map(|value| {
        let steps = value
            .steps
            .iter()
            .map(|step| format!("{} {}", step.op, step.pass));
        let pass = |index: usize| record.passes[index].name.as_str();
        let died = value.died.map_or("-", pass);
        format!(
            "{}: {}; {died}\n",
            value.id,
            steps.collect::<Vec<_>>().join(", ")
        )
    });
    same(
        "the lives of v22",
        "v22.0: Mul64 start, LEAQ2 lower; lowered deadcode for cse\nv22.1: LoadReg regalloc; -\n",
        &lives.collect::<String>(),
    )
}

fn pages() -> Result<(), Failed> {
    let evil = "package p\n\n// </script><script>alert(\"&amp;\")</script> ü 栈\nfunc f() {}\n";
    for (source, version) in [(SPILL, GoVersion::Go1_15), (evil, GoVersion::Go1_27)] {
        let sources = [Source::new("<x>.go", source)];
        let (_, html) = page(&sources, version).ok_or("the program compiles")?;
        let (_, again) = page(&sources, version).ok_or("the program compiles")?;
        same("the page made again", &html, &again)?;
        well_formed(&html)?;
        for word in [
            "http:", "https:", "//cdn", "@import", "url(", " src=", " href=", "eval(",
        ] {
            if html.contains(word) {
                return Err(format!("the page has {word}").into());
            }
        }
        let data = decoded(&html, "page")?;
        same("the source", source, text(&data["files"][0]["text"]))?;
        let scripts = html.matches("<script>").count();
        if scripts != 1 || !html.contains("default-src 'none'") {
            return Err("the page has one script that may run".into());
        }
        if !html.contains("<noscript>") || !html.contains("TEXT") {
            return Err("the page is a listing without JavaScript".into());
        }
    }
    Ok(())
}

/// Checks that elements end in the order in which they begin; the texts of style and scripts are skipped.
fn well_formed(html: &str) -> Result<(), Failed> {
    const VOID: [&str; 2] = ["meta", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let (inside, after) = tag.split_once('>').ok_or("a tag without an end")?;
        rest = after;
        let name = inside.split([' ', '\n']).next().unwrap_or_default();
        if let Some(name) = name.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> ends {last:?}").into()),
            }
        } else if !VOID.contains(&name) {
            open.push(name);
            if matches!(name, "script" | "style") {
                let end = format!("</{name}>");
                let at = after.find(&end).ok_or("a script without an end")?;
                rest = &after[at..];
            }
        }
    }
    match open[..] {
        [] => Ok(()),
        _ => Err(format!("not ended: {open:?}").into()),
    }
}

fn small() -> Result<(), Failed> {
    let built = compiled(&[Source::new("sum.go", SPILL)], GoVersion::Go1_15);
    let built = built.ok_or("the program compiles")?;
    let sources = [Source::new("sum.go", SPILL)];
    let mut page = views::page(&sources, Lang::En);
    page.functions = built.views(&sources);
    page.functions
        .retain(|function| function.name == "main.sum");
    let size = minigo_page::html(&page).len();
    if size > 60_000 {
        return Err(format!("the page of sum has {size} bytes").into());
    }
    Ok(())
}

/// Returns a function of about `n` blocks.
fn many_blocks(n: usize) -> String {
    let mut text = "package p\n\nfunc f(a, b int) int {\n".to_owned();
    for index in 0..n / 4 {
        let sign = ["+", "-", "^", "|"][index % 4];
        text.push_str(&format!(
            "\tfor a < b {{\n\t\ta = a {sign} b*{}\n\t\tif a == {index} {{\n\t\t\tb = b + a\n\t\t}}\n\t}}\n",
            index % 7 + 1
        ));
    }
    text + "\treturn a\n}\n"
}

fn large() -> Result<(), Failed> {
    let sources = [Source::new("large.go", many_blocks(10_000))];
    let options = Options {
        record: Some(Recording::default()),
        debug: vec!["ssa/check/off".to_owned()],
        ..Options::default()
    };
    let built = minigo::compile(&sources, &options).map_err(|err| err.to_string())?;
    let mut page = views::page(&sources, Lang::En);
    page.functions = built.views(&sources);
    let record = page.functions[0].record.ok_or("the passes are recorded")?;
    let blocks = record.graphs[0].blocks.len();
    let size = minigo_page::html(&page).len();
    if blocks < 10_000 || size > 6_000_000 {
        return Err(format!("the page of {blocks} blocks has {size} bytes").into());
    }
    Ok(())
}

fn command() -> Result<(), Failed> {
    let folder = folder(&[("sum.go", SPILL.as_bytes())])?;
    let see = |args: &[&str]| {
        let mut command = minigo_command();
        command.current_dir(folder.path()).arg("see").args(args);
        command
    };
    let output = see(&["sum.go"]).output()?;
    same(
        "nothing is said",
        "",
        &String::from_utf8_lossy(&output.stdout),
    )?;
    same(
        "nothing is said",
        "",
        &String::from_utf8_lossy(&output.stderr),
    )?;
    let html = std::fs::read_to_string(folder.path().join("sum.html"))?;
    let names = |html: &str| -> Result<String, Failed> {
        let page = decoded(html, "page")?;
        let functions = page["functions"].as_array().cloned().unwrap_or_default();
        let name = |f: &Value| format!("{} {}", text(&f["name"]), text(&f["go"]));
        Ok(functions.iter().map(name).collect::<Vec<_>>().join(", "))
    };
    same(
        "the functions",
        "main.half 1.15, main.sum 1.15, main.main 1.15",
        &names(&html)?,
    )?;

    let status = see(&[
        "-func",
        "sum",
        "-go",
        "1.15,1.27",
        "-pass",
        "lower",
        "-o",
        "x.html",
        "sum.go",
    ])
    .status()?;
    let html = std::fs::read_to_string(folder.path().join("x.html"))?;
    same(
        "the functions",
        "main.sum 1.15, main.sum 1.27",
        &names(&html)?,
    )?;
    let data = decoded(&html, "f0")?;
    let passes = data["passes"].as_array().cloned().unwrap_or_default();
    let recorded = passes.iter().filter(|pass| pass["recorded"] == true);
    let recorded: Vec<&str> = recorded.map(|pass| text(&pass["name"])).collect();
    same("the passes", "dse, lower", &recorded.join(", "))?;
    if !status.success() {
        return Err("the command fails".into());
    }
    refused(
        &mut see(&["-func", "nix", "sum.go"]),
        "minigo: there is no function nix; there are main.half, main.sum, main.main\n",
        2,
    )?;
    refused(
        &mut see(&["-pass", "nix", "sum.go"]),
        "minigo: there is no pass nix\n",
        2,
    )?;
    refused(
        &mut see(&["-o", "sum.go", "sum.go"]),
        "minigo: build output \"sum.go\" is one of the source files\n",
        2,
    )
}

fn gossafunc() -> Result<(), Failed> {
    let folder = folder(&[("sum.go", SPILL.as_bytes())])?;
    let build = |func: &str| -> Result<String, Failed> {
        let mut command = minigo_command();
        command.current_dir(folder.path()).env("GOSSAFUNC", func);
        let output = command.args(["build", "-o", "sum", "sum.go"]).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let path = folder.path().canonicalize()?.join("ssa.html");
    let said = format!("dumped SSA to {}\n", path.display());
    same("what is said", &said, &build("sum")?)?;
    let html = std::fs::read_to_string(&path)?;
    same("the function", "sum", text(&decoded(&html, "f0")?["func"]))?;
    let all = build("sum+")?;
    same(
        "the dumps",
        &dumps(&decoded(&html, "f0")?),
        all.trim_end_matches(&said),
    )?;
    std::fs::remove_file(&path)?;
    same("nothing", "", &build("nix")?)?;
    if path.exists() {
        return Err("a page of no function".into());
    }
    Ok(())
}
