//! Generates the results of rules: Rust statements that make a value or change a block.

use std::collections::BTreeSet;

use crate::ops::{OpRow, Ops};
use crate::parse::{Node, Term};

/// A builder of the statements that make a result.
pub(crate) struct Maker<'a> {
    pub ops: &'a Ops,
    /// Names bound by the pattern and condition.
    pub bound: &'a BTreeSet<String>,
    /// Rust variable of the block in which values are made.
    pub block: String,
    /// The parts made so far, which are made only once. None for block rules, which make every part anew.
    pub made: Option<Vec<(Node, String)>>,
    pub n_made: usize,
    /// The statements generated so far.
    pub lines: Vec<String>,
}

impl Maker<'_> {
    /// Adds the statements that turn the rewritten value into `result`.
    pub fn value(&mut self, at: Option<&str>, result: &Term, pos: &str) -> Result<(), String> {
        let node = match result {
            Term::Any => return Err("`_` is no result".into()),
            Term::Name(name) => {
                if at.is_some() {
                    return Err("a matched value stays in its block".into());
                }
                self.lines.push(format!("f.copy_of(v, {name});"));
                return Ok(());
            }
            Term::Node(node) => node,
        };
        if at.is_some() || has_inner(node) {
            self.lines.push(format!("let pos = f[{pos}].pos;"));
        }
        match at {
            Some(at) if self.bound.contains(at) => {
                self.block = "at".into();
                self.lines.push(format!("let at = f.block_of({at});"));
            }
            Some(at) => self.block = at.to_owned(),
            None if has_inner(node) => self.lines.push("let block = f.block_of(v);".into()),
            None => {}
        }
        if at.is_some() {
            // The result is completed before `v` uses it. The difference from gc's order is not observable.
            let made = self.make(node)?;
            self.lines.push(format!("f.copy_of(v, {made});"));
            return Ok(());
        }
        let (row, aux_int, aux) = self.operands(node)?;
        let op = &node.op;
        self.check_args(node, row)?;
        if has_inner(node) {
            self.lines
                .push(format!("f.rewrite_to(v, Op::{op}, {aux_int}, {aux}, &[]);"));
            self.set_type(node);
            let args = self.args(node)?;
            self.lines.push(format!("f.add_args(v, &[{args}]);"));
        } else {
            let args = self.args(node)?;
            self.lines.push(format!(
                "f.rewrite_to(v, Op::{op}, {aux_int}, {aux}, &[{args}]);"
            ));
            self.set_type(node);
        }
        Ok(())
    }

    fn set_type(&mut self, node: &Node) {
        if let Some(ty) = &node.ty {
            self.lines.push(format!("f[v].ty = {};", type_text(ty)));
        }
    }

    /// Adds the statements that turn the rewritten block into one of `kind`.
    pub fn block(
        &mut self,
        kind: &str,
        control: Option<&Term>,
        swap: bool,
        pos: &str,
    ) -> Result<(), String> {
        match control {
            None => self
                .lines
                .push(format!("f.reset_block(block, BlockKind::{kind});")),
            Some(control) => {
                if matches!(control, Term::Node(_)) {
                    self.lines.push(format!("let pos = f[{pos}].pos;"));
                }
                let control = self.term(control)?;
                self.lines.push(format!(
                    "f.reset_block_with_control(block, BlockKind::{kind}, {control});"
                ));
            }
        }
        if swap {
            self.lines.push("f.swap_successors(block);".into());
        }
        Ok(())
    }

    /// Returns the operation's row and the Rust texts of the aux integer and aux.
    fn operands(&self, node: &Node) -> Result<(&OpRow, String, String), String> {
        let row = self.ops.get(&node.op).expect("the parser has looked it up");
        if node.aux_int.is_some() && !has_aux_int(row) {
            return Err(format!("{} has no aux integer", node.op));
        }
        if node.aux.is_some() && !has_aux(row) {
            return Err(format!("{} has no aux", node.op));
        }
        let aux_int = node
            .aux_int
            .as_deref()
            .map_or("0".to_owned(), |text| aux_int_text(row, text));
        let aux = node
            .aux
            .as_deref()
            .map_or("Aux::None".to_owned(), |text| aux_text(row, text));
        Ok((row, aux_int, aux))
    }

    fn check_args(&self, node: &Node, row: &OpRow) -> Result<(), String> {
        if node.args.is_none() && row.args != Some(0) {
            return Err(format!("the arguments of {} are missing", node.op));
        }
        Ok(())
    }

    /// Makes a new value and returns its Rust variable.
    fn make(&mut self, node: &Node) -> Result<String, String> {
        if let Some(made) = &self.made
            && let Some((_, name)) = made.iter().find(|(other, _)| other == node)
        {
            return Ok(name.clone());
        }
        let (row, aux_int, aux) = self.operands(node)?;
        self.check_args(node, row)?;
        let ty = match (&node.ty, &row.ty) {
            (Some(ty), _) => type_text(ty),
            (None, Some(ty)) => ty.clone(),
            (None, None) => return Err(format!("the type of {} is missing", node.op)),
        };
        let name = format!("made_{}", self.n_made);
        self.n_made += 1;
        let (op, block) = (&node.op, self.block.clone());
        let new =
            format!("let {name} = f.new_value_aux({block}, pos, Op::{op}, {ty}, {aux_int}, {aux}");
        if has_inner(node) {
            self.lines.push(format!("{new}, &[]);"));
            let args = self.args(node)?;
            self.lines.push(format!("f.add_args({name}, &[{args}]);"));
        } else {
            let args = self.args(node)?;
            self.lines.push(format!("{new}, &[{args}]);"));
        }
        if let Some(made) = &mut self.made {
            made.push((node.clone(), name.clone()));
        }
        Ok(name)
    }

    fn args(&mut self, node: &Node) -> Result<String, String> {
        let mut texts = Vec::new();
        for arg in node.args.iter().flatten() {
            texts.push(self.term(arg)?);
        }
        Ok(texts.join(", "))
    }

    fn term(&mut self, term: &Term) -> Result<String, String> {
        match term {
            Term::Any => Err("`_` is no value".into()),
            Term::Name(name) if self.bound.contains(name) => Ok(name.clone()),
            Term::Name(name) => Err(format!("`{name}` is not matched")),
            Term::Node(node) => self.make(node),
        }
    }
}

