//! Random programs of minigo's language: valid programs that always end, many of them with a run-time error.
//!
//! The generator keeps the rules that every program must follow (types agree, locals are used, loops count to a
//! constant) and draws everything else at random. The same seed gives the same program.

mod crash;
mod printing;

use std::fmt::Write;

/// A small, fast generator of random numbers (SplitMix64).
pub struct Random(u64);

impl Random {
    /// Returns the sequence of a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// Returns any number.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// Returns a number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    /// Returns true with a probability of `percent`.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Returns one of `items`.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// The types and statements of a program.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// All integer types instead of `int32` only.
    pub all_integers: bool,
    /// Functions call each other and print.
    pub calls: bool,
    /// Package variables.
    pub globals: bool,
    /// A program with a `main` that calls every function and prints the results.
    pub main: bool,
    /// Number of functions.
    pub functions: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Bool,
    /// Index into `INTEGERS`.
    Int(usize),
}

/// Name, bits, signed.
const INTEGERS: [(&str, u32, bool); 11] = [
    ("int32", 32, true),
    ("int8", 8, true),
    ("int16", 16, true),
    ("int64", 64, true),
    ("uint8", 8, false),
    ("uint16", 16, false),
    ("uint32", 32, false),
    ("uint64", 64, false),
    ("int", 64, true),
    ("uint", 64, false),
    ("uintptr", 64, false),
];

impl Type {
    fn name(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Int(index) => INTEGERS[index].0,
        }
    }
}

#[derive(Clone)]
struct Variable {
    name: String,
    ty: Type,
    /// Whether it is a loop counter, which is not assigned.
    fixed: bool,
}

#[derive(Clone)]
struct Function {
    name: String,
    params: Vec<Type>,
    results: Vec<Type>,
}

/// Returns the program of a seed.
pub fn program(seed: u64, style: Style) -> String {
    let mut generator = Generator {
        random: Random::new(seed),
        style,
        out: String::new(),
        functions: Vec::new(),
        vars: Vec::new(),
        results: Vec::new(),
        next_name: 0,
        indent: 0,
        loops: Vec::new(),
    };
    generator.program();
    generator.out
}

struct Generator {
    random: Random,
    style: Style,
    out: String,
    functions: Vec<Function>,
    vars: Vec<Variable>,
    results: Vec<Type>,
    next_name: usize,
    indent: usize,
    /// The labels of the enclosing loops, empty for loops without.
    loops: Vec<String>,
}

impl Generator {
    fn program(&mut self) {
        if self.style.globals {
            self.out.push('\n');
            for index in 0..3 {
                let ty = self.ty();
                let _ = writeln!(self.out, "var g{index} {}", ty.name());
                self.vars.push(Variable {
                    name: format!("g{index}"),
                    ty,
                    fixed: false,
                });
            }
        }
        for index in 0..self.style.functions {
            self.function(index);
        }
        if self.style.main {
            let last = match self.random.chance(60) {
                true => self.crash(),
                false => None,
            };
            self.main(last);
        }
        self.declarations();
    }

    fn ty(&mut self) -> Type {
        if self.random.chance(20) {
            Type::Bool
        } else {
            self.integer()
        }
    }

    fn integer(&mut self) -> Type {
        Type::Int(if self.style.all_integers {
            self.random.below(INTEGERS.len())
        } else {
            0
        })
    }

