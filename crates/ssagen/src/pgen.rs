//! From a checked package to functions ready for SSA construction, in gc's order
//! (gc: main.go, phases 5 to 8, and pgen.go).

use cranelift_entity::EntityRef;
use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::Ast;
use minigo_types::info;
use rustc_hash::FxHashSet;

use crate::init::initialize;
use crate::inline::{Messages, inline};
use crate::ir::{Data, Func, FuncId, Package, Signature};
use crate::noder::noder;
use crate::order::order;
use crate::walk::walk;

/// What the command line asks for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// No calls are inlined (`-l`).
    pub no_inline: bool,
    /// What the inliner says (`-m`).
    pub messages: Messages,
}

/// The package with all functions walked, and the inliner's messages, a line each.
///
/// Functions that the later stages cannot compile yet are reported in `diags`; then the package must not
/// be compiled.
pub fn lower_package(
    ast: &Ast,
    types: &info::Package,
    positions: &mut PosTable,
    diags: &mut Diagnostics,
    options: Options,
) -> (Package, String) {
    let texts = options.messages == Messages::Reasons;
    let (mut package, initializers) = noder(ast, types, diags, texts);
    if !diags.is_empty() {
        return (package, String::new());
    }
    let messages = if options.no_inline {
        String::new()
    } else {
        inline(&mut package, positions, types, options.messages)
    };
    let mut data = PackageData::default();
    for func in package.funcs.keys() {
        data.lower(&mut package, func);
    }
    let user_inits: Vec<FuncId> = types
        .funcs
        .iter()
        .filter(|(_, data)| data.init.is_some())
        .map(|(func, _)| FuncId::new(func.index()))
        .filter(|&func| !package.funcs[func].body.is_empty())
        .collect();
    let mut inits = Vec::new();
    if let Some(init) = initialize(&mut package, initializers) {
        let init = package.funcs.push(init);
        data.lower(&mut package, init);
        inits.push(init);
    }
    inits.extend(user_inits);
    if !inits.is_empty() || &*package.name == "main" || &*package.name == "runtime" {
        package.inittask = Some(inits);
    }
    package.data = data.symbols;
    (package, messages)
}

/// The data symbols made so far.
#[derive(Default)]
struct PackageData {
    symbols: Vec<Data>,
    strings: FxHashSet<Box<[u8]>>,
}

impl PackageData {
    /// Orders and walks one function; for one without a body, only notes its stack map.
    fn lower(&mut self, package: &mut Package, func: FuncId) {
        let mut f = std::mem::take(&mut package.funcs[func]);
        if f.has_body {
            let own = f.signature.clone();
            order(&mut f);
            walk(&mut f, &|callee| signature(package, func, &own, callee));
            for &string in &f.string_symbols {
                let bytes = &f.strings[string];
                if self.strings.insert(bytes.clone()) {
                    self.symbols.push(Data::String(bytes.clone()));
                }
            }
        } else if &*f.name != "_" {
            self.symbols.push(Data::ArgsStackmap(func));
        }
        package.funcs[func] = f;
    }
}

/// The signature of `callee`, while `func` is out of the package.
fn signature<'a>(
    package: &'a Package,
    func: FuncId,
    own: &'a Signature,
    callee: FuncId,
) -> &'a Signature {
    if callee == func {
        return own;
    }
    let f: &Func = &package.funcs[callee];
    &f.signature
}
