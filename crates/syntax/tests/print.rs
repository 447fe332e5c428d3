//! Printing and parsing are inverses.

use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::Ast;
use minigo_syntax::profile::GO1_15;
use minigo_syntax::{parse_file, print};

/// Returns the text of a program after parsing and printing.
fn reprint(source: &str) -> String {
    let (mut ast, mut table) = (Ast::default(), PosTable::default());
    let mut diags = Diagnostics::default();
    let file = parse_file(
        &mut ast,
        &mut table,
        &mut diags,
        "x.go",
        source.as_bytes(),
        &GO1_15,
    );
    assert_eq!(diags.render(&table), "", "in:\n{source}");
    print::file(&ast, file)
}

fn check(source: &str, expected: &str) {
    assert_eq!(reprint(source), expected);
    assert_eq!(reprint(expected), expected);
}

/// Checks the printed form of one statement of a function.
fn check_stmt(source: &str, expected: &str) {
    let in_func = |stmt: &str| format!("package p\n\nfunc _() {{\n\t{stmt}\n}}\n");
    check(&in_func(source), &in_func(expected));
}

const DECLS: &str = r#"package p

import "fmt"
import . "os"

import (
	_ "unsafe"
	m "math"
)

const c = 1
const d, e int = 1, 2

const (
	f = iota
	g
	h, i = 0x1p-2, 1_000i
)

//go:notinheap
type T struct {
	a, b int "tag"
	c int
	T2
	*p.T3 `raw`
}

type (
	A = B
	I interface {
		m(a, b int, c ...string) (x, y bool)
		J
		n() func(int) <-chan int
	}
	E interface{}
)

var x, y int = 1, 2
var z [3][...]map[string]chan<- []*func()

//go:noinline
//go:nosplit
func F(int, bool) (r int, _ error)

func (t *T) m(f func(a, b int) (c int), _ struct{}) {}

func (T) n() int {
	return 1
}
"#;

const STMTS: &str = r#"package p

func _() {
	var a int
	const (
		b = 1
		c
	)
	type t int
	x, y = y, x
	z := []int{1, 2, 3}
	w := map[string]T{
		"a": {1, 2},
		"b": {
			x: 1,
		},
	}
	x <<= 1
	x &^= 2
	x++
	p.q.r[1].s(a, b...)--
	ch <- <-ch
	x = y[1:2:3][:][1:][:2].(T).(*U)
	go f()
	defer func(a int) {
		recover()
	}(1)
	if x := f(); x > 0 {
		return
	} else if y {
		return 1, 2
	} else {}
	for {
		break
	}
	for x < 1 {
		continue
	}
	for i := 0; i < 10; i++ {}
	for ; ; i++ {}
	for i := 0; ; {}
	for range x {}
	for a, b = range x {}
L:
	for a := range x {
		break L
		goto M
	}
M:
	switch x := 1; x {
	case 1, 2:
		fallthrough
	default:
	}
	switch x := y.(type) {
	case int, *T:
	}
	switch {}
	select {
	case x := <-ch:
	case ch <- 1:
		f()
	default:
	}
	{
		;
	}
}
"#;

#[test]
fn declarations_and_statements() {
    check(DECLS, DECLS);
    check(STMTS, STMTS);
}

#[test]
fn parentheses_that_the_tree_lacks() {
    check_stmt("_ = &(a + b)", "_ = &(a + b)");
    check_stmt("_ = &((a))", "_ = &a");
    check_stmt("if x == &(T{}) {}", "if x == &(T{}) {}");
    check_stmt("if f(&(T{})) {}", "if f(&T{}) {}");
    check_stmt("var c chan (<-chan int)", "var c chan (<-chan int)");
    check_stmt("var c <-chan (<-chan (int))", "var c <-chan <-chan int");
    check_stmt("_ = <-chan (<-chan int)(x)", "_ = <-chan (<-chan int)(x)");
    check_stmt("_ = [](func())(x)", "_ = []func() ()(x)");
    check_stmt("_ = [](func()) * y", "_ = []func() () * y");
    check_stmt("_ = func() int (x)", "_ = func() int(x)");
    check_stmt("_ = [](func()){}", "_ = []func(){}");
}

#[test]
fn tokens_that_must_not_touch() {
    check_stmt("_ = - -x + + +y", "_ = - -x + + +y");
    check_stmt("_ = & &x & ^y &^ z", "_ = & &x & ^y &^ z");
    check_stmt("_ = & ^x", "_ = & ^x");
    check_stmt("f(1 ...)", "f(1 ...)");
    check_stmt("_ = 1 .x", "_ = 1 .x");
}

#[test]
fn empty_statements() {
    check_stmt(";", ";");
    check_stmt("x();;y()", "x()\n\t;\n\ty()");
    check_stmt(
        "switch {\n\tcase x:;\n\t}",
        "switch {\n\tcase x:\n\t\t;\n\t}",
    );
}
