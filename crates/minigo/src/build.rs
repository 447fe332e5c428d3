//! The pipeline from the source files of a package to its symbols.
//!
//! [`compile`] does the stages of a package in order: parse, check, lower, and name the symbols and write the data
//! symbols. Functions, which then depend only on the package, go through their own stages in parallel
//! ([`Functions`]): build, passes, emission, assembly. Assembly files come last, because they use constants of
//! the package. [`Built`] makes listings, objects and executables of the symbols.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use minigo_base::{Diagnostics, Pos, PosTable};
use minigo_layout::{self as layout, Foreign};
use minigo_link::Paths;
use minigo_obj::{LSym, Sym, SymKind, SymTable};
use minigo_ssagen::export::asm_header;
use minigo_ssagen::inline::Messages;
use minigo_ssagen::{Assembly, Front, Symbols, dumpobj, dwarf, ir, pgen};
use minigo_story::json;
use minigo_syntax::ast::{Ast, DeclKind};
use minigo_types::{Imports, info};

use crate::built::Built;
use crate::debug::Debug;
use crate::failure::Failure;
use crate::functions::{Compiled, Functions, Story};
use crate::messages::messages;
use crate::options::Options;
use crate::profile::Compiler;
use crate::scopes::{Bounds, Scopes};
use crate::sfiles;
use crate::source::Source;
use crate::variables::Variables;

/// A package without errors.
struct Checked {
    ast: Ast,
    types: info::Package,
    positions: PosTable,
    /// The declarations that were not checked.
    foreign: Foreign,
}

/// Compiles the Go and assembly files of a package.
///
/// # Errors
///
/// Errors in the program, and options that are wrong.
pub(crate) fn compile(sources: &[Source], options: &Options) -> Result<Built, Failure> {
    let compiler = Compiler::of(options.version).map_err(Failure::Environment)?;
    let (assembly, go) = sources.iter().partition(|source| source.is_assembly());
    let (assembly, go): (Vec<&Source>, Vec<&Source>) = (assembly, go);
    let built = match (&go[..], &assembly[..]) {
        ([], [_, ..]) => assembly_only(&assembly, options, compiler),
        _ => compile_package(&go, &assembly, options, compiler),
    };
    if let Err(Failure::Program(_)) = built {
        sfiles::scan(&assembly, options, compiler.dialect)?;
    }
    built
}

/// Parses and checks the Go files of a package.
///
/// # Errors
///
/// Errors in the program.
pub(crate) fn check(sources: &[Source], options: &Options) -> Result<(), Failure> {
    let go = sources.iter().filter(|source| !source.is_assembly());
    parse_and_check(&go.collect::<Vec<_>>(), false, options).map(drop)
}

