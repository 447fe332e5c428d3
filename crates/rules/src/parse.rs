//! Parses the text of one rule into a tree.

use crate::Error;
use crate::expand::Line;
use crate::ops::Ops;

/// Block kinds that rules match or make.
const BLOCK_KINDS: &[&str] = &[
    "EQ",
    "NE",
    "LT",
    "LE",
    "GT",
    "GE",
    "OS",
    "OC",
    "ULT",
    "ULE",
    "UGT",
    "UGE",
    "If",
    "First",
    "JumpTable",
];

/// A rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub line: usize,
    /// The block kind of a block rule, whose `pattern` is the control value; none for other rules.
    pub block: Option<String>,
    pub pattern: Node,
    /// A Rust expression.
    pub condition: Option<String>,
    pub outcome: Outcome,
}

impl Rule {
    /// Returns a name: the operation that the rule matches, with those of its arguments that the rule names, and what
    /// becomes of it: `Mul64(Const64) → LEAQ2`.
    pub fn name(&self) -> String {
        let pattern = &self.pattern;
        let arguments = pattern.args.iter().flatten();
        let arguments: Vec<&str> = arguments
            .filter_map(|argument| match argument {
                Term::Node(node) => Some(node.op.as_str()),
                Term::Any | Term::Name(_) => None,
            })
            .collect();
        let arguments = match arguments.is_empty() {
            true => String::new(),
            false => format!("({})", arguments.join(", ")),
        };
        let result = match &self.outcome {
            Outcome::Value { result, .. } => match result {
                Term::Node(node) => node.op.as_str(),
                Term::Name(name) => name,
                Term::Any => "_",
            },
            Outcome::Rename(op) => op,
            Outcome::Call(call) => call.split('(').next().unwrap_or_default(),
            Outcome::Block { kind, .. } => kind,
        };
        format!("{}{arguments} → {result}", pattern.op)
    }
}

/// The effect of a rule when it matches.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// The value becomes `result`.
    Value {
        /// The block in which the result is made, or a value in that block.
        at: Option<String>,
        result: Term,
    },
    /// The operation changes to this one.
    Rename(String),
    /// A Rust call, which returns whether it did the rewrite.
    Call(String),
    /// The block becomes one of `kind`.
    Block {
        kind: String,
        control: Option<Term>,
        swap: bool,
    },
}

/// An argument of a pattern or result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// `_`.
    Any,
    Name(String),
    Node(Node),
}

/// An operation with its operands. Texts in brackets are verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub name: Option<String>,
    /// `~`: the pattern must be the value's only use, and the rewrite invalidates it.
    pub once: bool,
    pub op: String,
    pub ty: Option<String>,
    pub aux_int: Option<String>,
    pub aux: Option<String>,
    /// None if there are no parentheses.
    pub args: Option<Vec<Term>>,
}

impl Node {
    fn is_bare(&self) -> bool {
        self.name.is_none()
            && self.ty.is_none()
            && self.aux_int.is_none()
            && self.aux.is_none()
            && self.args.is_none()
    }
}

/// Parses one rule and checks the names and argument counts of its operations.
pub(crate) fn rule(line: &Line, ops: &Ops) -> Result<Rule, Error> {
    Parser {
        rest: &line.text,
        ops,
    }
    .rule(line.number)
    .map_err(|message| Error {
        line: line.number,
        message,
    })
}

struct Parser<'a> {
    rest: &'a str,
    ops: &'a Ops,
}

impl<'a> Parser<'a> {
    fn rule(&mut self, line: usize) -> Result<Rule, String> {
        let head = self.peek_word();
        let block = BLOCK_KINDS.contains(&head).then(|| head.to_owned());
        let pattern = if block.is_some() {
            self.word();
            self.expect('(')?;
            let control = self.term()?;
            self.expect(')')?;
            control
        } else {
            self.term()?
        };
        let condition = match self.peek_word() {
            "if" => {
                self.word();
                let (condition, rest) = self
                    .rest
                    .split_once(" => ")
                    .ok_or("there is no arrow after the condition")?;
                self.rest = rest;
                Some(condition.trim().to_owned())
            }
            _ => {
                self.rest = self
                    .rest
                    .trim_start()
                    .strip_prefix("=>")
                    .ok_or("there is no arrow after the pattern")?;
                None
            }
        };
        // A block rule may have a bare name as its control value, which matches any operation.
        let pattern = match pattern {
            Term::Node(node) => node,
            Term::Name(name) if block.is_some() => Node {
                name: Some(name),
                once: false,
                op: String::new(),
                ty: None,
                aux_int: None,
                aux: None,
                args: None,
            },
            _ => return Err("a pattern starts with an operation".into()),
        };
        let outcome = if block.is_some() {
            self.block_outcome()?
        } else {
            self.outcome(&pattern, condition.is_some())?
        };
        if !self.rest.trim().is_empty() {
            return Err(format!("`{}` follows the rule", self.rest.trim()));
        }
        Ok(Rule {
            line,
            block,
            pattern,
            condition,
            outcome,
        })
    }

