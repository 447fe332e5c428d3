//! Functions that gc generates for types. They don't come from the program: the instructions are gc's and depend only
//! on the length of an array.

use minigo_base::Pos;
use minigo_obj::{Addr, As, Attrs, FuncText, Name, Reg, Sym, SymTable};

/// The contents of a function's stack maps, for arguments and locals.
#[derive(Clone, Copy, Debug)]
pub struct Maps {
    /// Two maps: at entry and at calls.
    pub args: &'static [u8],
    /// Two maps without bits.
    pub locals: &'static [u8],
}

/// The locals map of functions without pointers in autos.
const NO_LOCALS: &[u8] = &[2, 0, 0, 0, 0, 0, 0, 0];

/// Stack maps of [`array_equal`]. Its parameters are pointers that are dead at the call.
pub const EQUAL_MAPS: Maps = Maps {
    args: &[2, 0, 0, 0, 2, 0, 0, 0, 3, 0],
    locals: NO_LOCALS,
};

/// Stack maps of [`array_equal_unoptimized`], which has interfaces in autos.
pub const EQUAL_MAPS_UNOPTIMIZED: Maps = Maps {
    locals: &[2, 0, 0, 0, 4, 0, 0, 0, 0, 0],
    ..EQUAL_MAPS
};

/// Stack maps of [`file_close`].
pub const CLOSE_MAPS: Maps = Maps {
    args: &[2, 0, 0, 0, 3, 0, 0, 0, 1, 0],
    locals: NO_LOCALS,
};

/// Returns the name of the function that compares arrays of `len` interfaces.
pub fn array_equal_name(len: u16) -> String {
    format!("type..eq.[{len}]interface {{}}")
}

/// Name of the method of `os.File` that calls the method of the embedded `os.file`.
pub const FILE_CLOSE: &str = "os.(*File).close";

