//! Types of Go declarations: sizes, offsets and names for assembly.
//!
//! Takes the syntax tree of a package. The compiler's own checker refuses most types by name; here, every type of the
//! language has a size and a text. Only the types that a declaration needs are resolved; a pointer's element is only
//! named. Types of other packages come from their sources, if the importer finds them.
//!
//! Bodies of functions and values of variables are not looked at, and mistakes that don't change a size are not found.

mod arguments;
mod call;
mod constant;
mod foreign;
mod places;
mod pointers;
mod print;
mod resolve;
mod size;

use cranelift_entity::{PrimaryMap, entity_impl};
use minigo_base::{Diagnostics, Pos, PosTable};
use minigo_syntax::ast::{Ast, ChanDir, DeclKind, Expr, ExprKind, Field, File, List};
use minigo_syntax::parse_file;
use minigo_syntax::profile::GO1_15;
use rustc_hash::FxHashMap;

pub use arguments::{Arguments, Kind, Var};
pub use call::{Arg, Call, Part};
pub use foreign::{Foreign, ForeignFunction, ForeignVariable};
pub use size::Layout;
pub(crate) use size::Shape;

/// A source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in messages.
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// The differences between the type checkers of Go versions and tools.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether sizes of structs and arrays are gc's. Otherwise a struct ends with its last field, without padding
    /// (go/types: StdSizes).
    pub gc_sizes: bool,
    /// Whether aliases keep their names in messages, and `any` is declared.
    pub named_aliases: bool,
    /// The words for a name that isn't declared.
    pub undeclared: &'static str,
}

/// A type. Equal types may have several ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Type(u32);
entity_impl!(Type, "type");

/// A package whose files have been parsed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Package(u32);
entity_impl!(Package, "package");

/// The structure of a type.
#[derive(Clone, Debug)]
pub(crate) enum TypeData {
    Basic(&'static Basic),
    /// A declared type. Its declaration is resolved when its size is needed.
    Named {
        name: String,
        /// The path of its package, empty for predeclared ones such as `error`.
        path: String,
        place: Place,
    },
    /// A declared alias, printed by name.
    Alias {
        name: String,
        path: String,
        target: Type,
    },
    Pointer(Type),
    Slice(Type),
    Array(u64, Type),
    Map(Type, Type),
    Chan(ChanDir, Type),
    Struct(Vec<StructField>),
    Func(Signature),
    Interface {
        methods: Vec<(String, Signature)>,
        embedded: Vec<Type>,
    },
}

/// The definition of a declared type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A type expression, in a file of a parsed package.
    Declared(Scope, Expr),
    /// Unknown, because the sources of its package are.
    Elsewhere(Pos),
    /// `error`: an interface with a method.
    Error,
}

/// The scope of names: the package's declarations and the file's imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The package, whose declarations count.
    pub package: Package,
    /// The file, whose imports count.
    pub file: File,
}

/// A declared function or method.
#[derive(Clone, Debug)]
pub struct Function {
    /// The name, without receiver.
    pub name: String,
    /// The scope of its type.
    pub scope: Scope,
    /// Its type as a whole.
    pub typ: Expr,
    /// Its parameters.
    pub params: List<Field>,
    /// Its results.
    pub results: List<Field>,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct StructField {
    /// The name. That of an embedded field is its type's.
    pub name: String,
    pub embedded: bool,
    pub typ: Type,
    /// The tag, quoted, or empty for none.
    pub tag: String,
}

/// Parameters and results with their names, which may be empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signature {
    pub params: Vec<(String, Type)>,
    pub results: Vec<(String, Type)>,
    /// Whether the last parameter is written `...T`. Its type is the slice.
    pub variadic: bool,
}

/// A predeclared type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Basic {
    pub name: &'static str,
    /// The size in bytes.
    pub size: u64,
    pub class: Class,
}

/// The components of a predeclared type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// None: a number, a bool, a pointer.
    Word,
    Complex,
    String,
}

const fn basic(name: &'static str, size: u64, class: Class) -> Basic {
    Basic { name, size, class }
}

