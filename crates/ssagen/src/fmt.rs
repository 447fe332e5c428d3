//! Prints statements and expressions in Go syntax, as the inliner's messages show a function's body (gc: fmt.go in
//! error mode).
//!
//! Folded constants print as written, without parentheses that precedence doesn't need. As in gc, some statements are
//! abbreviated: a switch prints as `switch statement`, and the right side of a parallel assignment as `<N>`. Where
//! bodies pass through unified IR, constants print by value, and parallel assignments with both sides.

use std::fmt::Write;

use crate::ir::{Aux, External, Func, Global, Kind, Node, Nodes, Op, Package, Type, TypeName};

/// A printer of nodes of one function.
pub(crate) struct Printer<'a> {
    package: &'a Package,
    f: &'a Func,
    /// Whether bodies pass through unified IR.
    unified: bool,
    out: String,
}

impl Op {
    /// Returns the operator or keyword in Go syntax (gc: goopnames), or gc's name of the operation if there is none.
    pub(crate) fn go_name(self) -> &'static str {
        match self {
            Op::Plus | Op::Add => "+",
            Op::Neg | Op::Sub => "-",
            Op::BitNot | Op::Xor => "^",
            Op::Not => "!",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Mod => "%",
            Op::And => "&",
            Op::Or => "|",
            Op::AndNot => "&^",
            Op::Lsh => "<<",
            Op::Rsh => ">>",
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::AndAnd => "&&",
            Op::OrOr => "||",
            Op::As | Op::As2 => "=",
            Op::If => "if",
            Op::For => "for",
            Op::Range => "range",
            Op::Switch => "switch",
            Op::Case => "case",
            Op::Fall => "fallthrough",
            Op::Goto => "goto",
            Op::Break => "break",
            Op::Continue => "continue",
            Op::Return => "return",
            Op::Panic => "panic",
            Op::Min => "min",
            Op::Max => "max",
            Op::Print => "print",
            Op::Printn => "println",
            Op::InlMark => "inlmark",
            op => op.name(),
        }
    }

    /// Returns gc's name of the operation, as in dumps of trees.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Op::Name => "NAME",
            Op::Literal => "LITERAL",
            Op::Conv => "CONV",
            Op::ConvNop => "CONVNOP",
            Op::Plus => "PLUS",
            Op::Neg => "NEG",
            Op::BitNot => "BITNOT",
            Op::Not => "NOT",
            Op::Add => "ADD",
            Op::Sub => "SUB",
            Op::Mul => "MUL",
            Op::Div => "DIV",
            Op::Mod => "MOD",
            Op::And => "AND",
            Op::Or => "OR",
            Op::Xor => "XOR",
            Op::AndNot => "ANDNOT",
            Op::Lsh => "LSH",
            Op::Rsh => "RSH",
            Op::Eq => "EQ",
            Op::Ne => "NE",
            Op::Lt => "LT",
            Op::Le => "LE",
            Op::Gt => "GT",
            Op::Ge => "GE",
            Op::AndAnd => "ANDAND",
            Op::OrOr => "OROR",
            Op::CallFunc => "CALLFUNC",
            Op::InlCall => "INLCALL",
            Op::Result => "RESULT",
            Op::ConvIface => "CONVIFACE",
            Op::SliceLit => "SLICELIT",
            Op::Iface => "EFACE",
            Op::Addr => "ADDR",
            Op::Index => "INDEX",
            Op::Deref => "DEREF",
            Op::SliceArr => "SLICEARR",
            Op::As => "AS",
            Op::AsOp => "ASOP",
            Op::As2 => "AS2",
            Op::As2Func => "AS2FUNC",
            Op::Block => "BLOCK",
            Op::Empty => "EMPTY",
            Op::Dcl => "DCL",
            Op::DclConst => "DCLCONST",
            Op::DclType => "DCLTYPE",
            Op::If => "IF",
            Op::For => "FOR",
            Op::Range => "RANGE",
            Op::Switch => "SWITCH",
            Op::Case => "CASE",
            Op::JumpTable => "JUMPTABLE",
            Op::Fall => "FALL",
            Op::Goto => "GOTO",
            Op::Label => "LABEL",
            Op::Break => "BREAK",
            Op::Continue => "CONTINUE",
            Op::Return => "RETURN",
            Op::Panic => "PANIC",
            Op::Min => "MIN",
            Op::Max => "MAX",
            Op::Print => "PRINT",
            Op::Printn => "PRINTN",
            Op::InlMark => "INLMARK",
            Op::VarKill => "VARKILL",
        }
    }

    /// Returns the binding strength of an operation; 0 for statements that don't print like expressions.
    fn precedence(self) -> u32 {
        match self {
            Op::Plus | Op::Not | Op::BitNot | Op::Neg => 7,
            Op::Mul | Op::Div | Op::Mod | Op::Lsh | Op::Rsh | Op::And | Op::AndNot => 6,
            Op::Add | Op::Sub | Op::Or | Op::Xor => 5,
            Op::Eq | Op::Lt | Op::Le | Op::Ge | Op::Gt | Op::Ne => 4,
            Op::AndAnd => 2,
            Op::OrOr => 1,
            Op::Name
            | Op::Literal
            | Op::Conv
            | Op::ConvNop
            | Op::ConvIface
            | Op::CallFunc
            | Op::Min
            | Op::Max
            | Op::Panic
            | Op::Print
            | Op::Printn => 8,
            _ => 0,
        }
    }
}

