//! Debugging information: a session in gdb, and the sections read back.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use gimli::{EndianSlice, LittleEndian, UnwindSection};
use libtest_mimic::{Failed, Trial};
use minigo::{Options, Source, Target};
use minigo_base::GoVersion;
use minigo_tests::{files, root};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

use crate::{folder, minigo_command, same};

/// The versions of which executables differ.
const VERSIONS: [GoVersion; 2] = [GoVersion::Go1_15, GoVersion::Go1_27];

/// Returns the trials of this file. Those of gdb need it.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("debugging: -w and -s leave it out", left_out),
        Trial::test("debugging: minigo asm -g linked into C", assembly_in_c),
        Trial::test("debugging: lines and frames in objects for Darwin", mach_o),
        Trial::test("debugging: names of files with NUL", names_with_nul),
    ];
    for version in VERSIONS {
        for program in ["session", "moved"] {
            let name = format!("debugging: {program}.gdb, Go {version}");
            trials.push(Trial::test(name, move || session(program, version)));
        }
        let name = format!("debugging: lines and frames of every instruction, Go {version}");
        trials.push(Trial::test(name, move || every_instruction(version)));
    }
    trials
}

/// Reports whether a program is there, and says so if it isn't.
pub fn is_installed(program: &str) -> bool {
    let installed = Command::new(program).arg("--version").output().is_ok();
    if !installed {
        eprintln!("skipped: {program} isn't installed");
    }
    installed
}

