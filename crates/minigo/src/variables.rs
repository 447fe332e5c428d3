//! The variables of a package's functions, for drawings of frames.

use std::collections::BTreeMap;

use minigo_obj::Sym;
use minigo_ssa::{Func, VarClass, frame_variables};
use minigo_ssagen::Symbols;
use minigo_ssagen::ir::{self, FuncId, Runtime, Slot, Type, TypeName};
use minigo_story::frame::{Callee, Variable, VariableKind};

/// The variables of functions by symbol.
#[derive(Default)]
pub(crate) struct Variables {
    functions: BTreeMap<Sym, Entry>,
}

struct Entry {
    /// The name without the package if it is this one.
    name: String,
    variables: Vec<Variable>,
}

impl Variables {
    /// Returns the parameters and results of a package's functions and of those of the runtime. If they are passed on the
    /// stack, they are all that is in memory when a function begins.
    pub(crate) fn new(package: &ir::Package, symbols: &Symbols) -> Variables {
        let mut variables = Variables::default();
        for (id, f) in &package.funcs {
            let entry = Entry {
                name: f.name.to_string(),
                variables: parameters(package, id),
            };
            variables.functions.insert(symbols.func(id), entry);
        }
        for fun in Runtime::ALL {
            let signature = ir::Signature::new(fun.param().as_slice(), fun.result().as_slice());
            let variable = |slot: &Slot, kind| variable(package, slot, String::new(), kind);
            let params = signature.params.iter().map(|slot| variable(slot, PARAM));
            let results = signature.results.iter();
            let results = results.map(|slot| variable(slot, VariableKind::Result { number: 1 }));
            let entry = Entry {
                name: format!("runtime.{}", fun.name()),
                variables: params.chain(results).collect(),
            };
            variables.functions.insert(symbols.runtime(fun), entry);
        }
        variables
    }

    /// Adds the variables of a compiled function. Where it passes parameters in registers, only these count.
    pub(crate) fn add(&mut self, sym: Sym, own: Vec<Variable>) {
        let Some(entry) = self.functions.get_mut(&sym) else {
            return;
        };
        let is_local = |variable: &Variable| matches!(variable.kind, VariableKind::Local { .. });
        let in_registers = own
            .iter()
            .any(|variable| variable.kind == VariableKind::Param { in_registers: true });
        if in_registers {
            entry.variables.clear();
        }
        let added = own
            .into_iter()
            .filter(|variable| in_registers || is_local(variable));
        entry.variables.extend(added);
    }

    /// Returns the variables of a function.
    pub(crate) fn of(&self, sym: Sym) -> &[Variable] {
        self.functions
            .get(&sym)
            .map_or(&[], |entry| &entry.variables)
    }

    /// Returns what is known about a function that is called.
    pub(crate) fn callee(&self, sym: Sym) -> Option<Callee<'_>> {
        self.functions.get(&sym).map(|entry| Callee {
            name: &entry.name,
            variables: &entry.variables,
        })
    }
}

const PARAM: VariableKind = VariableKind::Param {
    in_registers: false,
};

/// Returns the parameters and results of a function as they are passed on the stack.
fn parameters(package: &ir::Package, id: FuncId) -> Vec<Variable> {
    let f = &package.funcs[id];
    let name = |slot: &Slot, default: &str| match slot.var.expand() {
        Some(var) => f.vars[var].name.to_string(),
        None => default.to_owned(),
    };
    let params = f.signature.params.iter();
    let params = params.map(|slot| variable(package, slot, name(slot, "_"), PARAM));
    let results = f.signature.results.iter().enumerate().map(|(index, slot)| {
        let default = match index {
            0 => "ret".to_owned(),
            _ => format!("ret{index}"),
        };
        let kind = VariableKind::Result { number: index + 1 };
        variable(package, slot, name(slot, &default), kind)
    });
    params.chain(results).collect()
}

fn variable(package: &ir::Package, slot: &Slot, name: String, kind: VariableKind) -> Variable {
    Variable {
        name,
        ty: type_name(package, slot.ty),
        kind,
        offset: slot.offset.into(),
        size: slot.ty.size().into(),
    }
}

fn type_name(package: &ir::Package, ty: Type) -> String {
    match ty.name() {
        TypeName::Defined(defined) => package.defined[defined].name.to_string(),
        TypeName::Basic | TypeName::Alias => ty.kind_name().to_owned(),
    }
}

/// Returns the variables of a compiled function that have a place in memory.
pub(crate) fn of_compiled(f: &Func) -> Vec<Variable> {
    let mut n_results = 0;
    let variables = frame_variables(f).into_iter().map(|variable| {
        let kind = match variable.class {
            VarClass::Param => VariableKind::Param {
                in_registers: variable.in_registers,
            },
            VarClass::Result if variable.offset >= 0 => {
                n_results += 1;
                VariableKind::Result { number: n_results }
            }
            VarClass::Result | VarClass::Auto => VariableKind::Local {
                spilled: variable.spilled.iter().map(|v| v.to_string()).collect(),
            },
        };
        Variable {
            name: variable.name,
            ty: variable.ty,
            kind,
            offset: variable.offset,
            size: variable.size,
        }
    });
    variables.collect()
}
