//! Removal of stores to local variables that are never read (gc: deadstore.go).
//!
//! In minigo's language the only local variables in memory are arrays of arguments. They are passed on, unless a panic
//! comes first. Go 1.15 computes all arguments before it stores the first one, so it removes nothing here.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

use crate::config::Config;
use crate::entity::{Value, Var};
use crate::func::{Func, VarClass};
use crate::op::{HAS_SIDE_EFFECTS, NIL_CHECK, Op, SYM_ADDR, SYM_READ};
use crate::value::Aux;

/// The number of walks over the function after which gc gives up.
const MAX_WALKS: usize = 4;

/// Makes stores to local variables copies of the memory before them if the variable's address reaches nothing but
/// stores.
///
/// Requires nothing. Breaks nothing; deadcode removes the addresses.
pub(crate) fn elim_dead_autos(f: &mut Func, _config: &Config) {
    let mut values = f.layout.iter().flat_map(|&b| &f[b].values);
    if !values.any(|&v| auto_of(f, v).is_some()) {
        return;
    }
    let mut autos = Autos::default();
    if !(0..MAX_WALKS).any(|_| !autos.visit_blocks(f)) {
        return;
    }
    for &(v, var) in &autos.stores {
        if !autos.used[var] {
            remove_store(f, v);
        }
    }
}

/// Makes stores to local variables copies of the memory before them if nothing reads the variable or has its address.
///
/// Requires that stores name the variable. Breaks nothing; deadcode removes the copies.
pub(crate) fn elim_unread_autos(f: &mut Func, _config: &Config) {
    let mut read: SecondaryMap<Var, bool> = SecondaryMap::new();
    let mut stores = Vec::new();
    for &b in &f.layout {
        for &v in &f[b].values {
            match auto_of(f, v) {
                None => {}
                Some(var) if f[v].op.has_any(SYM_READ | SYM_ADDR) => read[var] |= f[v].uses > 0,
                Some(var) => stores.push((v, var)),
            }
        }
    }
    for (v, var) in stores {
        if !read[var] {
            remove_store(f, v);
        }
    }
}

/// Makes a value that changes memory a copy of the memory before it.
fn remove_store(f: &mut Func, v: Value) {
    let memory = f.memory_arg(v).expect("stores change memory");
    f.reset(v, Op::Copy);
    f.add_arg(v, memory);
}

/// Returns the local variable that `v` names. gc 1.27 looks at parameters, too: to these, nothing is stored here.
fn auto_of(f: &Func, v: Value) -> Option<Var> {
    match f[v].aux {
        Aux::Var(var) if f.vars[var].class == VarClass::Auto => Some(var),
        _ => None,
    }
}

/// The facts that walks over the function collect.
#[derive(Default)]
struct Autos {
    /// The variable whose address reaches a value.
    address: SecondaryMap<Value, PackedOption<Var>>,
    /// Values that aren't needed if the variable isn't.
    stores: Vec<(Value, Var)>,
    is_store: SecondaryMap<Value, bool>,
    /// Variables whose address reaches something else than stores.
    used: SecondaryMap<Var, bool>,
}

impl Autos {
    /// Visits all values and controls. Reports whether there was any news.
    fn visit_blocks(&mut self, f: &Func) -> bool {
        let mut changed = false;
        for &b in &f.layout {
            for &v in &f[b].values {
                changed |= self.visit(f, v);
            }
            for control in f[b].controls() {
                changed |= self.use_address(control);
            }
        }
        changed
    }

    /// Reports whether there was any news.
    fn visit(&mut self, f: &Func, v: Value) -> bool {
        let data = &f[v];
        let mut args = &data.args[..];
        let mut changed = false;
        match data.op {
            Op::Addr | Op::LocalAddr => {
                let Some(var) = auto_of(f, v) else {
                    return false;
                };
                return self.set_address(v, var);
            }
            Op::VarDef | Op::VarKill => {
                let Some(var) = auto_of(f, v) else {
                    return false;
                };
                return self.add_store(v, var);
            }
            Op::VarLive => {
                let Some(var) = auto_of(f, v) else {
                    return false;
                };
                return !std::mem::replace(&mut self.used[var], true);
            }
            Op::Store | Op::Zero => {
                if let Some(var) = self.address[args[0]].expand() {
                    changed = self.add_store(v, var);
                }
                args = &args[1..];
            }
            _ => {}
        }
        let is_effect = data.op.is_call() || data.op.has_any(NIL_CHECK | HAS_SIDE_EFFECTS);
        if data.uses == 0 && !is_effect {
            return changed;
        }
        let ty = data.ty;
        if ty.is_memory() || ty.is_flags() || data.op == Op::Phi || f.memory_arg(v).is_some() {
            for &arg in args {
                changed |= self.use_address(arg);
            }
            return changed;
        }
        // A value of two addresses is never a store's: the second variable is needed.
        let mut first = None;
        for var in args.iter().filter_map(|&arg| self.address[arg].expand()) {
            match first {
                None if self.used[var] => {}
                None => first = Some(var),
                Some(first) if first == var => {}
                Some(_) => changed |= !std::mem::replace(&mut self.used[var], true),
            }
        }
        match first {
            Some(var) => changed | self.set_address(v, var),
            None => changed,
        }
    }

    /// Notes that the address of `var` reaches `v`. Reports whether that is news.
    fn set_address(&mut self, v: Value, var: Var) -> bool {
        match self.address[v].expand() {
            None => {
                self.address[v] = var.into();
                true
            }
            Some(known) if known == var => false,
            Some(_) => !std::mem::replace(&mut self.used[var], true),
        }
    }

    /// Notes that `v` writes `var`. Reports whether that is news.
    fn add_store(&mut self, v: Value, var: Var) -> bool {
        let is_new = !std::mem::replace(&mut self.is_store[v], true);
        if is_new {
            self.stores.push((v, var));
        }
        is_new
    }

    /// Notes that the variable whose address reaches `v`, if any, is needed. Reports whether that is news.
    fn use_address(&mut self, v: Value) -> bool {
        let Some(var) = self.address[v].expand() else {
            return false;
        };
        !std::mem::replace(&mut self.used[var], true)
    }
}