/// Runs gdb on a program of Go, and of assembly if it has some. The output was recorded from gdb 13.
fn session(program: &str, version: GoVersion) -> Result<(), Failed> {
    if !is_installed("gdb") {
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    let sources = root().join("tests/debugging");
    let mut build = minigo_command();
    build.args(["build", "-go", version.name()]);
    for extension in ["go", "s", "gdb"] {
        let name = format!("{program}.{extension}");
        if !sources.join(&name).exists() {
            continue;
        }
        std::fs::copy(sources.join(&name), dir.path().join(&name))?;
        if extension != "gdb" {
            build.arg(name);
        }
    }
    run(dir.path(), &mut build)?;
    let output = Command::new("gdb")
        .current_dir(dir.path())
        .args(["-q", "-nx", "-batch", "-x"])
        .arg(format!("{program}.gdb"))
        .arg(format!("./{program}"))
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let recorded = sources.join(format!("{program}_{version}.txt"));
    let expected = std::fs::read_to_string(recorded)?;
    same("the session", &expected, &without_places(&text, dir.path()))
}

/// Leaves out what differs between machines: the folder, the number of the process and remarks about libraries.
fn without_places(text: &str, dir: &Path) -> String {
    let dir = dir.canonicalize().unwrap_or(dir.to_owned());
    let text = text.replace(&format!("{}/", dir.display()), "");
    let mut common = String::new();
    for line in text.lines() {
        match line.split_once("[Inferior 1 (process ") {
            Some(_) => common.push_str("[exited]"),
            None => common.push_str(line),
        }
        common.push('\n');
    }
    common
}

/// Returns the contents of the debugging sections of a file, decompressed.
fn sections(file: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let file = object::File::parse(file)?;
    let mut sections = BTreeMap::new();
    for section in file.sections() {
        let name = section.name()?;
        let elf = name.strip_prefix(".debug_");
        let Some(name) = elf.or(name.strip_prefix("__debug_")) else {
            continue;
        };
        let data = section.data()?;
        let is_compressed = match section.flags() {
            object::SectionFlags::Elf { sh_flags, .. } => sh_flags.0 & 0x800 != 0,
            _ => false,
        };
        let data = match is_compressed {
            // The header is three words.
            true => miniz_oxide::inflate::decompress_to_vec_zlib(&data[24..])
                .map_err(|err| format!("{name}: {err:?}"))?,
            false => data.to_vec(),
        };
        sections.insert(name.to_owned(), data);
    }
    Ok(sections)
}

/// The facts of debuggers about addresses.
#[derive(Default)]
struct Known {
    /// The line from each address on; none where code ends.
    lines: BTreeMap<u64, Option<u64>>,
    /// The distance of the frame's address from SP from each address on; none where code ends.
    depths: BTreeMap<u64, Option<i64>>,
    /// The functions, each with its address.
    functions: BTreeMap<String, u64>,
}

type Slice<'a> = EndianSlice<'a, LittleEndian>;

impl Known {
    fn new(sections: &BTreeMap<String, Vec<u8>>) -> gimli::Result<Known> {
        let section = |name: &str| sections.get(name).map_or(&[][..], |bytes| bytes);
        let load = |id: gimli::SectionId| {
            let name = id.name().strip_prefix(".debug_").unwrap_or_default();
            Ok::<_, gimli::Error>(EndianSlice::new(section(name), LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load)?;
        let mut known = Known::default();
        let mut units = dwarf.units();
        while let Some(header) = units.next()? {
            let unit = dwarf.unit(header)?;
            known.add_lines(&unit)?;
            known.add_functions(&dwarf, &unit)?;
        }
        let mut frames = gimli::DebugFrame::new(section("frame"), LittleEndian);
        frames.set_address_size(8);
        known.add_frames(&frames)?;
        Ok(known)
    }

    fn add_lines(&mut self, unit: &gimli::Unit<Slice>) -> gimli::Result<()> {
        let Some(program) = unit.line_program.clone() else {
            return Ok(());
        };
        let mut rows = program.rows();
        let mut last = 0;
        while let Some((_, row)) = rows.next_row()? {
            let line = row.line().filter(|_| !row.end_sequence());
            assert!(row.address() >= last, "lines are in order");
            last = if row.end_sequence() { 0 } else { row.address() };
            self.lines.insert(row.address(), line.map(u64::from));
        }
        Ok(())
    }

    fn add_functions(
        &mut self,
        dwarf: &gimli::Dwarf<Slice>,
        unit: &gimli::Unit<Slice>,
    ) -> gimli::Result<()> {
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs()? {
            if entry.tag() != gimli::DW_TAG_subprogram {
                continue;
            }
            let Some(low) = entry.attr_value(gimli::DW_AT_low_pc) else {
                continue;
            };
            let Some(address) = dwarf.attr_address(unit, low)? else {
                continue;
            };
            let origin = entry.attr_value(gimli::DW_AT_abstract_origin);
            let name = match origin {
                Some(gimli::AttributeValue::UnitRef(origin)) => {
                    unit.entry(origin)?.attr_value(gimli::DW_AT_name)
                }
                _ => entry.attr_value(gimli::DW_AT_name),
            };
            if let Some(name) = name {
                let name = dwarf
                    .attr_string(unit, name)?
                    .to_string_lossy()
                    .into_owned();
                self.functions.insert(name, address);
            }
        }
        Ok(())
    }

    fn add_frames(&mut self, frames: &gimli::DebugFrame<Slice>) -> gimli::Result<()> {
        let bases = gimli::BaseAddresses::default();
        let mut context = gimli::UnwindContext::new();
        let mut entries = frames.entries(&bases);
        while let Some(entry) = entries.next()? {
            let gimli::CieOrFde::Fde(partial) = entry else {
                continue;
            };
            let fde =
                partial.parse(|frames, bases, offset| frames.cie_from_offset(bases, offset))?;
            let mut rows = fde.rows(frames, &bases, &mut context)?;
            while let Some(row) = rows.next_row()? {
                let depth = match row.cfa() {
                    &gimli::CfaRule::RegisterAndOffset { register, offset } => {
                        assert_eq!(register, gimli::X86_64::RSP);
                        offset
                    }
                    gimli::CfaRule::Expression(_) => unreachable!("frames count from SP"),
                };
                self.depths.insert(row.start_address(), Some(depth));
            }
            self.depths.entry(fde.end_address()).or_insert(None);
        }
        Ok(())
    }
}

fn at<T: Copy>(known: &BTreeMap<u64, Option<T>>, address: u64) -> Option<T> {
    known
        .range(..=address)
        .next_back()
        .and_then(|(_, value)| *value)
}

/// Compares lines and depths of the stack with those of the listing, at every instruction of the examples.
fn every_instruction(version: GoVersion) -> Result<(), Failed> {
    const SESSION: &str = include_str!("debugging/session.go");
    const ASSEMBLY: &str = include_str!("debugging/session.s");
    let mut programs = vec![vec![
        Source::new("session.go", SESSION),
        Source::new("session.s", ASSEMBLY),
    ]];
    for file in files(&root().join("examples"), ".go") {
        let text = std::fs::read_to_string(&file)?;
        programs.push(vec![Source::new(file.display().to_string(), text)]);
    }
    let mut n_compared = 0;
    for sources in &programs {
        for (optimize, inline) in [(true, true), (false, false)] {
            let options = Options {
                version,
                optimize,
                inline,
                listing: false,
                complete: true,
                ..Options::default()
            };
            n_compared += compare(sources, &options)?;
        }
    }
    match n_compared {
        0..1000 => Err(format!("only {n_compared} instructions were compared").into()),
        _ => Ok(()),
    }
}

/// Compares the instructions of a program, if it is one. Returns how many there are.
fn compare(sources: &[Source], options: &Options) -> Result<usize, Failed> {
    let Ok(built) = minigo::compile(sources, options) else {
        return Ok(0);
    };
    if !built.is_program() && options.target == Target::Linux {
        return Ok(0);
    }
    let mut instructions = Vec::new();
    for function in built.functions() {
        let name = built.linked_name(&function);
        let mut line = 0;
        for row in function.rows().filter(|row| !row.bytes.is_empty()) {
            let frame = built.frame(&function, Some(row.pc), false);
            let frame = frame.map_err(|err| format!("{name}+{:#x}: {err:?}", row.pc))?;
            // Instructions without a position belong to the line before.
            line = row
                .position
                .map_or(line, |position| u64::from(position.line));
            instructions.push((name.clone(), row.pc, line, frame.depth));
        }
    }
    let (file, prefix) = match options.target {
        Target::Linux => (built.executable(), ""),
        Target::Darwin => (built.object("x.o"), "_"),
    };
    let file = file.map_err(|err| format!("{err:?}"))?;
    let known = Known::new(&sections(&file)?)?;
    let file = object::File::parse(&*file)?;
    let symbols = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    let addresses: BTreeMap<String, u64> = symbols
        .map(|symbol| {
            let name = symbol.name()?;
            let name = name.strip_prefix(prefix).unwrap_or(name);
            Ok((name.to_owned(), symbol.address()))
        })
        .collect::<Result<_, Failed>>()?;
    let mut n_compared = 0;
    for (name, pc, line, depth) in instructions {
        // A function for assembly and the one that it wraps have the same name.
        let Some(address) = addresses
            .get(&name)
            .filter(|_| !addresses.contains_key(&format!("{name}.abi0")))
        else {
            continue;
        };
        if known.functions.get(&name) != Some(address) {
            return Err(format!("{name} is not at {address:#x}").into());
        }
        let address = address + u64::from(pc);
        let found = (at(&known.lines, address), at(&known.depths, address));
        if found != (Some(line), Some(depth + 8)) {
            let problem = format!("{name}+{pc:#x}: {found:?}, want line {line}, depth {depth} + 8");
            return Err(problem.into());
        }
        n_compared += 1;
    }
    Ok(n_compared)
}

/// Compares an object for Darwin, whose code may not grow the stack.
fn mach_o() -> Result<(), Failed> {
    const TEXT: &str = "package p

func f(a, b int32) int32 {
	c := a + b
	return c * a
}

func g(n int32) int32 {
	n++
	return f(n, 3)
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
";
    let sources = [Source::new("x.go", TEXT)];
    for version in VERSIONS {
        let options = Options {
            version,
            package: "p".to_owned(),
            listing: false,
            complete: true,
            target: Target::Darwin,
            ..Options::default()
        };
        let n_compared = compare(&sources, &options)?;
        if n_compared < 10 {
            return Err(format!("only {n_compared} instructions were compared").into());
        }
    }
    Ok(())
}

fn left_out() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    std::fs::copy(
        root().join("tests/debugging/session.go"),
        dir.path().join("x.go"),
    )?;
    std::fs::copy(
        root().join("tests/debugging/session.s"),
        dir.path().join("x.s"),
    )?;
    for (flags, has_debugging, has_symbols) in [
        (&[][..], true, true),
        (&["-w"], false, true),
        (&["-s"], false, false),
        (&["-ldflags=-w"], false, true),
        (&["-ldflags", "-s -w"], false, false),
        (&["-ldflags=-w=false"], true, true),
        (&["-linkmode=external"], true, true),
        (&["-linkmode=external", "-w"], false, true),
        (&["-linkmode=external", "-s"], false, false),
    ] {
        let mut build = minigo_command();
        build.arg("build").args(flags).args(["x.go", "x.s"]);
        run(dir.path(), &mut build)?;
        let file = std::fs::read(dir.path().join("x"))?;
        let sections = sections(&file)?;
        let has = (
            sections.contains_key("info"),
            object::File::parse(&*file)?.symbols().next().is_some(),
        );
        if has != (has_debugging, has_symbols) {
            return Err(format!("{flags:?}: debugging information and symbols: {has:?}").into());
        }
        if sections.contains_key("info") && Known::new(&sections)?.functions.is_empty() {
            return Err(format!("{flags:?}: no functions").into());
        }
    }
    Ok(())
}

/// Links assembly into a C program, and reads back its lines and frames.
fn assembly_in_c() -> Result<(), Failed> {
    const C: &str = "long add(long, long);\nint main(void) { return add(40, 2) - 42; }\n";
    const ASSEMBLY: &str = "\
TEXT add(SB), 4, $16
	MOVQ	DI, x-8(SP)
	ADDQ	SI, DI
	MOVQ	DI, AX
	RET
";
    let dir = folder(&[("main.c", C.as_bytes()), ("add.s", ASSEMBLY.as_bytes())])?;
    run(dir.path(), minigo_command().args(["asm", "-g", "add.s"]))?;
    run(
        dir.path(),
        Command::new("cc").args(["-o", "x", "main.c", "add.o"]),
    )?;
    run(dir.path(), &mut Command::new(dir.path().join("x")))?;
    let bytes = std::fs::read(dir.path().join("x"))?;
    let file = object::File::parse(&*bytes)?;
    let known = Known::new(&sections(&bytes)?)?;
    let add = file.symbols().find(|symbol| symbol.name() == Ok("add"));
    let add = add.ok_or("no symbol add")?.address();
    let lines = known
        .lines
        .range(add..)
        .map(|(address, line)| (address - add, *line));
    let lines: Vec<(u64, Option<u64>)> = lines.take(6).collect();
    let expected = [(0, 1), (14, 2), (19, 3), (22, 4), (25, 5)];
    let mut expected: Vec<(u64, Option<u64>)> = expected
        .iter()
        .map(|&(pc, line)| (pc, Some(line)))
        .collect();
    expected.push((35, None));
    if lines != expected {
        return Err(format!("lines {lines:?}, want {expected:?}").into());
    }
    // Frames are in the section that C's are in.
    let frames = file.section_by_name(".eh_frame").ok_or("no frames")?;
    let bases = gimli::BaseAddresses::default().set_eh_frame(frames.address());
    let frames = gimli::EhFrame::new(frames.data()?, LittleEndian);
    let mut context = gimli::UnwindContext::new();
    for (pc, depth) in [(0, 8), (19, 32), (34, 8)] {
        let row = frames.unwind_info_for_address(
            &bases,
            &mut context,
            add + pc,
            gimli::EhFrame::cie_from_offset,
        )?;
        let want = gimli::CfaRule::RegisterAndOffset {
            register: gimli::X86_64::RSP,
            offset: depth,
        };
        if *row.cfa() != want {
            return Err(format!("add+{pc}: {:?}, want {want:?}", row.cfa()).into());
        }
    }
    Ok(())
}

/// Assembles lines of files whose names debugging information can't hold whole.
fn names_with_nul() -> Result<(), Failed> {
    const ASSEMBLY: &str = "\
#line 7 \"a\\x00b.s\"
TEXT f(SB), 4, $0
#line 9 \"\\x00\"
	NOP
#line 11 \"\"
	RET
";
    let dir = folder(&[("x.s", ASSEMBLY.as_bytes())])?;
    run(dir.path(), minigo_command().args(["asm", "-g", "x.s"]))?;
    let known = Known::new(&sections(&std::fs::read(dir.path().join("x.o"))?)?)?;
    let lines: Vec<Option<u64>> = known.lines.into_values().collect();
    // After `#line 11`, Go's assembler says line 10.
    if lines != [Some(10), None] {
        return Err(format!("lines {lines:?}").into());
    }
    Ok(())
}

/// Runs a command in a folder. It must succeed.
fn run(dir: &Path, command: &mut Command) -> Result<(), Failed> {
    let output = command.current_dir(dir).output()?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("{:?}: {text}", command.get_program()).into())
}
