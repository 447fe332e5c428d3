//! `minigo frame`: the article's drawing, and what holds for the frames of all functions of the test files at all their
//! instructions.

use libtest_mimic::{Failed, Trial};
use minigo::{Built, Frame, Function, GoVersion, Options, Source};
use minigo_story::Lang;
use minigo_story::frame::{Part, Row, Style};
use minigo_tests::root;

use crate::programs::{SPILL, options, programs};
use crate::{folder, minigo_command, same};

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("frame: the article's drawing", article),
        Trial::test("frame: the second article's programs", second_article),
        Trial::test("frame: values that live over a call", spills),
        Trial::test("frame: assembly", assembly),
        Trial::test("frame: the command", command),
    ];
    for version in [GoVersion::Go1_10, GoVersion::Go1_15, GoVersion::Go1_27] {
        let name = format!("frame: rows add up, Go {version}");
        trials.push(Trial::test(name, move || rows_add_up(version)));
    }
    trials
}

fn compiled(sources: &[Source], version: GoVersion) -> Option<Built> {
    let options = Options {
        version,
        ..Options::default()
    };
    minigo::compile(sources, &options).ok()
}

fn frame_of(built: &Built, name: &str, pc: Option<u32>, caller: bool) -> Result<Frame, Failed> {
    let mut functions = built.functions();
    let function = functions.find(|function| built.linked_name(function) == name);
    let function = function.ok_or_else(|| format!("no function {name}"))?;
    let frame = built.frame(&function, pc, caller);
    frame.map_err(|err| format!("{name}: {err:?}").into())
}

/// The drawing of main.add before its RET, as the article has it: offset and content of each part, from high to low.
fn article() -> Result<(), Failed> {
    const ADD: &str = include_str!("../examples/add/direct_topfunc_call.go");
    let sources = [Source::new("direct_topfunc_call.go", ADD)];
    let built = compiled(&sources, GoVersion::Go1_15).ok_or("the article's program compiles")?;
    let frame = frame_of(&built, "main.add", Some(0x13), true)?;
    let drawing = frame.draw(Style::Ascii, Lang::En);
    let main = frame_of(&built, "main.main", Some(0x2b), false)?;
    // The article's list of the 24 bytes of main.
    let expected = "\
24 return address
16 BP of the caller
13 (alignment)
12 add: ~r3 bool
8 add: ~r2 int32
4 add: b int32
0 add: a int32
";
    let rows = undecorated(&main.draw(Style::Ascii, Lang::En));
    same("the frame of main at the call", expected, &rows)?;
    let expected = "\
24 BP of the caller
21 (alignment)
20 ~r3 bool
16 ~r2 int32
12 b int32
8 a int32
0 return address: main.main+0x30
";
    same("the article's drawing", expected, &undecorated(&drawing))
}

/// Returns the rows of a drawing without decoration: the offset from SP and the name.
fn undecorated(drawing: &str) -> String {
    let row = |line: &str| {
        let mut cells = line.split('|').skip(1);
        let name = cells.next()?.split("  ").next()?.trim().to_owned();
        let offset = cells.next()?.split_whitespace().next()?.to_owned();
        Some(format!("{offset} {name}\n"))
    };
    drawing.lines().filter_map(row).collect()
}

fn spills() -> Result<(), Failed> {
    let sources = [Source::new("spill.go", SPILL)];
    let built = compiled(&sources, GoVersion::Go1_15).ok_or("the program compiles")?;
    let frame = frame_of(&built, "main.sum", Some(0x40), false)?;
    let expected = "\
main.sum before 0x0040 CALL \"\".half(SB): frame 32, arguments 32
                                           (SP)  x(SP)  x(FP)
      +--------------------------------+
    8 | ~r3 int64         result 1     |     64     40     24          not yet written, written 0x006b
      +--------------------------------+
    7 | (alignment)                    |     57     33     17
      +--------------------------------+
    1 | up bool                        |     56     32     16          read 0x0052
      +--------------------------------+
    8 | b int64                        |     48     24      8          read 0x0035
      +--------------------------------+
    8 | a int64                        |     40     16      0 <- FP    read 0x001d 0x0063
      +--------------------------------+
    8 | return address                 |     32      8     -8
      +================================+ frame 32
    8 | BP of the caller               |     24      0    -16 <- BP
      +--------------------------------+
    8 | x int64           spill of v16 |     16     -8    -24          live until 0x0045, written 0x0030, read 0x0045
      +--------------------------------+
    8 | half: ~r1 int64   result 1     |      8    -16    -32          not yet written, read 0x005e
      +--------------------------------+
    8 | half: n int64                  |      0    -24    -40 <- SP    written 0x003a
      +--------------------------------+ lower addresses
(SP) is the processor's, x(SP) and x(FP) are the pseudo-registers of hand-written assembly
";
    same("the drawing", expected, &frame.draw(Style::Ascii, Lang::En))?;
    // Before the value is spilled, and after it is read.
    for (pc, state) in [(0x26, "not yet written"), (0x4a, "not read any more")] {
        let drawing = frame_of(&built, "main.sum", Some(pc), false)?.draw(Style::Ascii, Lang::En);
        let spill = drawing.lines().find(|line| line.contains("spill of"));
        if !spill.is_some_and(|line| line.contains(state)) {
            return Err(format!("at {pc:#x} the value isn't {state}:\n{drawing}").into());
        }
    }
    Ok(())
}