/// Compiles a package that has Go files.
fn compile_package(
    go: &[&Source],
    assembly: &[&Source],
    options: &Options,
    compiler: Compiler,
) -> Result<Built, Failure> {
    let debug = Debug::parse(&options.debug, compiler.ssa).map_err(Failure::Environment)?;
    let recorded = options.record.iter().flat_map(|record| &record.passes);
    for pass in recorded {
        if pass != "start" && compiler.ssa.pass(pass).is_none() {
            return Err(Failure::Environment(format!("there is no pass {pass}")));
        }
    }
    let has_bodies = options.complete && assembly.is_empty();
    let Checked {
        ast,
        types,
        mut positions,
        foreign,
    } = parse_and_check(go, has_bodies, options)?;

    let naming = &compiler.dialect.naming;
    let name = ast.text(types.name).to_owned();
    let path = match options.package.as_str() {
        "" => (naming.default_path)(&name),
        path => path,
    };
    let names = match compiler.front.wraps_assembly {
        true => sfiles::names(assembly, path, &name, options, compiler.dialect),
        false => Assembly::default(),
    };
    let names = Assembly {
        functions: foreign
            .functions
            .iter()
            .map(|f| foreign_function(&ast, f))
            .collect(),
        variables: foreign.variables.iter().map(foreign_variable).collect(),
        ..names
    };
    report_two_bodies(&ast, &names, &positions, go, options)?;
    let is_program = match naming.program_has_path {
        true => path == "main",
        false => name == "main",
    };
    let asm_header = asm_header(&ast, &types, &foreign.macros, compiler.front);
    let bounds = options.debugging.then(|| Bounds::new(&ast));
    let lowering = lowering(options, is_program, compiler.front);
    let (mut package, report) = pgen::lower_package(ast, types, &mut positions, lowering, &names);
    options.tell_freed();
    let has = |name: &str| package.funcs.values().any(|f| &*f.name == name);
    if let Some(name) = debug.missing_function(has) {
        let reason = format!("-d: there is no function {name} to dump");
        return Err(Failure::Environment(reason));
    }
    let mut paths = options.paths();
    if compiler.dialect.whole_file_names {
        // Messages have the names as they were given, so this is late enough.
        let goroot = options.goroot.to_string_lossy();
        let of_directives = Paths {
            folder: PathBuf::new(),
            ..options.paths()
        };
        positions.rename_files(|name, is_directive| match name.strip_prefix("$GOROOT/") {
            Some(_) if goroot.is_empty() => name.to_owned(),
            Some(rest) => format!("{}/{rest}", goroot.trim_end_matches('/')),
            None if is_directive => of_directives.full(name),
            None => paths.full(name),
        });
        let full = go.iter().map(|source| paths.full(&source.name));
        paths.complete = full.collect();
    }
    let scopes = bounds.map(|bounds| Scopes::new(bounds, &positions));
    let scopes = scopes.unwrap_or_default();

    let lacks_foreign = match foreign.has_types() {
        _ if names.wraps_foreign(compiler.front) => {
            Some("functions of types that minigo doesn't compile have no wrappers")
        }
        _ if compiler.front.wraps_assembly && foreign.has_methods => {
            Some("methods of interfaces have no functions")
        }
        true => Some("types that minigo doesn't compile have no descriptors"),
        false => None,
    };
    let mut syms = SymTable::with_naming(naming, path);
    let symbols = Symbols::new(&package, &positions, compiler.ssa, &mut syms);
    let flags = gc_flags(options);
    let data_options = dumpobj::Options {
        path,
        flags: &flags,
        front: compiler.front,
    };
    let mut data = dumpobj::data_symbols(&package, &symbols, &positions, data_options, &mut syms);

    let parameters = options.rows.then(|| Variables::new(&package, &symbols));
    let trees = package.take_trees();
    let functions = Functions {
        package: &package,
        symbols: &symbols,
        positions: &positions,
        scopes: &scopes,
        lowering,
        options,
        compiler,
        debug: &debug,
    };
    let mut compiled = functions.compile(trees, &mut syms)?;
    let variables = variables(parameters.unwrap_or_default(), &mut compiled);
    let stories = stories(&mut compiled);
    let mut functions = Joined::new(compiled, &symbols, &positions, &mut syms);
    if compiler.front.interleaves_data {
        let (types, arrays) = (&functions.local_types, &functions.arrays);
        dumpobj::append_types(&mut data, types, arrays, &package, data_options, &mut syms);
    }

    let assembled = sfiles::assemble(
        assembly,
        &asm_header,
        options,
        compiler.dialect,
        &mut syms,
        &mut positions,
    )?;
    let mut all = functions.symbols;
    all.append(&mut functions.debugging_entries);
    all.extend(data);
    all.append(&mut functions.tables);
    if compiler.dialect.abi_internal {
        let funcs = package.funcs.iter().filter(|(_, f)| !f.imported);
        let funcs = funcs.map(|(id, f)| (f.pos, symbols.func(id)));
        let foreign = package.foreign_functions.iter();
        let foreign = foreign.map(|f| (f.pos, syms.own(&*f.name)));
        let mut declared: Vec<_> = funcs.chain(foreign).collect();
        declared.sort_by_key(|&(pos, _)| pos);
        let declared = declared.into_iter().map(|(_, sym)| sym);
        all.extend(assembled.abi_aliases(declared, &package.name, &syms));
    }
    let inlined = symbols.inline_tree().iter().rev();
    let inlined = inlined.map(|call| (call.func, symbols.outermost(call.pos)));
    Ok(Built {
        inlined: inlined.filter(|_| options.rows).collect(),
        syms,
        positions,
        symbols: all,
        function_listings: functions.listings,
        functions_as_data: functions.data,
        assembled,
        asm_header,
        name: package.name.to_string(),
        is_program: &*package.name == "main",
        paths,
        options: options.clone(),
        compiler,
        report: report + &functions.report,
        variables,
        stories,
        differs: known_difference(&package, options, compiler.front).or(lacks_foreign),
    })
}

