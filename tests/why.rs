//! Listings that say why: without their comments they are the listings, and every line has a reason.

use libtest_mimic::{Failed, Trial};
use minigo::{Form, GoVersion, Lang, Options, Source};

use crate::programs::{SPILL, options, programs};
use crate::{folder, minigo_command, same};

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("why: the article's program", article),
        Trial::test("why: values that live over a call", spills),
        Trial::test("why: assembly", assembly),
        Trial::test("why: functions of the compiler", generated),
        Trial::test("why: the command", command),
    ];
    for version in [GoVersion::Go1_10, GoVersion::Go1_15, GoVersion::Go1_27] {
        let name = format!("why: every line has a reason, Go {version}");
        trials.push(Trial::test(name, move || every_line(version)));
    }
    trials
}

/// Returns the listing of a package; none if it can't be compiled.
fn listing(sources: &[Source], options: &Options) -> Option<String> {
    let built = minigo::compile(sources, options).ok()?;
    let pieces: String = built.listing().map(|piece| piece.into_owned()).collect();
    Some(pieces + built.assembly_listing())
}

/// Removes comments: `sed '/^\t; /d; s/\t; .*//'`.
fn stripped(listing: &str) -> String {
    let lines = listing.lines().filter(|line| !line.starts_with("\t; "));
    let without = lines.map(|line| match line.split_once("\t; ") {
        Some((code, _)) => format!("{code}\n"),
        None => format!("{line}\n"),
    });
    without.collect()
}

/// Whether a line of a listing is an instruction: `\t0x0000 00000 (file:line)\t`.
fn is_instruction(line: &str) -> bool {
    let mut words = line.split(' ');
    let offset = words.next().is_some_and(|word| word.starts_with("\t0x"));
    let decimal = words.next().is_some_and(|word| word.len() >= 5);
    offset && decimal && words.next().is_some_and(|word| word.starts_with('('))
}

fn every_line(version: GoVersion) -> Result<(), Failed> {
    let mut n_lines = 0;
    for program in programs() {
        let sources = program.sources();
        for optimize in [true, false] {
            let mut options = Options {
                optimize,
                ..options(version)
            };
            let Some(plain) = listing(&sources, &options) else {
                continue;
            };
            for lang in [Lang::En, Lang::Zh] {
                options.why = Some((Form::Full, lang));
                let annotated = listing(&sources, &options).ok_or("it compiles without reasons")?;
                let what = format!("{} without comments", program.name);
                same(&what, &plain, &stripped(&annotated))?;
                for line in annotated.lines().filter(|line| is_instruction(line)) {
                    n_lines += 1;
                    let reason = line.split_once("\t; ").map_or("", |(_, reason)| reason);
                    if reason.split_whitespace().count() < 2 {
                        return Err(format!("{}: no reason: {line}", program.name).into());
                    }
                }
            }
        }
    }
    match n_lines {
        0..100_000 => Err(format!("only {n_lines} lines").into()),
        _ => Ok(()),
    }
}

