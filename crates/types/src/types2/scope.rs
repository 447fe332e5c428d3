//! Scopes: blocks of functions, imports of files, and the package (gc: types2/scope.go).
//!
//! Names of blocks are in one table by symbol, with what to restore at the end of each block, so that a look-up takes
//! the same time at any depth.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use minigo_base::{Pos, nearest};
use minigo_syntax::ast::Expr;
use minigo_syntax::sym::Sym;
use rustc_hash::FxHashMap;

use super::Checker;
use crate::info::{Object, ObjectKind, VarKind};

/// The meaning of a name in the innermost block that declares it.
#[derive(Clone, Copy, Debug, Default)]
struct Binding {
    object: PackedOption<Object>,
    /// Number of the block.
    block: u32,
}

/// Names in scope.
pub(super) struct Scopes {
    /// Of the package.
    pub(super) package: FxHashMap<Sym, Object>,
    /// Imports by file.
    pub(super) files: Vec<FxHashMap<Sym, Object>>,
    bindings: SecondaryMap<Sym, Binding>,
    shadowed: Vec<(Sym, Binding)>,
    /// For each open block, the length of `shadowed`, its number, and its place among `vars`.
    blocks: Vec<(usize, u32, usize)>,
    n_blocks: u32,
    /// The variables declared in each block of a body, in the order in which blocks open.
    vars: Vec<Vec<Object>>,
}

impl Scopes {
    pub(super) fn new(n_files: usize) -> Scopes {
        Scopes {
            package: FxHashMap::default(),
            files: vec![FxHashMap::default(); n_files],
            bindings: SecondaryMap::new(),
            shadowed: Vec::new(),
            blocks: Vec::new(),
            n_blocks: 0,
            vars: Vec::new(),
        }
    }

    pub(super) fn open(&mut self) {
        self.n_blocks += 1;
        self.blocks
            .push((self.shadowed.len(), self.n_blocks, self.vars.len()));
        self.vars.push(Vec::new());
    }

    pub(super) fn close(&mut self) {
        let (length, ..) = self.blocks.pop().expect("blocks are opened before closed");
        for (sym, binding) in self.shadowed.drain(length..).rev() {
            self.bindings[sym] = binding;
        }
    }

    /// Begins the body of a function. Returns the variables of the function around it.
    pub(super) fn begin_body(&mut self) -> Vec<Vec<Object>> {
        std::mem::take(&mut self.vars)
    }

    /// Ends the body of a function. Returns its variables by block.
    pub(super) fn end_body(&mut self, outer: Vec<Vec<Object>>) -> Vec<Vec<Object>> {
        std::mem::replace(&mut self.vars, outer)
    }

    pub(super) fn in_block(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// Returns what a name means in the innermost block itself.
    pub(super) fn in_innermost(&self, sym: Sym) -> Option<Object> {
        let binding = self.bindings[sym];
        let &(_, block, _) = self.blocks.last()?;
        binding.object.expand().filter(|_| binding.block == block)
    }

    fn in_blocks(&self, sym: Sym) -> Option<Object> {
        self.bindings[sym].object.expand()
    }

    /// Declares a name in the innermost block. Returns the object that has it already, if any.
    fn insert(&mut self, sym: Sym, object: Object) -> Option<Object> {
        let Some(&(_, block, vars)) = self.blocks.last() else {
            return match self.package.entry(sym) {
                std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(object);
                    None
                }
            };
        };
        let binding = self.bindings[sym];
        if binding.block == block
            && let Some(other) = binding.object.expand()
        {
            return Some(other);
        }
        self.shadowed.push((sym, binding));
        let object = object.into();
        self.bindings[sym] = Binding { object, block };
        self.vars[vars].extend(object.expand());
        None
    }

    /// Hides the names of all blocks, for a declaration at package level.
    pub(super) fn leave_blocks(&mut self) -> Hidden {
        let mut hidden = Vec::new();
        for &(sym, _) in &self.shadowed {
            hidden.push((sym, std::mem::take(&mut self.bindings[sym])));
        }
        Hidden {
            bindings: hidden,
            blocks: std::mem::take(&mut self.blocks),
            shadowed: std::mem::take(&mut self.shadowed),
        }
    }

    pub(super) fn enter_blocks(&mut self, hidden: Hidden) {
        for (sym, binding) in hidden.bindings.into_iter().rev() {
            if binding.object.is_some() {
                self.bindings[sym] = binding;
            }
        }
        self.blocks = hidden.blocks;
        self.shadowed = hidden.shadowed;
    }
}

/// The blocks around a declaration at package level that is checked on first use.
pub(super) struct Hidden {
    bindings: Vec<(Sym, Binding)>,
    blocks: Vec<(usize, u32, usize)>,
    shadowed: Vec<(Sym, Binding)>,
}

impl Checker<'_> {
    /// Returns what a name means here.
    pub(super) fn lookup(&self, sym: Sym) -> Option<Object> {
        let file = &self.scopes.files[self.env.file];
        self.scopes
            .in_blocks(sym)
            .or_else(|| file.get(&sym).copied())
            .or_else(|| self.scopes.package.get(&sym).copied())
            .or_else(|| self.universe.get(&sym).copied())
    }

    /// Returns a hint on the name in scope that is most like one that isn't.
    pub(super) fn name_like(&self, name: &str) -> String {
        if !self.diags.may_search() {
            return String::new();
        }
        let in_blocks = self.scopes.shadowed.iter().map(|&(sym, _)| sym);
        let in_file = self.scopes.files[self.env.file].keys().copied();
        let others = self.scopes.package.keys().chain(self.universe.keys());
        let names = in_blocks.chain(in_file).chain(others.copied());
        let names = names.filter(|&sym| self.lookup(sym).is_some());
        let near = nearest(name, names.map(|sym| self.ast.text(sym)));
        near.map_or_else(String::new, |near| format!("did you mean {near}?"))
    }

    /// Returns what the name of an expression means here.
    pub(super) fn lookup_name(&self, expr: Expr) -> Option<Object> {
        self.lookup(self.ast.name(expr)?)
    }

    /// Declares an object under its name, in the innermost block or in the package.
    pub(super) fn declare(&mut self, name: Option<Expr>, sym: Sym, object: Object) {
        if sym != Sym::BLANK
            && let Some(other) = self.scopes.insert(sym, object)
        {
            let note = self.other_declaration(other);
            let name = self.ast.text(sym);
            let pos = self.package[object].pos;
            self.error(pos, format_args!("{name} redeclared in this block{note}"));
            return;
        }
        if let Some(name) = name {
            self.define_name(name, object);
        }
    }

    /// Records the object that a name declares.
    pub(super) fn define_name(&mut self, name: Expr, object: Object) {
        let info = self.info_mut(name);
        info.object = object.into();
        info.declares = true;
    }

    /// Reports the variables of a body that are never used (gc: types2/stmt.go, usage).
    pub(super) fn report_usage(&mut self, blocks: Vec<Vec<Object>>) {
        for mut vars in blocks {
            vars.retain(|&object| {
                let data = &self.package[object];
                data.kind == ObjectKind::Var(VarKind::Local) && !data.used
            });
            vars.sort_by_key(|&object| self.package[object].pos);
            for object in vars {
                if self.n_refused > 0 {
                    return;
                }
                let pos: Pos = self.package[object].pos;
                let message = format!("declared and not used: {}", self.name(object));
                let hint = "remove it, or assign it to the blank identifier: _ = name";
                self.error_with_hint(pos, message, hint);
            }
        }
    }
}