    fn types(&mut self, n: usize) -> Vec<Type> {
        (0..n).map(|_| self.ty()).collect()
    }

    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push('\t');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.next_name += 1;
        format!("{prefix}{}", self.next_name)
    }

    fn function(&mut self, index: usize) {
        // At least one integer, so that expressions need not be constant.
        let mut params = vec![self.integer()];
        let n_params = self.random.below(4);
        params.extend(self.types(n_params));
        let n_results = self.random.pick(&[1, 1, 1, 2, 3]);
        self.results = self.types(n_results);
        let named = self.random.chance(25);
        let globals = self.vars.len();
        let list: Vec<String> = params
            .iter()
            .enumerate()
            .map(|(n, &ty)| format!("a{n} {}", self.spelled(ty)))
            .collect();
        let results: Vec<String> = self
            .results
            .clone()
            .into_iter()
            .enumerate()
            .map(|(n, ty)| match (named, self.spelled(ty)) {
                (true, ty) => format!("r{n} {ty}"),
                (false, ty) => ty.to_owned(),
            })
            .collect();
        self.out.push('\n');
        if self.random.chance(40) {
            self.line("//go:noinline");
        }
        let name = format!("f{index}");
        self.line(&format!(
            "func {name}({}) ({}) {{",
            list.join(", "),
            results.join(", ")
        ));
        for (n, &ty) in params.iter().enumerate() {
            self.vars.push(Variable {
                name: format!("a{n}"),
                ty,
                fixed: false,
            });
        }
        if named {
            for (n, &ty) in self.results.clone().iter().enumerate() {
                self.vars.push(Variable {
                    name: format!("r{n}"),
                    ty,
                    fixed: false,
                });
            }
        }
        self.indent = 1;
        self.next_name = 0;
        self.statements(3, 5);
        let values = self.result_values();
        self.line(&format!("return {values}"));
        self.indent = 0;
        self.line("}");
        self.vars.truncate(globals);
        self.functions.push(Function {
            name,
            params,
            results: self.results.clone(),
        });
    }

    /// Adds a main function that calls every function, then prints `last`.
    fn main(&mut self, last: Option<String>) {
        self.line("\nfunc main() {");
        self.indent = 1;
        for function in self.functions.clone() {
            for _ in 0..3 {
                let args: Vec<String> =
                    function.params.iter().map(|&ty| self.literal(ty)).collect();
                let call = format!("{}({})", function.name, args.join(", "));
                if self.random.chance(50) {
                    self.line(&format!("println({call})"));
                    continue;
                }
                let names: Vec<String> = function.results.iter().map(|_| self.fresh("x")).collect();
                self.line(&format!("{} := {call}", names.join(", ")));
                self.line(&format!("println({})", names.join(", ")));
            }
        }
        if let Some(call) = last {
            self.line(&format!("println({call})"));
        }
        self.indent = 0;
        self.line("}");
    }

    /// Returns the name of a type, or an alias of it.
    fn spelled(&mut self, ty: Type) -> &'static str {
        match ty.name() {
            "uint8" if self.random.chance(50) => "byte",
            "int32" if self.style.all_integers && self.random.chance(50) => "rune",
            name => name,
        }
    }

    fn result_values(&mut self) -> String {
        let values: Vec<String> = self
            .results
            .clone()
            .iter()
            .map(|&ty| self.expr(ty, 2))
            .collect();
        values.join(", ")
    }

    /// Adds statements in a scope of their own. `depth` limits the nesting.
    fn statements(&mut self, depth: usize, most: usize) {
        let outer = self.vars.len();
        for _ in 0..1 + self.random.below(most) {
            self.statement(depth);
        }
        for var in self.vars.split_off(outer) {
            self.line(&format!("_ = {}", var.name));
        }
    }

    fn block(&mut self, head: &str, depth: usize) {
        self.line(&format!("{head} {{"));
        self.indent += 1;
        self.statements(depth - 1, 3);
        self.indent -= 1;
    }

    fn statement(&mut self, depth: usize) {
        match self.random.below(20) {
            0..5 => self.assignment(),
            5 | 6 => self.op_assignment(),
            7 => self.definition(),
            8 => self.parallel_assignment(),
            9..12 if depth > 1 => self.if_statement(depth),
            12 | 13 if depth > 1 => self.for_statement(depth),
            14 if depth > 1 => self.switch_statement(depth),
            15 if depth > 1 => self.bare_switch(depth),
            16 => self.jump(),
            17 if self.style.calls => self.call_statement(),
            18 if self.style.calls => match self.random.chance(50) {
                true => self.print_statement(),
                false => self.fmt_statement(),
            },
            19 if depth > 1 => self.early_return(),
            _ => self.assignment(),
        }
    }

    fn assignable(&mut self, ty: Type) -> Option<String> {
        let names: Vec<usize> = (0..self.vars.len())
            .filter(|&n| self.vars[n].ty == ty && !self.vars[n].fixed)
            .collect();
        if names.is_empty() {
            return None;
        }
        let index = names[self.random.below(names.len())];
        Some(self.vars[index].name.clone())
    }

    fn assignment(&mut self) {
        let ty = self.ty();
        let value = self.expr(ty, 3);
        match self.assignable(ty) {
            Some(name) => self.line(&format!("{name} = {value}")),
            None => self.line(&format!("_ = {value}")),
        }
    }

    fn op_assignment(&mut self) {
        let ty = self.integer();
        let Some(name) = self.assignable(ty) else {
            return self.definition();
        };
        if self.random.chance(30) {
            let op = self.random.pick(&["++", "--"]);
            return self.line(&format!("{name}{op}"));
        }
        let op = self
            .random
            .pick(&["+=", "-=", "*=", "&=", "|=", "^=", "&^="]);
        let value = self.expr(ty, 2);
        self.line(&format!("{name} {op} {value}"));
    }

    fn definition(&mut self) {
        let ty = self.ty();
        let name = self.fresh("l");
        let (value, spelled) = (self.expr(ty, 2), self.spelled(ty));
        match self.random.below(3) {
            0 => self.line(&format!("var {name} {spelled}")),
            1 => self.line(&format!("var {name} {spelled} = {value}")),
            _ => self.line(&format!("{name} := {spelled}({value})")),
        }
        self.vars.push(Variable {
            name,
            ty,
            fixed: false,
        });
    }

    fn parallel_assignment(&mut self) {
        let (a, b) = (self.ty(), self.ty());
        let (Some(x), Some(y)) = (self.assignable(a), self.assignable(b)) else {
            return self.definition();
        };
        if x == y {
            return self.assignment();
        }
        let (v, w) = (self.expr(a, 2), self.expr(b, 2));
        self.line(&format!("{x}, {y} = {v}, {w}"));
    }

    fn if_statement(&mut self, depth: usize) {
        let condition = self.expr(Type::Bool, 3);
        self.block(&format!("if {condition}"), depth);
        if self.random.chance(20) {
            let condition = self.expr(Type::Bool, 2);
            self.block(&format!("}} else if {condition}"), depth);
        }
        if self.random.chance(50) {
            self.block("} else", depth);
        }
        self.line("}");
    }

    fn for_statement(&mut self, depth: usize) {
        let (name, ty) = (self.fresh("i"), self.integer());
        let bound = 1 + self.random.below(12);
        let label = if self.random.chance(20) {
            self.fresh("L")
        } else {
            String::new()
        };
        if !label.is_empty() {
            self.line(&format!("{label}:"));
        }
        let head = match self.random.below(3) {
            0 => format!("for {name} := {}({bound}); {name} > 0; {name}--", ty.name()),
            1 => format!(
                "for {name} := {}(0); {name} != {bound}; {name}++",
                ty.name()
            ),
            _ => format!("for {name} := {}(0); {name} < {bound}; {name}++", ty.name()),
        };
        self.vars.push(Variable {
            name,
            ty,
            fixed: true,
        });
        self.loops.push(label.clone());
        self.line(&format!("{head} {{"));
        self.indent += 1;
        if !label.is_empty() {
            let condition = self.expr(Type::Bool, 1);
            self.line(&format!("if {condition} {{"));
            self.line(&format!("\tcontinue {label}"));
            self.line("}");
        }
        self.statements(depth - 1, 3);
        self.indent -= 1;
        self.line("}");
        self.loops.pop();
        self.vars.pop();
    }

    fn switch_statement(&mut self, depth: usize) {
        let ty = self.integer();
        let tag = self.expr_with_variable(ty, 2);
        self.line(&format!("switch {tag} {{"));
        let mut value = self.random.below(3);
        let n_clauses = 1 + self.random.below(6);
        for _ in 0..n_clauses {
            let n_values = 1 + self.random.below(3);
            let mut values = Vec::new();
            for _ in 0..n_values {
                values.push(value.to_string());
                value += 1 + self.random.below(4);
            }
            self.block_of_clause(&format!("case {}:", values.join(", ")), depth);
        }
        if self.random.chance(60) {
            self.block_of_clause("default:", depth);
        }
        self.line("}");
    }

    fn bare_switch(&mut self, depth: usize) {
        self.line("switch {");
        for _ in 0..1 + self.random.below(3) {
            let condition = self.expr_with_variable(Type::Bool, 2);
            self.block_of_clause(&format!("case {condition}:"), depth);
        }
        self.line("}");
    }

    fn block_of_clause(&mut self, head: &str, depth: usize) {
        self.line(head);
        self.indent += 1;
        self.statements(depth - 1, 2);
        self.indent -= 1;
    }

    fn jump(&mut self) {
        let Some(label) = self.loops.last().cloned() else {
            return self.assignment();
        };
        let condition = self.expr(Type::Bool, 1);
        let word = self.random.pick(&["break", "continue"]);
        let target = if !label.is_empty() && self.random.chance(50) {
            format!(" {label}")
        } else {
            String::new()
        };
        self.line(&format!("if {condition} {{"));
        self.line(&format!("\t{word}{target}"));
        self.line("}");
    }

    fn early_return(&mut self) {
        let condition = self.expr(Type::Bool, 2);
        let values = self.result_values();
        self.line(&format!("if {condition} {{"));
        self.line(&format!("\treturn {values}"));
        self.line("}");
    }

    fn call(&mut self, function: &Function, depth: usize) -> String {
        let args: Vec<String> = function
            .params
            .iter()
            .map(|&ty| self.expr(ty, depth))
            .collect();
        format!("{}({})", function.name, args.join(", "))
    }

    fn call_statement(&mut self) {
        if self.functions.is_empty() {
            return self.assignment();
        }
        let function = self.functions[self.random.below(self.functions.len())].clone();
        let call = self.call(&function, 1);
        let mut names: Vec<String> = Vec::new();
        for &ty in &function.results {
            let name = self.assignable(ty).filter(|name| !names.contains(name));
            names.push(name.unwrap_or_else(|| "_".to_owned()));
        }
        self.line(&format!("{} = {call}", names.join(", ")));
    }

    fn print_statement(&mut self) {
        let (a, b) = (self.ty(), self.ty());
        let (x, y) = (self.expr_with_variable(a, 1), self.expr_with_variable(b, 1));
        let text = self.random.pick(&["\"x\"", "\"a b\"", "\"\"", "\"é\\n\""]);
        match self.random.below(3) {
            0 => self.line(&format!("println({x}, {y})")),
            1 => self.line(&format!("println({text}, {x})")),
            _ => self.line(&format!("print({x}, {text}, \" \", {y}, \"\\n\")")),
        }
    }

    fn variable(&mut self, ty: Type) -> Option<String> {
        let names: Vec<usize> = (0..self.vars.len())
            .filter(|&n| self.vars[n].ty == ty)
            .collect();
        if names.is_empty() {
            return None;
        }
        let index = names[self.random.below(names.len())];
        Some(self.vars[index].name.clone())
    }

    fn literal(&mut self, ty: Type) -> String {
        let Type::Int(index) = ty else {
            return self.random.pick(&["true", "false"]).to_owned();
        };
        let (name, bits, signed) = INTEGERS[index];
        let width = bits - u32::from(signed);
        let magnitude = match self.random.below(6) {
            0..3 => self.random.bits() % 12,
            3 => 1 << (self.random.bits() % u64::from(width)),
            4 => (1 << (self.random.bits() % u64::from(width))) - 1,
            _ => self.random.bits() >> (64 - width),
        };
        if signed && self.random.chance(30) {
            return format!("{name}(-{magnitude})");
        }
        format!("{name}({magnitude})")
    }

    /// Returns an expression that isn't constant.
    fn expr_with_variable(&mut self, ty: Type, depth: usize) -> String {
        let Some(name) = self.variable(ty) else {
            let any = self
                .vars
                .iter()
                .find(|var| var.ty != Type::Bool)
                .map(|var| var.name.clone());
            let any = any.expect("every function has an integer parameter");
            return if ty == Type::Bool {
                format!("({any} > 3)")
            } else {
                format!("{}({any})", ty.name())
            };
        };
        if depth == 0 || self.random.chance(40) {
            return name;
        }
        match ty {
            Type::Bool => format!("({name} != {})", self.expr(ty, depth - 1)),
            Type::Int(_) => {
                let op = self.random.pick(&["+", "-", "*", "&", "|", "^", "&^"]);
                format!("({name} {op} {})", self.expr(ty, depth - 1))
            }
        }
    }

    fn expr(&mut self, ty: Type, depth: usize) -> String {
        if depth == 0 || self.random.chance(20) {
            return match self.variable(ty) {
                Some(name) if self.random.chance(75) => name,
                _ => self.literal(ty),
            };
        }
        match ty {
            Type::Bool => self.bool_expr(depth - 1),
            Type::Int(index) => self.int_expr(index, depth - 1),
        }
    }

    fn bool_expr(&mut self, depth: usize) -> String {
        match self.random.below(8) {
            0 => format!("!{}", self.expr_with_variable(Type::Bool, depth)),
            1 | 2 => {
                let (a, b) = (
                    self.expr_with_variable(Type::Bool, depth),
                    self.expr(Type::Bool, depth),
                );
                format!("({a} {} {b})", self.random.pick(&["&&", "||"]))
            }
            3 => {
                let (a, b) = (
                    self.expr_with_variable(Type::Bool, depth),
                    self.expr(Type::Bool, depth),
                );
                format!("({a} {} {b})", self.random.pick(&["==", "!="]))
            }
            _ => {
                let ty = self.integer();
                let (a, b) = (self.expr_with_variable(ty, depth), self.expr(ty, depth));
                format!(
                    "({a} {} {b})",
                    self.random.pick(&["==", "!=", "<", "<=", ">", ">="])
                )
            }
        }
    }

    fn int_expr(&mut self, index: usize, depth: usize) -> String {
        let ty = Type::Int(index);
        let (name, bits, _) = INTEGERS[index];
        match self.random.below(14) {
            0..7 => {
                let op = self
                    .random
                    .pick(&["+", "-", "*", "&", "|", "^", "&^", "+", "-"]);
                format!(
                    "({} {op} {})",
                    self.expr_with_variable(ty, depth),
                    self.expr(ty, depth)
                )
            }
            7 => {
                let divisor = 1 + self.random.bits() % ((1 << (bits - 1)) - 1).min(1000);
                let op = self.random.pick(&["/", "%"]);
                format!("({} {op} {divisor})", self.expr_with_variable(ty, depth))
            }
            8 => {
                let op = self.random.pick(&["/", "%"]);
                let divisor = self.expr_with_variable(ty, depth);
                let divisor = if self.random.chance(90) {
                    format!("({divisor} | 1)")
                } else {
                    divisor
                };
                format!("({} {op} {divisor})", self.expr_with_variable(ty, depth))
            }
            9 => {
                let count = self.random.below(bits as usize);
                format!(
                    "({} {} {count})",
                    self.expr_with_variable(ty, depth),
                    self.random.pick(&["<<", ">>"])
                )
            }
            10 => {
                let count_type = self.integer();
                let count = self.expr_with_variable(count_type, depth);
                let count = if self.random.chance(90) {
                    format!("({count} & 31)")
                } else {
                    count
                };
                format!(
                    "({} {} {count})",
                    self.expr_with_variable(ty, depth),
                    self.random.pick(&["<<", ">>"])
                )
            }
            11 => format!(
                "{}{}",
                self.random.pick(&["-", "^"]),
                self.expr_with_variable(ty, depth)
            ),
            12 if self.style.all_integers => {
                let from = self.integer();
                format!("{name}({})", self.expr_with_variable(from, depth))
            }
            13 if self.style.calls && depth > 0 => {
                let found: Vec<Function> = self
                    .functions
                    .iter()
                    .filter(|f| f.results == [ty])
                    .cloned()
                    .collect();
                if found.is_empty() {
                    return self.expr_with_variable(ty, depth);
                }
                let function = found[self.random.below(found.len())].clone();
                self.call(&function, depth - 1)
            }
            _ => self.expr_with_variable(ty, depth),
        }
    }
}