/// Assembles a package main without Go files, which is a program if it defines main.
fn assembly_only(
    assembly: &[&Source],
    options: &Options,
    compiler: Compiler,
) -> Result<Built, Failure> {
    let mut syms = SymTable::with_naming(&compiler.dialect.naming, &options.package);
    let mut positions = PosTable::default();
    let mut assembled = sfiles::assemble(
        assembly,
        "",
        options,
        compiler.dialect,
        &mut syms,
        &mut positions,
    )?;
    // Without declarations in Go there are no maps of arguments.
    for s in &mut assembled.symbols {
        s.funcdata.clear();
    }
    let main = [syms.get_own("main"), syms.get("main.main")];
    let is_main = |s: &LSym| s.kind == SymKind::STEXT && main.contains(&s.sym);
    let is_program = assembled.symbols.iter().any(is_main);
    Ok(Built {
        symbols: Vec::new(),
        syms,
        positions,
        function_listings: Vec::new(),
        functions_as_data: Vec::new(),
        assembled,
        asm_header: String::new(),
        name: "main".to_owned(),
        is_program,
        paths: options.paths(),
        options: options.clone(),
        compiler,
        variables: Variables::default(),
        inlined: BTreeMap::new(),
        stories: BTreeMap::new(),
        report: String::new(),
        differs: None,
    })
}

/// Parses and checks Go files; functions without a body are errors if the package `has_bodies`.
fn parse_and_check(
    sources: &[&Source],
    has_bodies: bool,
    options: &Options,
) -> Result<Checked, Failure> {
    let mut positions = PosTable::default();
    let mut diags = Diagnostics::default();
    diags.all = options.all_errors;
    let mut ast = Ast::default();
    let syntax = minigo_syntax::Profile::of(options.version);
    let profile = minigo_types::Profile::of(options.version);
    for Source { name, text } in sources {
        minigo_syntax::parse_file(&mut ast, &mut positions, &mut diags, name, text, syntax);
        // gc stops after the first file with syntax errors.
        if diags.syntax_errors > 0 && !syntax.all_files {
            break;
        }
    }
    let foreign = match diags.is_empty() {
        true => Foreign::take_out(&mut ast),
        false => Foreign::default(),
    };
    if has_bodies && !profile.checks_directives {
        report_missing_bodies(&ast, &mut diags);
    }
    let imports = Imports {
        folder: &options.folder.to_string_lossy(),
        exists: |path| Path::new(path).is_absolute() && Path::new(path).exists(),
    };
    let types = minigo_types::check(&ast, &positions, &mut diags, imports, profile);
    if has_bodies && profile.checks_directives && diags.is_empty() {
        report_missing_bodies(&ast, &mut diags);
    }
    if !diags.is_empty() {
        let messages = messages(&diags, &positions, sources, options);
        return Err(Failure::Program(messages));
    }
    Ok(Checked {
        ast,
        types,
        positions,
        foreign,
    })
}

/// Returns the facts about a function that its stack maps need.
fn foreign_function(ast: &Ast, f: &layout::ForeignFunction) -> ir::ForeignFunction {
    let words = |words: &Vec<u64>| words.iter().map(|&word| word as u32).collect();
    ir::ForeignFunction {
        name: f.name.as_str().into(),
        pos: ast[f.decl].pos,
        args_size: f.call.args_size as u32,
        has_results: f.call.args.iter().any(|arg| arg.is_result),
        pointers: f.call.pointers.each_ref().map(words),
        places: f.call.places.clone(),
    }
}

/// Returns the facts about a variable that its symbol needs.
fn foreign_variable(data: &layout::ForeignVariable) -> ir::ForeignVariable {
    ir::ForeignVariable {
        name: data.name.as_str().into(),
        decl: data.decl,
        size: data.size,
        has_pointers: data.has_pointers,
    }
}

/// Reports functions that only assembly could define (gc: noder.go, funcDecl).
fn report_missing_bodies(ast: &Ast, diags: &mut Diagnostics) {
    for decl in ast.decls.values() {
        if let DeclKind::Func { body, .. } = decl.kind
            && body.is_none()
        {
            diags.error(decl.pos, "missing function body");
        }
    }
}

/// Reports functions that assembly defines, too (gc: ssagen/abi.go, GenABIWrappers).
///
/// # Errors
///
/// There are any.
fn report_two_bodies(
    ast: &Ast,
    names: &Assembly,
    positions: &PosTable,
    sources: &[&Source],
    options: &Options,
) -> Result<(), Failure> {
    let mut diags = Diagnostics::default();
    for decl in ast.decls.values() {
        if let DeclKind::Func { name, body, .. } = decl.kind
            && body.is_some()
            && let Some(name) = ast.name(name).map(|sym| ast.text(sym))
            && names.defined.contains(name)
        {
            let message = format!("{name} defined in both Go and assembly");
            diags.error(decl.pos, message);
        }
    }
    match diags.is_empty() {
        true => Ok(()),
        false => Err(Failure::Program(messages(
            &diags, positions, sources, options,
        ))),
    }
}

