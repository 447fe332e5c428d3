//! The behaviour of `minigo asm` beyond that of `go tool asm`: hints, warnings, large and broken input.

use std::process::Output;

use libtest_mimic::{Failed, Trial};

use minigo_base::GoVersion;
use minigo_tests::Archive;

use crate::{folder, minigo_command, same};

/// A trial: its name and its body.
type Case = (&'static str, fn() -> Result<(), Failed>);

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let trials: [Case; 8] = [
        ("messages get hints", hints),
        ("hints on dots and names are those of any version", dots),
        ("mistakes that Go accepts get a warning", warnings),
        ("the scanner's messages are not errors", scanner),
        ("broken input is refused", broken),
        ("a line may have many messages", many_messages),
        ("large input is assembled", large),
        ("flags, files of arguments and standard input", command_line),
    ];
    trials
        .map(|(name, trial)| Trial::test(format!("assembler: {name}"), trial))
        .into()
}

/// Returns all output of `minigo asm` of a version with these arguments for the files of a test.
pub fn output(
    archive: &Archive,
    version: GoVersion,
    arguments: &[String],
) -> Result<String, Failed> {
    let dir = tempfile::tempdir()?;
    if let Some(text) = arguments.last().and_then(|file| archive.section(file))
        && version == GoVersion::default()
    {
        hints_of(text, version)?;
    }
    let mut command = minigo_command();
    command.args(["asm", "-go", version.name()]).args(arguments);
    Ok(archive.asm_output(dir.path(), &mut command)?)
}

/// Checks that each comment `// HINT text` of a file is a part of a hint or a warning about it.
fn hints_of(text: &str, version: GoVersion) -> Result<(), Failed> {
    let wanted = text
        .lines()
        .filter_map(|line| line.strip_prefix("// HINT "));
    let wanted: Vec<&str> = wanted.collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let dir = folder(&[("x.s", text.as_bytes())])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .args(["asm", "-go", version.name(), "-p", "main", "x.s"])
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let added = |line: &&str| line.starts_with("\thint: ") || line.contains(": warning: ");
    let added: Vec<&str> = errors.lines().filter(added).collect();
    match wanted
        .iter()
        .find(|text| !added.iter().any(|line| line.contains(*text)))
    {
        None => Ok(()),
        Some(text) => Err(format!("no hint has {text:?}:\n{errors}").into()),
    }
}

/// Flags count where they are last, `@FILE` holds arguments, `-` is standard input; listings have colours on terminals.
fn command_line() -> Result<(), Failed> {
    const TEXT: &str = "TEXT \u{b7}f(SB), 4, $0-0\n\tRET\n";
    let dir = folder(&[
        ("x.s", TEXT.as_bytes()),
        ("flags", b"-S -o 'a b.o' @more"),
        ("more", b"-trimpath=x\n\"x.s\"\n"),
        ("circle", b"@circle"),
    ])?;
    let asm = |args: &[&str]| -> Result<Output, Failed> {
        let stdin = std::fs::File::open(dir.path().join("x.s"))?;
        let mut command = minigo_command();
        command.current_dir(dir.path()).stdin(stdin);
        Ok(command.arg("asm").args(args).output()?)
    };
    let said = |output: Output| {
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        out + &err
    };
    let listing = said(asm(&["-S", "x.s"])?);
    for (args, object) in [
        (
            &["-S", "-S=false", "-S", "-o", "b.o", "-o", "c.o", "x.s"][..],
            "c.o",
        ),
        (
            &[
                "-v",
                "-d",
                "compressinstructions=1",
                "-S",
                "-o",
                "d.o",
                "x.s",
            ],
            "d.o",
        ),
        (&["@flags"], "a b.o"),
    ] {
        same(&args.join(" "), &listing, &said(asm(args)?))?;
        same(
            object,
            "true",
            &dir.path().join(object).exists().to_string(),
        )?;
    }
    same(
        "the first -o",
        "false",
        &dir.path().join("b.o").exists().to_string(),
    )?;
    let from_input = said(asm(&["-S", "-"])?);
    same(
        "-",
        &listing.replace("x.s", "<standard input>"),
        &from_input,
    )?;
    same(
        "main.o",
        "true",
        &dir.path().join("main.o").exists().to_string(),
    )?;
    let colored = said(asm(&["-S", "-color=always", "x.s"])?);
    same(
        "a colour",
        "true",
        &colored.contains("\u{1b}[36mRET").to_string(),
    )?;
    for (args, message) in [
        (
            &["@nothing"][..],
            "minigo: nothing: No such file or directory (os error 2)\n",
        ),
        (
            &["@circle"],
            "minigo: circle: files of arguments name each other without an end\n",
        ),
    ] {
        same(args[0], message, &said(asm(args)?))?;
    }
    Ok(())
}