/// A builder of one function's instructions.
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

    /// Returns the operand for the parameter, result or auto `name`.
    fn variable(&mut self, name: &str, offset: i64) -> Addr {
        let local = self.text.add_own_local(name);
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

/// Generates `func(p, q *[len]interface{}) (r bool)`, which reports whether all elements are equal (gc: alg.go, geneq).
/// `sym` is the function's symbol, and `maps` are the symbols of its stack maps.
pub fn array_equal(len: u16, sym: Sym, maps: [Sym; 2], pos: Pos, table: &SymTable) -> FuncText {
    let efaceeq = table
        .get("runtime.efaceeq")
        .expect("the caller has entered the function's callee");
    let mut t = Text::new(sym, pos, maps);
    t.text.frame_size = 40;
    let p = t.variable("p", 0);
    let q = t.variable("q", 8);
    let r = t.variable("r", 16);
    let index = t.variable(".autotmp_6", -8);
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

/// Generates [`array_equal`] as compiled with `-N`: variables stay in memory, and every jump of the source is kept.
pub fn array_equal_unoptimized(
    len: u16,
    sym: Sym,
    maps: [Sym; 2],
    pos: Pos,
    table: &SymTable,
) -> FuncText {
    let efaceeq = table
        .get("runtime.efaceeq")
        .expect("the caller has entered the function's callee");
    let mut t = Text::new(sym, pos, maps);
    t.text.frame_size = 72;
    let p = t.variable("p", 0);
    let q = t.variable("q", 8);
    let r = t.variable("r", 16);
    let index = t.variable(".autotmp_3", -40);
    let q_elem = [".autotmp_4"; 2].map(|name| t.variable(name, -16));
    let p_elem = [".autotmp_5"; 2].map(|name| t.variable(name, -32));
    let [q_type, q_data] = interface_words(q_elem);
    let [p_type, p_data] = interface_words(p_elem);
    let [ax, cx] = [Reg::AX, Reg::CX].map(Addr::reg);
    let sp = |offset| Addr::mem(Reg::SP, offset);
    let none = Addr::NONE;

    // for i := 0; i < len; i++ {
    t.add(As::MOVB, Addr::imm(0), r);
    t.add(As::MOVQ, Addr::imm(0), index);
    let begin = t.jump(As::JMP);
    let condition = t.add(As::CMPQ, index, Addr::imm(i64::from(len)));
    let to_body = t.jump(As::JLT);
    let to_equal = t.jump(As::JMP);

    // x, y := q[i], p[i]; if x.type != y.type { break }
    let mut body = None;
    for (array, [type_, data]) in [(q, [q_type, q_data]), (p, [p_type, p_data])] {
        let first = t.add(As::MOVQ, index, ax);
        body.get_or_insert(first);
        t.add(As::SHLQ, Addr::imm(4), ax);
        t.add(As::ADDQ, array, ax);
        t.add(As::MOVQ, Addr::mem(Reg::AX, 0), cx);
        t.add(As::MOVQ, Addr::mem(Reg::AX, 8), ax);
        t.add(As::MOVQ, cx, type_);
        t.add(As::MOVQ, ax, data);
    }
    t.add(As::CMPQ, q_type, cx);
    let to_call = t.jump(As::JEQ);
    let to_differ = t.jump(As::JMP);

    // if !efaceeq(y.type, y.data, x.data) { break }
    let call = t.add(As::MOVQ, cx, sp(0));
    t.add(As::MOVQ, ax, sp(8));
    t.add(As::MOVQ, q_data, ax);
    t.add(As::MOVQ, ax, sp(16));
    t.text.pcdata(1, 0, t.pos);
    t.add(As::CALL, none, Addr::func(efaceeq));
    t.add(As::CMPB, sp(24), Addr::imm(0));
    let to_again = t.jump(As::JNE);
    let to_break = t.jump(As::JMP);
    t.text.pcdata(1, -1, t.pos);
    let again = t.jump(As::JMP);
    let next = t.add(As::MOVQ, index, ax);
    t.add(As::INCQ, none, ax);
    t.add(As::MOVQ, ax, index);
    let back = t.jump(As::JMP);

    let break_ = t.jump(As::JMP);
    let leave = t.add(As::RET, none, none);
    let differ = t.jump(As::JMP);
    let equal = t.add(As::MOVB, Addr::imm(1), r);
    t.add(As::RET, none, none);
    for (from, to) in [
        (begin, condition),
        (to_body, body.expect("the loop has a body")),
        (to_equal, equal),
        (to_call, call),
        (to_differ, differ),
        (to_again, again),
        (to_break, break_),
        (again, next),
        (back, condition),
        (break_, leave),
        (differ, leave),
    ] {
        t.text.set_target(from, to);
    }
    t.text
}

/// Returns the two words of an interface in memory.
fn interface_words([type_, data]: [Addr; 2]) -> [Addr; 2] {
    let offset = data.offset + 8;
    [type_, Addr { offset, ..data }]
}

/// Generates `func (*File) close() error`, a method that the type of `os.Stdout` inherits. Every package that needs its
/// method table generates it (gc: subr.go, genwrapper).
pub fn file_close(sym: Sym, maps: [Sym; 2], pos: Pos, table: &SymTable) -> FuncText {
    let close = table
        .get(FILE_CLOSE_CALLEE)
        .expect("the caller has entered the function's callee");
    let mut t = Text::new(sym, pos, maps);
    let this = t.variable(".this", 0);
    let result = t.variable("~r0", 8);
    let [ax, x0] = [Reg::AX, Reg::X0].map(Addr::reg);
    t.add(As::MOVQ, this, ax);
    t.add(As::MOVQ, Addr::mem(Reg::AX, 0), ax);
    t.add(As::MOVQ, ax, this);
    t.add(As::XORPS, x0, x0);
    t.add(As::MOVUPS, x0, result);
    t.add(As::JMP, Addr::NONE, Addr::func(close));
    t.text
}

/// Generates [`file_close`] as compiled with `-N`: the result is cleared first, and the receiver has a check of its
/// own.
pub fn file_close_unoptimized(sym: Sym, maps: [Sym; 2], pos: Pos, table: &SymTable) -> FuncText {
    let close = table
        .get(FILE_CLOSE_CALLEE)
        .expect("the caller has entered the function's callee");
    let mut t = Text::new(sym, pos, maps);
    let this = t.variable(".this", 0);
    let result = t.variable("~r0", 8);
    let [ax, x0] = [Reg::AX, Reg::X0].map(Addr::reg);
    t.add(As::XORPS, x0, x0);
    t.add(As::MOVUPS, x0, result);
    t.add(As::MOVQ, this, ax);
    t.add(As::TESTB, ax, Addr::mem(Reg::AX, 0));
    t.add(As::MOVQ, Addr::mem(Reg::AX, 0), ax);
    t.add(As::MOVQ, ax, this);
    t.add(As::JMP, Addr::NONE, Addr::func(close));
    t.text
}

/// The function that [`file_close`] jumps to.
const FILE_CLOSE_CALLEE: &str = "os.(*file).close";

/// Adds the functions that generated functions call to `table`.
pub fn enter_callees(table: &mut SymTable) {
    for name in ["runtime.efaceeq", FILE_CLOSE_CALLEE] {
        table.lookup(name);
    }
}
