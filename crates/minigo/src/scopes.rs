//! The scopes of local variables, for debuggers: the parts of files that blocks, statements and clauses are.

use std::collections::BTreeMap;
use std::ops::Range;

use minigo_base::{Pos, PosTable};
use minigo_syntax::ast::{Ast, DeclKind, Stmt, StmtKind};

/// The scopes of a package, but for whole functions.
#[derive(Default)]
pub(crate) struct Scopes {
    /// By file and beginning.
    all: Vec<Scope>,
    /// The scopes of each file.
    of_file: BTreeMap<String, Range<usize>>,
}

/// The beginnings and ends of the scopes of a package, in the order of statements.
pub(crate) struct Bounds(Vec<(Pos, Pos)>);

/// A line and a column.
pub(crate) type Place = (u32, u32);

/// The innermost scope at some places, if it is not a whole function.
pub(crate) struct Innermost {
    pub scope: Option<usize>,
    pub places: Range<Place>,
}

struct Scope {
    start: Place,
    end: Place,
    /// The scope that contains this one.
    parent: Option<usize>,
}

impl Bounds {
    /// Returns the bounds of the scopes in a tree.
    pub(crate) fn new(ast: &Ast) -> Bounds {
        let mut all = Vec::new();
        let mut add = |start: Pos, end: Pos| {
            // A line directive between them makes lines of one no lines of the other.
            if start.base() == end.base() {
                all.push((start, end));
            }
        };
        // Statements and declarations are in the same order.
        let mut bodies = ast
            .decls
            .values()
            .filter_map(|decl| match decl.kind {
                DeclKind::Func { body, .. } => body.expand(),
                _ => None,
            })
            .peekable();
        for (stmt, data) in ast.stmts.iter() {
            if bodies.next_if_eq(&stmt).is_some() {
                continue;
            }
            if let Some(end) = end(ast, stmt) {
                add(data.pos, end);
            }
            if let StmtKind::Switch { body, rbrace, .. } = data.kind {
                let clauses = &ast[body];
                for (index, &clause) in clauses.iter().enumerate() {
                    let next = clauses.get(index + 1);
                    let end = next.map_or(rbrace, |&next| ast.clauses[next].pos);
                    add(ast.clauses[clause].pos, end);
                }
            }
        }
        Bounds(all)
    }
}

impl Scopes {
    /// Returns the scopes with the given bounds. `positions` has all bases and the final names of files.
    pub(crate) fn new(bounds: Bounds, positions: &PosTable) -> Scopes {
        let mut files: BTreeMap<&str, Vec<Scope>> = BTreeMap::new();
        for same_base in bounds
            .0
            .chunk_by(|(one, _), (other, _)| one.base() == other.base())
        {
            let file = &*positions.base(same_base[0].0.base()).filename;
            let scopes = same_base.iter().map(|&(start, end)| Scope {
                start: place(start),
                end: place(end),
                parent: None,
            });
            files.entry(file).or_default().extend(scopes);
        }
        let mut all = Scopes::default();
        for (file, mut scopes) in files {
            scopes.sort_by_key(|scope| (scope.start, std::cmp::Reverse(scope.end)));
            let first = all.all.len();
            let mut open: Vec<usize> = Vec::new();
            for mut scope in scopes {
                while open
                    .pop_if(|&mut last| all.all[last].end <= scope.start)
                    .is_some()
                {}
                scope.parent = open.last().copied();
                open.push(all.all.len());
                all.all.push(scope);
            }
            all.of_file.insert(file.to_owned(), first..all.all.len());
        }
        all
    }

    /// Returns the scopes of a file.
    pub(crate) fn of_file(&self, filename: &str) -> Range<usize> {
        self.of_file.get(filename).cloned().unwrap_or_default()
    }

    /// Returns the innermost of the scopes of a file that contains a position in it, or none if that is a function's, and
    /// the positions around it for which that is so. The search is faster if not many scopes begin between that position
    /// and the beginning of the scope `near`.
    pub(crate) fn innermost(&self, of_file: Range<usize>, place: Place, near: usize) -> Innermost {
        const WINDOW: usize = 8;
        let scopes = &self.all[of_file.clone()];
        let near = near.saturating_sub(of_file.start);
        let first = near.saturating_sub(WINDOW).min(scopes.len());
        let last = (near + WINDOW).min(scopes.len());
        let is_near = scopes.get(first).is_some_and(|scope| scope.start <= place)
            && scopes.get(last).is_none_or(|scope| scope.start > place);
        let (first, last) = if is_near {
            (first, last)
        } else {
            (0, scopes.len())
        };
        let after = scopes[first..last].partition_point(|scope| scope.start <= place) + first;
        let mut scope = after.checked_sub(1).map(|last| of_file.start + last);
        let mut start = scope.map_or((0, 0), |last| self.all[last].start);
        while let Some(index) = scope
            && self.all[index].end <= place
        {
            start = start.max(self.all[index].end);
            scope = self.all[index].parent;
        }
        let last = (u32::MAX, u32::MAX);
        let next = scopes.get(after).map_or(last, |next| next.start);
        let end = scope.map_or(last, |index| self.all[index].end);
        Innermost {
            scope,
            places: start..next.min(end),
        }
    }

    /// Returns the scope that contains another one.
    pub(crate) fn parent(&self, scope: usize) -> Option<usize> {
        self.all[scope].parent
    }
}

/// Returns the place of a position in its file.
pub(crate) fn place(pos: Pos) -> Place {
    (pos.line(), pos.col())
}

/// Returns the end of a statement that is a scope.
fn end(ast: &Ast, stmt: Stmt) -> Option<Pos> {
    match ast.stmts[stmt].kind {
        StmtKind::Block { rbrace, .. } | StmtKind::Switch { rbrace, .. } => Some(rbrace),
        StmtKind::For { body, .. } => end(ast, body),
        StmtKind::If { then, els, .. } => match els.expand() {
            Some(els) => end(ast, els),
            None => end(ast, then),
        },
        _ => None,
    }
}
