//! The outcome of a program as one text that is the same on every machine.
//!
//! A program that crashes prints addresses, names of folders and stale words of its stack, which are left out. All that
//! the program itself decides stays: messages, frames, lines, offsets, sizes of frames, and the bytes of arguments
//! that were passed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Output;

use minigo_base::GoVersion;
use minigo_obj::Dialect;

/// Returns the standard output, standard error and exit status of a program whose sources were in `folder`, as
/// `output.txt` of examples and `out` sections record them. `source` is the text of the program's Go files, `version` the
/// Go that built it.
pub fn outcome(output: &Output, folder: &Path, source: &str, version: GoVersion) -> String {
    let mut text = String::new();
    if !output.stdout.is_empty() {
        let _ = write!(
            text,
            "[stdout]\n{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    if !output.stderr.is_empty() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let _ = write!(
            text,
            "[stderr]\n{}",
            common(&errors, folder, source, version)
        );
    }
    let status = output
        .status
        .code()
        .map_or_else(|| "signal".to_owned(), |code| code.to_string());
    let _ = writeln!(text, "[status {status}]");
    text
}

/// Returns a program's standard error without the parts that differ between machines or runs.
fn common(text: &str, folder: &Path, source: &str, version: GoVersion) -> String {
    // Versions that know where arguments are print each for itself, and mark those that nobody passed.
    let marked = Dialect::of(version).argument_tables.is_some();
    let signatures = signatures(source);
    let folder = folder.canonicalize().unwrap_or(folder.to_owned());
    let folder = format!("\t{}/", folder.display());
    let mut common = String::new();
    let mut in_traceback = false;
    let mut runtime_stack = false;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let bare = line.trim_end_matches('\n');
        in_traceback |= bare.starts_with("goroutine 1 ");
        if bare.is_empty() && lines.peek().is_some_and(|line| is_other_goroutine(line)) {
            continue;
        }
        if is_other_goroutine(bare) {
            // minigo has none.
            while lines.next_if(|line| !line.starts_with("rax ")).is_some() {}
            if lines.peek().is_some() {
                common.push('\n');
            }
            continue;
        }
        if bare == "runtime stack:" {
            runtime_stack = true;
        } else if bare.is_empty() {
            runtime_stack = false;
        } else if runtime_stack {
            // Frames of the runtime, which isn't Go's.
            continue;
        }
        if let Some(bounds) = bare.strip_prefix("runtime: sp=") {
            let _ = writeln!(common, "runtime: sp={}", relative_to_stack(bounds));
        } else if let Some(known) = signal(bare) {
            let _ = writeln!(common, "{known}");
        } else if !in_traceback {
            common.push_str(line);
        } else if is_memory(bare) {
            // minigo doesn't print the stack.
        } else if let Some(known) = lost(bare) {
            let _ = writeln!(common, "{known}");
        } else if let Some(state) = goroutine(bare) {
            let _ = writeln!(common, "{state}");
        } else if let Some((name, args)) = frame(bare) {
            let place = lines.next_if(|line| line.starts_with('\t')).unwrap_or("");
            if name.starts_with("runtime.") {
                let _ = writeln!(common, "{name}(…)");
                continue;
            }
            let args = match marked {
                true => known_values(args),
                false => passed(args, signatures.get(name)),
            };
            let _ = writeln!(common, "{name}({args})");
            common.push_str(&place_line(&place.replacen(&folder, "\t", 1)));
        } else if let Some(register) = register(bare) {
            let _ = writeln!(common, "{register}");
        } else {
            common.push_str(line);
        }
    }
    common
}

fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// Rewrites `SP stack=[LOW, HIGH]` to distances from LOW.
fn relative_to_stack(bounds: &str) -> String {
    let numbers: Vec<u64> = bounds
        .split([' ', '=', '[', ',', ']'])
        .filter_map(hexadecimal)
        .collect();
    match numbers[..] {
        [sp, low, high] => format!(
            "LOW+{:#x} stack=[LOW, LOW+{:#x}]",
            sp.wrapping_sub(low),
            high.wrapping_sub(low)
        ),
        _ => bounds.to_owned(),
    }
}

/// Returns a line about a signal without the address of the instruction.
fn signal(line: &str) -> Option<String> {
    if let Some((_, rest)) = line.strip_prefix("PC=").and_then(|pc| pc.split_once(' ')) {
        return Some(format!("PC=… {rest}"));
    }
    let (head, pc) = line
        .strip_prefix("[signal ")?
        .strip_suffix(']')?
        .split_once(" pc=")?;
    // Arithmetic faults have the instruction as their address.
    let head = match head.strip_suffix(&format!("addr={pc}")) {
        Some(head) if head.starts_with("SIGFPE") => format!("{head}addr=PC"),
        _ => head.to_owned(),
    };
    Some(format!("[signal {head} pc=…]"))
}

