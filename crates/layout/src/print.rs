//! Types in messages (go/types: typestring.go), and literals.

use std::fmt::Write;

use minigo_syntax::ast::{Ast, ChanDir, Expr, ExprKind};

use crate::{Signature, Type, TypeData, Types};

/// The length at which texts are cut: types that share parts can be exponentially long.
const MAX_TEXT: usize = 1 << 16;

impl Types<'_> {
    /// Returns the type's text. Declared types have the paths of their packages.
    pub fn text(&self, typ: Type) -> String {
        let mut out = String::new();
        self.write(&mut out, typ);
        out
    }

    fn write(&self, out: &mut String, typ: Type) {
        if out.len() > MAX_TEXT {
            return;
        }
        match self.data(typ) {
            TypeData::Basic(basic) => out.push_str(basic.name),
            TypeData::Named { name, path, .. } | TypeData::Alias { name, path, .. } => {
                if !path.is_empty() {
                    let _ = write!(out, "{path}.");
                }
                out.push_str(name);
            }
            TypeData::Pointer(elem) => {
                out.push('*');
                self.write(out, *elem);
            }
            TypeData::Slice(elem) => {
                out.push_str("[]");
                self.write(out, *elem);
            }
            TypeData::Array(len, elem) => {
                let _ = write!(out, "[{len}]");
                self.write(out, *elem);
            }
            TypeData::Map(key, value) => {
                out.push_str("map[");
                self.write(out, *key);
                out.push(']');
                self.write(out, *value);
            }
            TypeData::Chan(dir, elem) => self.write_chan(out, *dir, *elem),
            TypeData::Struct(fields) => {
                out.push_str("struct{");
                for (index, field) in fields.iter().enumerate() {
                    out.push_str(if index > 0 { "; " } else { "" });
                    if !field.embedded {
                        let _ = write!(out, "{} ", field.name);
                    }
                    self.write(out, field.typ);
                    if !field.tag.is_empty() {
                        let _ = write!(out, " {}", field.tag);
                    }
                }
                out.push('}');
            }
            TypeData::Func(signature) => {
                out.push_str("func");
                self.write_signature(out, signature);
            }
            TypeData::Interface { methods, embedded } => {
                out.push_str("interface{");
                let mut separator = "";
                for (name, signature) in methods {
                    out.push_str(separator);
                    out.push_str(name);
                    self.write_signature(out, signature);
                    separator = "; ";
                }
                for &typ in embedded {
                    out.push_str(separator);
                    self.write(out, typ);
                    separator = "; ";
                }
                out.push('}');
            }
        }
    }

    fn write_chan(&self, out: &mut String, dir: ChanDir, elem: Type) {
        out.push_str(match dir {
            ChanDir::Both => "chan ",
            ChanDir::SendOnly => "chan<- ",
            ChanDir::RecvOnly => "<-chan ",
        });
        let ambiguous = matches!(self.data(elem), TypeData::Chan(ChanDir::RecvOnly, _));
        if dir == ChanDir::Both && ambiguous {
            out.push('(');
            self.write(out, elem);
            out.push(')');
        } else {
            self.write(out, elem);
        }
    }

    fn write_signature(&self, out: &mut String, signature: &Signature) {
        self.write_list(out, &signature.params, signature.variadic);
        match signature.results.as_slice() {
            [] => {}
            [(name, typ)] if name.is_empty() => {
                out.push(' ');
                self.write(out, *typ);
            }
            results => {
                out.push(' ');
                self.write_list(out, results, false);
            }
        }
    }

    fn write_list(&self, out: &mut String, list: &[(String, Type)], variadic: bool) {
        out.push('(');
        for (index, (name, typ)) in list.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            if !name.is_empty() {
                let _ = write!(out, "{name} ");
            }
            match self.data(*typ) {
                TypeData::Slice(elem) if variadic && index + 1 == list.len() => {
                    out.push_str("...");
                    self.write(out, *elem);
                }
                _ => self.write(out, *typ),
            }
        }
        out.push(')');
    }
}

/// Returns the value of a string literal. Escapes other than those of quotes and backslashes are kept: paths and tags
/// have none.
pub(crate) fn literal(ast: &Ast, expr: Expr) -> String {
    let ExprKind::BasicLit { text, .. } = ast[expr].kind else {
        return String::new();
    };
    let text = ast.text(text);
    if let Some(raw) = text.strip_prefix('`') {
        return raw.trim_end_matches('`').replace('\r', "");
    }
    let inner = text.strip_prefix('"').unwrap_or(text);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    inner.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Returns a text as a string literal.
pub(crate) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
