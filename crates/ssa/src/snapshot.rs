//! A function after a pass as data: all that dumps show, without the function itself.

use minigo_base::Pos;
use minigo_obj::SymTable;

use crate::block::{BlockKind, Edge, Likely};
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location};
use crate::op::{AuxKind, Op};
use crate::ty::Type;
use crate::value::Aux;

/// A function as it stands after a pass. `Display` is the dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The function.
    pub func: String,
    /// The pass that ran last, or `start`.
    pub pass: String,
    /// One more than the largest block number ever used.
    pub num_blocks: usize,
    /// One more than the largest value number ever used.
    pub num_values: usize,
    /// The blocks in layout order.
    pub blocks: Vec<BlockSnapshot>,
    /// The named variables, in order of first appearance, and the values that each has had.
    pub names: Vec<(String, Vec<Value>)>,
}

/// A block of a [`Snapshot`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockSnapshot {
    /// The block.
    pub id: Block,
    /// The kind of its end.
    pub kind: BlockKind,
    /// The symbol of the table of a lowered jump table, as `{x}`.
    pub table: Option<String>,
    /// The values that decide or end it.
    pub controls: Vec<Value>,
    /// The successor that is expected.
    pub likely: Likely,
    /// Position of the jump.
    pub pos: Pos,
    /// Predecessors, in the order of the arguments of phis.
    pub preds: Vec<Edge>,
    /// Successors, in the order of the kind.
    pub succs: Vec<Edge>,
    /// The values in real order.
    pub values: Vec<ValueSnapshot>,
}

/// A value of a [`Snapshot`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueSnapshot {
    /// The value.
    pub id: Value,
    /// The operation.
    pub op: Op,
    /// The type of the result.
    pub ty: String,
    /// The operands besides arguments: `{x}`, `[8]`, `{x} [8]`; empty if there are none.
    pub aux: String,
    /// The arguments.
    pub args: Vec<Value>,
    /// The register, pair of registers or stack slot that holds it, if it has one.
    pub home: Option<String>,
    /// The named variables that have this value, in the order of their names.
    pub names: Vec<String>,
    /// Number of arguments and block controls that are this value.
    pub uses: u32,
    /// Source position.
    pub pos: Pos,
}

impl Snapshot {
    /// Takes the snapshot of `f` as it stands after `pass`.
    pub fn new(f: &Func, pass: &str, syms: &SymTable) -> Snapshot {
        let reader = Reader { f, syms };
        // The named variables that list a value, by value number.
        let mut names: Vec<Vec<Var>> = vec![Vec::new(); f.num_values()];
        for &var in &f.names {
            for &v in &f.named_values[var] {
                if names[v.id()].last() != Some(&var) {
                    names[v.id()].push(var);
                }
            }
        }
        Snapshot {
            func: f.name.clone(),
            pass: pass.to_owned(),
            num_blocks: f.num_blocks(),
            num_values: f.num_values(),
            blocks: f.layout.iter().map(|&b| reader.block(b, &names)).collect(),
            names: (f.names.iter())
                .map(|&var| (reader.slot(var), f.named_values[var].clone()))
                .collect(),
        }
    }
}

/// Looks up the names of entities.
#[derive(Clone, Copy)]
struct Reader<'a> {
    f: &'a Func,
    syms: &'a SymTable,
}

