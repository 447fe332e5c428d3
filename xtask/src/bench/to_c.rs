//! The C program that does what a Go program of functions over integers does, for comparisons with compilers of C.

use std::fmt::Write;

use minigo::GoVersion;
use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::{
    Ast, BranchKind, Clause, DeclKind, Expr, ExprKind, Field, File, List, Stmt, StmtKind,
};
use minigo_syntax::token::Operator;

/// Returns the program in C; none if it has anything that the programs of [`super::growth`] have not.
pub(super) fn to_c(source: &str) -> Option<String> {
    // Sums and conditions may be nested deeply.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(1 << 30);
        let translated = thread.spawn_scoped(scope, || translate(source));
        translated.ok()?.join().ok()?
    })
}

fn translate(source: &str) -> Option<String> {
    let (mut ast, mut positions) = (Ast::default(), PosTable::default());
    let mut diagnostics = Diagnostics::default();
    let profile = minigo_syntax::Profile::of(GoVersion::Go1_15);
    let file = minigo_syntax::parse_file(
        &mut ast,
        &mut positions,
        &mut diagnostics,
        "x.go",
        source.as_bytes(),
        profile,
    );
    let mut writer = Writer {
        ast: &ast,
        text: String::new(),
    };
    writer.file(file)?;
    Some(writer.text)
}

/// Writes C. Each method returns none for what it doesn't know.
struct Writer<'a> {
    ast: &'a Ast,
    text: String,
}