/// Assembles a file called `x.s`.
fn asm(text: &[u8]) -> Result<Output, Failed> {
    let dir = folder(&[("x.s", text)])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .args(["asm", "x.s"])
        .output()?;
    Ok(output)
}

/// Compares messages and exit status.
fn says(text: &str, status: i32, expected: &str) -> Result<(), Failed> {
    let output = asm(text.as_bytes())?;
    same(
        "the messages",
        expected,
        &String::from_utf8_lossy(&output.stderr),
    )?;
    match output.status.code() {
        Some(code) if code == status => Ok(()),
        code => Err(format!("status {code:?} for {text:?}").into()),
    }
}

fn dots() -> Result<(), Failed> {
    for version in [GoVersion::Go1_15, GoVersion::Go1_27] {
        for text in [
            "// HINT a label is loop:\nTEXT \u{b7}f(SB), 4, $0\n.L1:\n\tJMP .L1\n",
            "// HINT want $ before the size of the frame\nTEXT \u{b7}f(SB), 4, 16\n\tRET\n",
            "// HINT a line g: in the same function; a function is \u{b7}g(SB)\n\
             TEXT \u{b7}f(SB), 4, $0\n\tCALL \u{b7}g\n\tRET\n",
        ] {
            hints_of(text, version)?;
        }
    }
    Ok(())
}

fn hints() -> Result<(), Failed> {
    says(
        "TEXT f(SB), 4, $0\n\tMOVQQ AX, BX\n",
        1,
        "x.s:2: unrecognized instruction \"MOVQQ\"\n\
         \thint: similar: MOVQ, MOVQL, MOVSQ\n\
         asm: assembly of x.s failed\n",
    )?;
    says(
        "TEXT f(SB), NOSPLIT, $0\n\tRET\n",
        1,
        "x.s:1: illegal or missing addressing mode for symbol NOSPLIT\n\
         \thint: NOSPLIT is defined in textflag.h, which is built in: #include \"textflag.h\"\n\
         asm: assembly of x.s failed\n",
    )?;
    says(
        "TEXT f(SB), 4, $0\n\tVPADDD X1, Y2, X3\n\tBSWAPL AX, BX\n",
        1,
        "asm: invalid instruction: 00000 (x.s:2)\tVPADDD\tX1, Y2, X3\n\
         \thint: VPADDD takes X0-X15/mem, X0-X15, X0-X15 | Y0-Y15/mem, Y0-Y15, Y0-Y15 | X/mem, X, X | \
         Y/mem, Y, Y | Z/mem, Z, Z; operand 2, Y2, is not X0-X15\n\
         asm: invalid instruction: 00000 (x.s:3)\tBSWAPL\tAX, BX\n\
         \thint: BSWAPL takes reg; here it has 2 operands\n\
         asm: assembly failed\n",
    )?;
    says(
        "TEXT f(SB), 4, $0\n\tRET",
        1,
        "x.s:2: unexpected EOF\n\
         \thint: the last line has no newline at its end\n\
         asm: assembly of x.s failed\n",
    )?;
    says(
        "TEXT f(SB), 4, $0\n\tRDPID AX\n\tMOVBEL (AX), BX\n",
        1,
        "x.s:2: unrecognized instruction \"RDPID\"\n\
         \thint: Go 1.27 has it: -go 1.27\n\
         x.s:3: unrecognized instruction \"MOVBEL\"\n\
         \thint: here it is MOVBELL; Go 1.27 has both names\n\
         asm: assembly of x.s failed\n",
    )?;
    says(
        "TEXT f(SB), 4, $0\n\tPCALIGN $16\n",
        1,
        "asm: asmins: missing op 00000 (<unknown line number>)\tPCALIGN\t$16\n\
         \thint: Go 1.27 pads code: -go 1.27\n\
         asm: assembly failed\n",
    )?;
    says(
        "#include \"go_asm.h\"\n",
        1,
        "x.s:2: #include: open go_asm.h: no such file or directory\n\
         \thint: the compiler writes go_asm.h for the package's constants: -asmhdr\n",
    )
}

