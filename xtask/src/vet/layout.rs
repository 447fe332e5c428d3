//! Types of Go and the offsets of their parts, as assembly names them.

use minigo_fuzz::random::Random;

/// A type with its text in a declaration.
#[derive(Clone)]
pub struct Type {
    pub text: String,
    pub size: usize,
    pub align: usize,
    /// The parts that assembly can name: suffix of the variable's name, offset and size in bytes.
    pub parts: Vec<(String, usize, usize)>,
}

/// Types of one word or less, with their sizes.
const SCALARS: &[(&str, usize)] = &[
    ("bool", 1),
    ("int8", 1),
    ("byte", 1),
    ("int16", 2),
    ("uint16", 2),
    ("int32", 4),
    ("rune", 4),
    ("uint32", 4),
    ("float32", 4),
    ("int", 8),
    ("int64", 8),
    ("uint64", 8),
    ("uintptr", 8),
    ("float64", 8),
    ("*int", 8),
    ("*[4]string", 8),
    ("func(int) string", 8),
    ("chan bool", 8),
    ("<-chan int", 8),
    ("map[string]int", 8),
    ("word", 8),
    ("small", 1),
];

/// Types of several words: the suffixes of their parts, and the size of each.
const COMPOUND: &[(&str, &[&str], usize)] = &[
    ("string", &["_base", "_len"], 8),
    ("text", &["_base", "_len"], 8),
    ("[]byte", &["_base", "_len", "_cap"], 8),
    ("[]string", &["_base", "_len", "_cap"], 8),
    ("interface{}", &["_type", "_data"], 8),
    ("error", &["_itable", "_data"], 8),
    ("interface{ M(int) }", &["_itable", "_data"], 8),
    ("complex64", &["_real", "_imag"], 4),
    ("complex128", &["_real", "_imag"], 8),
];

/// Declarations of the types above.
pub const DECLARATIONS: &str = "type (\n\tword uint64\n\tsmall uint8\n\ttext string\n)\n";

impl Type {
    /// Returns a random type, with structs and arrays nested up to `depth`.
    pub fn random(random: &mut Random, depth: usize) -> Type {
        match random.below(if depth > 0 { 10 } else { 7 }) {
            0..5 => {
                let (text, size) = random.pick(SCALARS);
                Type {
                    text: text.to_owned(),
                    size,
                    align: size,
                    parts: vec![(String::new(), 0, size)],
                }
            }
            5 | 6 => {
                let (text, parts, size) = random.pick(COMPOUND);
                let part =
                    |(index, suffix): (usize, &&str)| (suffix.to_string(), index * size, size);
                let mut parts: Vec<_> = parts.iter().enumerate().map(part).collect();
                let whole = parts.len() * size;
                parts.push((String::new(), 0, whole));
                Type {
                    text: text.to_owned(),
                    size: whole,
                    align: size,
                    parts,
                }
            }
            7 => Type::array(random.below(4), &Type::random(random, depth - 1)),
            _ => {
                let n = random.below(4);
                let fields: Vec<Type> = (0..n).map(|_| Type::random(random, depth - 1)).collect();
                Type::structure(&fields)
            }
        }
    }

    fn array(n: usize, element: &Type) -> Type {
        let mut parts = vec![(String::new(), 0, n * element.size)];
        for index in 0..n {
            parts.extend(element.parts_at(&format!("_{index}"), index * element.size));
        }
        Type {
            text: format!("[{n}]{}", element.text),
            size: n * element.size,
            align: element.align,
            parts,
        }
    }

    fn structure(fields: &[Type]) -> Type {
        let (mut text, mut offset, mut align) = (String::new(), 0, 1);
        let mut parts = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            offset = usize::next_multiple_of(offset, field.align);
            parts.extend(field.parts_at(&format!("_f{index}"), offset));
            text += &format!("f{index} {}; ", field.text);
            offset += field.size;
            align = align.max(field.align);
        }
        let size = offset.next_multiple_of(align);
        parts.push((String::new(), 0, size));
        Type {
            text: format!("struct{{ {text}}}"),
            size,
            align,
            parts,
        }
    }

    fn parts_at(&self, prefix: &str, at: usize) -> Vec<(String, usize, usize)> {
        let part = |(suffix, offset, size): &(String, usize, usize)| {
            (format!("{prefix}{suffix}"), at + offset, *size)
        };
        self.parts.iter().map(part).collect()
    }
}