/// The article's program, as the article prints it.
fn article() -> Result<(), Failed> {
    const ADD: &str = include_str!("../examples/add/direct_topfunc_call.go");
    const EN: &str = r#""".add STEXT nosplit size=20 args=0x10 locals=0x0
0x0000 TEXT "".add(SB), NOSPLIT|ABIInternal, $0-16  ; frame   frame of 0 bytes; 16 bytes of arguments and results: a, b, ~r2, ~r3
                                                    ; frame   NOSPLIT inferred: calls nothing, frame below 128 bytes, so no stack check
0x0000 FUNCDATA $0, gclocals·33cdeccccebe80329f1fdbee7f5874cb(SB) ; live    where pointers are in the arguments
0x0000 FUNCDATA $1, gclocals·33cdeccccebe80329f1fdbee7f5874cb(SB) ; live    where pointers are in the locals
0x0000 MOVL "".b+12(SP), AX                         ; ra:4    AX = parameter b, from the caller's frame
0x0004 MOVL "".a+8(SP), CX                          ; ra:4    CX = parameter a, from the caller's frame
0x0008 ADDL CX, AX                                  ; go:4    AX = a + b
0x000a MOVL AX, "".~r2+16(SP)                       ; go:4    result 1, ~r2 = AX
0x000e MOVB $1, "".~r3+20(SP)                       ; go:4    result 2, ~r3 = 1
0x0013 RET                                          ; go:4    back to the return address
"#;
    const ZH: &str = r#"0x0000 MOVQ (TLS), CX                               ; 栈检查    CX = g，当前 goroutine
0x0009 CMPQ SP, 16(CX)                              ; 栈检查    比较 SP 与 CX 中 g 的 stackguard0（小栈帧：直接用 SP）
0x000d PCDATA $0, $-2                               ; 栈检查    从这里起 goroutine 不能被停下
0x000d JLS 58                                       ; 栈检查    SP <= 警戒值：跳到 0x003a 去扩栈
0x000f PCDATA $0, $-1                               ; 栈检查    goroutine 又可以被停下
0x000f SUBQ $24, SP                                 ; 栈帧      打开：24 字节
0x0013 MOVQ BP, 16(SP)                              ; 栈帧      保存调用方的 BP
0x0018 LEAQ 16(SP), BP                              ; 栈帧      BP = 保存它的位置
"#;
    const JOINED: &str = "; go:6    137438953482 (10 | 32<<32) to 0(SP), for add; lower joined neighbouring stores\n";
    let sources = [Source::new("direct_topfunc_call.go", ADD)];
    for (lang, part) in [(Lang::En, EN), (Lang::Zh, ZH), (Lang::En, JOINED)] {
        let options = Options {
            why: Some((Form::Brief, lang)),
            ..Options::default()
        };
        let text = listing(&sources, &options).ok_or("the article's program compiles")?;
        if !text.contains(part) {
            same("the listing", part, &text)?;
        }
    }
    Ok(())
}

fn spills() -> Result<(), Failed> {
    let options = Options {
        why: Some((Form::Full, Lang::En)),
        ..Options::default()
    };
    let sources = [Source::new("spill.go", SPILL)];
    let text = listing(&sources, &options).ok_or("the program compiles")?;
    for part in [
        "; ra:8    spill x to its slot x: it is needed again when no register holds it  [v21: StoreReg regalloc]",
        "; go:8    x (AX) = result of half, from 8(SP)",
        "; ra:11   reload x into AX",
        "; go:11   a step to x + 2*x + 1  [v24: Add64 start, LEAQ2 lower (ADDQconst(LEAQ2) \u{2192} LEAQ2, amd64.rules:",
        "; go:13   x (AX) = CX if up != 0, else as it is: no jump  [",
        "CondSelect branchelim, CMOVQNE lower",
        "; run:16  call runtime.printlock: other goroutines wait until this print is done",
        "; pad     2 bytes: the jump after it would cross or end at a 32-byte boundary",
    ] {
        if !text.contains(part) {
            return Err(format!("no {part:?} in\n{text}").into());
        }
    }
    Ok(())
}

