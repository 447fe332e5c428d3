//! Checks the Rust text generated for small rules.

use crate::{Error, Ops, compile};

const TABLE: &str = r"
ops! {
amd64 {
    // A load can fault.
    Movload(2, GPLOAD, MOVL, SymOff, Type::UINT32, FAULT_ON_NIL_ARG0 | SYM_READ);
    Cmpconst(1, GP1FLAGS, CMPL, Int8, Type::FLAGS, 0);
}
generic {
    Add(2, NO_REGS, _, None, Type::INVALID, COMMUTATIVE);
    Sub(2, NO_REGS, _, None, Type::INVALID, 0);
    Neg(1, NO_REGS, _, None, Type::INVALID, 0);
    Const(0, NO_REGS, _, Int64, Type::INVALID, 0);
    Pair(2, NO_REGS, _, None, Type::tuple(Type::UINT32, Type::FLAGS), 0);
    Not(1, NO_REGS, _, None, Type::BOOL, 0);
    Phi(VARIADIC, NO_REGS, _, None, Type::INVALID, ZERO_WIDTH);
}
}
";

fn run(rules: &str) -> Result<String, Error> {
    compile(
        "x.rules",
        rules,
        &Ops::read(TABLE).expect("the table is good"),
    )
}

/// Checks the body of the only generated function, without indentation.
fn check(rules: &str, expected: &[&str]) {
    let text = run(rules).expect("the rules are good");
    let start = text.rfind("\nfn ").expect("there is a function");
    let body: Vec<&str> = text[start..].lines().skip(2).map(str::trim).collect();
    assert_eq!(body[..body.len() - 1], *expected, "{text}");
}

fn check_error(rules: &str, line: usize, message: &str) {
    let error = run(rules).expect_err("the rules are bad");
    assert_eq!(error.to_string(), format!("{line}: {message}"));
}

#[test]
fn a_result_is_made_from_the_outside_in_and_equal_parts_once() {
    check(
        "Sub<t>(x, Const[c]) if c > 0 => Sub(Neg<t>(Neg<t>(x)), Neg<t>(x))",
        &[
            "let v_0 = f[v].args[0];",
            "let v_1 = f[v].args[1];",
            "// x.rules:1",
            "if let t = f[v].ty && let x = v_0 && f[v_1].op == Op::Const && let c = f[v_1].aux_int && c > 0 {",
            "let pos = f[v].pos;",
            "let block = f.block_of(v);",
            "f.rewrite_to(v, Op::Sub, 0, Aux::None, &[]);",
            "let made_0 = f.new_value_aux(block, pos, Op::Neg, t, 0, Aux::None, &[]);",
            "let made_1 = f.new_value_aux(block, pos, Op::Neg, t, 0, Aux::None, &[x]);",
            "f.add_args(made_0, &[made_1]);",
            "f.add_args(v, &[made_0, made_1]);",
            "f.note_rule(v, \"Sub(Const) → Sub x.rules:1\");",
            "return true;",
            "}",
            "false",
        ],
    );
}

#[test]
fn both_orders_of_commutative_arguments_are_tried_where_they_matter() {
    check(
        "Add(Add(x, y), x) => y",
        &[
            "let v_0 = f[v].args[0];",
            "let v_1 = f[v].args[1];",
            "let v_ops = [f[v_0].op, f[v_1].op];",
            "// x.rules:1",
            "if v_ops.contains(&Op::Add) {",
            "for (v_0, v_1) in f.both_orders(v) {",
            "if f[v_0].op == Op::Add {",
            "for (v_0_0, v_0_1) in f.both_orders(v_0) {",
            "if let x = v_0_0 && let y = v_0_1 && x == v_1 {",
            "f.copy_of(v, y);",
            "f.note_rule(v, \"Add(Add) → y x.rules:1\");",
            "return true;",
            "}",
            "}",
            "}",
            "}",
            "}",
            "false",
        ],
    );
    // The order is irrelevant if the names occur nowhere else or both arguments are the same.
    for rule in ["Add(x, y) => Sub(x, y)", "Add(Neg(x), Neg(x)) => x"] {
        assert!(!run(rule).expect("good").contains("both_orders"), "{rule}");
    }
}

#[test]
fn a_result_is_where_the_last_value_that_can_fault_was() {
    check(
        "Neg(~x: Movload[off]{s}(p, mem)) => @x Movload[off]{s}(Neg<p.ty>(p), mem)",
        &[
            "let v_0 = f[v].args[0];",
            "// x.rules:1",
            "if let x = v_0 && f[x].op == Op::Movload && let off = f[x].aux_int && let s = f[x].aux && \
             f[x].uses == 1 && let p = f[x].args[0] && let mem = f[x].args[1] {",
            "f.clobber(&[x]);",
            "let pos = f[x].pos;",
            "let at = f.block_of(x);",
            "let made_0 = f.new_value_aux(at, pos, Op::Movload, Type::UINT32, off, s, &[]);",
            "let made_1 = f.new_value_aux(at, pos, Op::Neg, f[p].ty, 0, Aux::None, &[p]);",
            "f.add_args(made_0, &[made_1, mem]);",
            "f.copy_of(v, made_0);",
            "f.note_rule(v, \"Neg(Movload) → Movload x.rules:1\");",
            "return true;",
            "}",
            "false",
        ],
    );
}

