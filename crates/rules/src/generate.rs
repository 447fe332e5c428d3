//! Generates Rust from rules: one function per operation and per block kind, which tries the rules in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::Error;
use crate::make::{Maker, aux_text, has_aux, has_aux_int, type_text};
use crate::ops::{OpRow, Ops};
use crate::parse::{Node, Outcome, Rule, Term};

/// Returns the Rust text for the rules of a file.
pub(crate) fn generate(file: &str, rules: &[Rule], ops: &Ops) -> Result<String, Error> {
    let mut by_op: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    let mut by_kind: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        match &rule.block {
            Some(kind) => by_kind.entry(kind).or_default().push(rule),
            None => by_op.entry(&rule.pattern.op).or_default().push(rule),
        }
    }
    let mut functions = String::new();
    let mut arms = String::new();
    for (op, rules) in &by_op {
        if let [rule] = rules[..]
            && let Outcome::Rename(to) = &rule.outcome
        {
            let note = note(file, rule);
            push(
                &mut arms,
                2,
                &format!("Op::{op} => f.rename(v, Op::{to}, {note}),"),
            );
            continue;
        }
        push(&mut arms, 2, &format!("Op::{op} => value_{op}(f, v),"));
        push(&mut functions, 0, "");
        push(
            &mut functions,
            0,
            &format!("fn value_{op}(f: &mut Func, v: Value) -> bool {{"),
        );
        let row = ops.get(op).expect("the parser has looked it up");
        for index in 0..row.args.unwrap_or(0) {
            push(
                &mut functions,
                1,
                &format!("let v_{index} = f[v].args[{index}];"),
            );
        }
        functions.push_str(&rule_bodies(file, rules, ops)?);
    }
    let mut block_arms = String::new();
    for (kind, rules) in &by_kind {
        push(
            &mut block_arms,
            2,
            &format!("BlockKind::{kind} => block_{kind}(f, block, v),"),
        );
        push(&mut functions, 0, "");
        push(
            &mut functions,
            0,
            &format!("fn block_{kind}(f: &mut Func, block: Block, v: Value) -> bool {{"),
        );
        functions.push_str(&rule_bodies(file, rules, ops)?);
    }
    Ok(format!(
        "/// Tries the rules of {file} once on `v`. Returns whether one rewrote it.\n\
         pub(crate) fn rewrite_value(f: &mut Func, v: Value) -> bool {{\n    match f[v].op {{\n{arms}        \
         _ => false,\n    }}\n}}\n\n\
         /// Tries the block rules of {file} once on `block`. Returns whether one rewrote it.\n\
         pub(crate) fn rewrite_block(f: &mut Func, block: Block) -> bool {{\n    \
         let Some(v) = f[block].control else {{ return false }};\n    match f[block].kind {{\n{block_arms}        \
         _ => false,\n    }}\n}}\n{functions}"
    ))
}

/// Returns the matching code for all rules of one operation, up to the end of its function.
fn rule_bodies(file: &str, rules: &[&Rule], ops: &Ops) -> Result<String, Error> {
    let mut text = String::new();
    let mut can_fail = true;
    let mut has_ops = false;
    for rule in rules {
        if !can_fail {
            return Err(Error {
                line: rule.line,
                message: format!("an earlier rule always rewrites {}", rule.pattern.op),
            });
        }
        let mut matcher = Matcher {
            file,
            ops,
            rule,
            bound: BTreeSet::new(),
            counts: BTreeMap::new(),
            steps: Vec::new(),
            clobbered: Vec::new(),
            asks_for_ops: false,
        };
        let body = matcher.rule().map_err(|message| Error {
            line: rule.line,
            message,
        })?;
        if matcher.asks_for_ops && !has_ops {
            push(&mut text, 1, "let v_ops = [f[v_0].op, f[v_1].op];");
            has_ops = true;
        }
        push(&mut text, 1, &format!("// {file}:{}", rule.line));
        can_fail = nest(&matcher.steps, &body, &mut text);
    }
    push(&mut text, 0, if can_fail { "    false\n}" } else { "}" });
    Ok(text)
}

/// Returns the text of a rule for those who look: its name, a blank, and where it is written. One literal needs no
/// relocation at startup, as a record of several would.
fn note(file: &str, rule: &Rule) -> String {
    format!("\"{} {file}:{}\"", rule.name(), rule.line)
}

/// One step of a match.
enum Step {
    /// A condition, joined to others with `&&`.
    Test(String),
    /// A binding, `let name = value`, which can't fail.
    Bind(String),
    /// A loop that tries the following steps for both orders of the arguments of `of`.
    Commute { of: String },
}

impl Step {
    fn text(&self) -> Option<&str> {
        match self {
            Step::Test(text) | Step::Bind(text) => Some(text),
            Step::Commute { .. } => None,
        }
    }
}