    fn block_outcome(&mut self) -> Result<Outcome, String> {
        if let Some(call) = self.call() {
            return Ok(call);
        }
        let kind = self.word().to_owned();
        if !BLOCK_KINDS.contains(&kind.as_str()) {
            return Err(format!("`{kind}` is not a kind of block"));
        }
        let mut control = None;
        if self.rest.starts_with('(') {
            self.expect('(')?;
            control = Some(self.term()?);
            self.expect(')')?;
        }
        let swap = self.peek_word() == "swap";
        if swap {
            self.word();
        }
        Ok(Outcome::Block {
            kind,
            control,
            swap,
        })
    }

    fn outcome(&mut self, pattern: &Node, conditional: bool) -> Result<Outcome, String> {
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('@') {
            self.rest = rest;
            let at = Some(self.word().to_owned());
            let result = self.term()?;
            return Ok(Outcome::Value { at, result });
        }
        if let Some(call) = self.call() {
            return Ok(call);
        }
        match self.term()? {
            Term::Node(node) if pattern.is_bare() && !conditional && node.is_bare() => {
                Ok(Outcome::Rename(node.op))
            }
            result => Ok(Outcome::Value { at: None, result }),
        }
    }

    /// Returns the rest of the rule if it calls a function.
    fn call(&mut self) -> Option<Outcome> {
        self.rest = self.rest.trim_start();
        let word = self.peek_word();
        let is_call =
            word.starts_with(char::is_lowercase) && self.rest[word.len()..].starts_with('(');
        is_call.then(|| Outcome::Call(std::mem::take(&mut self.rest).trim().to_owned()))
    }

    fn term(&mut self) -> Result<Term, String> {
        self.rest = self.rest.trim_start();
        let once = self.rest.starts_with('~');
        if once {
            self.rest = &self.rest[1..];
        }
        let mut word = self.word();
        let mut name = None;
        if word.is_empty() {
            return Err(format!("`{}` is no value", self.rest));
        }
        if word.starts_with(|c: char| c.is_lowercase() || c == '_') {
            if !self.rest.starts_with(':') {
                return Ok(if word == "_" {
                    Term::Any
                } else {
                    Term::Name(word.to_owned())
                });
            }
            name = Some(word.to_owned());
            self.rest = &self.rest[1..];
            word = self.word();
        }
        let row = self
            .ops
            .get(word)
            .ok_or_else(|| format!("`{word}` is not an operation"))?;
        let mut node = Node {
            name,
            once,
            op: word.to_owned(),
            ty: None,
            aux_int: None,
            aux: None,
            args: None,
        };
        loop {
            match self.rest.chars().next() {
                Some('<') => node.ty = Some(self.bracketed('<', '>')?),
                Some('[') => node.aux_int = Some(self.bracketed('[', ']')?),
                Some('{') => node.aux = Some(self.bracketed('{', '}')?),
                Some('(') => {
                    let args = self.args()?;
                    if row.args.is_some_and(|n| n != args.len()) {
                        return Err(format!("`{word}` doesn't take {} arguments", args.len()));
                    }
                    node.args = Some(args);
                }
                _ => return Ok(Term::Node(node)),
            }
        }
    }

    fn args(&mut self) -> Result<Vec<Term>, String> {
        self.expect('(')?;
        let mut args = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(')') {
                self.rest = rest;
                return Ok(args);
            }
            args.push(self.term()?);
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else if !self.rest.starts_with(')') {
                return Err(format!("want `,` or `)` before `{}`", self.rest));
            }
        }
    }

    /// Returns the text up to the matching closing bracket and skips it.
    fn bracketed(&mut self, open: char, close: char) -> Result<String, String> {
        let mut depth = 0;
        for (at, c) in self.rest.char_indices() {
            if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    let text = self.rest[1..at].trim().to_owned();
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
            }
        }
        Err(format!("`{open}` is not closed"))
    }

    fn peek_word(&self) -> &'a str {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn word(&mut self) -> &'a str {
        let word = self.peek_word();
        self.rest = &self.rest.trim_start()[word.len()..];
        word
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        self.rest = self.rest.trim_start();
        self.rest = self
            .rest
            .strip_prefix(c)
            .ok_or_else(|| format!("want `{c}` before `{}`", self.rest))?;
        Ok(())
    }
}
