//! Disassembly that is assembled again.

use std::collections::BTreeMap;
use std::io::Cursor;

use minigo::{GoVersion, asm};
use minigo_disasm::{File, Function, Statistics, write_assembly, write_plain};
use minigo_obj::{Dialect, dialect};

/// Disassembles the functions of an object or executable whose names are wanted, assembles the text as the command
/// does, and compares the bytes of the functions. Only fields that relocations fill in may differ, and only if the
/// file is linked.
///
/// # Errors
///
/// The file can't be read, the text can't be assembled, or a function has other bytes.
pub fn round_trip(
    data: &[u8],
    version: GoVersion,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Statistics, String> {
    let file = File::parse(data)?;
    let wanted = |function: &&Function| is_wanted(function.name());
    let functions: Vec<&Function> = file.functions().iter().filter(wanted).collect();
    let mut text = Vec::new();
    let made = write_assembly(
        &mut text,
        &file,
        functions.iter().copied(),
        None,
        dialect_of(version),
    );
    let statistics = made.map_err(|err| err.to_string())?;
    let again = assembled(&text, version)?;
    let lost = compare(&file, &functions, &File::parse(&again)?)?;
    match lost == statistics.relocations {
        true => Ok(statistics),
        false => Err(format!("{lost} lost relocations in {statistics:?}")),
    }
}

/// Returns the plain disassembly of all functions.
///
/// # Errors
///
/// The file can't be read.
pub fn disassembled(data: &[u8]) -> Result<String, String> {
    let file = File::parse(data)?;
    let mut text = Vec::new();
    write_plain(&mut text, &file, file.functions().iter(), None).map_err(|err| err.to_string())?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn dialect_of(version: GoVersion) -> &'static Dialect {
    match version {
        GoVersion::Go1_27 => &dialect::GO1_27,
        _ => &dialect::GO1_15,
    }
}

/// Assembles a text to an object.
fn assembled(text: &[u8], version: GoVersion) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().map_err(|err| err.to_string())?;
    let path = folder.path().join("x.s");
    std::fs::write(&path, text).map_err(|err| err.to_string())?;
    let options = asm::Options {
        version,
        ..asm::Options::default()
    };
    let mut object = Cursor::new(Vec::new());
    let assembled = asm::assemble(&[path], &options, &mut object);
    let assembled = assembled.map_err(|failure| failure.to_string())?;
    let messages = assembled.messages.iter();
    match assembled.ok {
        true => Ok(object.into_inner()),
        false => Err(messages.map(|message| format!("{message}\n")).collect()),
    }
}

/// Finds for each function one that was assembled from its text, by its bytes, as names of static functions have numbers.
/// Returns how many relocations are missing.
fn compare(file: &File, functions: &[&Function], again: &File) -> Result<usize, String> {
    let mut lost = 0;
    let mut by_size: BTreeMap<usize, Vec<&Function>> = BTreeMap::new();
    for function in again.functions() {
        by_size.entry(function.size()).or_default().push(function);
    }
    for function in functions.iter().filter(|function| function.size() > 0) {
        let mut code = file.code(function).to_vec();
        let fields: Vec<usize> = file.fields(function).collect();
        let is_same = |other: &&Function| {
            let own: Vec<usize> = again.fields(other).collect();
            let mut expected = code.clone();
            let mut found = again.code(other).to_vec();
            for &field in &own {
                expected[field..field + 4].fill(0);
                found[field..field + 4].fill(0);
            }
            expected == found
        };
        let others = by_size.entry(function.size()).or_default();
        match others.iter().position(is_same) {
            Some(index) => {
                let own: Vec<usize> = again.fields(others.swap_remove(index)).collect();
                lost += fields.iter().filter(|field| !own.contains(field)).count();
            }
            None => {
                code.truncate(64);
                return Err(format!("{}: other bytes than {code:02x?}", function.name()));
            }
        }
    }
    Ok(lost)
}
