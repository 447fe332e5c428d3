//! Lookup tables for clauses that return constants (gc: switch.go, tryLookupTable).
//!
//! The table has an entry for each value between the smallest and the largest of these clauses. Values of other clauses,
//! and those of no clause unless the default clause returns a constant, are masked out and searched as ever.

use crate::fold::sort_key;
use crate::ir::{Aux, External, Func, Node, NodeData, Op, Static, Type};
use crate::walk::Walk;

/// The number of values from which there may be a table.
const MIN_VALUES: usize = 4;
/// The percentage of entries that clauses must have.
const MIN_DENSITY: i128 = 40;
/// The largest table whose mask is a number.
const MAX_MASK_BITS: usize = 64;

/// Reports whether a switch has too few values for a table.
pub(crate) fn is_small(f: &Func, switch: &NodeData) -> bool {
    let clauses = f.slice(&switch.list).iter();
    let values = clauses.map(|&clause| f.nodes[clause].list.len(&f.pool));
    values.sum::<usize>() < MIN_VALUES
}

/// The clauses of a switch, as far as a table is concerned.
struct Clauses {
    /// The values and results of clauses that return constants, and the clauses.
    constants: Vec<(i64, Node)>,
    returning: Vec<Node>,
    /// The values of others.
    excluded: Vec<i64>,
    /// The constant that the default clause returns.
    default: Option<Node>,
}

impl Walk<'_, '_> {
    /// Emits a lookup of `tag` in a table and removes the clauses that the table replaces, if there are enough of them.
    pub(super) fn lookup_table(&mut self, n: Node, tag: Node, out: &mut Vec<Node>) {
        let pos = self.f.nodes[n].pos;
        if !self.front.lookup_tables
            || !self.optimize
            || !self.f.nodes[tag].ty.is_integer()
            || self.f.signature.results.len() != 1
        {
            return;
        }
        let Some(clauses) = self.table_clauses(n) else {
            return;
        };
        let values = || clauses.constants.iter().map(|&(value, _)| value);
        let (Some(min), Some(max)) = (values().min(), values().max()) else {
            return;
        };
        let width = i128::from(max) - i128::from(min);
        if clauses.constants.len() < MIN_VALUES
            || 100 * (clauses.constants.len() as i128) < MIN_DENSITY * (width + 1)
        {
            return;
        }
        let size = width as usize + 1;
        let result = self.f.signature.results[0].ty;
        let mut entries: Vec<Option<Node>> = vec![clauses.default; size];
        for &value in &clauses.excluded {
            if (min..=max).contains(&value) {
                entries[value.wrapping_sub(min) as usize] = None;
            }
        }
        for &(value, constant) in &clauses.constants {
            entries[value.wrapping_sub(min) as usize] = Some(constant);
        }
        let content = entries.iter().flat_map(|&entry| self.bytes(entry, result));
        let content = content.collect();
        let table = self.new_table(result, content);
        let is_masked = entries.contains(&None);
        let mask_table = (is_masked && size > MAX_MASK_BITS).then(|| {
            let valid = entries.iter().map(|entry| u8::from(entry.is_some()));
            let valid = valid.collect();
            self.new_table(Type::UINT8, valid)
        });

        // index := uint(int(tag) - min)
        let mut index = self.conversion(Type::INT, tag);
        if min != 0 {
            let min = self.f.node(pos, Op::Literal, Type::INT, Aux::Int(min));
            index = self.f.binary(pos, Op::Sub, Type::INT, index, min);
        }
        let index = self.conversion(Type::UINT, index);
        let index = self.copy_expr(index, out);
        // if index <= width { return table[index] }
        let last = Aux::Int(width as i64);
        let last = self.f.node(pos, Op::Literal, Type::UINT, last);
        let in_bounds = self.f.binary(pos, Op::Le, Type::BOOL, index, last);
        let lookup = self.f.binary(pos, Op::Index, result, table, index);
        let leave = self.f.node(pos, Op::Return, Type::VOID, Aux::None);
        self.f.nodes[leave].list = self.f.list(&[lookup]);
        let mut body = leave;
        if is_masked {
            let test = match mask_table {
                Some(mask) => {
                    let valid = self.f.binary(pos, Op::Index, Type::UINT8, mask, index);
                    let zero = self.f.node(pos, Op::Literal, Type::UINT8, Aux::Int(0));
                    self.f.binary(pos, Op::Ne, Type::BOOL, valid, zero)
                }
                None => self.mask_test(&entries, index, n),
            };
            body = self.f.unary(pos, Op::If, Type::VOID, test);
            self.f.nodes[body].body = self.f.list(&[leave]);
        }
        let test = self.f.unary(pos, Op::If, Type::VOID, in_bounds);
        self.f.nodes[test].body = self.f.list(&[body]);
        out.push(test);

        let list = self.f.nodes[n].list;
        let rest = self.f.slice(&list).iter().copied();
        let rest: Vec<Node> = rest
            .filter(|clause| !clauses.returning.contains(clause))
            .collect();
        self.f.nodes[n].list = self.f.list(&rest);
    }

