//! The text form of functions, byte for byte as the instrumented gc prints it after each pass.
//!
//! `== name: pass nb=… nv=…`, then every block in layout order with its edges (block and index in the
//! other list) and every value in real order with uses and position.

use std::fmt::{Display, Formatter, Write};

use minigo_obj::SymTable;

use crate::block::{BlockKind, Likely};
use crate::entity::Value;
use crate::func::{Func, Location, VarClass, VarData};
use crate::op::AuxKind;
use crate::snapshot::{BlockSnapshot, Snapshot, ValueSnapshot};
use crate::ty::Type;
use crate::value::Aux;

/// Prints `f` as it stands after `pass`.
pub fn dump(f: &Func, pass: &str, syms: &SymTable) -> String {
    Snapshot::new(f, pass, syms).to_string()
}

/// Prints `f` with all that passes need to go on from there: free lists, cached constants, variables.
/// [`crate::parse()`] reads this form back to the same function.
pub fn dump_state(f: &Func, pass: &str, syms: &SymTable) -> String {
    let text = dump(f, pass, syms);
    let (header, body) = text.split_once('\n').expect("a dump has a header line");
    let mut printer = StatePrinter {
        f,
        text: format!("{header}\n"),
    };
    printer.state().expect("writing to a string cannot fail");
    printer.text + body
}

impl Display for Snapshot {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        let Snapshot {
            func,
            pass,
            num_blocks,
            num_values,
            blocks,
            names,
        } = self;
        writeln!(out, "== {func}: {pass} nb={num_blocks} nv={num_values}")?;
        for block in blocks {
            writeln!(out, "  {block}")?;
            for value in &block.values {
                writeln!(out, "    {value}")?;
            }
        }
        for (name, values) in names {
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            writeln!(out, "  name {name} [{}]", values.join(" "))?;
        }
        Ok(())
    }
}

/// The line of the block, without its values.
impl Display for BlockSnapshot {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.id, self.kind)?;
        if let Some(table) = &self.table {
            write!(out, " {table}")?;
        }
        for control in &self.controls {
            write!(out, " {control}")?;
        }
        for (index, edge) in self.succs.iter().enumerate() {
            let arrow = if index == 0 { " ->" } else { "" };
            write!(out, "{arrow} {}", edge.block)?;
        }
        out.write_str(match self.likely {
            Likely::Unlikely => " (unlikely)",
            Likely::Likely => " (likely)",
            Likely::Unknown => "",
        })?;
        write!(out, " @{}", self.pos)?;
        for (word, edges) in [("preds", &self.preds), ("succs", &self.succs)] {
            write!(out, " {word}")?;
            for edge in edges {
                write!(out, " {}.{}", edge.block, edge.index)?;
            }
        }
        Ok(())
    }
}

impl Display for ValueSnapshot {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} = {} <{}>", self.id, self.op, self.ty)?;
        if !self.aux.is_empty() {
            write!(out, " {}", self.aux)?;
        }
        for arg in &self.args {
            write!(out, " {arg}")?;
        }
        if let Some(home) = &self.home {
            let colon = if home.starts_with("tmp=") { "" } else { ": " };
            write!(out, " {colon}{home}")?;
        }
        if !self.names.is_empty() {
            write!(out, " ({})", self.names.join(", "))?;
        }
        write!(out, " u{} @{}", self.uses, self.pos)
    }
}

/// Prints the parts of a function that a snapshot leaves out.
struct StatePrinter<'a> {
    f: &'a Func,
    text: String,
}

