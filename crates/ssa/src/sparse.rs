//! Sets and maps of small integers with cheap clearing, whose order of elements is observable.
//!
//! A dense vector of members and an index into it (Briggs and Torczon). Removal moves the last member
//! into the hole; passes iterate the dense vector, so its order decides between equals
//! (gc: sparseset.go, sparsemap.go).

/// A set of ids below a bound.
#[derive(Clone, Debug, Default)]
pub struct SparseSet {
    dense: Vec<u32>,
    sparse: Vec<u32>,
}

impl SparseSet {
    /// Returns an empty set that can hold ids below `n`.
    pub fn new(n: usize) -> SparseSet {
        SparseSet {
            dense: Vec::new(),
            sparse: vec![0; n],
        }
    }

    /// Reserves memory for ids below `n`.
    pub fn reserve(&mut self, n: usize) {
        // An index counts only if the member there is the id.
        if self.sparse.len() < n {
            self.sparse.resize(n, 0);
        }
    }

    /// Returns the number of members.
    pub fn len(&self) -> usize {
        self.dense.len()
    }

    /// Reports whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.dense.is_empty()
    }

    /// Reports whether `id` is a member.
    pub fn contains(&self, id: u32) -> bool {
        self.dense.get(self.sparse[id as usize] as usize) == Some(&id)
    }

    /// Appends `id` unless it is a member.
    pub fn add(&mut self, id: u32) {
        if !self.contains(id) {
            self.sparse[id as usize] = self.dense.len() as u32;
            self.dense.push(id);
        }
    }

    /// Adds all of `ids` in order.
    pub fn add_all(&mut self, ids: &[u32]) {
        for &id in ids {
            self.add(id);
        }
    }

    /// Removes `id` if it is a member; the last member takes its place.
    pub fn remove(&mut self, id: u32) {
        if self.contains(id) {
            let hole = self.sparse[id as usize];
            self.dense.swap_remove(hole as usize);
            if let Some(&moved) = self.dense.get(hole as usize) {
                self.sparse[moved as usize] = hole;
            }
        }
    }

    /// Removes and returns the last member.
    pub fn pop(&mut self) -> Option<u32> {
        self.dense.pop()
    }

    /// Removes all members.
    pub fn clear(&mut self) {
        self.dense.clear();
    }

    /// Returns the members in their order.
    pub fn contents(&self) -> &[u32] {
        &self.dense
    }
}

/// A map from ids below a bound to `T`.
#[derive(Clone, Debug, Default)]
pub struct SparseMap<T> {
    dense: Vec<(u32, T)>,
    sparse: Vec<u32>,
}

impl<T: Copy> SparseMap<T> {
    /// Returns an empty map for ids below `n`.
    pub fn new(n: usize) -> SparseMap<T> {
        SparseMap {
            dense: Vec::new(),
            sparse: vec![0; n],
        }
    }

    /// Reserves memory for ids below `n`.
    pub fn reserve(&mut self, n: usize) {
        if self.sparse.len() < n {
            self.sparse.resize(n, 0);
        }
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.dense.len()
    }

    /// Reports whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.dense.is_empty()
    }

    fn index(&self, id: u32) -> Option<usize> {
        let at = self.sparse[id as usize] as usize;
        (self.dense.get(at)?.0 == id).then_some(at)
    }

    /// Reports whether `id` has an entry.
    pub fn contains(&self, id: u32) -> bool {
        self.index(id).is_some()
    }

    /// Returns the entry of `id`.
    pub fn get(&self, id: u32) -> Option<T> {
        self.index(id).map(|at| self.dense[at].1)
    }

    /// Replaces the entry of `id`, or appends one.
    pub fn set(&mut self, id: u32, value: T) {
        match self.index(id) {
            Some(at) => self.dense[at].1 = value,
            None => {
                self.sparse[id as usize] = self.dense.len() as u32;
                self.dense.push((id, value));
            }
        }
    }

    /// Removes the entry of `id` if there is one; the last entry takes its place.
    pub fn remove(&mut self, id: u32) {
        if let Some(at) = self.index(id) {
            self.dense.swap_remove(at);
            if let Some(&(moved, _)) = self.dense.get(at) {
                self.sparse[moved as usize] = at as u32;
            }
        }
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.dense.clear();
    }

    /// Returns the entries in their order.
    pub fn contents(&self) -> &[(u32, T)] {
        &self.dense
    }

    /// Returns the entries in their order, ids fixed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.dense.iter_mut().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removal_moves_the_last_member_into_the_hole() {
        let mut set = SparseSet::new(10);
        set.add_all(&[7, 2, 9, 2, 4]);
        set.remove(2);
        set.remove(3);
        assert_eq!(set.contents(), [7, 4, 9]);
        assert_eq!(set.pop(), Some(9));
        assert!(set.contains(4) && !set.contains(9) && !set.contains(0));

        let mut map = SparseMap::new(10);
        map.set(5, 'a');
        map.set(6, 'b');
        map.set(7, 'c');
        map.set(6, 'd');
        map.remove(5);
        assert_eq!(map.contents(), [(7, 'c'), (6, 'd')]);
        assert_eq!((map.get(6), map.get(5)), (Some('d'), None));
    }
}
