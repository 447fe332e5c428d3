//! Searches among the values of a large block for those at which a debugger may stop too early or too late.

use super::order::SourceOrder;
use crate::entity::{Block, Value};
use crate::func::Func;

/// The numbers of values at which a debugger may stop in one block, as trees: node `n` is above nodes `2 * n` and
/// `2 * n + 1`, and the values are the last nodes.
pub(super) struct Search {
    /// The values, in order of their ids, and their indices in the block.
    indices: Vec<(Value, usize)>,
    /// The number of leaves.
    n_leaves: usize,
    /// The least number below each node, or the largest possible one.
    least: Vec<u32>,
    /// The largest number below each node, or 0.
    largest: Vec<u32>,
}

impl Search {
    pub(super) fn new(f: &Func, b: Block, order: &SourceOrder) -> Search {
        let values = &f[b].values;
        let mut indices: Vec<(Value, usize)> = values.iter().copied().zip(0..).collect();
        indices.sort_unstable();
        let seen = values.iter().map(|&v| order.seen(f, v)).collect();
        Search {
            indices,
            ..Search::of_numbers(seen)
        }
    }

    /// Returns the search among values with these least and largest numbers, without their indices.
    fn of_numbers(seen: Vec<Option<(u32, u32)>>) -> Search {
        let n_leaves = seen.len().next_power_of_two();
        let mut least = vec![u32::MAX; 2 * n_leaves];
        let mut largest = vec![0; 2 * n_leaves];
        for (leaf, seen) in (n_leaves..).zip(seen) {
            if let Some(seen) = seen {
                (least[leaf], largest[leaf]) = seen;
            }
        }
        for node in (1..n_leaves).rev() {
            least[node] = least[2 * node].min(least[2 * node + 1]);
            largest[node] = largest[2 * node].max(largest[2 * node + 1]);
        }
        Search {
            indices: Vec::new(),
            n_leaves,
            least,
            largest,
        }
    }

    /// Returns the index of `v` in the block.
    pub(super) fn index(&self, v: Value) -> Option<usize> {
        let at = self.indices.binary_search_by_key(&v, |&(v, _)| v);
        at.ok().map(|at| self.indices[at].1)
    }

    /// Returns the first index below `end` of a value with a number above `number` that `accept` accepts.
    pub(super) fn first_above(
        &self,
        end: usize,
        number: u32,
        accept: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mut from = 0;
        while from < end {
            let found = self.next_above(from, number).filter(|&at| at < end)?;
            if accept(found) {
                return Some(found);
            }
            from = found + 1;
        }
        None
    }

    /// Returns the last index above `start` of a value with a number below `number` that `accept` accepts.
    pub(super) fn last_below(
        &self,
        start: usize,
        number: u32,
        accept: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mut to = self.n_leaves - 1;
        while to > start {
            let found = self.previous_below(to, number).filter(|&at| at > start)?;
            if accept(found) {
                return Some(found);
            }
            to = found - 1;
        }
        None
    }

    /// Returns the first index from `from` on with a number above `number`.
    fn next_above(&self, from: usize, number: u32) -> Option<usize> {
        let mut node = self.n_leaves + from;
        while self.largest[node] <= number {
            // The next tree to the right.
            while node % 2 == 1 {
                node /= 2;
            }
            if node == 0 {
                return None;
            }
            node += 1;
        }
        while node < self.n_leaves {
            node *= 2;
            node += usize::from(self.largest[node] <= number);
        }
        Some(node - self.n_leaves)
    }

    /// Returns the last index up to `to` with a number below `number`.
    fn previous_below(&self, to: usize, number: u32) -> Option<usize> {
        let mut node = self.n_leaves + to;
        while self.least[node] >= number {
            // The next tree to the left.
            while node.is_multiple_of(2) {
                node /= 2;
            }
            if node == 1 {
                return None;
            }
            node -= 1;
        }
        while node < self.n_leaves {
            node = 2 * node + 1;
            node -= usize::from(self.least[node] >= number);
        }
        Some(node - self.n_leaves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_scan_finds() {
        let numbers = [5, 9, 2, 7, 7, 1, 8, 3, 6, 4, 11];
        let search = Search::of_numbers(numbers.map(|n| Some((n, n))).into());
        for at in 0..numbers.len() {
            for number in 0..13 {
                let is_even = |at: usize| at.is_multiple_of(2);
                let first = (0..at).find(|&i| numbers[i] > number && is_even(i));
                assert_eq!(search.first_above(at, number, is_even), first);
                let last = (at + 1..numbers.len()).rfind(|&i| numbers[i] < number && is_even(i));
                assert_eq!(search.last_below(at, number, is_even), last);
            }
        }
    }
}