    /// Sorts the clauses out. Returns none if a value isn't an integer constant.
    fn table_clauses(&self, n: Node) -> Option<Clauses> {
        let mut clauses = Clauses {
            constants: Vec::new(),
            returning: Vec::new(),
            excluded: Vec::new(),
            default: None,
        };
        let mut falls = false;
        for &clause in self.f.slice(&self.f.nodes[n].list) {
            let node = &self.f.nodes[clause];
            let body = self.f.slice(&node.body);
            let is_target = falls;
            falls = body.last().is_some_and(|&n| self.f.nodes[n].op == Op::Fall);
            let constant = self.returned_constant(body);
            if node.list.is_empty() {
                clauses.default = constant.filter(|_| !is_target);
                continue;
            }
            let values = self.f.slice(&node.list).iter();
            let values = values.map(|&value| match self.f.nodes[value] {
                NodeData {
                    op: Op::Literal,
                    aux: Aux::Int(number),
                    ty,
                    ..
                } => i64::try_from(sort_key(number, ty)).ok(),
                _ => None,
            });
            let values = values.collect::<Option<Vec<i64>>>()?;
            match constant {
                Some(constant) if !is_target && !falls => {
                    let values = values.into_iter();
                    clauses
                        .constants
                        .extend(values.map(|value| (value, constant)));
                    clauses.returning.push(clause);
                }
                _ => clauses.excluded.extend(values),
            }
        }
        Some(clauses)
    }

    /// Returns the constant that statements return, if they do nothing else.
    fn returned_constant(&self, body: &[Node]) -> Option<Node> {
        let [leave] = *body else {
            return None;
        };
        let node = &self.f.nodes[leave];
        let [result] = *self.f.slice(&node.list) else {
            return None;
        };
        let is_constant = node.op == Op::Return && self.f.nodes[result].op == Op::Literal;
        is_constant.then_some(result)
    }

    /// Returns the bytes of an entry.
    fn bytes(&self, entry: Option<Node>, ty: Type) -> Vec<u8> {
        let value = match entry.map(|entry| self.f.nodes[entry].aux) {
            Some(Aux::Int(value)) => value,
            Some(Aux::Bool(value)) => i64::from(value),
            _ => 0,
        };
        value.to_le_bytes()[..ty.size() as usize].to_vec()
    }

    /// Adds a table with elements of type `ty`, and returns its name.
    fn new_table(&mut self, ty: Type, content: Box<[u8]>) -> Node {
        let number = u32::try_from(self.statics.len()).expect("fewer than 2^32 constants");
        self.statics.push(Static {
            ty,
            value: Aux::None,
            text: None,
            table: Some(content),
        });
        let aux = Aux::External(External::Static(number));
        self.f.node(self.line, Op::Name, ty, aux)
    }

    fn conversion(&mut self, ty: Type, n: Node) -> Node {
        match self.f.nodes[n].ty == ty {
            true => n,
            false => self.f.convert(self.line, ty, n),
        }
    }

    /// Makes `mask >> index & 1 != 0`.
    fn mask_test(&mut self, entries: &[Option<Node>], index: Node, n: Node) -> Node {
        let pos = self.f.nodes[n].pos;
        let ty = Type::UINTPTR;
        let valid = entries.iter().enumerate();
        let mask = valid.fold(0u64, |mask, (i, entry)| {
            mask | u64::from(entry.is_some()) << i
        });
        let [mask, one, zero] = [mask as i64, 1, 0].map(Aux::Int);
        let mask = self.f.node(pos, Op::Literal, ty, mask);
        let shifted = self.f.binary(pos, Op::Rsh, ty, mask, index);
        let one = self.f.node(pos, Op::Literal, ty, one);
        let bit = self.f.binary(pos, Op::And, ty, shifted, one);
        let zero = self.f.node(pos, Op::Literal, ty, zero);
        self.f.binary(pos, Op::Ne, Type::BOOL, bit, zero)
    }
}
