//! The rule compiler's view of operations: the rows of the table in `ssa/src/op.rs`.

use std::collections::BTreeMap;

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpRow {
    /// Number of arguments; none if it varies.
    pub args: Option<usize>,
    /// Name of the `AuxKind`.
    pub aux: String,
    /// Rust text of the type of a made value if the rule names none; none if the rule must name one.
    pub ty: Option<String>,
    /// Whether the two arguments can be exchanged.
    pub commutative: bool,
    /// Whether the operation can fault, so that its position is worth keeping.
    pub faults: bool,
}

/// The table of operations, by name.
#[derive(Clone, Debug, Default)]
pub struct Ops {
    rows: BTreeMap<String, OpRow>,
}

impl Ops {
    /// Reads the rows `Name(args, registers, instruction, aux, type, flags);` after `ops! {` in Rust text.
    ///
    /// # Errors
    ///
    /// Fails at a row that doesn't have six columns.
    pub fn read(source: &str) -> Result<Ops, String> {
        let body = source
            .split_once("\nops! {")
            .ok_or("there is no `ops!` table")?
            .1;
        // The table has two sections, so two braces close it.
        let body = body.split_once("\n}\n}").ok_or("`ops!` is not closed")?.0;
        let body: String = body
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let mut ops = Ops::default();
        for row in body.split(';') {
            // Drop section headers (`generic {`) and closing braces in front of a row.
            let row = row.rsplit(['{', '}']).next().unwrap_or(row).trim();
            if row.is_empty() {
                continue;
            }
            let (name, columns) = row
                .strip_suffix(')')
                .and_then(|row| row.split_once('('))
                .ok_or_else(|| format!("not a row: {row}"))?;
            ops.rows.insert(name.to_owned(), OpRow::read(columns)?);
        }
        Ok(ops)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&OpRow> {
        self.rows.get(name)
    }
}

impl OpRow {
    fn read(columns: &str) -> Result<OpRow, String> {
        let columns = split_top(columns, ',');
        let [args, _, _, aux, ty, flags] = &columns[..] else {
            return Err(format!("not six columns: {}", columns.join(",")));
        };
        Ok(OpRow {
            args: args.parse().ok(),
            aux: aux.clone(),
            ty: (ty != "Type::INVALID").then(|| ty.clone()),
            commutative: flags.contains("COMMUTATIVE"),
            faults: flags.contains("FAULT_ON_NIL"),
        })
    }
}

/// Splits at `separator` outside of brackets and trims the parts.
pub(crate) fn split_top(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if c == separator && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("starts with one part").push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}