/// Returns the flags that listings show, as gc spells them.
fn gc_flags(options: &Options) -> String {
    let flags = [(!options.optimize, "-N"), (!options.inline, "-l")];
    let flags = flags.iter().filter(|(is_set, _)| *is_set);
    let flags: Vec<&str> = flags.map(|&(_, flag)| flag).collect();
    flags.join(" ")
}

fn lowering(options: &Options, is_program: bool, front: &'static Front) -> pgen::Options {
    pgen::Options {
        is_program,
        no_inline: !options.inline,
        optimize: options.optimize,
        messages: match options.explain {
            0 => Messages::None,
            1 => Messages::Decisions,
            _ => Messages::Reasons,
        },
        front,
    }
}

/// The compiled functions of a package in listing order.
struct Joined {
    symbols: Vec<LSym>,
    /// Their debugging entries, in versions whose listings show them.
    debugging_entries: Vec<LSym>,
    listings: Vec<Box<str>>,
    /// Their listings as data, if these were asked for.
    data: Vec<json::Function>,
    /// The symbols of their tables.
    tables: Vec<LSym>,
    /// The types declared in functions that debuggers see.
    local_types: Vec<ir::Defined>,
    /// The lengths of arrays of interfaces in memory.
    arrays: Vec<u16>,
    /// The text that `-d` asked for.
    report: String,
}

impl Joined {
    fn new(
        compiled: Vec<Compiled>,
        symbols: &Symbols,
        positions: &PosTable,
        syms: &mut SymTable,
    ) -> Joined {
        let mut joined = Joined {
            symbols: Vec::with_capacity(compiled.len()),
            debugging_entries: Vec::new(),
            listings: Vec::with_capacity(compiled.len()),
            data: Vec::new(),
            tables: Vec::new(),
            local_types: Vec::new(),
            arrays: Vec::new(),
            report: String::new(),
        };
        let mut remarks = Vec::new();
        for Compiled {
            symbol,
            tables,
            local_types,
            arrays,
            listing,
            data,
            notes,
            debug,
            variables: _,
            story: _,
        } in compiled
        {
            remarks.extend(notes.remarks);
            joined.tables.extend(tables);
            joined.local_types.extend(local_types);
            joined.arrays.extend(arrays);
            joined.listings.push(listing);
            joined.data.extend(data.map(|data| *data));
            joined.report.push_str(&notes.dumps);
            if let Some((pos, vars)) = debug {
                let entries = dwarf::function_entry(&symbol, pos, &vars, positions, syms);
                joined.debugging_entries.extend(entries);
            }
            joined.symbols.push(symbol);
        }
        remarks.sort_by_key(|&(pos, _)| pos);
        let line = |(pos, remark): (Pos, String)| {
            let place = positions.format(symbols.outermost(pos), true, false);
            format!("{place}: {remark}\n")
        };
        let mut lines: Vec<String> = remarks.into_iter().map(line).collect();
        lines.dedup();
        joined.report.push_str(&lines.concat());
        joined
    }
}

/// Returns the variables of functions, if instructions are kept.
fn variables(mut variables: Variables, compiled: &mut [Compiled]) -> Variables {
    for Compiled {
        symbol,
        variables: own,
        ..
    } in compiled
    {
        if let Some(sym) = symbol.sym {
            variables.add(sym, std::mem::take(own));
        }
    }
    variables
}

/// Takes what is known about the passes and values of functions.
fn stories(compiled: &mut [Compiled]) -> BTreeMap<Sym, Story> {
    let stories = compiled
        .iter_mut()
        .filter_map(|Compiled { symbol, story, .. }| Some((symbol.sym?, *story.take()?)));
    stories.collect()
}

/// Names a known difference between the listing of a package and gc's.
fn known_difference(
    package: &ir::Package,
    options: &Options,
    front: &Front,
) -> Option<&'static str> {
    // Without inlining, the calls that convert arguments stand between the array and its elements.
    let lacks_barriers = match options.inline {
        true => ir::Func::has_long_arrays,
        false => ir::Func::has_arrays,
    };
    let init = package.funcs.values().rfind(|f| &*f.name == "init");
    if !front.type_descriptors && (!package.needed.is_empty() || !package.defined.is_empty()) {
        Some("descriptors of types and conversions to interfaces are those of Go 1.15")
    } else if front.lacks_barriers
        && !options.optimize
        && package.funcs.values().any(lacks_barriers)
    {
        Some("arguments of fmt.Print and fmt.Println are stored without write barriers")
    } else if front.init_allocates_arrays && init.is_some_and(ir::Func::has_arrays) {
        Some("the arguments of fmt.Print and fmt.Println in init are on the stack")
    } else {
        None
    }
}
