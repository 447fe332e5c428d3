//! Listings of functions as a compiler makes them.

use minigo_base::{Pos, PosTable};
use minigo_obj::{
    Addr, As, Attrs, Dialect, FuncText, Reg, SymTable, Unit, assemble, dialect, list,
};
use pretty_assertions::assert_eq;

/// Returns the listing of the two functions of the articles' program. With `args_bitmap`, the stack map of the
/// arguments has a bit for each word.
fn article(dialect: &'static Dialect, args_bitmap: bool) -> String {
    let mut files = PosTable::default();
    let file = files.add_file("direct_topfunc_call.go");
    let mut syms = SymTable::new();
    let no_pointers = syms.lookup_gclocals(&[1, 0, 0, 0, 0, 0, 0, 0]);
    let args_map = if args_bitmap {
        syms.lookup_gclocals(&[1, 0, 0, 0, 2, 0, 0, 0, 0])
    } else {
        no_pointers
    };
    let (add, main) = (syms.own("add"), syms.own("main"));
    let attrs = if dialect.abi_internal {
        Attrs::ABI_INTERNAL
    } else {
        Attrs::NONE
    };

    let pos = Pos::new(file, 4, 1);
    let mut f = FuncText::new(add, attrs, pos);
    f.args_size = 16;
    f.funcdata(0, args_map, pos);
    f.funcdata(1, no_pointers, pos);
    let param = |f: &mut FuncText, name, offset| Addr::param(f.add_own_local(name), offset);
    let (a, b) = (param(&mut f, "a", 0), param(&mut f, "b", 4));
    let (r2, r3) = (param(&mut f, "~r2", 8), param(&mut f, "~r3", 12));
    let (ax, cx) = (Addr::reg(Reg::AX), Addr::reg(Reg::CX));
    f.append(As::MOVL, b, ax, pos);
    f.append(As::MOVL, a, cx, pos);
    f.append(As::ADDL, cx, ax, pos);
    f.append(As::MOVL, ax, r2, pos);
    f.append(As::MOVB, Addr::imm(1), r3, pos);
    f.append(As::RET, Addr::NONE, Addr::NONE, pos);

    let pos = Pos::new(file, 6, 1);
    let mut g = FuncText::new(main, attrs, pos);
    g.frame_size = 16;
    g.funcdata(0, no_pointers, pos);
    g.funcdata(1, no_pointers, pos);
    g.append(As::MOVQ, Addr::imm(137438953482), ax, pos);
    g.append(As::MOVQ, ax, Addr::mem(Reg::SP, 0), pos);
    g.pcdata(dialect.stack_map_pcdata, 0, pos);
    g.append(As::CALL, Addr::NONE, Addr::func(add), pos);
    g.append(As::RET, Addr::NONE, Addr::NONE, pos);

    let unit = Unit::new(&syms, &files, dialect);
    let mut listing = String::new();
    for text in [f, g] {
        let symbol = assemble(text, &unit).expect("valid instructions");
        list::write_symbol(&mut listing, &symbol, &unit);
    }
    listing
}

#[test]
fn article_of_go1_15() {
    assert_eq!(
        article(&dialect::GO1_15, false),
        include_str!("article-go1.15.txt")
    );
}

#[test]
fn article_of_go1_10() {
    assert_eq!(
        article(&dialect::GO1_10, true),
        include_str!("article-go1.10.txt")
    );
}
