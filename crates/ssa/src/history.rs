//! What happened to values: which pass made each, which changed its operation, and by which rule.
//!
//! A [`History`] looks at the function after every pass, so that only who asks pays for it.

use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;
use crate::value::Aux;

/// A step in the life of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The pass after which the value had the operation.
    pub pass: &'static str,
    /// The operation.
    pub op: Op,
    /// The bytes that a generic store writes; 0 for other operations.
    pub stored: i64,
    /// The rule that gave it the operation, if it was one.
    pub rule: Option<Rule>,
}

/// A rewrite rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule(&'static str);

impl Rule {
    /// What it matches and what becomes of it: `Mul64(Const64) → LEAQ2`.
    pub fn name(self) -> &'static str {
        self.split().0
    }

    /// Where it is written, file and line: `amd64.rules:12`.
    pub fn place(self) -> &'static str {
        self.split().1
    }

    fn split(self) -> (&'static str, &'static str) {
        self.0.rsplit_once(' ').unwrap_or((self.0, ""))
    }
}

/// The lives of the values of a function.
#[derive(Debug, Default)]
pub struct History {
    /// The steps of the value that has the number now; numbers of freed values are used again.
    values: Vec<Vec<Step>>,
    /// Which numbers the last pass left in use.
    present: Vec<bool>,
}

impl History {
    /// Begins with a function before its first pass.
    pub fn begin(f: &mut Func) -> History {
        f.applied_rules = Some(Vec::new());
        let mut history = History::default();
        history.look("start", f, &[]);
        history
    }

    /// Notes what a pass has done. `seen` rules are those of passes before it.
    pub fn observe(&mut self, f: &Func, seen: &mut usize) {
        let rules = f.applied_rules.as_deref().unwrap_or_default();
        self.look(f.pass, f, &rules[*seen..]);
        *seen = rules.len();
    }

    fn look(&mut self, pass: &'static str, f: &Func, rules: &[(Value, &'static str)]) {
        self.values.resize_with(f.num_values(), Vec::new);
        let before = std::mem::take(&mut self.present);
        self.present.resize(f.num_values(), false);
        for &v in f.layout.iter().flat_map(|&b| &f[b].values) {
            let id = v.id();
            self.present[id] = true;
            let steps = &mut self.values[id];
            if !before.get(id).copied().unwrap_or(false) {
                steps.clear();
            }
            let op = f[v].op;
            if steps.last().is_none_or(|step| step.op != op) {
                let mut applied = rules.iter().rev();
                let rule = applied.find(|(rewritten, _)| *rewritten == v);
                steps.push(Step {
                    pass,
                    op,
                    stored: match f[v].aux {
                        Aux::Type(ty) if op == Op::Store => ty.size(),
                        _ => 0,
                    },
                    rule: rule.map(|&(_, rule)| Rule(rule)),
                });
            }
        }
    }

    /// Returns the steps of a value, the first of which made it.
    pub fn of(&self, v: Value) -> &[Step] {
        self.values.get(v.id()).map_or(&[], Vec::as_slice)
    }
}