impl<'a> Printer<'a> {
    /// Returns statements of `f` as `a; b`.
    pub(crate) fn stmts(package: &'a Package, f: &'a Func, list: &Nodes, unified: bool) -> String {
        let mut printer = Printer {
            package,
            f,
            unified,
            out: String::new(),
        };
        printer.list(list, "; ");
        printer.out
    }

    /// Returns the name of a type.
    pub(crate) fn ty(package: &Package, ty: Type) -> &str {
        match ty.name() {
            TypeName::Defined(defined) => &package.defined[defined].name,
            TypeName::Basic | TypeName::Alias => ty.kind_name(),
        }
    }

    fn list(&mut self, list: &Nodes, separator: &str) {
        for (i, &n) in self.f.slice(list).iter().enumerate() {
            if i != 0 {
                self.out.push_str(separator);
            }
            self.node(Some(n));
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Prints a node in its original form, if that is known.
    fn node(&mut self, n: Option<Node>) {
        let Some(n) = n else {
            self.push(if self.unified { "<nil>" } else { "<N>" });
            return;
        };
        let node = &self.f.nodes[n];
        let n = match node.orig.expand() {
            Some(orig) if node.op != Op::Literal => orig,
            _ => n,
        };
        self.stmt(n);
    }

    fn stmt(&mut self, n: Node) {
        let node = self.f.nodes[n];
        match node.op {
            Op::Dcl => {
                let left = node.left.expect("a declared name");
                let ty = self.f.nodes[left].ty;
                self.push("var ");
                self.expr(left, 0);
                self.push(" ");
                let ty = if ty.kind == Kind::Void {
                    "<T>"
                } else {
                    Self::ty(self.package, ty)
                };
                self.push(ty);
            }
            Op::As => {
                self.node(node.left.expand());
                self.push(if node.defines { " := " } else { " = " });
                self.node(node.right.expand());
            }
            Op::AsOp => {
                self.node(node.left.expand());
                match node.aux {
                    Aux::SubOp(Op::Add, true) => self.push("++"),
                    Aux::SubOp(_, true) => self.push("--"),
                    Aux::SubOp(op, false) => {
                        let _ = write!(self.out, " {}= ", op.go_name());
                        self.node(node.right.expand());
                    }
                    aux => minigo_base::internal!("fmt: operator {aux:?}"),
                }
            }
            Op::As2 | Op::As2Func => {
                self.list(&node.list, ", ");
                if node.op == Op::As2 && (node.defines || self.unified) {
                    self.push(if node.defines { " := " } else { " = " });
                    self.list(&node.rlist, ", ");
                } else {
                    self.push(" = ");
                    self.node(node.right.expand());
                }
            }
            Op::Return => {
                self.push("return ");
                self.list(&node.list, ", ");
            }
            Op::If => self.if_stmt(n),
            Op::For | Op::Range => self.push("for loop"),
            Op::Switch => self.push("switch statement"),
            Op::Case => {
                if node.list.is_empty() {
                    self.push("default");
                } else {
                    self.push("case ");
                    self.list(&node.list, ", ");
                }
                self.push(": ");
                self.list(&node.body, "; ");
            }
            Op::Break | Op::Continue | Op::Goto | Op::Fall => {
                self.push(node.op.go_name());
                if let Aux::Label(label) = node.aux {
                    let _ = write!(self.out, " {}", self.f.labels[label].name);
                }
            }
            Op::Label => {
                if let Aux::Label(label) = node.aux {
                    let _ = write!(self.out, "{}: ", self.f.labels[label].name);
                }
            }
            Op::Empty => {}
            Op::Block => self.list(&node.list, "; "),
            _ => self.expr(n, 0),
        }
    }

    /// Prints an `if`. A simple statement before the condition is included, declarations are not.
    fn if_stmt(&mut self, n: Node) {
        let node = self.f.nodes[n];
        self.push("if ");
        if let [init] = *self.f.slice(&node.init)
            && self.f.nodes[init].init.is_empty()
        {
            self.node(Some(init));
            self.push("; ");
        }
        self.node(node.left.expand());
        self.push(" { ");
        self.list(&node.body, "; ");
        self.push(" }");
        if !node.rlist.is_empty() {
            self.push(" else { ");
            self.list(&node.rlist, "; ");
            self.push(" }");
        }
    }

    /// Prints an expression as an operand of an operation with precedence `outer`.
    fn expr(&mut self, n: Node, outer: u32) {
        let node = self.f.nodes[n];
        let precedence = node.op.precedence();
        if outer > precedence {
            self.push("(");
            self.node(Some(n));
            self.push(")");
            return;
        }
        match node.op {
            Op::Literal if self.unified => self.value(n),
            // The array of a variadic call.
            Op::SliceLit if self.unified => self.push("... argument"),
            Op::Literal => match node.orig.expand() {
                Some(orig) => self.expr(orig, outer),
                None => self.literal(n),
            },
            Op::Name => self.name(n),
            // An implicit conversion.
            Op::ConvIface if self.unified || node.ty == Type::INTERFACE => {
                self.expr(node.left.expect("an operand"), outer);
            }
            Op::Conv | Op::ConvNop | Op::ConvIface => {
                self.push(Self::ty(self.package, node.ty));
                self.push("(");
                self.node(node.left.expand());
                self.push(")");
            }
            Op::Min | Op::Max | Op::Print | Op::Printn | Op::Panic => {
                self.push(node.op.go_name());
                self.push("(");
                match node.left.expand() {
                    Some(left) => self.node(Some(left)),
                    None => self.list(&node.list, ", "),
                }
                self.push(")");
            }
            Op::CallFunc => {
                self.expr(node.left.expect("a callee"), precedence);
                self.push("(");
                self.list(&node.list, ", ");
                self.push(if node.aux == Aux::Spread { "...)" } else { ")" });
            }
            Op::Plus | Op::Neg | Op::BitNot | Op::Not => {
                let left = node.left.expect("an operand");
                self.push(node.op.go_name());
                if self.f.nodes[left].op == node.op {
                    self.push(" ");
                }
                self.expr(left, precedence + 1);
            }
            _ => match (node.left.expand(), node.right.expand()) {
                (Some(left), Some(right)) => {
                    self.expr(left, precedence);
                    let _ = write!(self.out, " {} ", node.op.go_name());
                    self.expr(right, precedence + 1);
                }
                _ => {
                    let _ = write!(self.out, "<node {}>", node.op.name());
                }
            },
        }
    }

    fn literal(&mut self, n: Node) {
        let node = self.f.nodes[n];
        let value = match node.aux {
            Aux::Int(value) if node.ty.is_signed() => value.to_string(),
            Aux::Int(value) => (value as u64).to_string(),
            Aux::Bool(value) => value.to_string(),
            Aux::Str(string) => minigo_base::unicode::quote(&self.f.strings[string]),
            aux => minigo_base::internal!("fmt: literal {aux:?}"),
        };
        let _ = write!(self.out, "{}({value})", Self::ty(self.package, node.ty));
    }

    /// Prints a constant without its type, if that is the default one of its value.
    fn value(&mut self, n: Node) {
        let node = self.f.nodes[n];
        if node.aux == Aux::Nil {
            self.push("nil");
            return;
        }
        if let Aux::Int(value) = node.aux
            && (node.ty.kind, node.ty.name()) == (Kind::Int32, TypeName::Alias)
            && (0..=i64::from(u32::from(char::MAX))).contains(&value)
        {
            let rune = char::from_u32(value as u32);
            let text = minigo_base::unicode::quoted(rune.unwrap_or(char::REPLACEMENT_CHARACTER));
            self.push(&text);
            return;
        }
        let text = match node.aux {
            Aux::Int(value) if node.ty.is_signed() => value.to_string(),
            Aux::Int(value) => (value as u64).to_string(),
            Aux::Bool(value) => value.to_string(),
            Aux::Str(string) => shortened(minigo_base::unicode::quote(&self.f.strings[string])),
            aux => minigo_base::internal!("fmt: literal {aux:?}"),
        };
        if [Type::INT, Type::BOOL, Type::STRING].contains(&node.ty) {
            self.push(&text);
        } else {
            let _ = write!(self.out, "{}({text})", Self::ty(self.package, node.ty));
        }
    }

    fn name(&mut self, n: Node) {
        let text = match self.f.nodes[n].aux {
            Aux::Var(var) if self.f.vars[var].name.starts_with("~b") => "_",
            Aux::Var(var) => &self.f.vars[var].name,
            Aux::Global(global) => self.global(global),
            Aux::Func(func) => &self.package.funcs[func].name,
            Aux::Runtime(func) => func.name(),
            Aux::External(External::Stdout) => "os.Stdout",
            Aux::Blank => "_",
            Aux::Str(text) => {
                let text = String::from_utf8_lossy(&self.f.strings[text]);
                self.out.push_str(&text);
                return;
            }
            aux => minigo_base::internal!("fmt: name {aux:?}"),
        };
        self.out.push_str(text);
    }

    fn global(&self, global: Global) -> &'a str {
        &self.package.globals[global].name
    }
}

/// Returns a quoted string as messages show it: a long one is cut off (gc: go/constant, stringVal.String).
fn shortened(text: String) -> String {
    const LONGEST: usize = 72;
    match text.char_indices().nth(LONGEST - 3) {
        Some((end, _)) if text.chars().count() > LONGEST => format!("{}...", &text[..end]),
        _ => text,
    }
}
