//! Range clauses (gc: types2/range.go).

use minigo_syntax::ast::{Expr, Stmt, StmtKind};
use minigo_syntax::sym::Sym;

use super::Checker;
use super::operand::{Mode, Operand};
use crate::info::Object;
use crate::ty::{Kind, Type};

impl Checker<'_> {
    /// Checks a `for` with a range clause.
    pub(super) fn check_range(&mut self, stmt: Stmt, clause: Stmt, body: Stmt) {
        let StmtKind::Range {
            lhs,
            def,
            x: operand,
        } = self.ast[clause].kind
        else {
            return;
        };
        let lhs = &self.ast[lhs];
        let mut x = self.check_expr(operand);
        let (key, value) = self.range_types(&x, lhs);
        self.scopes.open();
        let over_int = x.ty != Type::INVALID && self.is_integer(x.ty);
        let sides = lhs.iter().copied().zip([key, value]);
        if def {
            self.define_range_vars(stmt, sides, &mut x, over_int);
        } else if !lhs.is_empty() {
            for (left, ty) in sides {
                if ty == Type::INVALID {
                    continue;
                }
                if over_int {
                    self.assign_operand(left, &mut x, "range clause");
                    if x.is_valid() && !self.is_integer(x.ty) {
                        let ty = self.type_text(x.ty);
                        let message = format!("cannot use iteration variable of type {ty}");
                        self.expr_error(left, message);
                    }
                } else {
                    let mut y = Operand::invalid(left);
                    (y.mode, y.ty) = (Mode::Value, ty);
                    self.assign_operand(left, &mut y, "assignment");
                }
            }
        } else if over_int {
            self.assignment(&mut x, None, "range clause");
        }
        self.check_stmt(body);
        self.scopes.close();
    }

    /// Returns the types of the iteration variables, or reports that there are none.
    fn range_types(&mut self, x: &Operand, lhs: &[Expr]) -> (Type, Type) {
        let none = (Type::INVALID, Type::INVALID);
        if !x.is_valid() {
            return none;
        }
        let text = self.describe(x);
        let kind = self.kind(x.ty);
        if kind == Kind::String {
            self.refuse(self.operand_pos(x), "range over strings");
            return none;
        }
        if kind == Kind::Func {
            self.refuse(self.operand_pos(x), "range over func");
            return none;
        }
        if !self.is_integer(x.ty) {
            self.operand_error(x, format_args!("cannot range over {text}"));
            return none;
        }
        if let Some(version) = self.file_version().filter(|&version| version < 22) {
            let origin = match version {
                21 => "file declares //go:build go1.21",
                // Not the version that the file asks for is in force, so gc takes it for that of its flag.
                _ => "-lang was set to ; check go.mod",
            };
            let message = format!("cannot range over {text}: requires go1.22 or later ({origin})");
            self.operand_error(x, message);
            return none;
        }
        if let [_, second, ..] = *lhs {
            let message = format!("range over {text} permits only one iteration variable");
            self.expr_error(second, message);
        }
        (x.ty, Type::INVALID)
    }

    fn define_range_vars(
        &mut self,
        stmt: Stmt,
        sides: impl Iterator<Item = (Expr, Type)>,
        x: &mut Operand,
        over_int: bool,
    ) {
        let mut vars: Vec<(Sym, Object)> = Vec::new();
        for (left, ty) in sides {
            let Some(sym) = self.ast.name(left) else {
                let text = self.text(left);
                let message = format!("invalid syntax tree: cannot declare {text}");
                self.expr_error(left, message);
                continue;
            };
            let object = self.new_local(left);
            if sym == Sym::BLANK {
                let blank = self.blank;
                self.info_mut(left).object = blank.into();
            } else {
                self.define_name(left, object);
                vars.push((sym, object));
            }
            if ty == Type::INVALID {
                self.set_object_type(object, Type::INVALID);
                self.package.objects[object].used = true;
                continue;
            }
            if over_int {
                self.init_var(object, x, "range clause");
            } else {
                let mut y = Operand::invalid(left);
                (y.mode, y.ty) = (Mode::Value, ty);
                self.init_var(object, &mut y, "assignment");
            }
        }
        if vars.is_empty() {
            let pos = self.ast[stmt].pos;
            return self.error(pos, "no new variables on left side of :=");
        }
        for (sym, object) in vars {
            self.declare(None, sym, object);
            self.add_declared(object);
        }
    }
}
