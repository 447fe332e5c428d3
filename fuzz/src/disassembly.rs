//! The target `objdump`: the bytes of an object or executable to text.

use minigo::Tool;
use minigo_disasm::{File, Sources, write_assembly, write_plain};
use minigo_obj::Dialect;

/// Disassembles the functions of a file, plainly and as assembly of each version.
pub fn check(input: &[u8]) {
    let Ok(file) = File::parse(input) else {
        return;
    };
    let functions = || file.functions().iter();
    let read = |_: &str| Some(b"line\n".repeat(20));
    let mut out = std::io::sink();
    let mut written = write_plain(&mut out, &file, functions(), Some(&mut Sources::new(&read)));
    for version in Tool::Assembler.versions() {
        let dialect = Dialect::of(version);
        let as_assembly = write_assembly(&mut out, &file, functions(), None, dialect);
        written = written.and(as_assembly.map(drop));
    }
    written.expect("a sink has no errors");
}
