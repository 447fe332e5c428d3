//! `minigo run -growth`: says when and why the stack of a program grew.
//!
//! The runtime writes a record for each growth to a file descriptor that the program inherits. It is that of a
//! file in memory: the program's own output stays as it is, and minigo reads the records after the program has ended.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::fd::AsRawFd;

use minigo_base::Position;
use minigo_link::functions::{Function, functions};
use minigo_story::json::{self, Document, StackGrowth, portable};
use minigo_story::{Lang, Text};
use rustix::io::{FdFlags, fcntl_setfd};

use super::document;
use super::environment::current_folder;
use super::output;
use super::stop::Stop;
use crate::built::Built;

/// Words of a record, as `link/src/runtime/stack.s` writes them.
const RECORD: usize = 8;
/// Frames up to this size are compared with the guard by SP alone.
const SMALL: i64 = 128;

const TITLE: Text = Text {
    en: "growth",
    zh: "扩栈",
};
const FOUND: Text = Text {
    en: "found {} bytes too few above the guard",
    zh: "发现警戒值以上少 {} 字节",
};
const COPIED: Text = Text {
    en: "{} in use and copied, moved by {}; {} saved BPs adjusted",
    zh: "已用并复制 {} 字节，移动 {}；修正了 {} 个保存的 BP",
};
const BYTES: Text = Text {
    en: "bytes",
    zh: "字节",
};
const END: Text = Text {
    en: "stack: {} bytes at the end, growths: {}",
    zh: "栈：结束时 {} 字节，扩栈 {} 次",
};

/// A file for the records of a program.
pub(super) struct Records {
    file: File,
}

/// The functions of a program, and the size of its first stack in bytes.
pub(super) struct Program {
    functions: Vec<Function>,
    places: Places,
    stack0: u64,
}

/// Where functions are declared, and the bytes of their frames, by their names after linking.
pub(super) type Places = BTreeMap<String, (Option<Position>, i64)>;

/// A growth of the stack.
struct Growth {
    function: String,
    /// Where it is declared; none for functions of the runtime.
    place: Option<Position>,
    /// The offset of the call for more stack.
    offset: u64,
    /// Bytes by which SP, or what it would become, was below the guard.
    below: i64,
    old_size: i64,
    new_size: i64,
    used: i64,
    moved: i64,
    saved_bps: i64,
}

impl Records {
    pub(super) fn new() -> Result<Records, Stop> {
        let failed = |err: std::io::Error| Stop::Usage(format!("a file for growths: {err}"));
        let file = output::in_memory("growths").map_err(failed)?;
        // The program inherits it.
        fcntl_setfd(&file, FdFlags::empty()).map_err(|err| failed(err.into()))?;
        Ok(Records { file })
    }

    /// The descriptor for the program.
    pub(super) fn descriptor(&self) -> u32 {
        self.file.as_raw_fd() as u32
    }

    /// Returns the report on the growths: as JSON, or as text.
    pub(super) fn report(mut self, program: &Program, as_json: bool, lang: Lang) -> String {
        let mut bytes = Vec::new();
        // What can't be read is missing.
        let _ = self
            .file
            .rewind()
            .and_then(|()| self.file.read_to_end(&mut bytes));
        let word = |bytes: &[u8]| i64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        let words: Vec<i64> = bytes.chunks_exact(8).map(word).collect();
        let records = words.chunks_exact(RECORD);
        let growths: Vec<Growth> = records.map(|record| program.growth(record)).collect();
        match as_json {
            true => json(&growths, program.stack0),
            false => text(&growths, program.stack0, lang),
        }
    }
}

impl Program {
    /// Notes what a report needs, before the package becomes an executable. Requires instructions.
    pub(super) fn places(built: &Built) -> Places {
        let place = |function: crate::rows::Function| {
            let position = function.rows().next().and_then(|row| row.position);
            (
                built.linked_name(&function),
                (position, function.frame_size()),
            )
        };
        built.functions().map(place).collect()
    }

    pub(super) fn new(executable: &[u8], places: Places, stack0: u64) -> Program {
        Program {
            functions: functions(executable),
            places,
            stack0,
        }
    }

    fn growth(&self, record: &[i64]) -> Growth {
        let [
            back,
            sp,
            old_low,
            old_high,
            new_low,
            new_high,
            saved_bps,
            guard,
        ] = record
        else {
            minigo_base::internal!("a record of {} words", record.len());
        };
        let address = *back as u64;
        let after = self
            .functions
            .partition_point(|function| function.address < address);
        let function = self.functions[..after].last();
        let name = function.map_or("?", |function| function.name.as_str());
        let (place, frame) = self.places.get(name).cloned().unwrap_or_default();
        // The return address of the call is at SP; a frame beyond the small ones is subtracted before comparing.
        let compared = sp + 8 - if frame > SMALL { frame - SMALL } else { 0 };
        const CALL: u64 = 5;
        Growth {
            function: name.to_owned(),
            place,
            offset: address - CALL - function.map_or(address - CALL, |function| function.address),
            below: guard - compared,
            old_size: old_high - old_low,
            new_size: new_high - new_low,
            used: old_high - sp,
            moved: new_high - old_high,
            saved_bps: *saved_bps,
        }
    }
}

/// Puts values into the places of a text.
fn filled(text: Text, lang: Lang, values: &[i64]) -> String {
    let mut values = values.iter();
    let mut pieces = text.in_lang(lang).split("{}");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        if let Some(value) = values.next() {
            filled.push_str(&value.to_string());
        }
        filled.push_str(piece);
    }
    filled
}

fn text(growths: &[Growth], stack0: u64, lang: Lang) -> String {
    let mut text = String::new();
    for (index, growth) in growths.iter().enumerate() {
        let found = filled(FOUND, lang, &[growth.below]);
        let copied = filled(COPIED, lang, &[growth.used, growth.moved, growth.saved_bps]);
        let place = growth.place.as_ref();
        let at = place.map_or_else(String::new, |at| format!(" {}:{}", at.file, at.line));
        text.push_str(&format!(
            "{} {}: {}{at} +{:#x} {found}\n    {} → {} {}, {copied}\n",
            TITLE.in_lang(lang),
            index + 1,
            growth.function,
            growth.offset,
            growth.old_size,
            growth.new_size,
            BYTES.in_lang(lang),
        ));
    }
    let size = growths
        .last()
        .map_or(stack0 as i64, |growth| growth.new_size);
    text + &filled(END, lang, &[size, growths.len() as i64]) + "\n"
}

fn json(growths: &[Growth], stack0: u64) -> String {
    let folder = current_folder();
    let one = |growth: &Growth| {
        let place = growth.place.as_ref();
        let file = place.map_or_else(String::new, |at| portable(&at.file, &folder));
        StackGrowth {
            function: growth.function.clone(),
            file,
            line: place.map_or(0, |at| at.line),
            offset: growth.offset,
            below_guard: growth.below,
            old_size: growth.old_size,
            new_size: growth.new_size,
            used: growth.used,
            saved_bps: growth.saved_bps,
        }
    };
    let size = growths
        .last()
        .map_or(stack0 as i64, |growth| growth.new_size);
    let document = Document {
        growth: Some(json::Growth {
            stack0,
            stack: size,
            growths: growths.iter().map(one).collect(),
        }),
        ..document::new()
    };
    document.text()
}
