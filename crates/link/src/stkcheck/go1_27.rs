//! The check of Go 1.21 and later. The height of a function is the stack that it and the functions that it calls need up to
//! the next check of the stack. From each function without callers, all paths that are too high are reported, in the order
//! and the words of Go's linker (gc: ld/stackcheck.go).

use std::collections::BTreeMap;

use minigo_obj::{Attrs, LSym, Sym, SymKind};

use super::{CALL_SIZE, Callee, LIMIT, MORESTACK, calls};
use crate::program::{Program, Resolved};

/// The height of functions that call themselves. Nothing is higher.
const CYCLE: i32 = i16::MAX as i32;
/// The version of the names of static functions in the first assembly file (gc: loader.go).
const FIRST_STATIC: usize = 11;

/// A function, or what stands for one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Node {
    /// A function, by index.
    Function(usize),
    /// A function, by index, that is taken to check the stack.
    Checked(usize),
    Indirect,
    Morestack,
    /// An undefined function.
    Undefined(Sym),
}

/// Bytes of stack that a function uses, and what it calls then; nothing if it only uses them.
#[derive(Clone, Copy)]
struct Edge {
    growth: i32,
    target: Option<Node>,
}

struct Check<'a> {
    program: &'a Program<'a>,
    resolved: &'a Resolved<'a>,
    heights: BTreeMap<Node, i32>,
    /// The calls of each function; none if no message needs them.
    graph: Option<BTreeMap<Node, Vec<Edge>>>,
}

/// Checks all functions. Returns the messages of Go's linker.
pub(crate) fn check(program: &Program, resolved: &Resolved) -> (Vec<String>, Vec<String>) {
    let limit = LIMIT - CALL_SIZE;
    let mut check = Check {
        program,
        resolved,
        heights: BTreeMap::new(),
        graph: None,
    };
    let functions = 0..resolved.symbols.len();
    let functions = functions.filter(|&n| resolved.symbols[n].kind == SymKind::STEXT);
    let failed: Vec<Node> = functions
        .map(Node::Function)
        .filter(|&node| check.height(node) > limit)
        .collect();
    if failed.is_empty() {
        return (Vec::new(), Vec::new());
    }
    check.heights.clear();
    check.graph = Some(BTreeMap::new());
    for node in failed {
        check.height(node);
    }
    let graph = check.graph.take().unwrap_or_default();
    let roots = check.roots(&graph);
    let messages = roots.into_iter().map(|root| {
        let mut report = Report {
            check: &check,
            graph: graph.clone(),
            chain: vec![(
                Edge {
                    growth: 0,
                    target: Some(root),
                },
                false,
            )],
            text: format!(
                "{}: nosplit stack over {limit} byte limit",
                check.plain_name(root)
            ),
        };
        report.paths(Some(root), limit);
        report.text
    });
    (messages.collect(), Vec::new())
}

