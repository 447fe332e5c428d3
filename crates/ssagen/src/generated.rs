//! Functions that gc generates for types and that do not come from the program: the instructions are those
//! that gc makes, which depend on nothing but the length of an array.

use minigo_base::Pos;
use minigo_obj::{Addr, As, Attrs, FuncText, Name, Reg, Sym, SymTable};

/// The stack maps of a function: content of the symbols for arguments and autos.
#[derive(Clone, Copy, Debug)]
pub struct Maps {
    /// Two maps: at entry, and at calls.
    pub args: &'static [u8],
    /// Two maps of no bits.
    pub locals: &'static [u8],
}

/// Of functions without pointers in autos.
const NO_LOCALS: &[u8] = &[2, 0, 0, 0, 0, 0, 0, 0];

/// The stack maps of [`array_equal`]: its parameters are pointers, and dead at the call.
pub const EQUAL_MAPS: Maps = Maps {
    args: &[2, 0, 0, 0, 2, 0, 0, 0, 3, 0],
    locals: NO_LOCALS,
};

/// The stack maps of [`file_close`].
pub const CLOSE_MAPS: Maps = Maps {
    args: &[2, 0, 0, 0, 3, 0, 0, 0, 1, 0],
    locals: NO_LOCALS,
};

/// The name of the function that compares arrays of `len` interfaces.
pub fn array_equal_name(len: u16) -> String {
    format!("type..eq.[{len}]interface {{}}")
}

/// The name of the method of `os.File` that calls the one of the `os.file` embedded in it.
pub const FILE_CLOSE: &str = "os.(*File).close";

/// A function in the making.
struct Text {
    text: FuncText,
    pos: Pos,
}

impl Text {
    fn new(sym: Sym, pos: Pos, maps: [Sym; 2]) -> Text {
        let attrs = Attrs::DUPOK | Attrs::ABI_INTERNAL;
        let mut text = FuncText::new(sym, attrs, pos);
        text.args_size = 24;
        text.funcdata(0, maps[0], pos);
        text.funcdata(1, maps[1], pos);
        Text { text, pos }
    }

    fn add(&mut self, as_: As, from: Addr, to: Addr) -> minigo_obj::ProgId {
        self.text.append(as_, from, to, self.pos)
    }

    fn jump(&mut self, as_: As) -> minigo_obj::ProgId {
        self.text.branch(as_, self.pos)
    }

    /// The parameter, result or auto `name`.
    fn variable(&mut self, name: &str, offset: i64) -> Addr {
        let local = self.text.add_local(name);
        Addr {
            name: if offset < 0 {
                Name::auto(local)
            } else {
                Name::param(local)
            },
            ..Addr::mem(Reg::SP, offset)
        }
    }
}

/// `func(p, q *[len]interface{}) (r bool)`: whether all elements are equal (gc: alg.go, geneq). The symbols are
/// that of the function and those of its stack maps.
pub fn array_equal(len: u16, sym: Sym, maps: [Sym; 2], pos: Pos, table: &SymTable) -> FuncText {
    let efaceeq = table
        .get("runtime.efaceeq")
        .expect("the caller has entered the function's callee");
    let mut t = Text::new(sym, pos, maps);
    t.text.frame_size = 40;
    let p = t.variable("\"\".p", 0);
    let q = t.variable("\"\".q", 8);
    let r = t.variable("\"\".r", 16);
    let index = t.variable("\"\"..autotmp_6", -8);
    let [ax, cx, dx, bx, si, di, r8] = [
        Reg::AX,
        Reg::CX,
        Reg::DX,
        Reg::BX,
        Reg::SI,
        Reg::DI,
        Reg::R8,
    ]
    .map(Addr::reg);
    let none = Addr::NONE;

    // for i := 0; i < len; i++ {
    t.add(As::MOVQ, q, ax);
    t.add(As::MOVQ, p, cx);
    t.add(As::XORL, dx, dx);
    let begin = t.jump(As::JMP);
    let next = t.add(As::MOVQ, index, bx);
    t.add(As::LEAQ, Addr::mem(Reg::BX, 1), dx);
    t.add(As::MOVQ, q, bx);
    t.add(As::MOVQ, p, si);
    t.add(As::MOVQ, bx, ax);
    t.add(As::MOVQ, si, cx);
    let condition = t.add(As::CMPQ, dx, Addr::imm(i64::from(len)));
    let to_equal = t.jump(As::JGE);

    // if p[i].type != q[i].type { break }
    t.add(As::MOVQ, dx, bx);
    t.add(As::SHLQ, Addr::imm(4), dx);
    t.add(As::MOVQ, Addr::indexed(Reg::CX, Reg::DX, 1, 0), si);
    t.add(As::MOVQ, Addr::indexed(Reg::AX, Reg::DX, 1, 0), di);
    t.add(As::MOVQ, Addr::indexed(Reg::DX, Reg::CX, 1, 8), r8);
    t.add(As::MOVQ, Addr::indexed(Reg::DX, Reg::AX, 1, 8), dx);
    t.add(As::CMPQ, di, si);
    let to_differ = t.jump(As::JNE);

    // if !efaceeq(p[i].type, p[i].data, q[i].data) { break }
    t.add(As::MOVQ, bx, index);
    t.add(As::MOVQ, si, Addr::mem(Reg::SP, 0));
    t.add(As::MOVQ, r8, Addr::mem(Reg::SP, 8));
    t.add(As::MOVQ, dx, Addr::mem(Reg::SP, 16));
    t.text.pcdata(1, 0, t.pos);
    t.add(As::CALL, none, Addr::func(efaceeq));
    t.add(As::CMPB, Addr::mem(Reg::SP, 24), Addr::imm(0));
    let again = t.jump(As::JNE);

    let differ = t.add(As::MOVB, Addr::imm(0), r);
    t.add(As::RET, none, none);
    let equal = t.add(As::MOVB, Addr::imm(1), r);
    t.add(As::RET, none, none);
    for (from, to) in [
        (begin, condition),
        (to_equal, equal),
        (to_differ, differ),
        (again, next),
    ] {
        t.text.set_target(from, to);
    }
    t.text
}

/// `func (*File) close() error`, which the type that `os.Stdout` has inherits; whoever needs its method table
/// generates it (gc: subr.go, genwrapper).
pub fn file_close(sym: Sym, maps: [Sym; 2], pos: Pos, table: &SymTable) -> FuncText {
    let close = table
        .get(FILE_CLOSE_CALLEE)
        .expect("the caller has entered the function's callee");
    let mut t = Text::new(sym, pos, maps);
    let this = t.variable("\"\"..this", 0);
    let result = t.variable("\"\".~r0", 8);
    let [ax, x0] = [Reg::AX, Reg::X0].map(Addr::reg);
    t.add(As::MOVQ, this, ax);
    t.add(As::MOVQ, Addr::mem(Reg::AX, 0), ax);
    t.add(As::MOVQ, ax, this);
    t.add(As::XORPS, x0, x0);
    t.add(As::MOVUPS, x0, result);
    t.add(As::JMP, Addr::NONE, Addr::func(close));
    t.text
}

/// What [`file_close`] jumps to.
const FILE_CLOSE_CALLEE: &str = "os.(*file).close";

/// Enters what the generated functions refer to.
pub fn enter_callees(table: &mut SymTable) {
    for name in ["runtime.efaceeq", FILE_CLOSE_CALLEE] {
        table.lookup(name);
    }
}
