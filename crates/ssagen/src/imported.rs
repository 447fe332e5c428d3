//! Functions of other packages: `fmt.Println`, `fmt.Print`, `os.Exit`, and their callees.
//!
//! gc knows them from export data: all have signatures, and the two that print have bodies for inlining (gc:
//! iimport.go). Both bodies are the statement `return Fprintln(os.Stdout, a...)`, whose results pass through two
//! temporaries of package `fmt`.

use cranelift_entity::EntityRef;
use minigo_base::{Pos, PosTable};
use minigo_types::info::Extern;

use crate::front::Front;
use crate::ir::{
    Aux, Class, External, Func, FuncId, Inline, Node, Op, Package, Signature, Type, Var,
};

/// The inlining cost of `fmt.Println` or `fmt.Print`.
const PRINT_COST: i32 = 72;
/// The file of package `fmt` that declares the two functions.
const PRINT_GO: &str = "$GOROOT/src/fmt/print.go";

/// The functions, as offsets from the first.
const PRINT: usize = 0;
const PRINTLN: usize = 1;
const EXIT: usize = 2;
const FPRINT: usize = 3;
const FPRINTLN: usize = 4;

/// Returns the id of a function of another package. The package has `n_funcs` functions of its own, which come first.
pub(crate) fn id(function: Extern, n_funcs: usize) -> FuncId {
    FuncId::new(
        n_funcs
            + match function {
                Extern::FmtPrint => PRINT,
                Extern::FmtPrintln => PRINTLN,
                Extern::OsExit => EXIT,
            },
    )
}

/// Appends the functions of other packages to `package`, whose own functions must be complete.
pub(crate) fn declare(package: &mut Package, positions: &mut PosTable, front: &Front) {
    let file = positions.add_file(PRINT_GO);
    let n_funcs = package.funcs.len();
    let callee = |offset: usize| FuncId::new(n_funcs + offset);
    let place = |line: u32| Pos::new(file, line, 6);
    let [print_line, println_line] = front.print_lines;
    let results = [Type::INT, Type::ERROR];
    let to_file = [Type::WRITER, Type::SLICE];
    let funcs = [
        print_func("fmt.Print", place(print_line), callee(FPRINT), front),
        print_func("fmt.Println", place(println_line), callee(FPRINTLN), front),
        imported("os.Exit", Signature::new(&[Type::INT], &[])),
        imported("fmt.Fprint", Signature::new(&to_file, &results)),
        imported("fmt.Fprintln", Signature::new(&to_file, &results)),
    ];
    for func in funcs {
        package.funcs.push(func);
    }
}

fn imported(name: &str, signature: Signature) -> Func {
    Func {
        name: name.into(),
        signature,
        imported: true,
        ..Func::default()
    }
}

/// Creates `func(a ...interface{}) (n int, err error)`, declared at `pos`. Its body, on the next line, returns the
/// results of a call of `callee`.
fn print_func(name: &str, pos: Pos, callee: FuncId, front: &Front) -> Func {
    let signature = Signature::new(&[Type::SLICE], &[Type::INT, Type::ERROR]);
    let mut func = imported(name, signature);
    let f = &mut func;
    f.pos = pos;
    f.signature.named_results = true;
    let empty_interface = front.empty_interface.replace(' ', "");
    let mut col = pos.col() + (name.len() - "fmt.".len()) as u32;
    let mut after = |text: &str| {
        col += text.len() as u32;
        Pos::new(pos.base(), pos.line(), col)
    };
    let a = f.var(after("("), "fmt.a", Type::SLICE, Class::Param);
    let n = after(&format!("a ...{empty_interface}) ("));
    let n = f.var(n, "fmt.n", Type::INT, Class::ParamOut);
    let err = f.var(after("n int, "), "fmt.err", Type::ERROR, Class::ParamOut);
    f.signature.params[0].var = a.into();
    f.signature.results[0].var = n.into();
    f.signature.results[1].var = err.into();

    // Fprintln(os.Stdout, a...)
    let place = |col: u32| Pos::new(pos.base(), pos.line() + 1, col);
    let callee = f.node(Pos::NONE, Op::Name, Type::VOID, Aux::Func(callee));
    let paren = 9 + (name.len() - "fmt.".len()) as u32 + 1;
    let call = f.unary(place(paren), Op::CallFunc, Type::VOID, callee);
    let stdout = f.node(
        Pos::NONE,
        Op::Name,
        Type::FILE,
        Aux::External(External::Stdout),
    );
    let writer_pos = match front.unified_ir {
        true => place(paren + "(os".len() as u32),
        false => place(paren),
    };
    let writer = f.unary(writer_pos, Op::ConvIface, Type::WRITER, stdout);
    let args = [writer, f.vars[a].node];
    f.nodes[call].list = f.list(&args);
    f.nodes[call].aux = Aux::Spread;

    let (temps, body) = match front.unified_ir {
        true => {
            f.dcl.extend([a, n, err]);
            unified_body(f, place(2), call)
        }
        false => body(f, place(2), call),
    };
    let dcl = match front.unified_ir {
        true => vec![a, n, err, temps[0], temps[1]],
        false => vec![a, temps[0], temps[1], n, err],
    };
    f.inline = Some(Inline {
        cost: PRINT_COST,
        dcl,
        body: f.list(&body),
    });
    func
}

/// Returns the results of `call`, by temporaries that belong to package `fmt`.
fn body(f: &mut Func, pos: Pos, call: Node) -> ([Var; 2], Vec<Node>) {
    let temps = [
        ("fmt..autotmp_3", Type::INT),
        ("fmt..autotmp_4", Type::ERROR),
    ]
    .map(|(name, ty)| f.var(pos, name, ty, Class::Auto));
    let mut body = Vec::new();
    for temp in temps {
        f.vars[temp].auto_temp = true;
        let name = f.vars[temp].node;
        body.push(f.unary(Pos::NONE, Op::Dcl, Type::VOID, name));
        body.push(f.unary(Pos::NONE, Op::As, Type::VOID, name));
    }
    let names = temps.map(|temp| f.vars[temp].node);
    body.push(results(f, pos, &names, call));
    let leave = f.node(pos, Op::Return, Type::VOID, Aux::None);
    f.nodes[leave].list = f.list(&names);
    body.push(leave);
    (temps, body)
}

/// Returns the results of `call` as unified IR does.
fn unified_body(f: &mut Func, pos: Pos, call: Node) -> ([Var; 2], Vec<Node>) {
    let names = [Type::INT, Type::ERROR].map(|ty| f.temp(pos, ty));
    let decls = names.map(|name| f.unary(pos, Op::Dcl, Type::VOID, name));
    let assignment = results(f, pos, &names, call);
    f.nodes[assignment].init = f.list(&decls);
    let first = f.add_init(names[0], &[assignment], pos);
    let leave = f.node(pos, Op::Return, Type::VOID, Aux::None);
    f.nodes[leave].list = f.list(&[first, names[1]]);
    let temps = names.map(|name| f.var_of(name).expect("temporaries are variables"));
    (temps, vec![leave])
}

/// Makes `names = call`.
fn results(f: &mut Func, pos: Pos, names: &[Node], call: Node) -> Node {
    let n = f.node(pos, Op::As2Func, Type::VOID, Aux::None);
    f.nodes[n].list = f.list(names);
    f.nodes[n].right = call.into();
    n
}