fn assembly() -> Result<(), Failed> {
    let go = "package main\n\nfunc add(x, y int) int { return x + y }\n\nfunc twice(a int) int\n\nfunc main() { println(twice(3)) }\n";
    let assembly = "TEXT \u{b7}twice(SB), 0, $40-16\n\tMOVQ a+0(FP), AX\n\tMOVQ AX, kept-8(SP)\n\tMOVQ AX, 0(SP)\n\tMOVQ AX, 8(SP)\n\tCALL \u{b7}add(SB)\n\tMOVQ 16(SP), AX\n\tADDQ kept-8(SP), AX\n\tMOVQ AX, ret+8(FP)\n\tRET\n";
    let sources = [Source::new("x.go", go), Source::new("x.s", assembly)];
    let built = compiled(&sources, GoVersion::Go1_15).ok_or("the program compiles")?;
    let frame = frame_of(&built, "main.twice", None, false)?;
    let expected = "\
64 ~r1 int
56 a int
48 return address
40 BP of the caller
32 kept
24 (no name)
16 add: ~r2 int
8 add: y int
0 add: x int
";
    same(
        "the frame at the call",
        expected,
        &undecorated(&frame.draw(Style::Ascii, Lang::En)),
    )
}

/// In every function at every instruction, the parts follow each other without a gap, and their sizes are those of the
/// arguments, the return address and the frame.
fn rows_add_up(version: GoVersion) -> Result<(), Failed> {
    let mut n_frames = 0;
    for program in programs() {
        let Ok(built) = minigo::compile(&program.sources(), &options(version)) else {
            continue;
        };
        for function in built.functions() {
            for row in function.rows() {
                let Ok(frame) = built.frame(&function, Some(row.pc), false) else {
                    continue;
                };
                n_frames += 1;
                let checked = check(&frame)
                    .and_then(|()| check_depth(&frame, &function))
                    .and_then(|()| check_operands(&frame, &row.text));
                checked.map_err(|why| {
                    let drawing = frame.draw(Style::Lines, Lang::En);
                    format!("{}: {why}:\n{drawing}", program.name)
                })?;
            }
        }
    }
    match n_frames {
        0..20_000 => Err(format!("only {n_frames} frames").into()),
        _ => Ok(()),
    }
}

fn check(frame: &Frame) -> Result<(), String> {
    let total: i64 = frame.rows.iter().map(|row| row.size).sum();
    let expected = frame.args_size + 8 + frame.depth;
    if total != expected {
        return Err(format!("the rows have {total} bytes, not {expected}"));
    }
    let mut end = frame.depth + 8 + frame.args_size;
    for row in &frame.rows {
        if row.offset + row.size != end {
            return Err(format!(
                "a row ends at {}, not {end}",
                row.offset + row.size
            ));
        }
        end = row.offset;
    }
    let addresses = frame
        .rows
        .iter()
        .filter(|row| matches!(row.part, Part::ReturnAddress(_)));
    let offsets: Vec<i64> = addresses.map(|row| row.offset).collect();
    match offsets == [frame.depth] {
        true => Ok(()),
        false => Err(format!("return addresses at {offsets:?}")),
    }
}

/// The depth is that of the function's table for tracebacks.
fn check_depth(frame: &Frame, function: &Function) -> Result<(), String> {
    let mut table = function.stack_depths().peekable();
    if table.peek().is_none() {
        return Err("there is no table of depths".to_owned());
    }
    let found = table.find(|&(end, _)| frame.pc < end);
    match found {
        Some((_, depth)) if i64::from(depth) != frame.depth => Err(format!(
            "the depth is {}, in the table {depth}",
            frame.depth
        )),
        _ => Ok(()),
    }
}

/// The operands that the listing relates to SP are in parts of their names.
fn check_operands(frame: &Frame, text: &str) -> Result<(), String> {
    let end = frame.depth + 8 + frame.args_size;
    for operand in text.split(['\t', ' ', ',']) {
        let Some(place) = operand.strip_suffix("(SP)") else {
            continue;
        };
        let sign = place.rfind(['+', '-']).unwrap_or(place.len());
        let (name, offset) = place.split_at(sign);
        let Ok(offset) = offset.parse::<i64>() else {
            continue;
        };
        // `"".x`, `main.x`, `""..autotmp_7`
        let whole = name.trim_start_matches('$');
        let Some((_, name)) = whole.split_once('.') else {
            continue;
        };
        if !(0..end).contains(&offset) {
            continue;
        }
        let covers = |row: &&Row| (row.offset..row.offset + row.size).contains(&offset);
        let found = frame.rows.iter().find(covers);
        let known = match found.map(|row| &row.part) {
            Some(Part::Variable(variable)) => variable.name.as_str(),
            other => return Err(format!("{operand} is in {other:?}")),
        };
        // Variables of inlined functions have the names of their packages.
        if known != name && known != whole {
            return Err(format!("{operand} is in {known}"));
        }
    }
    Ok(())
}

