//! Sets of small numbers.

use smallvec::SmallVec;

/// A set of small numbers, a bit for each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits(SmallVec<[u64; 2]>);

impl Bits {
    /// Adds a number.
    pub(crate) fn insert(&mut self, n: usize) {
        if self.0.len() <= n / 64 {
            self.0.resize(n / 64 + 1, 0);
        }
        self.0[n / 64] |= 1 << (n % 64);
    }

    /// Removes a number.
    pub(crate) fn remove(&mut self, n: usize) {
        if let Some(word) = self.0.get_mut(n / 64) {
            *word &= !(1 << (n % 64));
        }
    }

    /// Removes all numbers.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Reports whether a number is a member.
    #[inline]
    pub(crate) fn contains(&self, n: usize) -> bool {
        let word = self.0.get(n / 64);
        word.is_some_and(|word| word >> (n % 64) & 1 != 0)
    }

    /// Returns the lowest number that is no member.
    pub(crate) fn first_missing(&self) -> usize {
        let full = self.0.iter().take_while(|&&word| word == u64::MAX).count();
        let next = self.0.get(full).map_or(0, |word| word.trailing_ones());
        full * 64 + next as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_missing_number_is_found() {
        let mut bits = Bits::default();
        assert_eq!(bits.first_missing(), 0);
        for n in (0..200).filter(|&n| n != 130) {
            bits.insert(n);
        }
        assert_eq!(bits.first_missing(), 130);
        bits.insert(130);
        assert_eq!(bits.first_missing(), 200);
        bits.remove(130);
        bits.remove(1000);
        assert_eq!(bits.first_missing(), 130);
        assert!(bits.contains(199) && !bits.contains(200) && !bits.contains(1000));
    }
}
