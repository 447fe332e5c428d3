//! The variables of a compiled function that have a place in memory, for drawings of its frame.

use rustc_hash::FxHashMap;

use crate::arguments::in_registers;
use crate::entity::{Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::op::Op;

/// A variable with a place in memory.
#[derive(Clone, Debug)]
pub struct FrameVariable {
    /// Its name without the package's prefix.
    pub name: String,
    /// The name of its type.
    pub ty: String,
    /// A parameter or result that is passed in registers has its place here if [`Self::offset`] is negative.
    pub class: VarClass,
    /// Bytes from the start of the arguments, or negative from the end of the frame.
    pub offset: i64,
    /// Bytes.
    pub size: i64,
    /// It is passed in registers.
    pub in_registers: bool,
    /// The values that are spilled to it.
    pub spilled: Vec<Value>,
}

/// Returns the variables of `f` with a place in memory. Requires all passes.
pub fn frame_variables(f: &Func) -> Vec<FrameVariable> {
    let vars = |class| in_registers(f, class).into_iter().map(|part| part.var);
    let registers: Vec<Var> = vars(VarClass::Param)
        .chain(vars(VarClass::Result))
        .collect();
    let mut spilled: FxHashMap<Var, Vec<Value>> = FxHashMap::default();
    for &v in f.layout.iter().flat_map(|&b| &f[b].values) {
        if let (Op::StoreReg, Location::Slot(var)) = (f[v].op, f.homes[v]) {
            spilled.entry(var).or_default().push(f[v].args[0]);
        }
    }
    let mut variables = Vec::new();
    for (var, data) in f.vars.iter() {
        let in_registers = registers.contains(&var);
        let has_place = match data.class {
            VarClass::Param => true,
            VarClass::Result => !in_registers || data.used && data.offset < 0,
            VarClass::Auto => data.used,
        };
        if !has_place || data.ty.size() == 0 {
            continue;
        }
        variables.push(FrameVariable {
            name: data.name.clone(),
            ty: data.ty.display(&f.type_names),
            class: data.class,
            offset: data.offset,
            size: data.ty.size(),
            in_registers,
            spilled: spilled.remove(&var).unwrap_or_default(),
        });
    }
    variables
}