/// Reports whether a line prints a part of the stack, or belongs to such lines.
fn is_memory(line: &str) -> bool {
    let is_address = |word: &str| word.len() == 16 && word.chars().all(|c| c.is_ascii_hexdigit());
    let address = line.split_once(": ").map(|(address, _)| address);
    address.is_some_and(is_address)
        || line.starts_with("stack: frame={")
        || line.starts_with("          ") && line.trim_start().starts_with(['7', '^'])
}

/// Returns a line about a pc that belongs to no function without the pc.
fn lost(line: &str) -> Option<String> {
    let (what, _) = line.rsplit_once(" 0x")?;
    let is_lost = what.ends_with("unknown pc") || what.ends_with(" called from");
    (is_lost && what.starts_with("runtime: ")).then(|| format!("{what} …"))
}

/// Returns the line above a goroutine's frames without addresses and the number of the thread.
fn goroutine(line: &str) -> Option<String> {
    let (_, state) = line.strip_prefix("goroutine 1 gp=")?.split_once(" [")?;
    Some(format!("goroutine 1 gp=… m=… mp=… [{state}"))
}

/// Reports whether a line begins the frames of a goroutine of the runtime.
fn is_other_goroutine(line: &str) -> bool {
    let rest = line.strip_prefix("goroutine ");
    let number = rest.and_then(|rest| rest.split_once(' '));
    number.is_some_and(|(number, rest)| number != "1" && rest.contains('['))
}

/// Leaves out the values of arguments that the program marks as unknown.
fn known_values(args: &str) -> String {
    let known = |arg| match hexadecimal(arg) {
        None if arg.starts_with("0x") => "?",
        _ => arg,
    };
    args.split(", ").map(known).collect::<Vec<_>>().join(", ")
}

/// Splits the first line of a frame into name and arguments.
fn frame(line: &str) -> Option<(&str, &str)> {
    let (name, args) = line.strip_suffix(')')?.split_once('(')?;
    let is_name = name.contains('.') && !name.contains([' ', '\t']);
    is_name.then_some((name, args))
}

/// Returns a line of a register dump without the value.
fn register(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once(' ')?;
    let value = rest.trim_start();
    (name.len() <= 6 && hexadecimal(value).is_some()).then_some(name)
}

/// Returns the second line of a frame with the size of the frame in place of its addresses.
fn place_line(line: &str) -> String {
    let Some((place, addresses)) = line.split_once(" fp=") else {
        return line.to_owned();
    };
    let numbers: Vec<u64> = addresses
        .trim_end()
        .split([' ', '='])
        .filter_map(hexadecimal)
        .collect();
    match numbers[..] {
        [fp, sp, _] => format!("{place} frame={:#x}\n", fp.wrapping_sub(sp)),
        _ => line.to_owned(),
    }
}