/// Reports whether making the value requires making another one.
fn has_inner(node: &Node) -> bool {
    node.args
        .iter()
        .flatten()
        .any(|arg| matches!(arg, Term::Node(_)))
}

pub(crate) fn has_aux_int(row: &OpRow) -> bool {
    matches!(
        row.aux.as_str(),
        "Bool"
            | "Int8"
            | "Int16"
            | "Int32"
            | "Int64"
            | "Int128"
            | "SymOff"
            | "SymValAndOff"
            | "TypSize"
    )
}

pub(crate) fn has_aux(row: &OpRow) -> bool {
    matches!(
        row.aux.as_str(),
        "String" | "Sym" | "SymOff" | "SymValAndOff" | "Typ" | "TypSize"
    )
}

/// Returns the Rust text of a type: `UINT64` is one of the compiler's types, `x.ty` the type of a value, anything else
/// a bound name.
pub(crate) fn type_text(text: &str) -> String {
    match text.split_once('.') {
        Some((value, field)) => format!("f[{value}].{field}"),
        None if text.starts_with(char::is_uppercase) => format!("Type::{text}"),
        None => text.to_owned(),
    }
}

pub(crate) fn aux_text(row: &OpRow, text: &str) -> String {
    if row.aux.starts_with("Typ") {
        format!("Aux::Type({})", type_text(text))
    } else {
        text.to_owned()
    }
}

/// Returns the Rust text of a made value's aux integer, truncated to the width that its operation declares.
fn aux_int_text(row: &OpRow, text: &str) -> String {
    if text.parse::<i8>().is_ok() {
        return text.to_owned();
    }
    match row.aux.as_str() {
        "Bool" => format!("i64::from({text})"),
        "Int8" => format!("i64::from(({text}) as i8)"),
        "Int16" => format!("i64::from(({text}) as i16)"),
        "Int32" => format!("i64::from(({text}) as i32)"),
        "SymValAndOff" => format!("({text}).0"),
        _ => text.to_owned(),
    }
}
