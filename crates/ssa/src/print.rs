//! The text form of functions: what the instrumented gc prints after each pass, byte for byte.
//!
//! `== name: pass nb=… nv=…`, then every block in layout order with its edges (block and index in the
//! other list) and every value in real order with uses and position.

use std::fmt::Write;

use minigo_obj::SymTable;

use crate::block::{BlockKind, Likely};
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass, VarData};
use crate::op::AuxKind;
use crate::ty::Type;
use crate::value::Aux;

/// Prints `f` as it stands after `pass`.
pub fn dump(f: &Func, pass: &str, syms: &SymTable) -> String {
    let mut printer = Printer {
        f,
        syms,
        text: String::new(),
    };
    printer.func(pass).expect("writing to a string cannot fail");
    printer.text
}

/// Prints `f` with all that it needs to go on from there: free lists, cached constants, variables. The
/// form that [`crate::parse`] reads back to the same function.
pub fn dump_state(f: &Func, pass: &str, syms: &SymTable) -> String {
    let text = dump(f, pass, syms);
    let (header, body) = text.split_once('\n').expect("a dump has a header line");
    let mut printer = Printer {
        f,
        syms,
        text: format!("{header}\n"),
    };
    printer.state().expect("writing to a string cannot fail");
    printer.text + body
}

struct Printer<'a> {
    f: &'a Func,
    syms: &'a SymTable,
    text: String,
}

