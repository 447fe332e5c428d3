//! The layout of a Go function's parameters and results, with the names that assembly may use for them and their parts
//! (asmdecl: asmParseDecl).

use std::rc::Rc;

use minigo_syntax::ast::{Expr, Field, List};
use rustc_hash::FxHashMap;

use crate::{Result, Scope, Shape, Trouble, Type, Types};

/// The alignment of the results.
const MAX_ALIGN: u64 = 8;

/// The names of the first parameter and of the first result without a name.
const PARAM: &str = "arg";
const RESULT: &str = "ret";

/// The largest number of names of a function's arguments, parts included.
const MAX_VARS: usize = 1 << 20;

/// The accesses that fit a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Accesses of this many bytes.
    Bytes(u64),
    /// None to a whole string.
    String,
    /// None to a whole slice.
    Slice,
    /// None to a whole interface value.
    Interface,
    /// Both halves of a complex number at once.
    Complex,
    /// None to a whole struct.
    Struct,
    /// None to a whole array.
    Array,
}

/// A parameter or result, or a part of one.
#[derive(Clone, Debug)]
pub struct Var {
    /// The name, with those of the parts after underscores.
    pub name: String,
    /// The accesses that fit it.
    pub kind: Kind,
    /// The name of its type in messages.
    pub typ: Rc<str>,
    /// The offset from the first parameter, in bytes.
    pub offset: u64,
    /// The size in bytes.
    pub size: u64,
    /// The parts of a string, slice, interface or complex number. Those of structs and arrays are variables of their own.
    pub inner: Vec<usize>,
}

/// A parameter or result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root {
    /// Its variable, which those of its parts follow.
    pub var: usize,
    pub typ: Type,
    pub is_result: bool,
}

/// The arguments of a function as its caller lays them out on the stack.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The size of parameters and results in bytes.
    pub size: u64,
    pub(crate) vars: Vec<Var>,
    /// The parameters, then the results.
    pub(crate) roots: Vec<Root>,
    by_name: FxHashMap<String, usize>,
    /// The last variable that was placed over each byte.
    by_offset: Vec<Option<usize>>,
}

impl Arguments {
    /// Lays out the arguments of a function type.
    ///
    /// # Errors
    /// A type without a size.
    pub fn new(
        types: &mut Types,
        scope: Scope,
        params: List<Field>,
        results: List<Field>,
    ) -> Result<Arguments> {
        let mut arguments = Arguments::default();
        arguments.place(types, scope, params, PARAM)?;
        if !results.is_empty() {
            arguments.size = arguments.size.next_multiple_of(MAX_ALIGN);
            arguments.place(types, scope, results, RESULT)?;
        }
        Ok(arguments)
    }

    /// Returns the variable with a name.
    pub fn by_name(&self, name: &str) -> Option<&Var> {
        Some(&self.vars[*self.by_name.get(name)?])
    }

    /// Returns the innermost variable at an offset.
    pub fn by_offset(&self, offset: u64) -> Option<&Var> {
        let index = *self.by_offset.get(usize::try_from(offset).ok()?)?;
        Some(&self.vars[index?])
    }

    /// Returns the parts of a variable.
    pub fn inner(&self, var: &Var) -> impl Iterator<Item = &Var> {
        var.inner.iter().map(|&index| &self.vars[index])
    }

    /// Lays out fields one after the other. Fields without names are called `unnamed`, with a number from the second on.
    /// Names that share a type have no padding between them, as in asmdecl.
    fn place(
        &mut self,
        types: &mut Types,
        scope: Scope,
        fields: List<Field>,
        unnamed: &str,
    ) -> Result<()> {
        let mut last: Option<(Expr, Type)> = None;
        for index in 0..fields.len() {
            let ast = types.ast(scope.package);
            let field = ast.fields[ast[fields][index]];
            let name = match field.name.expand().and_then(|name| ast.name(name)) {
                Some(name) => ast.text(name).to_owned(),
                None if index == 0 => unnamed.to_owned(),
                None => format!("{unnamed}{index}"),
            };
            let place = ast.exprs[field.typ].pos;
            let typ = match last {
                Some((expr, typ)) if expr == field.typ => typ,
                _ => {
                    let typ = types.resolve(scope, field.typ)?;
                    let layout = types.layout(typ).map_err(|trouble| trouble.at(place))?;
                    let align = layout.align;
                    self.size = self.size.next_multiple_of(align);
                    last = Some((field.typ, typ));
                    typ
                }
            };
            let size = types.layout(typ)?.size;
            self.roots.push(Root {
                var: self.vars.len(),
                typ,
                is_result: unnamed == RESULT,
            });
            let mut builder = Builder {
                arguments: self,
                types,
            };
            let fits = builder.add(typ, &name, builder.arguments.size)?;
            if !fits {
                return Err(Trouble {
                    pos: place,
                    message: format!("minigo does not vet arguments as large as {name}"),
                    wrong: false,
                });
            }
            self.size += size;
        }
        Ok(())
    }
}

