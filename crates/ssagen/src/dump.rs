//! Dumps the tree of a function in the form of `go tool compile -W`.
//!
//! Each line is one node, indented by depth: operation, value or name, `l(line)` with `+` or `_` for the statement
//! mark, `x(offset)`, class, `hascall`, label, type. An init list comes first; other lists follow under `OP-list`,
//! `OP-rlist` and `OP-body`. The dump omits gc's remarks on escape analysis, use and type checking, and the positions
//! of kill marks, which nothing reads.

use std::fmt::Write;

use minigo_base::IsStmt;

use crate::fmt::Printer;
use crate::ir::{Aux, Class, Func, Node, Nodes, Op, Package, Type, TypeName};

/// Returns the statements of `f` under a title, followed by its entry statements.
pub fn dump(package: &Package, f: &Func, title: &str) -> String {
    let mut dumper = Dumper {
        package,
        f,
        out: format!("{title} {}", f.name),
    };
    dumper.list(&f.body, 1);
    if !f.enter.is_empty() {
        let _ = write!(dumper.out, "\nenter {}", f.name);
        dumper.list(&f.enter, 1);
    }
    dumper.out.push('\n');
    dumper.out
}

struct Dumper<'a> {
    package: &'a Package,
    f: &'a Func,
    out: String,
}

impl Dumper<'_> {
    fn indent(&mut self, depth: usize) {
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push_str(".   ");
        }
    }

    fn list(&mut self, list: &Nodes, depth: usize) {
        for &n in self.f.slice(list) {
            self.node(n, depth);
        }
    }

    fn sublist(&mut self, op: Op, name: &str, list: &Nodes, depth: usize) {
        if !list.is_empty() {
            self.indent(depth);
            let _ = write!(self.out, "{}-{name}", op.name());
            self.list(list, depth + 1);
        }
    }

    fn node(&mut self, n: Node, depth: usize) {
        let node = self.f.nodes[n];
        self.sublist(node.op, "init", &node.init, depth);
        self.indent(depth);
        self.head(n);
        for operand in [node.left, node.right] {
            if let Some(operand) = operand.expand() {
                self.node(operand, depth + 1);
            }
        }
        self.sublist(node.op, "list", &node.list, depth);
        self.sublist(node.op, "rlist", &node.rlist, depth);
        self.sublist(node.op, "body", &node.body, depth);
    }

    fn head(&mut self, n: Node) {
        let node = self.f.nodes[n];
        self.out.push_str(node.op.name());
        self.value(n);
        if node.pos.is_known() && node.op != Op::VarKill {
            let mark = match node.pos.is_stmt() {
                IsStmt::Default => "",
                IsStmt::Yes => "+",
                IsStmt::No => "_",
            };
            let _ = write!(self.out, " l({mark}{})", node.pos.line());
        }
        match node.aux {
            Aux::Var(var) => {
                let var = &self.f.vars[var];
                let class = match var.class {
                    Class::Param => "PPARAM",
                    Class::ParamOut => "PPARAMOUT",
                    Class::Auto | Class::NotVar => "PAUTO",
                };
                let _ = write!(self.out, " x({}) class({class})", var.offset);
            }
            Aux::Global(_) => self.out.push_str(" x(0) class(PEXTERN)"),
            Aux::Func(_) => self.out.push_str(" x(0) class(PFUNC)"),
            Aux::Runtime(_) => self.out.push_str(" x(0) class(PFUNC)"),
            Aux::Offset(offset) | Aux::InlIndex(offset) => {
                let _ = write!(self.out, " x({offset})");
            }
            _ => {}
        }
        if node.has_call {
            self.out.push_str(" hascall");
        }
        if let (Aux::Label(label), false) = (
            node.aux,
            matches!(node.op, Op::For | Op::Range | Op::Switch),
        ) {
            let _ = write!(
                self.out,
                " {}.{}",
                self.package.name, self.f.labels[label].name
            );
        }
        if node.ty != Type::VOID {
            let package = match node.ty.name() {
                TypeName::Defined(_) => format!("{}.", self.package.name),
                TypeName::Basic | TypeName::Alias => String::new(),
            };
            let ty = Printer::ty(self.package, node.ty);
            let _ = write!(self.out, " {package}{ty}");
        }
    }

    /// Writes the value or name after the operation, following a dash.
    fn value(&mut self, n: Node) {
        let node = self.f.nodes[n];
        let _ = match node.aux {
            Aux::Var(var) => write!(self.out, "-{}.{}", self.package.name, self.f.vars[var].name),
            Aux::Global(global) => {
                write!(
                    self.out,
                    "-{}.{}",
                    self.package.name, self.package.globals[global].name
                )
            }
            Aux::Func(func) => write!(
                self.out,
                "-{}.{}",
                self.package.name, self.package.funcs[func].name
            ),
            Aux::Runtime(func) => write!(self.out, "-runtime.{}", func.name()),
            Aux::Blank => write!(self.out, "-_ x(0) blank"),
            Aux::Int(value) if node.ty.is_signed() => write!(self.out, "-{value}"),
            Aux::Int(value) => write!(self.out, "-{}", value as u64),
            Aux::Bool(value) => write!(self.out, "-{value}"),
            Aux::Str(string) => write!(
                self.out,
                "-{}",
                minigo_base::unicode::quote(&self.f.strings[string])
            ),
            Aux::SubOp(op, _) if node.op == Op::AsOp => write!(self.out, "-{}", op.name()),
            _ => Ok(()),
        };
    }
}