/// Writes the steps as nested `if` and `for` around the body. Returns whether the match can fail.
fn nest(steps: &[Step], body: &[String], text: &mut String) -> bool {
    let mut depth = 1;
    let mut can_fail = false;
    let mut chain: Vec<&Step> = Vec::new();
    let flush = |chain: &mut Vec<&Step>, text: &mut String, depth: &mut usize| {
        let texts: Vec<&str> = chain.iter().filter_map(|step| step.text()).collect();
        let tests = chain.iter().any(|step| matches!(step, Step::Test(_)));
        if tests {
            push(text, *depth, &format!("if {} {{", texts.join(" && ")));
            *depth += 1;
        } else {
            for bind in texts {
                push(text, *depth, &format!("{bind};"));
            }
        }
        chain.clear();
        tests
    };
    for step in steps {
        match step {
            Step::Test(_) | Step::Bind(_) => chain.push(step),
            Step::Commute { of } => {
                can_fail |= flush(&mut chain, text, &mut depth);
                push(
                    text,
                    depth,
                    &format!("for ({of}_0, {of}_1) in f.both_orders({of}) {{"),
                );
                depth += 1;
            }
        }
    }
    can_fail |= flush(&mut chain, text, &mut depth);
    for line in body {
        push(text, depth, line);
    }
    while depth > 1 {
        depth -= 1;
        push(text, depth, "}");
    }
    can_fail
}

fn push(text: &mut String, depth: usize, line: &str) {
    let _ = writeln!(text, "{:1$}{line}", "", depth * 4);
}

struct Matcher<'a> {
    file: &'a str,
    ops: &'a Ops,
    rule: &'a Rule,
    /// Names bound so far.
    bound: BTreeSet<String>,
    /// Number of occurrences of each value's name in the pattern and the condition.
    counts: BTreeMap<String, usize>,
    steps: Vec<Step>,
    clobbered: Vec<String>,
    /// Whether a step asks for the operations of the root's arguments, whatever their order.
    asks_for_ops: bool,
}

impl<'a> Matcher<'a> {
    /// Fills `steps` and returns the statements that make the result.
    fn rule(&mut self) -> Result<Vec<String>, String> {
        let rule = self.rule;
        self.count(&rule.pattern);
        if let Some(condition) = &rule.condition {
            for word in condition.split(|c: char| !c.is_alphanumeric() && c != '_') {
                if let Some(n) = self.counts.get_mut(word) {
                    *n += 1;
                }
            }
        }
        let root = match &rule.pattern.name {
            Some(name) if rule.block.is_some() => {
                self.bind(name, "v");
                self.bound.insert(name.clone());
                name.clone()
            }
            _ => "v".to_owned(),
        };
        if rule.block.is_some() && !rule.pattern.op.is_empty() {
            self.test(format!("f[{root}].op == Op::{}", rule.pattern.op));
        }
        let faulting = if rule.pattern.op.is_empty() {
            None
        } else {
            // A function for values of one operation binds their arguments first.
            let row = self.ops.get(&rule.pattern.op);
            let args_bound = rule.block.is_none() && row.is_some_and(|row| row.args.is_some());
            self.node(&rule.pattern, &root, args_bound)?
        };
        if let Some(condition) = &rule.condition {
            let parens = !condition.contains("let ") && condition.contains("||");
            self.test(if parens {
                format!("({condition})")
            } else {
                condition.clone()
            });
        }
        let mut maker = Maker {
            ops: self.ops,
            bound: &self.bound,
            block: "block".to_owned(),
            made: rule.block.is_none().then(Vec::new),
            n_made: 0,
            lines: Vec::new(),
        };
        let pos = faulting.unwrap_or_else(|| root.clone());
        if !self.clobbered.is_empty() {
            maker
                .lines
                .push(format!("f.clobber(&[{}]);", self.clobbered.join(", ")));
        }
        match &rule.outcome {
            Outcome::Value { at, result } => maker.value(at.as_deref(), result, &pos)?,
            Outcome::Block {
                kind,
                control,
                swap,
            } => maker.block(kind, control.as_ref(), *swap, &pos)?,
            Outcome::Rename(_) => {
                return Err("a rule that renames must be the only one of its operation".into());
            }
            Outcome::Call(call) => self.steps.push(Step::Test(call.clone())),
        }
        if rule.block.is_none() {
            let note = note(self.file, rule);
            maker.lines.push(format!("f.note_rule({root}, {note});"));
        }
        maker.lines.push("return true;".into());
        Ok(maker.lines)
    }

    fn test(&mut self, text: String) {
        self.steps.push(Step::Test(text));
    }