#[test]
fn aux_integers_are_cut_and_types_come_from_the_table() {
    check(
        "Not(x) => Pair(Cmpconst[c + 1](x), Cmpconst[-1](x))",
        &[
            "let v_0 = f[v].args[0];",
            "// x.rules:1",
            "let x = v_0;",
            "let pos = f[v].pos;",
            "let block = f.block_of(v);",
            "f.rewrite_to(v, Op::Pair, 0, Aux::None, &[]);",
            "let made_0 = f.new_value_aux(block, pos, Op::Cmpconst, Type::FLAGS, i64::from((c + 1) as i8), Aux::None, &[x]);",
            "let made_1 = f.new_value_aux(block, pos, Op::Cmpconst, Type::FLAGS, -1, Aux::None, &[x]);",
            "f.add_args(v, &[made_0, made_1]);",
            "f.note_rule(v, \"Not → Pair x.rules:1\");",
            "return true;",
        ],
    );
}

#[test]
fn blocks_are_matched_by_their_control() {
    check(
        "If(Not(x)) => If(x) swap",
        &[
            "// x.rules:1",
            "if f[v].op == Op::Not && let x = f[v].args[0] {",
            "f.reset_block_with_control(block, BlockKind::If, x);",
            "f.swap_successors(block);",
            "return true;",
            "}",
            "false",
        ],
    );
    check(
        "If(x) => NE(Cmpconst[0](x))",
        &[
            "// x.rules:1",
            "let x = v;",
            "let pos = f[x].pos;",
            "let made_0 = f.new_value_aux(block, pos, Op::Cmpconst, Type::FLAGS, 0, Aux::None, &[x]);",
            "f.reset_block_with_control(block, BlockKind::NE, made_0);",
            "return true;",
        ],
    );
}

#[test]
fn a_block_rule_can_call() {
    check(
        "NE(c: Cmpconst(x)) if f[c].uses == 1 => branch(f, block, x)",
        &[
            "// x.rules:1",
            "if let c = v && f[c].op == Op::Cmpconst && let x = f[c].args[0] && f[c].uses == 1 && branch(f, block, x) {",
            "return true;",
            "}",
            "false",
        ],
    );
}

#[test]
fn renames_and_calls() {
    let text = run("Neg => Not").expect("the rule is good");
    assert!(
        text.contains("Op::Neg => f.rename(v, Op::Not, \"Neg → Not x.rules:1\"),"),
        "{text}"
    );
    check(
        "Phi(x, x) => some_function(f, v, x)",
        &[
            "// x.rules:1",
            "if f[v].args.len() == 2 && let x = f[v].args[0] && x == f[v].args[1] && some_function(f, v, x) {",
            "f.note_rule(v, \"Phi → some_function x.rules:1\");",
            "return true;",
            "}",
            "false",
        ],
    );
}

#[test]
fn loops_expand_in_order_and_lines_continue() {
    let text = run("for A B in Neg Not, Not Neg {\n    for C in $A, Sub$A {\n        $B(x) // $Z\n            if $C\n            => x\n    }\n}")
        .expect("good");
    let conditions: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("let x = v_0 &&"))
        .collect();
    let wanted = ["Not", "SubNot", "Neg", "SubNeg"];
    assert_eq!(conditions.len(), wanted.len(), "{text}");
    for (line, word) in conditions.iter().zip(wanted) {
        assert_eq!(line.trim(), format!("if let x = v_0 && {word} {{"));
    }
}

#[test]
fn errors_name_the_line() {
    check_error(
        "\n// a comment\nNegg(x) => x",
        3,
        "`Negg` is not an operation",
    );
    check_error("Neg(x, y) => x", 1, "`Neg` doesn't take 2 arguments");
    check_error("Neg(x)", 1, "there is no arrow after the pattern");
    check_error("Neg(x) => Not(y)", 1, "`y` is not matched");
    check_error("Neg(x) => Not(Neg(x))", 1, "the type of Neg is missing");
    check_error("Neg[c](x) => x", 1, "Neg has no aux integer");
    check_error(
        "Neg(Add(x, y)) => x\nNeg => Not",
        2,
        "a rule that renames must be the only one of its operation",
    );
    check_error("Sub(x, y) => Neg", 1, "the arguments of Neg are missing");
    check_error("for N in 8 {\nNeg(x) => x", 1, "this `for` is not closed");
    check_error("for N in 8 9 {\n}", 1, "`8 9` doesn't have 1 words");
    check_error("Neg$N(x) => x", 1, "`$N` is not the name of a loop here");
    check_error("If(x) => Neg(x)", 1, "`Neg` is not a kind of block");
    check_error(
        "Neg(x) => x\nNeg(Not(x)) => x",
        2,
        "an earlier rule always rewrites Neg",
    );
}
