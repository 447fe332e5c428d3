//! The check of Go 1.2 to 1.20: from each function downwards, with the bytes that are left. The walk, its order and its
//! messages are those of Go's linker (gc: ld/lib.go, dostkcheck).

use std::borrow::Cow;

use minigo_obj::{Attrs, LSym, SymKind};

use super::tree::{Chain, tree};
use super::{CALL_SIZE, Callee, LIMIT, MORESTACK, calls, is_morestack};
use crate::program::{Program, Resolved};

/// Bytes left on entry to a function that is called with nothing else on the stack.
const TOP: i32 = LIMIT - CALL_SIZE;
/// Length of a chain at which the walk stops.
const MAX_DEPTH: usize = 500;
/// A step through a function: the depth of its frame, and the call at this point, if there is one.
struct Step {
    depth: i32,
    callee: Option<Callee>,
}

/// Facts about a function; empty for other symbols.
struct Function<'a> {
    name: Cow<'a, str>,
    is_text: bool,
    nosplit: bool,
    /// Size of the frame in bytes.
    locals: i32,
    steps: Vec<Step>,
    /// A limit in bytes that the function is known to keep.
    fits: i32,
    /// A limit in bytes that the function is known to exceed.
    fails: i32,
    /// The length of the longest chain of calls below the function, once a limit is known that it keeps.
    height: usize,
}

/// Checks all functions. Returns the messages of Go's linker, and the chains as trees.
pub(crate) fn check(program: &Program, resolved: &Resolved) -> (Vec<String>, Vec<String>) {
    let symbols = resolved.symbols.iter();
    let mut check = Check {
        functions: symbols.map(|s| function(program, resolved, s)).collect(),
        done: vec![false; resolved.symbols.len()],
        messages: Vec::new(),
        trees: Vec::new(),
    };
    // NOSPLIT functions first, so that the chains in messages are as short as possible.
    for nosplit in [true, false] {
        for index in 0..check.functions.len() {
            let f = &check.functions[index];
            if f.is_text && f.nosplit == nosplit {
                let callee = Callee::Function(index);
                let top = Chain {
                    callee,
                    limit: TOP,
                    up: None,
                };
                check.walk(&top, 0);
            }
        }
    }
    (check.messages, check.trees)
}

fn function<'a>(program: &Program<'a>, resolved: &Resolved, s: &LSym) -> Function<'a> {
    let name = program.name_of(s);
    let mut steps = Vec::new();
    if is_morestack(&name) {
        // This function leaves the stack.
        steps.push(Step {
            depth: 0,
            callee: Some(Callee::Morestack),
        });
    } else if let Some(pcln) = &s.pcln {
        let mut calls = calls(program, resolved, s).into_iter().peekable();
        for (end, depth) in pcln.stack_depths() {
            let callee = None;
            steps.push(Step { depth, callee });
            while let Some((_, callee)) = calls.next_if(|&(off, _)| off < end) {
                let callee = Some(known(resolved, s, callee));
                steps.push(Step { depth, callee });
            }
        }
    }
    Function {
        nosplit: s.attrs.has(Attrs::NOSPLIT),
        is_text: s.kind == SymKind::STEXT,
        locals: s.pcln.as_ref().map_or(0, |pcln| pcln.frame_size),
        steps,
        fits: i32::MAX,
        fails: -1,
        height: 0,
        name,
    }
}

/// Returns the callee of a call in a function. Go's linker doesn't know the frame of a compiled function that assembly calls
/// by its second name.
fn known(resolved: &Resolved, caller: &LSym, callee: Callee) -> Callee {
    let compiled = |s: &LSym| s.attrs.has(Attrs::ABI_INTERNAL);
    match callee {
        Callee::Function(index) if compiled(resolved.symbols[index]) && !compiled(caller) => {
            resolved.symbols[index].sym.map_or(callee, Callee::Unknown)
        }
        _ => callee,
    }
}

struct Check<'a> {
    functions: Vec<Function<'a>>,
    /// The functions, by index, that were walked with nothing else on the stack.
    done: Vec<bool>,
    messages: Vec<String>,
    trees: Vec<String>,
}