impl Reader<'_> {
    fn block(&self, b: Block, names: &[Vec<Var>]) -> BlockSnapshot {
        let data = &self.f[b];
        let values = data.values.iter();
        BlockSnapshot {
            id: b,
            kind: data.kind,
            table: (data.kind == BlockKind::JUMPTABLE).then(|| self.jump_table(b)),
            controls: data.controls().collect(),
            likely: data.likely,
            pos: data.pos,
            preds: data.preds.to_vec(),
            succs: data.succs.to_vec(),
            values: values.map(|&v| self.value(v, &names[v.id()])).collect(),
        }
    }

    fn value(&self, v: Value, names: &[Var]) -> ValueSnapshot {
        let data = &self.f[v];
        let mut names: Vec<String> = names.iter().map(|&var| self.slot(var)).collect();
        names.sort();
        ValueSnapshot {
            id: v,
            op: data.op,
            ty: self.ty(data.ty),
            aux: self.aux(v),
            args: data.args.to_vec(),
            home: self.home(v),
            names,
            uses: data.uses,
            pos: data.pos,
        }
    }

    fn ty(&self, ty: Type) -> String {
        ty.display(&self.f.type_names)
    }

    /// Returns the name of a variable with its type, as gc prints stack slots.
    fn slot(&self, var: Var) -> String {
        format!("{}[{}]", self.var(var), self.ty(self.f.vars[var].ty))
    }

    /// Returns the name of a variable. A blank result, `~b2` in listings, is `_` as in gc's dumps.
    fn var(&self, var: Var) -> &str {
        match &self.f.vars[var].name {
            name if name.starts_with("~b") => "_",
            name => name,
        }
    }

    fn home(&self, v: Value) -> Option<String> {
        let registers = self.f.profile.registers.registers;
        let register = |r: Option<u8>| r.map_or("nil", |r| registers[r as usize].name);
        match self.f.homes[v] {
            Location::None => None,
            Location::Register(r) => Some(register(Some(r)).to_owned()),
            Location::Slot(var) => Some(self.slot(var)),
            Location::Pair(a, b) => Some(format!("<{},{}>", register(a), register(b))),
            Location::Results(n) => {
                let parameters = self.f.profile.registers.parameters[..n as usize].iter();
                let names: Vec<&str> = parameters.map(|&r| register(Some(r))).collect();
                Some(format!("<{}>", names.join(",")))
            }
            Location::Temporary(r) => Some(format!("tmp={}", register(Some(r)))),
        }
    }

    /// Returns the symbol of the jump table that a block ends with, as `{x}`.
    fn jump_table(&self, b: Block) -> String {
        let name = self.syms.name(self.f.sym);
        let name = name.strip_prefix("\"\".").unwrap_or(name);
        let name = name.strip_prefix("main.").unwrap_or(name);
        format!("{{main.{name}.jump{}}}", b.as_u32())
    }

    fn aux(&self, v: Value) -> String {
        let data = &self.f[v];
        let aux = match data.aux {
            Aux::None => String::new(),
            Aux::Sym(sym) => format!("{{{}}}", self.syms.name(sym)),
            Aux::Var(var) => format!("{{{}}}", self.var(var)),
            Aux::Type(ty) => format!("{{{}}}", self.ty(ty)),
            Aux::Str(index) => format!("{{{}}}", self.f.strings[index as usize].text),
            Aux::JumpTable(b) => self.jump_table(b),
        };
        let number = match data.op.info().aux {
            AuxKind::None => return String::new(),
            AuxKind::Bool => return format!("[{}]", data.aux_int != 0),
            AuxKind::Int8 | AuxKind::Int16 | AuxKind::Int32 | AuxKind::Int64 | AuxKind::Int128 => {
                return format!("[{}]", data.aux_int);
            }
            AuxKind::String | AuxKind::Sym | AuxKind::Typ => return aux,
            AuxKind::NameOffInt8 => {
                return format!("{}+0}} [{}]", aux.trim_end_matches('}'), data.aux_int);
            }
            AuxKind::SymOff | AuxKind::TypSize if data.aux_int == 0 => return aux,
            AuxKind::SymOff | AuxKind::TypSize => format!("[{}]", data.aux_int),
            AuxKind::SymValAndOff => {
                let packed = data.val_and_off();
                format!("[val={},off={}]", packed.val(), packed.off())
            }
        };
        if aux.is_empty() {
            number
        } else {
            format!("{aux} {number}")
        }
    }
}