impl Check<'_> {
    fn height(&mut self, node: Node) -> i32 {
        if let Some(&height) = self.heights.get(&node) {
            return height;
        }
        self.heights.insert(node, CYCLE);
        let (mut edges, local) = self.edges(node);
        let heights = edges.iter().map(|edge| match edge.target {
            // Go's linker doesn't look at what pointers lead to. Unless something else does, it takes the path for a cycle.
            Some(target) if node != Node::Indirect => edge.growth + self.height(target),
            _ => edge.growth,
        });
        let mut height = heights.max().unwrap_or(0);
        if local > height {
            height = local;
            edges.push(Edge {
                growth: local,
                target: None,
            });
        }
        let height = height.min(CYCLE);
        self.heights.insert(node, height);
        if let Some(graph) = &mut self.graph {
            graph.insert(node, edges);
        }
        height
    }

    /// Returns the calls of a function in their order, and the size of its frame if it doesn't check the stack.
    fn edges(&self, node: Node) -> (Vec<Edge>, i32) {
        let check = Edge {
            growth: CALL_SIZE,
            target: Some(Node::Morestack),
        };
        let index = match node {
            Node::Function(index) => index,
            Node::Checked(_) | Node::Indirect => return (vec![check], 0),
            Node::Morestack | Node::Undefined(_) => return (Vec::new(), 0),
        };
        let symbol = self.resolved.symbols[index];
        let name = self.program.name_of(symbol);
        if name.strip_prefix(MORESTACK) == Some("") {
            return (Vec::new(), 0);
        }
        if name.starts_with(MORESTACK) {
            return (vec![check], 0);
        }
        let Some(pcln) = &symbol.pcln else {
            return (Vec::new(), 0);
        };
        if !symbol.attrs.has(Attrs::NOSPLIT) {
            return (vec![check], 0);
        }
        let mut edges = Vec::new();
        let calls = calls(self.program, self.resolved, symbol);
        let mut calls = calls.into_iter().peekable();
        let mut local = 0;
        for (end, depth) in pcln.stack_depths() {
            local = local.max(depth);
            while let Some((_, callee)) = calls.next_if(|&(off, _)| off < end) {
                let growth = depth + CALL_SIZE;
                let target = Some(match callee {
                    Callee::Function(index) => Node::Function(index),
                    Callee::Checked(index) => Node::Checked(index),
                    Callee::Morestack => Node::Morestack,
                    Callee::Pointer => Node::Indirect,
                    Callee::Unknown(sym) => Node::Undefined(sym),
                });
                edges.push(Edge { growth, target });
            }
        }
        (edges, local)
    }

    /// Returns the functions that no other calls, the highest first, and of each ring of functions the first.
    fn roots(&self, graph: &BTreeMap<Node, Vec<Edge>>) -> Vec<Node> {
        let mut nodes: BTreeMap<Node, ()> = graph.keys().map(|&node| (node, ())).collect();
        for &node in graph.keys() {
            if !nodes.contains_key(&node) {
                continue;
            }
            for edge in &graph[&node] {
                let first = edge
                    .target
                    .and_then(|target| remove(node, target, graph, &mut nodes));
                if let Some(first) = first {
                    nodes.insert(first, ());
                }
            }
        }
        let mut roots: Vec<Node> = nodes.into_keys().collect();
        roots.sort_by_key(|root| (-self.heights[root], *root));
        roots
    }

    /// Returns the name of a function without its version.
    fn plain_name(&self, node: Node) -> String {
        match node {
            Node::Function(index) | Node::Checked(index) => self
                .program
                .name_of(self.resolved.symbols[index])
                .into_owned(),
            Node::Indirect => "indirect".to_owned(),
            Node::Morestack => MORESTACK.to_owned(),
            Node::Undefined(sym) => self.program.name(sym).into_owned(),
        }
    }

    /// Returns the name of a function with its version: 1 for those of the register convention, 0 for others, and for
    /// static functions the number of their file.
    fn name(&self, node: Node) -> String {
        let version = match node {
            Node::Indirect => return self.plain_name(node),
            Node::Function(index) => self.version(self.resolved.symbols[index]),
            Node::Checked(_) => 1,
            Node::Morestack | Node::Undefined(_) => 0,
        };
        format!("{}<{version}>", self.plain_name(node))
    }

    fn version(&self, symbol: &LSym) -> usize {
        let is_static = symbol.sym.is_some_and(|sym| self.program.is_static(sym));
        if !is_static {
            return usize::from(symbol.attrs.has(Attrs::ABI_INTERNAL));
        }
        let assembly = |s: &&&LSym| {
            s.kind == SymKind::STEXT
                && !s.attrs.has(Attrs::ABI_INTERNAL)
                && !s.attrs.has(Attrs::ABI_WRAPPER)
        };
        let file = |s: &LSym| s.pcln.as_ref()?.files.first().cloned();
        let mut files: Vec<_> = self
            .program
            .symbols
            .iter()
            .filter(assembly)
            .map(|s| file(s))
            .collect();
        files.dedup();
        let own = file(symbol);
        let number = files.iter().position(|file| *file == own);
        FIRST_STATIC + number.unwrap_or(0)
    }
}

/// Removes a function and all that it calls. Returns the first of the functions on the way to `origin`, if `origin` is
/// called again.
fn remove(
    origin: Node,
    node: Node,
    graph: &BTreeMap<Node, Vec<Edge>>,
    nodes: &mut BTreeMap<Node, ()>,
) -> Option<Node> {
    nodes.remove(&node)?;
    if node == origin {
        return Some(node);
    }
    let mut first = None;
    for edge in graph.get(&node).into_iter().flatten() {
        if let Some(target) = edge.target
            && let Some(found) = remove(origin, target, graph, nodes)
        {
            first = Some(found.min(first.unwrap_or(node)));
        }
    }
    first
}

/// The message about one root.
struct Report<'a> {
    check: &'a Check<'a>,
    /// The calls of each function. A function on the chain has none here.
    graph: BTreeMap<Node, Vec<Edge>>,
    /// The edges from the root on, and whether they are in the message.
    chain: Vec<(Edge, bool)>,
    text: String,
}

impl Report<'_> {
    /// Adds all paths from a node on which more than `left` bytes are used.
    fn paths(&mut self, node: Option<Node>, left: i32) {
        let edges = node.map_or(Some(Vec::new()), |node| self.graph.remove(&node));
        let is_cycle = edges.is_none();
        let edges = edges.unwrap_or_default();
        for &edge in &edges {
            self.chain.push((edge, false));
            self.paths(edge.target, left - edge.growth);
            self.chain.pop();
        }
        if edges.is_empty() && (left < 0 || is_cycle) {
            self.path(left, is_cycle);
        }
        if let Some(node) = node.filter(|_| !is_cycle) {
            self.graph.insert(node, edges);
        }
    }

    fn path(&mut self, left: i32, is_cycle: bool) {
        let mut indent = String::new();
        for n in 0..self.chain.len() {
            let (edge, printed) = self.chain[n];
            if printed {
                continue;
            }
            self.chain[n].1 = true;
            let name = edge.target.map(|target| self.check.name(target));
            if n == 0 {
                self.text
                    .push_str(&format!("\n{}", name.unwrap_or_default()));
                continue;
            }
            indent = "    ".repeat(n);
            self.text
                .push_str(&format!("\n{indent}grows {} bytes", edge.growth));
            if let Some(name) = name {
                self.text.push_str(&format!(", calls {name}"));
            }
        }
        self.text.push_str(&match is_cycle {
            true => format!("\n{indent}infinite cycle"),
            false => format!("\n{indent}{} bytes over limit", -left),
        });
    }
}
