//! Statements that print with fmt, and the imports and types that they need.

use super::{Function, Generator, Type};

/// The names of defined types and their underlying types.
const DEFINED: [(&str, &str); 2] = [("celsius", "int32"), ("answer", "bool")];

impl Generator {
    /// Adds a statement that prints up to six values, or the results of a call.
    pub(super) fn fmt_statement(&mut self) {
        let function = self.random.pick(&["Println", "Print"]);
        let several: Vec<Function> = self.functions.clone();
        let args = if !several.is_empty() && self.random.chance(15) {
            let callee = several[self.random.below(several.len())].clone();
            self.call(&callee, 1)
        } else {
            let n_args = self.random.pick(&[0, 1, 1, 2, 2, 3, 4, 6]);
            let args: Vec<String> = (0..n_args).map(|_| self.printed()).collect();
            args.join(", ")
        };
        let results = self.random.pick(&["", "", "", "_, _ = "]);
        self.line(&format!("{results}fmt.{function}({args})"));
    }

    /// Returns a value to print: a constant, or an expression of a predeclared or defined type.
    pub(super) fn printed(&mut self) -> String {
        match self.random.below(10) {
            0 => self
                .random
                .pick(&["\"x\"", "\"a b\"", "\"\"", "\"é\\n\""])
                .to_owned(),
            1 => self
                .random
                .pick(&["0", "7", "-3", "'x'", "true", "1 << 40"])
                .to_owned(),
            2 => {
                let ty = self.ty();
                self.literal(ty)
            }
            3 => {
                let (name, _) = DEFINED[0];
                let value = self.expr_with_variable(Type::Int(0), 1);
                format!("{name}({value})")
            }
            4 => {
                let (name, _) = DEFINED[1];
                let value = self.expr_with_variable(Type::Bool, 1);
                format!("{name}({value})")
            }
            _ => {
                let ty = self.ty();
                self.expr_with_variable(ty, 2)
            }
        }
    }

    /// Adds the package clause and imports in front, and the types that are used at the end.
    pub(super) fn declarations(&mut self) {
        let package = if self.style.main { "main" } else { "p" };
        let mut head = format!("package {package}\n");
        for (path, use_of) in [("fmt", "fmt."), ("os", "os.")] {
            if self.out.contains(use_of) {
                head.push_str(&format!("\nimport {path:?}\n"));
            }
        }
        self.out.insert_str(0, &head);
        for (name, underlying) in DEFINED {
            if self.out.contains(&format!("{name}(")) {
                self.line(&format!("\ntype {name} {underlying}"));
            }
        }
    }
}