impl Check<'_> {
    /// Follows the calls from the end of a chain of `depth` calls. Returns false after a message.
    fn walk(&mut self, chain: &Chain, depth: usize) -> bool {
        let top = chain.limit == TOP;
        if let (true, Callee::Function(index)) = (top, chain.callee)
            && std::mem::replace(&mut self.done[index], true)
        {
            return true;
        }
        if depth > MAX_DEPTH {
            let name = self.name(chain.callee);
            let message = format!("{name}: nosplit stack check too deep");
            self.messages.push(message);
            self.report(chain, 0);
            return false;
        }
        if matches!(chain.callee, Callee::Unknown(_)) {
            return false;
        }
        if chain.limit < 0 {
            self.broke(chain, chain.limit);
            return false;
        }
        let index = match chain.callee {
            Callee::Function(index) => index,
            Callee::Checked(_) => return self.walk_morestack(chain, depth),
            Callee::Morestack | Callee::Pointer | Callee::Unknown(_) => return true,
        };
        let mut limit = chain.limit;
        if !self.functions[index].nosplit {
            if !self.walk_morestack(chain, depth) {
                return false;
            }
            if !top {
                return true;
            }
            limit = LIMIT + self.functions[index].locals;
        }
        (0..self.functions[index].steps.len()).all(|step| {
            let Step {
                depth: used,
                callee,
            } = self.functions[index].steps[step];
            self.walk_step(chain, limit - used, callee, depth)
        })
    }

    /// Checks the call of morestack by the function at the end of a chain.
    fn walk_morestack(&mut self, chain: &Chain, depth: usize) -> bool {
        let callee = Callee::Morestack;
        let limit = chain.limit - CALL_SIZE;
        let up = Some(chain);
        self.walk(&Chain { callee, limit, up }, depth + 1)
    }

    /// Checks a step of the function at the end of a chain, where `left` bytes are left.
    fn walk_step(
        &mut self,
        chain: &Chain,
        left: i32,
        callee: Option<Callee>,
        depth: usize,
    ) -> bool {
        if left < 0 {
            self.broke(chain, left);
            return false;
        }
        let Some(callee) = callee else { return true };
        let next = Chain {
            callee,
            limit: left - CALL_SIZE,
            up: Some(chain),
        };
        match callee {
            Callee::Pointer => self.walk_morestack(&next, depth + 1),
            _ if self.fits(callee, next.limit) && depth + 1 + self.height(callee) <= MAX_DEPTH => {
                true
            }
            _ => self.walk(&next, depth + 1),
        }
    }

    /// Reports whether a callee is known to need at most `limit` bytes.
    fn fits(&mut self, callee: Callee, limit: i32) -> bool {
        let index = match callee {
            Callee::Function(index) if self.functions[index].nosplit => index,
            // With nothing else on the stack, it must be walked.
            Callee::Function(_) => return limit != TOP && limit >= CALL_SIZE,
            Callee::Checked(_) | Callee::Pointer => return limit >= CALL_SIZE,
            Callee::Morestack => return limit >= 0,
            Callee::Unknown(_) => return false,
        };
        if limit >= self.functions[index].fits || limit <= self.functions[index].fails {
            return limit >= self.functions[index].fits;
        }
        let fits = (0..self.functions[index].steps.len()).all(|step| {
            let Step { depth, callee } = self.functions[index].steps[step];
            let left = limit - depth;
            left >= 0 && callee.is_none_or(|callee| self.fits(callee, left - CALL_SIZE))
        });
        if fits {
            let steps = self.functions[index].steps.iter();
            let callees = steps.filter_map(|step| step.callee);
            let height = callees.map(|callee| 1 + self.height(callee)).max();
            let f = &mut self.functions[index];
            f.height = height.unwrap_or(0);
            f.fits = f.fits.min(limit);
        } else {
            let f = &mut self.functions[index];
            f.fails = f.fails.max(limit);
        }
        fits
    }

    /// Returns the length of the longest chain of calls below a callee that is known to fit.
    fn height(&self, callee: Callee) -> usize {
        match callee {
            Callee::Function(index) if self.functions[index].nosplit => {
                self.functions[index].height
            }
            // The call of morestack.
            Callee::Function(_) | Callee::Checked(_) | Callee::Pointer => 1,
            Callee::Morestack | Callee::Unknown(_) => 0,
        }
    }

    /// Reports that at the end of a chain `left` bytes would be left, and draws the chain.
    fn broke(&mut self, chain: &Chain, left: i32) {
        self.report(chain, left);
        let described = |callee| self.described(callee);
        self.trees.push(tree(chain, left, &described));
    }

    /// Reports that at the end of a chain `left` bytes would be left.
    fn report(&mut self, chain: &Chain, left: i32) {
        let name = self.name(chain.callee);
        let mut message = format!("{name}: nosplit stack overflow");
        self.explain(chain, left, &mut message);
        self.messages.push(message);
    }

    /// Returns the lines of Go's linker for a chain at whose end `left` bytes are left.
    fn explain(&self, chain: &Chain, left: i32, text: &mut String) {
        let name = self.described(chain.callee);
        let limit = chain.limit;
        match chain.up {
            None if self.is_nosplit(chain.callee) => {
                text.push_str(&format!("\n\t{limit}\tassumed on entry to {name}"));
            }
            None => text.push_str(&format!(
                "\n\t{limit}\tguaranteed after split check in {name}"
            )),
            Some(up) => {
                self.explain(up, limit + CALL_SIZE, text);
                text.push_str(&format!("\n\t{limit}\ton entry to {name}"));
            }
        }
        if limit != left {
            text.push_str(&format!("\n\t{left}\tafter {name} uses {}", limit - left));
        }
    }

    fn name(&self, callee: Callee) -> &str {
        match callee {
            Callee::Function(index) | Callee::Checked(index) => &self.functions[index].name,
            Callee::Morestack => MORESTACK,
            Callee::Pointer => "function pointer",
            Callee::Unknown(_) => "unknown function",
        }
    }

    fn is_nosplit(&self, callee: Callee) -> bool {
        match callee {
            Callee::Function(index) => self.functions[index].nosplit,
            Callee::Morestack => true,
            Callee::Checked(_) | Callee::Pointer | Callee::Unknown(_) => false,
        }
    }

    fn described(&self, callee: Callee) -> String {
        let mark = if self.is_nosplit(callee) {
            " (nosplit)"
        } else {
            ""
        };
        format!("{}{mark}", self.name(callee))
    }
}