/// Adds a variable and its parts.
struct Builder<'b, 't> {
    arguments: &'b mut Arguments,
    types: &'b mut Types<'t>,
}

impl Builder<'_, '_> {
    /// Adds a variable with its parts. Returns false if there are too many.
    fn add(&mut self, typ: Type, name: &str, offset: u64) -> Result<bool> {
        const POINTER: Kind = Kind::Bytes(8);
        let layout = self.types.layout(typ)?;
        let shape = self.types.shape(typ)?;
        let text: Rc<str> = self.types.text(typ).into();
        let kind = match shape {
            Shape::Word(size) => Kind::Bytes(size),
            Shape::String => Kind::String,
            Shape::Slice => Kind::Slice,
            Shape::Interface | Shape::EmptyInterface => Kind::Interface,
            Shape::Complex(_) => Kind::Complex,
            Shape::Struct(_) => Kind::Struct,
            Shape::Array(..) => Kind::Array,
        };
        let last = offset.saturating_add(layout.size);
        if self.arguments.vars.len() >= MAX_VARS || last > MAX_VARS as u64 {
            return Ok(false);
        }
        self.var(name.to_owned(), kind, text, offset, layout.size, None);
        let whole = self.arguments.by_name[name];
        let mut parts = |parts: &[(&str, Kind, &str)]| {
            let mut at = offset;
            for &(suffix, kind, typ) in parts {
                let Kind::Bytes(size) = kind else { continue };
                self.var(
                    format!("{name}_{suffix}"),
                    kind,
                    typ.into(),
                    at,
                    size,
                    Some(whole),
                );
                at += size;
            }
        };
        match shape {
            Shape::Word(_) => {}
            Shape::String => parts(&[
                ("base", POINTER, "string base"),
                ("len", POINTER, "string len"),
            ]),
            Shape::Slice => parts(&[
                ("base", POINTER, "slice base"),
                ("len", POINTER, "slice len"),
                ("cap", POINTER, "slice cap"),
            ]),
            Shape::Interface => parts(&[
                ("itable", POINTER, "interface itable"),
                ("data", POINTER, "interface data"),
            ]),
            Shape::EmptyInterface => parts(&[
                ("type", POINTER, "interface type"),
                ("data", POINTER, "interface data"),
            ]),
            Shape::Complex(size) => {
                let half = Kind::Bytes(size / 2);
                let (real, imag) = (
                    format!("real(complex{})", size * 8),
                    format!("imag(complex{})", size * 8),
                );
                parts(&[("real", half, &real), ("imag", half, &imag)]);
            }
            Shape::Struct(fields) => {
                for (field, typ, at) in fields {
                    if !self.add(typ, &format!("{name}_{field}"), offset + at)? {
                        return Ok(false);
                    }
                }
            }
            Shape::Array(len, elem, stride) => {
                for index in 0..len {
                    let name = format!("{name}_{index}");
                    if !self.add(elem, &name, offset + index * stride)? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// Adds one variable, to the parts of `part_of` too. A later variable hides an earlier one of the same name.
    fn var(
        &mut self,
        name: String,
        kind: Kind,
        typ: Rc<str>,
        offset: u64,
        size: u64,
        part_of: Option<usize>,
    ) {
        let arguments = &mut *self.arguments;
        let index = arguments.vars.len();
        if let Some(whole) = part_of {
            arguments.vars[whole].inner.push(index);
        }
        arguments.by_name.insert(name.clone(), index);
        let (start, end) = (offset as usize, (offset + size) as usize);
        if arguments.by_offset.len() < end {
            arguments.by_offset.resize(end, None);
        }
        arguments.by_offset[start..end].fill(Some(index));
        arguments.vars.push(Var {
            name,
            kind,
            typ,
            offset,
            size,
            inner: Vec::new(),
        });
    }
}
