//! Functions that end a random program with a run-time error, a panic or an exit.

use super::{Generator, INTEGERS, Type};

/// The reason why a program ends.
#[derive(Clone, Copy)]
enum Cause {
    /// Division by zero, or a negative shift count.
    Fault,
    /// A call of panic.
    Panic,
    /// A call of os.Exit.
    Exit,
    /// Recursion without end.
    Overflow,
}

impl Generator {
    /// Adds functions that call each other, the first of which ends the program. Calls the last one while the package is
    /// initialised, or returns the call for main to make.
    pub(super) fn crash(&mut self) -> Option<String> {
        let cause = match self.random.below(100) {
            0..4 => Cause::Overflow,
            4..35 => Cause::Panic,
            35..39 => Cause::Exit,
            _ => Cause::Fault,
        };
        // Counts and shift counts are signed.
        let ty = loop {
            match self.integer() {
                Type::Int(index) if INTEGERS[index].2 => break Type::Int(index),
                _ => {}
            }
        };
        let name = ty.name();
        let bad = self.random.pick(&[0, 0, 0, -1]);
        let operator = match bad {
            0 => self.random.pick(&["/", "%"]),
            _ => self.random.pick(&["<<", ">>"]),
        };
        // A package variable, so that nobody knows its value before.
        self.line(&format!("\nvar bad {name} = {bad}\n"));
        self.line(&format!("type number {name}\n\ntype flag bool\n"));
        self.noinline();
        self.line(&format!("func die0(a, b {name}) {name} {{"));
        if self.random.chance(40) {
            self.line("\ta += b * 3");
        }
        match cause {
            Cause::Fault => self.line(&format!("\tc := a {operator} b")),
            Cause::Panic => {
                let value = self.panic_value();
                self.line("\tc := a - b");
                self.line(&format!("\tif b <= 0 {{\n\t\tpanic({value})\n\t}}"));
            }
            Cause::Exit => self.line("\tc := a\n\tif b <= 0 {\n\t\tos.Exit(int(a) & 255)\n\t}"),
            Cause::Overflow => self.line(&format!("\tc := die0(a-1, b) + a {operator} 3")),
        }
        self.line("\treturn c\n}\n");
        let n_functions = 1 + self.random.below(6);
        for n in 1..=n_functions {
            self.caller(n, name);
        }
        let call = format!("die{n_functions}({}, bad)", 1 + self.random.below(100));
        match self.random.below(8) {
            0 => self.line(&format!("var started = {call}")),
            1 => self.line(&format!("func init() {{\n\tprintln({call})\n}}")),
            _ => return Some(call),
        }
        None
    }

    /// Returns the argument of panic: a constant, an integer or a condition, with or without a type of its own.
    fn panic_value(&mut self) -> String {
        let text = self
            .random
            .pick(&["7", "-1", "'x'", "\"no\"", "\"two\\nlines\"", "true"]);
        let integer = self.integer().name();
        match self.random.below(6) {
            0 => text.to_owned(),
            1 => "a".to_owned(),
            2 => format!("{integer}(a)"),
            3 => "number(a + 1)".to_owned(),
            4 => "flag(a > b)".to_owned(),
            _ => "a != c".to_owned(),
        }
    }

    /// Adds a function that calls the one before it, directly or after some calls of itself.
    fn caller(&mut self, n: usize, name: &str) {
        let callee = n - 1;
        self.noinline();
        self.line(&format!("func die{n}(a, b {name}) {name} {{"));
        match self.random.below(4) {
            0 => {
                self.line("\tif a > 0 {");
                self.line(&format!("\t\treturn die{n}(a-1, b) + 1"));
                self.line("\t}");
                self.line(&format!("\treturn die{callee}(a+50, b)"));
            }
            1 => {
                let (wide, narrow) = (self.ty().name(), self.ty().name());
                self.line(&format!("\tvar x {wide}"));
                self.line(&format!("\tvar y {narrow}"));
                self.line(&format!("\tr, _, _ := passing{n}(x, a, y, b)"));
                self.line("\treturn r\n}\n");
                self.noinline();
                self.line(&format!(
                    "func passing{n}(x {wide}, a {name}, y {narrow}, b {name}) ({name}, {narrow}, {wide}) {{"
                ));
                self.line(&format!("\tz := die{callee}(a, b)"));
                self.line("\treturn z + a, y, x");
            }
            2 => self.line(&format!(
                "\treturn die{callee}(b-a, b) +\n\t\tdie{callee}(a, b)"
            )),
            _ => self.line(&format!("\treturn die{callee}(a, b) - 1")),
        }
        self.line("}\n");
    }

    fn noinline(&mut self) {
        if self.random.chance(40) {
            self.line("//go:noinline");
        }
    }
}
