//! Functions of other packages: `fmt.Println`, `fmt.Print`, `os.Exit`, and their callees.
//!
//! gc knows them from export data: all have signatures, and the two that print have bodies for inlining (gc:
//! iimport.go). Both bodies are the statement `return Fprintln(os.Stdout, a...)`, whose results pass through two
//! temporaries of package `fmt`.

use cranelift_entity::EntityRef;
use minigo_base::{Pos, PosTable};
use minigo_types::info::Extern;

use crate::ir::{Aux, Class, External, Func, FuncId, Inline, Op, Package, Signature, Type};

/// The inlining cost of `fmt.Println` or `fmt.Print`.
const PRINT_COST: i32 = 72;
/// Where the two functions are declared in package `fmt`.
const PRINT_GO: &str = "$GOROOT/src/fmt/print.go";
const PRINT_LINE: u32 = 241;
const PRINTLN_LINE: u32 = 273;

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
pub(crate) fn declare(package: &mut Package, positions: &mut PosTable) {
    let file = positions.add_file(PRINT_GO);
    let n_funcs = package.funcs.len();
    let callee = |offset: usize| FuncId::new(n_funcs + offset);
    let place = |line: u32| Pos::new(file, line, 6);
    let results = [Type::INT, Type::ERROR];
    let to_file = [Type::WRITER, Type::SLICE];
    let funcs = [
        print_func("fmt.Print", place(PRINT_LINE), callee(FPRINT)),
        print_func("fmt.Println", place(PRINTLN_LINE), callee(FPRINTLN)),
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
fn print_func(name: &str, pos: Pos, callee: FuncId) -> Func {
    let signature = Signature::new(&[Type::SLICE], &[Type::INT, Type::ERROR]);
    let mut func = imported(name, signature);
    let f = &mut func;
    f.pos = pos;
    f.signature.named_results = true;
    let a = f.var(pos, "fmt.a", Type::SLICE, Class::Param);
    let n = f.var(pos, "fmt.n", Type::INT, Class::ParamOut);
    let err = f.var(pos, "fmt.err", Type::ERROR, Class::ParamOut);
    f.signature.params[0].var = a.into();
    f.signature.results[0].var = n.into();
    f.signature.results[1].var = err.into();

    // fmt..autotmp_3, fmt..autotmp_4 = Fprintln(os.Stdout, a...)
    let place = |col: u32| Pos::new(pos.base(), pos.line() + 1, col);
    let temps = [
        ("fmt..autotmp_3", Type::INT),
        ("fmt..autotmp_4", Type::ERROR),
    ]
    .map(|(name, ty)| f.var(place(2), name, ty, Class::Auto));
    for temp in temps {
        f.vars[temp].auto_temp = true;
    }
    let callee = f.node(Pos::NONE, Op::Name, Type::VOID, Aux::Func(callee));
    let call_pos = place(9 + (name.len() - "fmt.".len()) as u32 + 1);
    let call = f.unary(call_pos, Op::CallFunc, Type::VOID, callee);
    let stdout = f.node(
        Pos::NONE,
        Op::Name,
        Type::FILE,
        Aux::External(External::Stdout),
    );
    let writer = f.unary(call_pos, Op::ConvIface, Type::WRITER, stdout);
    let args = [writer, f.vars[a].node];
    f.nodes[call].list = f.list(&args);
    f.nodes[call].aux = Aux::Spread;
    let names = temps.map(|temp| f.vars[temp].node);
    let mut body = Vec::new();
    for name in names {
        body.push(f.unary(Pos::NONE, Op::Dcl, Type::VOID, name));
        body.push(f.unary(Pos::NONE, Op::As, Type::VOID, name));
    }
    let assignment = f.node(place(2), Op::As2Func, Type::VOID, Aux::None);
    f.nodes[assignment].list = f.list(&names);
    f.nodes[assignment].right = call.into();
    body.push(assignment);
    let leave = f.node(place(2), Op::Return, Type::VOID, Aux::None);
    f.nodes[leave].list = f.list(&names);
    body.push(leave);
    f.inline = Some(Inline {
        cost: PRINT_COST,
        dcl: vec![a, temps[0], temps[1], n, err],
        body: f.list(&body),
    });
    func
}