impl StatePrinter<'_> {
    fn state(&mut self) -> std::fmt::Result {
        let f = self.f;
        let (args, stack, nosplit) = (f.args_size, f.stack_size, f.nosplit);
        writeln!(
            self.text,
            "  func args={args} stack={stack} nosplit={nosplit} @{} end={}",
            f.pos, f.end_pos
        )?;
        self.types()?;
        for var in f.vars.values() {
            let class = match var.class {
                VarClass::Param => "param",
                VarClass::Result => "result",
                VarClass::Auto => "auto",
            };
            let (
                ty,
                VarData {
                    name,
                    offset,
                    used,
                    pos,
                    ..
                },
            ) = (self.ty(var.ty), var);
            writeln!(
                self.text,
                "  var {name} {class} {ty} {offset} {used} @{pos}"
            )?;
        }
        writeln!(self.text, "  entry {}", f.entry)?;
        self.list("free", f.free_values())?;
        self.list("freeb", f.free_blocks())?;
        for (c, values) in f.cached_constants() {
            self.list(&format!("const {c}"), values)?;
        }
        let names: Vec<u32> = f.names.iter().map(|var| var.as_u32()).collect();
        self.list("names", &names)?;
        for &b in &f.layout {
            if f[b].flags_live_at_end {
                writeln!(self.text, "  flags {b}")?;
            }
            for &v in &f[b].values {
                if let Aux::Var(var) = f[v].aux
                    && f[v].op.info().aux != AuxKind::NameOffInt8
                {
                    writeln!(self.text, "  aux {v} {}", var.as_u32())?;
                }
            }
        }
        self.numbers()?;
        for (v, home) in f.homes.iter() {
            match home {
                Location::None | Location::Temporary(_) => {}
                Location::Register(r) => writeln!(self.text, "  home {v} reg {r}")?,
                Location::Slot(var) => writeln!(self.text, "  home {v} slot {}", var.as_u32())?,
                Location::Results(n) => {
                    let regs = &f.profile.registers.parameters[..*n as usize];
                    self.list(&format!("home {v} results"), regs)?;
                }
                Location::Pair(a, b) => {
                    let number = |r: &Option<u8>| r.map_or(-1, i32::from);
                    writeln!(self.text, "  home {v} pair {} {}", number(a), number(b))?;
                }
            }
        }
        Ok(())
    }

    /// Prints the defined types of variables and values, in the order of their indices.
    fn types(&mut self) -> std::fmt::Result {
        let f = self.f;
        let of_vars = f.vars.values().map(|var| var.ty);
        let of_values = f.layout.iter().flat_map(|&b| &f[b].values);
        let of_values = of_values.flat_map(|&v| match f[v].aux {
            Aux::Type(ty) => [f[v].ty, ty],
            _ => [f[v].ty; 2],
        });
        let mut defined: Vec<_> = of_vars
            .chain(of_values)
            .filter_map(Type::definition)
            .collect();
        defined.sort_unstable();
        defined.dedup();
        for (named, kind) in defined {
            let (name, vargen) = f.type_names.get(named);
            writeln!(self.text, "  type {name} {} {vargen}", kind.name())?;
        }
        Ok(())
    }

    /// Prints the inlined calls of position bases, and the numbers of aux operands.
    fn numbers(&mut self) -> std::fmt::Result {
        let f = self.f;
        for (base, index) in f.inlined_calls.iter() {
            if let Some(index) = index {
                writeln!(self.text, "  inlined {} {index}", base.as_u32())?;
            }
        }
        for &b in &f.layout {
            for &v in &f[b].values {
                if f[v].aux != Aux::None
                    && let Some(n) = f.aux_numbers.get(&f[v].aux)
                {
                    writeln!(self.text, "  auxnum {v} {n}")?;
                }
            }
        }
        let none = f.aux_numbers.get(&Aux::None).copied().unwrap_or(0);
        writeln!(self.text, "  auxnums {} {none}", f.n_aux_numbers)
    }

    fn list(&mut self, word: &str, items: &[impl Display]) -> std::fmt::Result {
        write!(self.text, "  {word}")?;
        for item in items {
            write!(self.text, " {item}")?;
        }
        writeln!(self.text)
    }

    fn ty(&self, ty: Type) -> String {
        ty.display(&self.f.type_names)
    }
}

impl Display for BlockKind {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            BlockKind::Invalid => out.write_str("BlockInvalid"),
            kind => std::fmt::Debug::fmt(kind, out),
        }
    }
}