impl Writer<'_> {
    fn file(&mut self, file: File) -> Option<()> {
        for &decl in &self.ast[self.ast[file].decls] {
            let DeclKind::Func {
                name, typ, body, ..
            } = self.ast[decl].kind
            else {
                return None;
            };
            let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
                return None;
            };
            let result = match self.ast[results] {
                [] => "int",
                [result] => self.typ(result)?,
                _ => return None,
            };
            self.text += match decl_name(self.ast, name)? {
                "g" => "__attribute__((noinline)) ",
                _ => "",
            };
            self.text += result;
            self.text.push(' ');
            self.expr(name)?;
            self.params(params)?;
            self.stmt(body.expand()?)?;
        }
        Some(())
    }

    fn typ(&self, field: Field) -> Option<&'static str> {
        match decl_name(self.ast, self.ast[field].typ)? {
            "int" => Some("long"),
            "int32" => Some("int"),
            _ => None,
        }
    }

    fn params(&mut self, params: List<Field>) -> Option<()> {
        self.text.push('(');
        for (index, &param) in self.ast[params].iter().enumerate() {
            self.text += if index == 0 { "" } else { ", " };
            self.text += self.typ(param)?;
            self.text.push(' ');
            self.expr(self.ast[param].name.expand()?)?;
        }
        self.text += ")\n";
        Some(())
    }

    fn stmt(&mut self, stmt: Stmt) -> Option<()> {
        match self.ast[stmt].kind {
            StmtKind::Empty => {}
            StmtKind::Block { list, .. } => {
                self.text += "{\n";
                self.stmts(list)?;
                self.text += "}\n";
            }
            StmtKind::Define { lhs, rhs } => {
                let ([name], [value]) = (&self.ast[lhs], &self.ast[rhs]) else {
                    return None;
                };
                self.text += "long ";
                self.assign(*name, "=", *value)?;
            }
            StmtKind::Assign { lhs, rhs } => self.assign_all(lhs, rhs)?,
            StmtKind::AssignOp { op, lhs, rhs } => {
                self.assign(lhs, &format!("{op}="), rhs)?;
            }
            StmtKind::IncDec { op, x } => {
                self.expr(x)?;
                writeln!(self.text, "{op}{op};").ok()?;
            }
            StmtKind::Branch {
                kind: BranchKind::Break,
                label,
            } if label.is_none() => self.text += "break;\n",
            StmtKind::Return(list) => {
                let [value] = self.ast[list] else {
                    return None;
                };
                self.text += "return ";
                self.expr(value)?;
                self.text += ";\n";
            }
            StmtKind::If {
                init,
                cond,
                then,
                els,
            } if init.is_none() => {
                self.text += "if (";
                self.expr(cond.expand()?)?;
                self.text += ")\n";
                self.stmt(then)?;
                if let Some(els) = els.expand() {
                    self.text += "else\n";
                    self.stmt(els)?;
                }
            }
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => {
                self.text += "{\n";
                if let Some(init) = init.expand() {
                    self.stmt(init)?;
                }
                self.text += "for (; ";
                self.expr(cond.expand()?)?;
                self.text += "; ) {\n";
                self.stmt(body)?;
                if let Some(post) = post.expand() {
                    self.stmt(post)?;
                }
                self.text += "}\n}\n";
            }
            StmtKind::Switch {
                init, tag, body, ..
            } if init.is_none() => {
                self.text += "switch (";
                self.expr(tag.expand()?)?;
                self.text += ") {\n";
                for &clause in &self.ast[body] {
                    self.clause(clause)?;
                }
                self.text += "}\n";
            }
            _ => return None,
        }
        Some(())
    }

    fn stmts(&mut self, list: List<Stmt>) -> Option<()> {
        self.ast[list].iter().try_for_each(|&stmt| self.stmt(stmt))
    }

    fn clause(&mut self, clause: Clause) -> Option<()> {
        let clause = &self.ast[clause];
        if clause.cases.is_empty() {
            self.text += "default:\n";
        }
        for &case in &self.ast[clause.cases] {
            self.text += "case ";
            self.expr(case)?;
            self.text += ":\n";
        }
        self.stmts(clause.body)?;
        self.text += "break;\n";
        Some(())
    }

    /// Writes assignments that happen at once.
    fn assign_all(&mut self, lhs: List<Expr>, rhs: List<Expr>) -> Option<()> {
        let (lhs, rhs) = (&self.ast[lhs], &self.ast[rhs]);
        if let (&[to], &[from]) = (lhs, rhs) {
            return self.assign(to, "=", from);
        }
        self.text += "{\n";
        for (index, &from) in rhs.iter().enumerate() {
            write!(self.text, "long t{index} = ").ok()?;
            self.expr(from)?;
            self.text += ";\n";
        }
        for (index, &to) in lhs.iter().enumerate() {
            self.expr(to)?;
            writeln!(self.text, " = t{index};").ok()?;
        }
        self.text += "}\n";
        Some(())
    }

    fn assign(&mut self, to: Expr, op: &str, from: Expr) -> Option<()> {
        self.expr(to)?;
        write!(self.text, " {op} ").ok()?;
        self.expr(from)?;
        self.text += ";\n";
        Some(())
    }

    fn expr(&mut self, expr: Expr) -> Option<()> {
        match self.ast[expr].kind {
            ExprKind::Name(name) | ExprKind::BasicLit { text: name, .. } => {
                self.text += self.ast.text(name);
            }
            ExprKind::Paren(x) => self.expr(x)?,
            ExprKind::Binary { op, x, y } => {
                self.operand(op, x)?;
                write!(self.text, " {op} ").ok()?;
                self.operand(Operator::Not, y)?;
            }
            ExprKind::Call { fun, args, .. } => {
                self.expr(fun)?;
                self.text.push('(');
                for (index, &arg) in self.ast[args].iter().enumerate() {
                    self.text += if index == 0 { "" } else { ", " };
                    self.expr(arg)?;
                }
                self.text.push(')');
            }
            _ => return None,
        }
        Some(())
    }

    /// Writes an operand of `op`, in parentheses unless it has the same operator: precedence differs in C.
    fn operand(&mut self, op: Operator, operand: Expr) -> Option<()> {
        let is_plain = match self.ast[self.ast.unparen(operand)].kind {
            ExprKind::Binary { op: inner, .. } => inner == op,
            _ => true,
        };
        if is_plain {
            return self.expr(operand);
        }
        self.text.push('(');
        self.expr(operand)?;
        self.text.push(')');
        Some(())
    }
}

/// Returns the text of a name.
fn decl_name(ast: &Ast, name: Expr) -> Option<&str> {
    ast.name(name).map(|name| ast.text(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_and_statements_are_those_of_c() {
        let go = "package main\n\nfunc f(a, b int) int {\n\tfor i := 0; i < a&3; i++ {\n\t\ta, b = b, a+b|1\n\t}\n\t\
                  switch a {\n\tcase 1, 2:\n\t\ta -= b\n\t}\n\treturn a + b + 1\n}\n";
        let c = "long f(long a, long b)\n{\n{\nlong i = 0;\nfor (; i < (a & 3); ) {\n{\n{\nlong t0 = b;\n\
                 long t1 = (a + b) | 1;\na = t0;\nb = t1;\n}\n}\ni++;\n}\n}\nswitch (a) {\ncase 1:\ncase 2:\n\
                 a -= b;\nbreak;\n}\nreturn a + b + 1;\n}\n";
        assert_eq!(to_c(go).as_deref(), Some(c));
        assert_eq!(to_c("package main\n\nvar x = 1\n"), None);
    }

    #[test]
    fn all_shapes_of_large_functions_have_a_translation() {
        for shape in super::super::growth::SHAPES {
            let source = (shape.program)(shape.sizes[0]);
            assert!(to_c(&source).is_some(), "{}", shape.name);
        }
    }
}