/// Keeps, of the words of arguments and results, only the bytes that were passed: results and padding have the values
/// that were on the stack before.
fn passed(args: &str, masks: Option<&Vec<u64>>) -> String {
    let Some(masks) = masks else {
        return args.to_owned();
    };
    let words = args.split(", ").enumerate().map(|(index, word)| {
        let Some(value) = hexadecimal(word) else {
            return word.to_owned();
        };
        match masks.get(index) {
            Some(mask) => format!("{:#x}", value & mask),
            None => "_".to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Returns, for each function of package main, masks of the passed bytes in the words of its arguments.
fn signatures(source: &str) -> BTreeMap<String, Vec<u64>> {
    let mut found = BTreeMap::new();
    for line in source.lines() {
        let Some((name, rest)) = line
            .strip_prefix("func ")
            .and_then(|rest| rest.split_once('('))
        else {
            continue;
        };
        let params = rest.split(')').next().unwrap_or("");
        found.insert(format!("main.{name}"), masks(params, source));
    }
    found
}

/// Returns the bytes of parameters as masks of the words that hold them.
fn masks(params: &str, source: &str) -> Vec<u64> {
    let pieces: Vec<Vec<&str>> = params
        .split(',')
        .map(|piece| piece.split_whitespace().collect())
        .collect();
    let named = pieces.iter().any(|piece| piece.len() > 1);
    let mut masks = Vec::new();
    let mut offset = 0usize;
    let mut waiting = 0;
    for piece in &pieces {
        waiting += usize::from(!piece.is_empty());
        if named && piece.len() == 1 {
            // A later name of the list has the type.
            continue;
        }
        let size = piece.last().map_or(8, |ty| size(ty, source));
        for _ in 0..std::mem::take(&mut waiting) {
            offset = offset.next_multiple_of(size);
            masks.resize(offset / 8 + 1, 0);
            masks[offset / 8] |= u64::MAX >> (64 - 8 * size) << (offset % 8 * 8);
            offset += size;
        }
    }
    masks
}

/// Returns the size in bytes of a basic type, or of a declared type's underlying one.
fn size(ty: &str, source: &str) -> usize {
    match ty {
        "bool" | "byte" | "int8" | "uint8" => 1,
        "int16" | "uint16" => 2,
        "int32" | "uint32" | "rune" => 4,
        "int" | "uint" | "int64" | "uint64" | "uintptr" => 8,
        _ => {
            let declared = source.lines().find_map(|line| {
                let rest = line.trim_start().trim_start_matches("type ");
                let under = rest.strip_prefix(ty)?.strip_prefix(' ')?;
                under.trim_start_matches("= ").split_whitespace().next()
            });
            match declared {
                Some(under) if under != ty => size(under, source),
                _ => 8,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bytes_that_were_passed_are_compared() {
        let source =
            "type T int8\nfunc f(a, b int32, c T, d bool, e int64) (r int32)\nfunc g(int16)";
        let known = signatures(source);
        assert_eq!(known["main.f"], [u64::MAX, 0xffff, u64::MAX]);
        assert_eq!(known["main.g"], [0xffff]);
        let args = passed("0x5, 0xc0000102, 0x0, 0x464dc0", known.get("main.f"));
        assert_eq!(args, "0x5, 0x102, 0x0, _");
    }

    #[test]
    fn addresses_and_folders_are_left_out() {
        let text = "runtime: sp=0xc0200e0378 stack=[0xc0200e0000, 0xc0400e0000]
fatal error: stack overflow

runtime stack:
runtime.throw(0x474d4c, 0xe)
\t/go/src/runtime/panic.go:1116 +0x72

goroutine 1 [running]:
main.rec(0x16, 0x7f)
\t/tmp/a/so.go:3 +0x54 fp=0xc0200e0388 sp=0xc0200e0380 pc=0x45dd34
runtime.main()
\t/go/src/runtime/proc.go:204 +0x209 fp=0xc00002e7e0 sp=0xc00002e788 pc=0x42fca9
";
        let expected = "runtime: sp=LOW+0x378 stack=[LOW, LOW+0x20000000]
fatal error: stack overflow

runtime stack:

goroutine 1 [running]:
main.rec(0x16, _)
\tso.go:3 +0x54 frame=0x8
runtime.main(…)
";
        let source = "func rec(n int) int {";
        let version = GoVersion::Go1_15;
        assert_eq!(common(text, Path::new("/tmp/a"), source, version), expected);
    }

    #[test]
    fn signals_keep_what_the_program_decides() {
        let line = "[signal SIGFPE: floating-point exception code=0x1 addr=0x45dd63 pc=0x45dd63]";
        let expected = "[signal SIGFPE: floating-point exception code=0x1 addr=PC pc=…]";
        assert_eq!(signal(line).as_deref(), Some(expected));
        assert_eq!(
            signal("PC=0x45dd40 m=0 sigcode=2").as_deref(),
            Some("PC=… m=0 sigcode=2")
        );
        assert_eq!(register("rflags 0x10202"), Some("rflags"));
        assert_eq!(register("rax    0x0"), Some("rax"));
    }

    #[test]
    fn unknown_values_and_other_goroutines_are_left_out() {
        let text = "fatal error: stack overflow

runtime stack:
runtime.throw({0x47f5f4?, 0x417aa5?})
\t/go/src/runtime/panic.go:1243 +0x48 fp=0x2b209d5a3e98 sp=0x2b209d5a3e68 pc=0x476148

goroutine 1 gp=0x2b209d54e1e0 m=2 mp=0x2b209d588808 [running]:
main.f(0xffffd8, 0x0?, ...)
\t/tmp/a/so.go:3 +0x4a fp=0x2b20bd660390 sp=0x2b20bd660388 pc=0x47db4a
...16777080 frames elided...
runtime.goexit({})
\t/go/src/runtime/asm_amd64.s:1264 +0x1 fp=0x2b20dd65ffe8 sp=0x2b20dd65ffe0 pc=0x47aea1

goroutine 2 gp=0x2b209d54e780 m=nil [force gc (idle)]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
\t/go/src/runtime/proc.go:474 +0xca fp=0x2b209d5847a8 sp=0x2b209d584788 pc=0x47622a
";
        let expected = "fatal error: stack overflow

runtime stack:

goroutine 1 gp=… m=… mp=… [running]:
main.f(0xffffd8, ?, ...)
\tso.go:3 +0x4a frame=0x8
...16777080 frames elided...
runtime.goexit(…)
";
        let version = GoVersion::Go1_27;
        assert_eq!(common(text, Path::new("/tmp/a"), "", version), expected);
    }
}