impl Printer<'_> {
    fn func(&mut self, pass: &str) -> std::fmt::Result {
        let f = self.f;
        // Which named variables list a value, by value number.
        let mut names: Vec<Vec<Var>> = vec![Vec::new(); f.num_values()];
        for &var in &f.names {
            for &v in &f.named_values[var] {
                if names[v.as_u32() as usize].last() != Some(&var) {
                    names[v.as_u32() as usize].push(var);
                }
            }
        }
        writeln!(
            self.text,
            "== {}: {pass} nb={} nv={}",
            f.name,
            f.num_blocks(),
            f.num_values()
        )?;
        for &b in &f.layout {
            self.block(b)?;
            for &v in &f[b].values {
                self.value(v, &names[v.as_u32() as usize])?;
            }
        }
        for &var in &f.names {
            let values: Vec<String> = f.named_values[var].iter().map(Value::to_string).collect();
            writeln!(
                self.text,
                "  name {} [{}]",
                self.slot(var),
                values.join(" ")
            )?;
        }
        Ok(())
    }

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
                if let Aux::Var(var) = f[v].aux {
                    writeln!(self.text, "  aux {v} {}", var.as_u32())?;
                }
            }
        }
        self.numbers()?;
        for (v, home) in f.homes.iter() {
            match home {
                Location::None => {}
                Location::Register(r) => writeln!(self.text, "  home {v} reg {r}")?,
                Location::Slot(var) => writeln!(self.text, "  home {v} slot {}", var.as_u32())?,
                Location::Pair(a, b) => {
                    let number = |r: &Option<u8>| r.map_or(-1, i32::from);
                    writeln!(self.text, "  home {v} pair {} {}", number(a), number(b))?;
                }
            }
        }
        Ok(())
    }

    /// The defined types of variables and values, in the order of their indices.
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

    /// The inlined calls of position bases, and the numbers of aux operands.
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

    fn list(&mut self, word: &str, items: &[impl std::fmt::Display]) -> std::fmt::Result {
        write!(self.text, "  {word}")?;
        for item in items {
            write!(self.text, " {item}")?;
        }
        writeln!(self.text)
    }

    fn block(&mut self, b: Block) -> std::fmt::Result {
        let f = self.f;
        let data = &f[b];
        write!(self.text, "  {b}: {}", data.kind)?;
        if let Some(control) = data.control {
            write!(self.text, " {control}")?;
        }
        for (index, edge) in data.succs.iter().enumerate() {
            write!(
                self.text,
                "{} {}",
                if index == 0 { " ->" } else { "" },
                edge.block
            )?;
        }
        match data.likely {
            Likely::Unlikely => self.text.push_str(" (unlikely)"),
            Likely::Likely => self.text.push_str(" (likely)"),
            Likely::Unknown => {}
        }
        write!(self.text, " @{} preds", data.pos)?;
        for edge in &data.preds {
            write!(self.text, " {}.{}", edge.block, edge.index)?;
        }
        self.text.push_str(" succs");
        for edge in &data.succs {
            write!(self.text, " {}.{}", edge.block, edge.index)?;
        }
        self.text.push('\n');
        Ok(())
    }

    fn value(&mut self, v: Value, names: &[Var]) -> std::fmt::Result {
        let f = self.f;
        let data = &f[v];
        write!(
            self.text,
            "    {v} = {} <{}>{}",
            data.op,
            self.ty(data.ty),
            self.aux(v)
        )?;
        for arg in &data.args {
            write!(self.text, " {arg}")?;
        }
        match f.homes[v] {
            Location::None => {}
            home => write!(self.text, " : {}", self.location(home))?,
        }
        if !names.is_empty() {
            let mut names: Vec<String> = names.iter().map(|&var| self.slot(var)).collect();
            names.sort();
            write!(self.text, " ({})", names.join(", "))?;
        }
        writeln!(self.text, " u{} @{}", data.uses, data.pos)
    }

    fn ty(&self, ty: Type) -> String {
        ty.display(&self.f.type_names)
    }

    fn slot(&self, var: Var) -> String {
        format!("{}[{}]", self.var(var), self.ty(self.f.vars[var].ty))
    }

    /// The name of a variable. A blank result, `~b2` in listings, is `_` as in gc's dumps.
    fn var(&self, var: Var) -> &str {
        match &self.f.vars[var].name {
            name if name.starts_with("~b") => "_",
            name => name,
        }
    }

    fn location(&self, home: Location) -> String {
        let registers = self.f.profile.registers.registers;
        let register = |r: Option<u8>| r.map_or("nil", |r| registers[r as usize].name);
        match home {
            Location::None => String::new(),
            Location::Register(r) => register(Some(r)).to_owned(),
            Location::Slot(var) => self.slot(var),
            Location::Pair(first, second) => format!("<{},{}>", register(first), register(second)),
        }
    }

    /// The operands, each with a leading space.
    fn aux(&self, v: Value) -> String {
        let data = &self.f[v];
        let aux = match data.aux {
            Aux::None => String::new(),
            Aux::Sym(sym) => format!(" {{{}}}", self.syms.name(sym)),
            Aux::Var(var) => format!(" {{{}}}", self.var(var)),
            Aux::Type(ty) => format!(" {{{}}}", self.ty(ty)),
            Aux::Str(index) => format!(" {{{}}}", self.f.strings[index as usize].text),
        };
        match data.op.info().aux {
            AuxKind::None => String::new(),
            AuxKind::Bool => format!(" [{}]", data.aux_int != 0),
            AuxKind::Int8 | AuxKind::Int16 | AuxKind::Int32 | AuxKind::Int64 | AuxKind::Int128 => {
                format!(" [{}]", data.aux_int)
            }
            AuxKind::String | AuxKind::Sym | AuxKind::Typ => aux,
            AuxKind::SymOff | AuxKind::TypSize if data.aux_int == 0 => aux,
            AuxKind::SymOff | AuxKind::TypSize => format!("{aux} [{}]", data.aux_int),
            AuxKind::SymValAndOff => {
                let packed = data.val_and_off();
                format!("{aux} [val={},off={}]", packed.val(), packed.off())
            }
        }
    }
}

impl std::fmt::Display for BlockKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BlockKind::Invalid => f.write_str("BlockInvalid"),
            kind => std::fmt::Debug::fmt(kind, f),
        }
    }
}