const BASICS: [Basic; 20] = [
    basic("bool", 1, Class::Word),
    basic("int8", 1, Class::Word),
    basic("uint8", 1, Class::Word),
    basic("byte", 1, Class::Word),
    basic("int16", 2, Class::Word),
    basic("uint16", 2, Class::Word),
    basic("int32", 4, Class::Word),
    basic("uint32", 4, Class::Word),
    basic("rune", 4, Class::Word),
    basic("int64", 8, Class::Word),
    basic("uint64", 8, Class::Word),
    basic("int", 8, Class::Word),
    basic("uint", 8, Class::Word),
    basic("uintptr", 8, Class::Word),
    basic("float32", 4, Class::Word),
    basic("float64", 8, Class::Word),
    basic("complex64", 8, Class::Complex),
    basic("complex128", 16, Class::Complex),
    basic("string", 16, Class::String),
    basic("unsafe.Pointer", 8, Class::Word),
];

/// The reason why a type has no size: a message at a position.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The position, which may be unknown.
    pub pos: Pos,
    /// The text.
    pub message: String,
    /// Whether Go's type checker refuses the type, too.
    pub wrong: bool,
}

impl Trouble {
    /// Returns the message at `pos` if it has no position of its own.
    pub fn at(self, pos: Pos) -> Trouble {
        match self.pos.is_known() {
            true => self,
            false => Trouble { pos, ..self },
        }
    }
}

/// A result, or the reason why a type has no size.
pub type Result<T> = std::result::Result<T, Trouble>;

/// Returns the Go files of the package with an import path, or none if it is unknown.
pub type Importer<'a> = &'a dyn Fn(&str) -> Option<Vec<Source>>;

/// A declaration of a constant: its scope, value and iota.
#[derive(Clone, Copy, Debug)]
struct Constant {
    scope: Scope,
    value: Option<Expr>,
    iota: i128,
}

/// A package's declarations.
struct PackageData {
    path: String,
    ast: Ast,
    types: FxHashMap<String, (File, Expr, bool)>,
    constants: FxHashMap<String, Constant>,
    /// The path of each import, and its local name if there is one.
    imports: FxHashMap<File, Vec<(Option<String>, String)>>,
}

/// All types so far, and the packages that declare more.
pub struct Types<'a> {
    pub(crate) rules: &'static Rules,
    /// The positions of the files that were parsed.
    pub positions: PosTable,
    importer: Importer<'a>,
    types: PrimaryMap<Type, TypeData>,
    packages: PrimaryMap<Package, PackageData>,
    /// The packages by path, or none for those whose sources are unknown.
    by_path: FxHashMap<String, Option<Package>>,
    /// The declared types so far, by package and name.
    declared: FxHashMap<(Package, String), Type>,
    /// The constants whose values are being computed, to detect cycles.
    computing: Vec<(Package, String)>,
    /// The resolved definitions of declared types.
    underlying: FxHashMap<Type, Type>,
    /// Sizes and alignments, or none while one is being computed.
    layouts: FxHashMap<Type, Option<size::Layout>>,
    /// The depth of the current resolution.
    depth: usize,
}

/// The depth of nesting from which types are refused.
const MAX_DEPTH: usize = 2000;

