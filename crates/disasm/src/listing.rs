//! Disassembly as a file of assembly.

use std::io::{self, Write};

use minigo_obj::Dialect;

use crate::file::{File, Function};
use crate::function::Text;
use crate::functions::is_padding;
use crate::plain::{Positions, names};
use crate::source::Sources;
use crate::symbols::{Symbols, Used};
use crate::text::write_instruction;

/// The lines of a disassembly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// All instructions.
    pub instructions: usize,
    /// Instructions that are written as data, without padding.
    pub data: usize,
    /// Nops and breakpoints that are written as data: padding.
    pub padding: usize,
    /// The fields of data that the linker would have to fill in.
    pub relocations: usize,
}

/// Writes functions as assembly that the assembler of a Go version turns into their bytes. With `sources`, the lines of
/// source files stand before their instructions, as comments.
///
/// # Errors
///
/// The errors of `out`.
pub fn write_assembly<'f>(
    out: &mut dyn Write,
    file: &'f File<'f>,
    functions: impl Iterator<Item = &'f Function>,
    mut sources: Option<&mut Sources>,
    dialect: &'static Dialect,
) -> io::Result<Statistics> {
    let symbols = Symbols::of(file);
    let mut statistics = Statistics::default();
    out.write_all(b"#include \"textflag.h\"\n")?;
    for function in functions {
        let text = Text::of(file, function, &symbols, dialect);
        write_function(
            out,
            file,
            function,
            &text,
            sources.as_deref_mut(),
            &mut statistics,
        )?;
    }
    let Statistics {
        instructions,
        data,
        padding,
        ..
    } = statistics;
    writeln!(
        out,
        "\n// {instructions} instructions; as data: {data}, and {padding} of padding"
    )?;
    Ok(statistics)
}

fn write_function(
    out: &mut dyn Write,
    file: &File,
    function: &Function,
    text: &Text,
    mut sources: Option<&mut Sources>,
    statistics: &mut Statistics,
) -> io::Result<()> {
    let rows = file.lines.rows(function.place, function.size() as u64);
    let mut positions = Positions::new(&rows);
    let (name, _) = positions.at(function.place.offset);
    let header = format!("{} {name}", function.name());
    writeln!(out, "\n// {}", comment(header.trim_end()))?;
    writeln!(out, "TEXT {}(SB), NOSPLIT|NOFRAME, $0", text.name)?;
    let mut last = None;
    let mut buffer = String::new();
    let mut used = Used::default();
    for line in &text.lines {
        let address = function.place.plus(line.decoded.offset as i64);
        let position = positions.at(address.offset);
        if let Some(sources) = sources.as_deref_mut()
            && last != Some(position)
        {
            last = Some(position);
            if let Some(source) = sources.line(position.0, position.1) {
                writeln!(out, "\t// {}", comment(&String::from_utf8_lossy(source)))?;
            }
        }
        buffer.clear();
        text.write_line(&mut buffer, line, &mut used);
        statistics.instructions += 1;
        if line.is_data() {
            let instruction = &line.decoded.instruction;
            match is_padding(instruction) {
                true => statistics.padding += 1,
                false => statistics.data += 1,
            }
            buffer.push_str(" // ");
            let names = names(file, &line.decoded.targets(file, function));
            write_instruction(&mut buffer, instruction, &names);
            let relocations = text.lost_relocations(line);
            statistics.relocations += relocations;
            if relocations > 0 {
                buffer.push_str("; relocated");
            }
        }
        buffer.push('\n');
        out.write_all(buffer.as_bytes())?;
    }
    Ok(())
}

/// Returns text that stays on its line.
fn comment(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t', " ")
}