    fn bind(&mut self, name: &str, value: &str) {
        self.steps.push(Step::Bind(format!("let {name} = {value}")));
    }

    fn count(&mut self, node: &Node) {
        if let Some(name) = &node.name {
            *self.counts.entry(name.clone()).or_default() += 1;
        }
        for arg in node.args.iter().flatten() {
            match arg {
                Term::Any => {}
                Term::Name(name) => *self.counts.entry(name.clone()).or_default() += 1,
                Term::Node(node) => self.count(node),
            }
        }
    }

    /// Adds the steps that match the value in the Rust variable `var`, whose operation is known. Returns the variable
    /// of the last value that can fault; arguments come before the value itself.
    fn node(&mut self, node: &Node, var: &str, args_bound: bool) -> Result<Option<String>, String> {
        let row = self.ops.get(&node.op).expect("the parser has looked it up");
        let mut faulting = row.faults.then(|| var.to_owned());
        self.operands(node, row, var)?;
        if node.once {
            self.test(format!("f[{var}].uses == 1"));
            self.clobbered.push(var.to_owned());
        }
        let Some(args) = &node.args else {
            return Ok(faulting);
        };
        if row.args.is_none() {
            self.test(format!("f[{var}].args.len() == {}", args.len()));
        }
        let commute = row.commutative && args[0] != args[1] && !self.interchangeable(args);
        if commute {
            // Most rules fail for want of an operation, which shows without trying both orders.
            for arg in args.iter().take(2).filter(|_| args_bound) {
                if let Term::Node(inner) = arg {
                    self.test(format!("v_ops.contains(&Op::{})", inner.op));
                    self.asks_for_ops = true;
                }
            }
            self.steps.push(Step::Commute { of: var.to_owned() });
        }
        for (index, arg) in args.iter().enumerate() {
            let value = if commute || args_bound {
                format!("{var}_{index}")
            } else {
                format!("f[{var}].args[{index}]")
            };
            match arg {
                Term::Any => {}
                Term::Name(name) if self.bound.contains(name) => {
                    self.test(format!("{name} == {value}"));
                }
                Term::Name(name) => {
                    self.bind(name, &value);
                    self.bound.insert(name.clone());
                }
                Term::Node(inner) => {
                    let name = inner.name.clone().unwrap_or(format!("{var}_{index}"));
                    if name != value {
                        self.bind(&name, &value);
                    }
                    if inner.name.is_some() {
                        self.bound.insert(name.clone());
                    }
                    self.test(format!("f[{name}].op == Op::{}", inner.op));
                    faulting = self.node(inner, &name, false)?.or(faulting);
                }
            }
        }
        Ok(faulting)
    }

    /// Reports whether the order of two arguments is irrelevant, because neither occurs anywhere else.
    fn interchangeable(&self, args: &[Term]) -> bool {
        args.iter().all(|arg| match arg {
            Term::Any => true,
            Term::Name(name) => self.counts[name] == 1,
            Term::Node(_) => false,
        })
    }

    /// Matches the type, aux integer and aux: binds new names and compares everything else.
    fn operands(&mut self, node: &Node, row: &OpRow, var: &str) -> Result<(), String> {
        if let Some(ty) = &node.ty {
            if self.binds(ty) {
                self.bind(ty, &format!("f[{var}].ty"));
            } else {
                self.test(format!("f[{var}].ty == {}", type_text(ty)));
            }
        }
        if let Some(aux_int) = &node.aux_int {
            let field = format!("f[{var}].aux_int");
            let field = match row.aux.as_str() {
                "Bool" => format!("({field} != 0)"),
                "SymValAndOff" => format!("ValAndOff({field})"),
                _ if has_aux_int(row) => field,
                _ => return Err(format!("{} has no aux integer", node.op)),
            };
            if self.binds(aux_int) {
                self.bind(aux_int, &field);
            } else {
                self.test(format!("{field} == {aux_int}"));
            }
        }
        if let Some(aux) = &node.aux {
            if !has_aux(row) {
                return Err(format!("{} has no aux", node.op));
            }
            if !self.binds(aux) {
                self.test(format!("f[{var}].aux == {}", aux_text(row, aux)));
            } else if row.aux == "Typ" {
                self.test(format!("let Aux::Type({aux}) = f[{var}].aux"));
            } else {
                self.bind(aux, &format!("f[{var}].aux"));
            }
        }
        Ok(())
    }

    /// Binds `text` if it is an unbound name. Returns whether it did.
    fn binds(&mut self, text: &str) -> bool {
        let is_name = text.starts_with(|c: char| c.is_lowercase())
            && text.chars().all(|c| c.is_alphanumeric() || c == '_')
            && text != "true"
            && text != "false";
        is_name && self.bound.insert(text.to_owned())
    }
}