impl<'a> Types<'a> {
    /// Returns no types. `importer` finds the packages that others import.
    pub fn new(rules: &'static Rules, importer: Importer<'a>) -> Types<'a> {
        Types {
            rules,
            positions: PosTable::default(),
            importer,
            types: PrimaryMap::new(),
            packages: PrimaryMap::new(),
            by_path: FxHashMap::default(),
            declared: FxHashMap::default(),
            computing: Vec::new(),
            underlying: FxHashMap::default(),
            layouts: FxHashMap::default(),
            depth: 0,
        }
    }

    /// Parses the files of a package. Syntax errors go to `diags`.
    pub fn parse(&mut self, path: &str, sources: &[Source], diags: &mut Diagnostics) -> Package {
        let mut ast = Ast::default();
        diags.all = true;
        for source in sources {
            parse_file(
                &mut ast,
                &mut self.positions,
                diags,
                &source.name,
                &source.text,
                &GO1_15,
            );
        }
        self.add_package(path, ast)
    }

    /// Adds a package that has been parsed.
    pub fn add_package(&mut self, path: &str, ast: Ast) -> Package {
        let package = self.packages.next_key();
        let data = PackageData::new(path, ast, package);
        self.by_path.insert(path.to_owned(), Some(package));
        self.packages.push(data)
    }

    /// Returns the syntax tree of a package.
    pub fn ast(&self, package: Package) -> &Ast {
        &self.packages[package].ast
    }

    /// Returns the functions and methods with or without body.
    pub fn functions(&self, package: Package, with_body: bool) -> Vec<Function> {
        let ast = self.ast(package);
        let mut functions = Vec::new();
        for (file, data) in &ast.files {
            for &decl in &ast[data.decls] {
                if let DeclKind::Func {
                    name, typ, body, ..
                } = ast.decls[decl].kind
                    && body.is_some() == with_body
                    && let Some(name) = ast.name(name)
                    && let ExprKind::FuncType { params, results } = ast[typ].kind
                {
                    functions.push(Function {
                        name: ast.text(name).to_owned(),
                        scope: Scope { package, file },
                        typ,
                        params,
                        results,
                    });
                }
            }
        }
        functions
    }

    /// Returns the structure of a type.
    pub(crate) fn data(&self, typ: Type) -> &TypeData {
        &self.types[typ]
    }

    fn add(&mut self, data: TypeData) -> Type {
        self.types.push(data)
    }

    /// Returns the package with a path, which is parsed at the first use.
    fn import(&mut self, path: &str) -> Option<Package> {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let sources = (self.importer)(path);
        let package = sources.map(|sources| {
            // Its errors are reported when that package is built.
            self.parse(path, &sources, &mut Diagnostics::default())
        });
        self.by_path.insert(path.to_owned(), package);
        package
    }
}

impl PackageData {
    /// Collects the declarations of the parsed files.
    fn new(path: &str, ast: Ast, package: Package) -> PackageData {
        let mut data = PackageData {
            path: path.to_owned(),
            ast: Ast::default(),
            types: FxHashMap::default(),
            constants: FxHashMap::default(),
            imports: FxHashMap::default(),
        };
        for (file, file_data) in &ast.files {
            let mut group = ConstGroup::default();
            for &decl in &ast[file_data.decls] {
                let text =
                    |name: Expr| ast.name(name).map_or("_", |name| ast.text(name)).to_owned();
                match ast.decls[decl].kind {
                    DeclKind::Import { local_name, path } => {
                        let path = print::literal(&ast, path);
                        let local = local_name.expand().map(text);
                        data.imports.entry(file).or_default().push((local, path));
                    }
                    DeclKind::Type { name, alias, typ } => {
                        data.types.insert(text(name), (file, typ, alias));
                    }
                    DeclKind::Const { names, values, .. } => {
                        let values = group.next(ast.decls[decl].group.expand(), &ast[values]);
                        for (index, &name) in ast[names].iter().enumerate() {
                            let constant = Constant {
                                scope: Scope { package, file },
                                value: values.get(index).copied(),
                                iota: group.iota,
                            };
                            data.constants.insert(text(name), constant);
                        }
                    }
                    DeclKind::Var { .. } | DeclKind::Func { .. } => {}
                }
            }
        }
        data.ast = ast;
        data
    }
}

/// The state of a `const ( … )` group: `iota`, and the values that are repeated where they are left out.
#[derive(Default)]
struct ConstGroup {
    group: Option<minigo_syntax::ast::Group>,
    values: Vec<Expr>,
    iota: i128,
}

impl ConstGroup {
    /// Returns the values of the next declaration, which is in `group` and has `values` of its own.
    fn next(&mut self, group: Option<minigo_syntax::ast::Group>, values: &[Expr]) -> Vec<Expr> {
        if group.is_some() && group == self.group {
            self.iota += 1;
        } else {
            *self = ConstGroup {
                group,
                ..ConstGroup::default()
            };
        }
        if !values.is_empty() {
            self.values = values.to_vec();
        }
        self.values.clone()
    }
}