/// The three programs of the second article: the drawings that it has for them, from high to low.
fn second_article() -> Result<(), Failed> {
    let example = |name: &str| -> Result<Built, Failed> {
        let folder = root().join("examples").join(name);
        let read = |end: &str| std::fs::read_to_string(folder.join(format!("{name}.{end}")));
        let sources = [
            Source::new("x.go", read("go")?),
            Source::new("x.s", read("s")?),
        ];
        compiled(&sources, GoVersion::Go1_15).ok_or_else(|| format!("{name} compiles").into())
    };
    for (program, function, expected, fp, pseudo_sp) in [
        (
            "math",
            "main.add",
            "24 ~r2 int\n16 b int\n8 a int\n0 return address\n",
            8,
            0,
        ),
        (
            "spspfp",
            "main.output",
            "56 (no name)\n48 ~r3 int\n40 ~r2 int\n32 ~r1 int\n24 _ int\n16 return address\n8 BP of the caller\n0 (no name)\n",
            24,
            8,
        ),
        (
            "output",
            "main.output",
            "56 ~r2 int\n48 b int\n40 a int\n32 return address\n24 BP of the caller\n16 add: ~r2 int\n8 add: y int\n0 add: x int\n",
            40,
            24,
        ),
    ] {
        let built = example(program)?;
        let frame = frame_of(&built, function, None, false)?;
        let drawing = frame.draw(Style::Ascii, Lang::En);
        same(program, expected, &undecorated(&drawing))?;
        if (frame.fp(), frame.pseudo_sp) != (fp, pseudo_sp) {
            return Err(format!("FP at {}, pseudo SP at {}", frame.fp(), frame.pseudo_sp).into());
        }
    }
    Ok(())
}

/// Forms of output, languages and mistakes of usage.
fn command() -> Result<(), Failed> {
    const ADD: &[u8] = include_bytes!("../examples/add/direct_topfunc_call.go");
    const INLINED: &[u8] = b"package main\n\nfunc twice(n int) int { return n + n }\n\nfunc main() { println(twice(2)) }\n";
    let dir = folder(&[("add.go", ADD), ("inlined.go", INLINED)])?;
    let run = |args: &[&str]| -> Result<(String, String, Option<i32>), Failed> {
        let output = minigo_command()
            .current_dir(dir.path())
            .arg("frame")
            .args(args)
            .output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((
            text(&output.stdout),
            text(&output.stderr),
            output.status.code(),
        ))
    };
    for (args, parts) in [
        (
            &["-lang", "en", "add.go"][..],
            &[
                "main.add before 0x0013 RET: frame 0, arguments 16\n",
                "main.main before 0x002b CALL",
            ][..],
        ),
        (
            &["-lang", "zh", "add.go", "add"],
            &["main.add 执行前 0x0013 RET", "│ 返回地址"],
        ),
        (
            &["-json", "-pc", "19", "add.go", "main.add"],
            &[
                "\"schema\":1",
                "{\"off\":16,\"size\":4,\"kind\":\"result\",\"name\":\"~r2\",\"type\":\"int32\",\"number\":1,\"reads\":[],\"writes\":[10]",
            ],
        ),
        (
            &["-svg", "-with-caller", "add.go", "add"],
            &[
                "<svg xmlns",
                "return address: main.main+0x30</text>",
                "</svg>\n",
            ],
        ),
    ] {
        let (text, errors, status) = run(args)?;
        if let Some(part) = parts.iter().find(|part| !text.contains(**part)) {
            return Err(format!("{args:?} prints no {part:?}:\n{text}{errors}").into());
        }
        if status != Some(0) || text.matches('{').count() != text.matches('}').count() {
            return Err(format!("{args:?}: {status:?}:\n{text}{errors}").into());
        }
    }
    let (drawing, errors, _) = run(&["-with-caller", "-ascii", "inlined.go", "twice"])?;
    let why = "minigo: nothing calls main.twice: its body is inlined, first at inlined.go:5:28 (-l or //go:noinline keeps calls)\n";
    same("the note", why, &errors)?;
    if !drawing.starts_with("main.twice before") {
        return Err(format!("-with-caller draws no frame:\n{drawing}").into());
    }
    for (args, message) in [
        (
            &["add.go", "sub"][..],
            "minigo: there is no function sub; there are main.add, main.main\n",
        ),
        (
            &["-pc", "0x1", "add.go", "add"],
            "minigo: no instruction of \"\".add begins at 0x1; near: 0x0, 0x4\n",
        ),
        (
            &["-svg", "add.go"],
            "minigo: -svg draws one function, and there are 2\n",
        ),
    ] {
        let (_, errors, status) = run(args)?;
        same("the message", message, &errors)?;
        if status != Some(2) {
            return Err(format!("{args:?} ends with {status:?}").into());
        }
    }
    Ok(())
}