fn assembly() -> Result<(), Failed> {
    let source = "TEXT \u{b7}f(SB), 0, $16-8\n\tMOVQ a+0(FP), AX\n\tMOVQ AX, x-8(SP)\n\tMOVQ AX, 0(SP)\n\tCALL \u{b7}g(SB)\n\tJMP done\ndone:\n\tRET\n";
    let dir = folder(&[("x.s", source.as_bytes())])?;
    let run = |args: &[&str]| -> Result<String, Failed> {
        let output = minigo_command()
            .current_dir(dir.path())
            .arg("asm")
            .args(args)
            .output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let plain = run(&["-S", "x.s"])?;
    let annotated = run(&["-S", "-why", "-lang", "en", "x.s"])?;
    same(
        "the listing without comments",
        &plain,
        &stripped(&annotated),
    )?;
    for part in [
        "\t; frame   frame of 24 bytes: 8 for BP; 8 bytes of arguments and results\n",
        "\t; split   SP <= guard: to ",
        "\t; asm:2   a+0(FP) is 32(SP) here\n",
        "\t; asm:3   x-8(SP), pseudo SP, is 8(SP) here\n",
        "\t; asm:4   0(SP) is the processor's SP: for a call, or its result\n",
        "\t; asm:5   call g: pushes the return address; registers are lost\n",
        "\t; frame   the caller's BP back\n",
        "\t; asm:8   back to the return address\n",
    ] {
        if !annotated.contains(part) {
            return Err(format!("no {part:?} in\n{annotated}").into());
        }
    }
    Ok(())
}

/// Functions that the compiler makes, why functions check the stack, and instructions that do nothing.
fn generated() -> Result<(), Failed> {
    const FMT: &str = "package main\n\nimport \"fmt\"\n\nvar a = f() + 1\n\n//go:noinline\nfunc f() int { return 2 }\n\nfunc div(x, y int) int { return x / y }\n\nfunc loop() {\n\tfor {\n\t}\n}\n\nfunc main() { fmt.Println(a, div(a, 3)) }\n";
    const ROOT: &str = "package main\n\nfunc root(a int) int\n\nfunc main() { println(root(4)) }\n";
    const ASSEMBLY: &str = "TEXT \u{b7}root(SB), 4, $0-16\n\tMOVQ a+0(FP), AX\n\tADDQ $1, AX\n\tCMPQ AX, $3\n\tJLE done\ndone:\n\tMOVQ AX, ret+8(FP)\n\tRET\n";
    let fmt = [Source::new("x.go", FMT)];
    let root = [Source::new("x.go", ROOT), Source::new("x.s", ASSEMBLY)];
    let (old, new) = (GoVersion::Go1_15, GoVersion::Go1_27);
    for (sources, version, parts) in [
        (
            &fmt[..],
            old,
            &[
                "; run     made by the compiler: compares two values of type [2]interface {}\n",
                "; run     made by the compiler: the method of an embedded field, for the outer type\n",
                "; run:5   made by the compiler: initializes package variables, in order of dependence\n",
                "; frame   not NOSPLIT: calls f, so the stack is checked\n",
                "; frame   NOSPLIT inferred: calls only panics, which need no stack of this function, frame below 128 bytes\n",
                "; go:10   never reached: keeps the return address of the call before it in this function\n",
                "; go:13   does nothing: the body of an empty loop, for debuggers\n",
                "JGE\t155\t; run     if DX >= 2: to 0x009b\n",
                "; run     call runtime.efaceeq: compares what two interfaces hold\n",
            ][..],
        ),
        (
            &root[..],
            new,
            &[
                "; run     made by the compiler: takes a call in one calling convention to root in the other\n",
                "; frame   NOSPLIT: the compiler's wrappers have no stack check\n",
                "; go      X15 = 0, as compiled code expects: the other function may use it  [",
                "; asm:3   AX = AX + 1\n",
                "; asm:4   flags: AX compared with 3\n",
                "; asm:5   if AX <= 3: to 0x",
            ],
        ),
    ] {
        let options = Options {
            version,
            why: Some((Form::Full, Lang::En)),
            ..Options::default()
        };
        let text = listing(sources, &options).ok_or("the program compiles")?;
        if let Some(part) = parts.iter().find(|part| !text.contains(**part)) {
            return Err(format!("no {part:?} in\n{text}").into());
        }
    }
    Ok(())
}

/// `-why` implies `-S`; a form that isn't known is a mistake.
fn command() -> Result<(), Failed> {
    const ADD: &[u8] = include_bytes!("../examples/add/direct_topfunc_call.go");
    let dir = folder(&[("add.go", ADD)])?;
    let run = |args: &[&str]| minigo_command().current_dir(dir.path()).args(args).output();
    let plain = run(&["build", "-S", "add.go"])?;
    let annotated = run(&["build", "-why", "-lang", "zh", "add.go"])?;
    let [plain, annotated] =
        [plain, annotated].map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    same(
        "the listing without comments",
        &plain,
        &stripped(&annotated),
    )?;
    let wrong = run(&["build", "-S", "-why=long", "add.go"])?;
    match wrong.status.code() {
        Some(2) => Ok(()),
        status => Err(format!("-why=long ends with {status:?}").into()),
    }
}
