//! Functions that assembly defines or calls, in versions whose compiled code passes parameters in registers (gc:
//! ssagen/abi.go).
//!
//! Assembly passes parameters on the stack. A function that it defines has a wrapper for callers that pass them in
//! registers, and a compiled function that it refers to has a wrapper for assembly. Compiled code of the package calls
//! assembly directly.

use minigo_base::Pos;
use minigo_ssa::abi::Convention;
use rustc_hash::FxHashSet;

use crate::front::Front;
use crate::ir::{
    Aux, Class, ForeignFunction, ForeignVariable, Func, FuncId, Node, Op, Package, Pragmas, Type,
};

/// The functions of a package that its assembly defines and refers to, by their names in Go.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    /// Those that it defines.
    pub defined: FxHashSet<Box<str>>,
    /// Those that it refers to.
    pub referred: FxHashSet<Box<str>>,
    /// Functions that compiled code doesn't use, in source order.
    pub functions: Vec<ForeignFunction>,
    /// Variables that compiled code doesn't use, in source order.
    pub variables: Vec<ForeignVariable>,
}

impl Assembly {
    /// Reports whether a function that compiled code doesn't use has a stack map for assembly: gc 1.27 knows which functions
    /// assembly defines.
    pub(crate) fn has_stackmap(&self, f: &ForeignFunction, front: &Front) -> bool {
        !front.wraps_assembly || self.defined.contains(&f.name)
    }

    /// Reports whether gc makes wrappers of functions that compiled code doesn't use.
    pub fn wraps_foreign(&self, front: &Front) -> bool {
        front.wraps_assembly && self.functions.iter().any(|f| self.has_stackmap(f, front))
    }
}

/// Appends the wrappers to a package whose calls are expanded, and sets the conventions of the functions that assembly
/// defines. The wrappers are at `pos`.
pub(crate) fn add_wrappers(package: &mut Package, assembly: &Assembly, pos: Pos) {
    let own = package.funcs.iter().filter(|(_, f)| !f.imported);
    let ids: Vec<FuncId> = own.map(|(id, _)| id).collect();
    for id in ids {
        let f = &mut package.funcs[id];
        let convention = if f.has_body {
            if !assembly.referred.contains(&f.name) {
                continue;
            }
            Convention::Stack
        } else {
            if !assembly.defined.contains(&f.name) {
                continue;
            }
            f.convention = Convention::Stack;
            Convention::Registers
        };
        let wrapper = wrapper(&package.funcs[id], id, convention, pos);
        package.funcs.push(wrapper);
    }
}

/// Returns the function that passes its parameters on to `wrapped`, which has the id `id`.
fn wrapper(wrapped: &Func, id: FuncId, convention: Convention, pos: Pos) -> Func {
    let mut wrapper = Func {
        name: wrapped.name.clone(),
        pos,
        pragmas: Pragmas {
            nosplit: true,
            ..Pragmas::default()
        },
        signature: wrapped.signature.clone(),
        has_body: true,
        convention,
        wraps: Some(id),
        ..Func::default()
    };
    let f = &mut wrapper;
    let mut args = Vec::new();
    let mut signature = std::mem::take(&mut f.signature);
    let params = signature.params.iter_mut().map(|slot| (slot, Class::Param));
    let results = signature.results.iter_mut();
    for (slot, class) in params.chain(results.map(|slot| (slot, Class::ParamOut))) {
        let old = &wrapped.vars[slot.var.expect("parameters have variables")];
        let var = f.var(old.pos, &old.name, old.ty, class);
        f.vars[var].offset = old.offset;
        f.dcl.push(var);
        slot.var = var.into();
        if class == Class::Param {
            args.push(f.vars[var].node);
        }
    }
    let results: Vec<Type> = signature.results.iter().map(|slot| slot.ty).collect();
    f.signature = signature;

    let callee = f.node(Pos::NONE, Op::Name, Type::VOID, Aux::Func(id));
    let ty = match results[..] {
        [ty] => ty,
        _ => Type::VOID,
    };
    let call = f.unary(pos, Op::CallFunc, ty, callee);
    f.nodes[call].list = f.list(&args);
    // Assembly relies on no register, so that it may be returned to directly.
    if args.is_empty() && results.is_empty() && convention == Convention::Stack {
        f.nodes[call].aux = Aux::Tail;
    }
    let stmt = match results[..] {
        [] => call,
        [_] => returned(f, pos, &[call]),
        _ => {
            let temps: Vec<Node> = results.iter().map(|&ty| f.temp(pos, ty)).collect();
            let decls = temps
                .iter()
                .map(|&temp| f.unary(pos, Op::Dcl, Type::VOID, temp));
            let decls: Vec<Node> = decls.collect();
            let assignment = f.node(pos, Op::As2Func, Type::VOID, Aux::None);
            f.nodes[assignment].list = f.list(&temps);
            f.nodes[assignment].right = call.into();
            f.nodes[assignment].init = f.list(&decls);
            let leave = returned(f, pos, &temps);
            f.nodes[leave].init = f.list(&[assignment]);
            leave
        }
    };
    f.body = f.list(&[stmt]);
    wrapper
}

fn returned(f: &mut Func, pos: Pos, values: &[Node]) -> Node {
    let n = f.node(pos, Op::Return, Type::VOID, Aux::None);
    f.nodes[n].list = f.list(values);
    n
}