fn warnings() -> Result<(), Failed> {
    says(
        "\tADDQ AX, BX\nTEXT f(SB), 4, $0\n\tADDB $300, AX\n\tJMP (AX*4)\n\tRET\n\
         DATA x+8(SB)/8, $1\nGLOBL x(SB), 4, $8\n",
        0,
        "x.s:1: warning: instructions before the first TEXT are in no function, and dropped\n\
         x.s:3: warning: ADDB keeps a byte of 300: 44\n\
         x.s:4: warning: JMP of an index without a base has no code\n\
         x.s:7: warning: DATA of x ends at 16, GLOBL at 8\n",
    )?;
    says(
        "TEXT f(SB), 4, $0\n\tVMOVDQA32.Z Z0, Z1\n\tVMOVDQA32.Z Z0, K1, Z1\n\tRET\n",
        0,
        "x.s:2: warning: VMOVDQA32 has the suffix Z but no mask register: processors refuse it\n",
    )
}

fn scanner() -> Result<(), Failed> {
    says(
        "TEXT f(SB), 4, $0\n\tRET\n/* no end\n",
        0,
        "x.s:3:1: comment not terminated\n",
    )
}

fn broken() -> Result<(), Failed> {
    let long_line = [
        b"TEXT f(SB), 4, $0\n\tADDQ ".as_slice(),
        &vec![b'('; 1 << 20],
        b"\n",
    ]
    .concat();
    let deep: String = (0..300)
        .map(|i| format!("#define m{i} m{}\n", i + 1))
        .chain(["TEXT f(SB), 4, $0\n\tm0\n".to_owned()])
        .collect();
    for text in [
        b"TEXT f(SB), 4, $99999999999999999999\n\tRET\n".as_slice(),
        b"TEXT f(SB), 4, $0\n\tMOVQ $99999999999999999999, AX\n",
        b"TEXT f(SB), 4, $0\n\tMOVQ\0AX, BX\n",
        b"\0",
        b"DATA x+9223372036854775807(SB)/2, $-2\n",
        b"#define m m\nTEXT f(SB), 4, $0\n\tm\n",
        &long_line,
        deep.as_bytes(),
    ] {
        let output = asm(text)?;
        if output.status.code() != Some(1) || output.stderr.is_empty() {
            let start = String::from_utf8_lossy(&text[..text.len().min(60)]).into_owned();
            return Err(format!("{start:?}: {output:?}").into());
        }
    }
    Ok(())
}

/// Messages on one line cost as much as the line is long.
fn many_messages() -> Result<(), Failed> {
    let n = 200_000;
    let output = asm("x '\\\\".repeat(n).as_bytes())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = format!("x.s:1:{}: invalid char literal", 5 * (n - 2) + 3);
    match errors.lines().any(|line| line == last) {
        true => Ok(()),
        false => Err(errors
            .lines()
            .take(20)
            .collect::<Vec<_>>()
            .join("\n")
            .into()),
    }
}

fn large() -> Result<(), Failed> {
    let many = format!(
        "TEXT f(SB), 4, $0\n{}",
        "\tADDQ\tAX, 8(BX)\n".repeat(700_000)
    );
    let comment = format!("TEXT f(SB), 4, $0\n\tRET /*{}*/\n", "*\n".repeat(1 << 20));
    let frame = "TEXT f(SB), 0, $1000000000-0\n\tRET\n".to_owned();
    for text in [many, comment, frame, String::new()] {
        let output = asm(text.as_bytes())?;
        if !output.status.success() {
            return Err(format!("{:?}: {output:?}", &text[..text.len().min(60)]).into());
        }
    }
    Ok(())
}
