//! The sorts of Go's library that aren't stable. The order of equal elements is observable, so both make the same
//! comparisons and exchanges as Go, in the same order.
//!
//! [`sort`] is Go 1.15's `sort.Sort` (Go: sort/sort.go): quicksort with the median of three as pivot (of nine for
//! long slices). Where that gets too deep, it is heapsort. At most twelve elements are sorted by one round of
//! Shell's sort, then insertion sort.
//!
//! [`pdqsort`] is Go 1.27's `slices.SortFunc` (Go: slices/zsortanyfunc.go): pattern-defeating quicksort. It looks for
//! sorted and reversed ranges, scatters elements after an unbalanced partition, and is heapsort after too many of
//! those. At most twelve elements are sorted by insertion, so equal ones keep their order.

use std::ops::Range;

/// Sorts `data` so that no element is `less` than the one before it.
pub fn sort<T>(data: &mut [T], less: impl FnMut(&T, &T) -> bool) {
    let all = 0..data.len();
    // Twice the number of bits of the length.
    let max_depth = 2 * (usize::BITS - data.len().leading_zeros());
    Sorter { data, less }.quick_sort(all, max_depth);
}

/// Sorts `data` so that no element is `less` than the one before it.
pub fn pdqsort<T>(data: &mut [T], less: impl FnMut(&T, &T) -> bool) {
    let all = 0..data.len();
    // The number of bits of the length.
    let bad_pivots = usize::BITS - data.len().leading_zeros();
    Sorter { data, less }.pdq_sort(all, bad_pivots);
}

/// The order of the elements among which a pivot was chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Unknown,
    Increasing,
    Decreasing,
}

struct Sorter<'a, T, F> {
    data: &'a mut [T],
    less: F,
}

impl<T, F: FnMut(&T, &T) -> bool> Sorter<'_, T, F> {
    fn less(&mut self, a: usize, b: usize) -> bool {
        (self.less)(&self.data[a], &self.data[b])
    }

    /// Exchanges two elements if the first is less than the second. Reports whether it did.
    fn swap_if_less(&mut self, a: usize, b: usize) -> bool {
        let less = self.less(a, b);
        if less {
            self.data.swap(a, b);
        }
        less
    }

    fn quick_sort(&mut self, mut range: Range<usize>, mut depth: u32) {
        while range.len() > 12 {
            if depth == 0 {
                return self.heap_sort(range);
            }
            depth -= 1;
            let equal = self.partition(range.clone());
            // Recursion only into the shorter part keeps the depth logarithmic.
            let (below, above) = (range.start..equal.start, equal.end..range.end);
            if below.len() < above.len() {
                self.quick_sort(below, depth);
                range = above;
            } else {
                self.quick_sort(above, depth);
                range = below;
            }
        }
        if range.len() > 1 {
            for at in range.start + 6..range.end {
                self.swap_if_less(at, at - 6);
            }
            self.insertion_sort(range);
        }
    }

    fn insertion_sort(&mut self, range: Range<usize>) {
        for end in range.start + 1..range.end {
            let mut at = end;
            while at > range.start && self.swap_if_less(at, at - 1) {
                at -= 1;
            }
        }
    }

    fn heap_sort(&mut self, range: Range<usize>) {
        let (first, n) = (range.start, range.len());
        for root in (0..=(n - 1) / 2).rev() {
            self.sift_down(first, root, n);
        }
        for last in (0..n).rev() {
            self.data.swap(first, first + last);
            self.sift_down(first, 0, last);
        }
    }

    /// Restores the heap of `n` elements that starts at `first` when only `root` may be out of place.
    fn sift_down(&mut self, first: usize, mut root: usize, n: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= n {
                return;
            }
            if child + 1 < n && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.swap_if_less(first + root, first + child) {
                return;
            }
            root = child;
        }
    }

    /// Moves the median of three elements to `middle`, the smallest to `low`, the largest to `high`.
    fn median_of_three(&mut self, middle: usize, low: usize, high: usize) {
        self.swap_if_less(middle, low);
        if self.swap_if_less(high, middle) {
            self.swap_if_less(middle, low);
        }
    }

    /// Chooses a pivot and moves it to the start of the range.
    fn choose_pivot(&mut self, range: Range<usize>) {
        let (low, last) = (range.start, range.end - 1);
        let middle = (range.start + range.end) / 2;
        if range.len() > 40 {
            let step = range.len() / 8;
            self.median_of_three(low, low + step, low + 2 * step);
            self.median_of_three(middle, middle - step, middle + step);
            self.median_of_three(last, last - step, last - 2 * step);
        }
        self.median_of_three(low, middle, last);
    }

    /// Splits a range into elements less than a pivot, equal to it, and greater. Returns the middle part.
    fn partition(&mut self, range: Range<usize>) -> Range<usize> {
        self.choose_pivot(range.clone());
        let (pivot, last) = (range.start, range.end - 1);
        // From `pivot + 1`: less up to a, not greater up to b, unknown up to c, then greater.
        let (mut a, mut c) = (pivot + 1, last);
        while a < c && self.less(a, pivot) {
            a += 1;
        }
        let mut b = a;
        loop {
            while b < c && !self.less(pivot, b) {
                b += 1;
            }
            while b < c && self.less(pivot, c - 1) {
                c -= 1;
            }
            if b >= c {
                break;
            }
            self.data.swap(b, c - 1);
            b += 1;
            c -= 1;
        }
        // If few elements are greater, many may be equal. These are moved to the middle.
        let mut gather = range.end - c < 5;
        if !gather && range.end - c < range.len() / 4 {
            let mut n_equal = 0;
            if !self.less(pivot, last) {
                self.data.swap(c, last);
                c += 1;
                n_equal += 1;
            }
            if !self.less(b - 1, pivot) {
                b -= 1;
                n_equal += 1;
            }
            let middle = (range.start + range.end) / 2;
            if !self.less(middle, pivot) {
                self.data.swap(middle, b - 1);
                b -= 1;
                n_equal += 1;
            }
            gather = n_equal > 1;
        }
        if gather {
            loop {
                while a < b && !self.less(b - 1, pivot) {
                    b -= 1;
                }
                while a < b && self.less(a, pivot) {
                    a += 1;
                }
                if a >= b {
                    break;
                }
                self.data.swap(a, b - 1);
                a += 1;
                b -= 1;
            }
        }
        self.data.swap(pivot, b - 1);
        b - 1..c
    }
}

/// Pattern-defeating quicksort.
impl<T, F: FnMut(&T, &T) -> bool> Sorter<'_, T, F> {
    /// Sorts a range. After `bad_pivots` unbalanced partitions heapsort does the rest.
    fn pdq_sort(&mut self, mut range: Range<usize>, mut bad_pivots: u32) {
        let (mut balanced, mut partitioned) = (true, true);
        while range.len() > 12 {
            if bad_pivots == 0 {
                return self.heap_sort(range);
            }
            if !balanced {
                self.break_patterns(range.clone());
                bad_pivots -= 1;
            }
            let (mut pivot, mut hint) = self.choose_pdq_pivot(range.clone());
            if hint == Hint::Decreasing {
                self.data[range.clone()].reverse();
                pivot = range.end - 1 - (pivot - range.start);
                hint = Hint::Increasing;
            }
            if balanced
                && partitioned
                && hint == Hint::Increasing
                && self.partial_insertion_sort(range.clone())
            {
                return;
            }
            // The element before the range is a pivot of before: nothing in the range is less than it. If it
            // equals this pivot, everything that equals the pivot is in its final place at the start.
            if range.start > 0 && !self.less(range.start - 1, pivot) {
                range.start = self.partition_equal(range.clone(), pivot);
                continue;
            }
            let middle;
            (middle, partitioned) = self.partition_around(range.clone(), pivot);
            let (below, above) = (range.start..middle, middle + 1..range.end);
            // The pivot counts as a part of the elements above it.
            let n_above = range.end - middle;
            let threshold = range.len() / 8;
            if below.len() < n_above {
                balanced = below.len() >= threshold;
                self.pdq_sort(below, bad_pivots);
                range = above;
            } else {
                balanced = n_above >= threshold;
                self.pdq_sort(above, bad_pivots);
                range = below;
            }
        }
        self.insertion_sort(range);
    }

    /// Splits a range into elements less than the one at `pivot`, that one, and the others. Returns its new
    /// index and whether the others of the range were in place already.
    fn partition_around(&mut self, range: Range<usize>, pivot: usize) -> (usize, bool) {
        let first = range.start;
        self.data.swap(first, pivot);
        // Unknown elements are in low..high.
        let (mut low, mut high) = (first + 1, range.end);
        let mut in_place = true;
        loop {
            while low < high && self.less(low, first) {
                low += 1;
            }
            while low < high && !self.less(high - 1, first) {
                high -= 1;
            }
            if low >= high {
                break;
            }
            in_place = false;
            self.data.swap(low, high - 1);
            low += 1;
            high -= 1;
        }
        self.data.swap(high - 1, first);
        (high - 1, in_place)
    }

    /// Moves the elements that equal the one at `pivot` to the start of the range, which has none less than it.
    /// Returns where they end.
    fn partition_equal(&mut self, range: Range<usize>, pivot: usize) -> usize {
        let first = range.start;
        self.data.swap(first, pivot);
        let (mut low, mut high) = (first + 1, range.end);
        loop {
            while low < high && !self.less(first, low) {
                low += 1;
            }
            while low < high && self.less(first, high - 1) {
                high -= 1;
            }
            if low >= high {
                return low;
            }
            self.data.swap(low, high - 1);
            low += 1;
            high -= 1;
        }
    }

    /// Sorts a range that has few elements out of place. Returns whether it is sorted then.
    fn partial_insertion_sort(&mut self, range: Range<usize>) -> bool {
        let mut at = range.start + 1;
        for _ in 0..5 {
            while at < range.end && !self.less(at, at - 1) {
                at += 1;
            }
            if at == range.end {
                return true;
            }
            if range.len() < 50 {
                return false;
            }
            self.data.swap(at, at - 1);
            if at - range.start >= 2 {
                // Not bounded by the range: what is before it is not greater.
                let mut down = at - 1;
                while down >= 1 && self.swap_if_less(down, down - 1) {
                    down -= 1;
                }
            }
            if range.end - at >= 2 {
                let mut up = at + 1;
                while up < range.end && self.swap_if_less(up, up - 1) {
                    up += 1;
                }
            }
        }
        false
    }

    /// Exchanges three elements around the middle of a range with pseudorandom ones.
    fn break_patterns(&mut self, range: Range<usize>) {
        let n = range.len();
        // Marsaglia's xorshift with the length as seed.
        let mut random = n as u64;
        let mask = (1 << (usize::BITS - n.leading_zeros())) - 1;
        let middle = range.start + n / 4 * 2;
        for at in middle - 1..=middle + 1 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut other = random as usize & mask;
            if other >= n {
                other -= n;
            }
            self.data.swap(at, range.start + other);
        }
    }

    /// Returns the index of the median of three elements, or of three medians in a long range, and the order in
    /// which all of them were found. Short ranges are never found to be decreasing.
    fn choose_pdq_pivot(&mut self, range: Range<usize>) -> (usize, Hint) {
        let quarter = range.len() / 4;
        let mut quartiles = [1, 2, 3].map(|i| range.start + quarter * i);
        let mut inversions = 0;
        if range.len() >= 50 {
            quartiles = quartiles.map(|at| self.median([at - 1, at, at + 1], &mut inversions));
        }
        let pivot = self.median(quartiles, &mut inversions);
        let hint = match inversions {
            0 => Hint::Increasing,
            // Each of three comparisons for each of four medians.
            12 => Hint::Decreasing,
            _ => Hint::Unknown,
        };
        (pivot, hint)
    }

    /// Returns which of three indices has the median. Adds the number of exchanges that sorting them takes to
    /// `inversions`.
    fn median(&mut self, mut indices: [usize; 3], inversions: &mut u32) -> usize {
        for at in [0, 1, 0] {
            if self.less(indices[at + 1], indices[at]) {
                indices.swap(at, at + 1);
                *inversions += 1;
            }
        }
        indices[1]
    }
}

/// The expected permutations are those of Go 1.15's `sort.Sort` and Go 1.27's `slices.SortFunc` on the same keys.
#[cfg(test)]
mod tests {
    use super::{pdqsort, sort};

    /// Returns `n` keys below `modulus`.
    fn keys(n: usize, modulus: u32) -> Vec<u32> {
        let mut x = 1u32;
        let next = || {
            x = x.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (x >> 16) % modulus
        };
        std::iter::repeat_with(next).take(n).collect()
    }

    /// Sorts indices by `n` keys below `modulus`. Returns them and the number of comparisons.
    fn sorted(n: usize, modulus: u32) -> (Vec<usize>, u32) {
        let keys = keys(n, modulus);
        let mut ids: Vec<usize> = (0..n).collect();
        let mut n_less = 0;
        sort(&mut ids, |&a, &b| {
            n_less += 1;
            keys[a] < keys[b]
        });
        (ids, n_less)
    }

    /// Sorts indices by key with [`pdqsort`]. Returns them and the number of comparisons.
    fn pdqsorted(keys: &[u32]) -> (Vec<usize>, u32) {
        let mut ids: Vec<usize> = (0..keys.len()).collect();
        let mut n_less = 0;
        pdqsort(&mut ids, |&a, &b| {
            n_less += 1;
            keys[a] < keys[b]
        });
        (ids, n_less)
    }

    /// Returns the FNV-1a hash of the indices, two bytes each.
    fn hash(ids: &[usize]) -> u32 {
        let bytes = ids.iter().flat_map(|&id| (id as u16).to_le_bytes());
        bytes.fold(0x811c_9dc5, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }

    #[test]
    fn short_slices() {
        assert_eq!(sorted(7, 3), (vec![1, 2, 3, 4, 5, 0, 6], 11));
        let twelve = vec![8, 10, 2, 0, 1, 9, 6, 5, 7, 3, 4, 11];
        assert_eq!(sorted(12, 4), (twelve, 28));
        let twenty = vec![
            8, 1, 13, 12, 0, 9, 6, 19, 7, 5, 4, 11, 3, 2, 14, 15, 16, 17, 18, 10,
        ];
        assert_eq!(sorted(20, 2), (twenty, 46));
    }

    #[test]
    fn long_slices() {
        for (n, modulus, n_less, expected) in [
            (13, 1, 25, 0x7268_3d61),
            (41, 5, 167, 0xfe01_55fd),
            (100, 7, 526, 0x715a_d055),
            (1000, 1, 2005, 0xb8ed_8ab5),
            (1000, 3, 3714, 0x9f0a_6755),
            (1000, 40, 7771, 0x6dbb_1ab1),
            (5000, 100_000, 62714, 0x1907_b6b9),
        ] {
            let (ids, less) = sorted(n, modulus);
            assert_eq!((less, hash(&ids)), (n_less, expected), "{n} {modulus}");
        }
    }

    /// McIlroy's "killer adversary" fixes keys as late as possible, which makes quicksort quadratic, so that heapsort
    /// takes over.
    #[test]
    fn adversary() {
        let against_sort = adversary_of(|ids, less| sort(ids, less));
        assert_eq!(against_sort, (76838, 0xf456_39e5));
        let against_pdqsort = adversary_of(|ids, less| pdqsort(ids, less));
        assert_eq!(against_pdqsort, (14215, 0x500a_15cd));
    }

    /// Returns the number of comparisons and the hash of the permutation.
    fn adversary_of(
        sort: impl Fn(&mut [usize], &mut dyn FnMut(&usize, &usize) -> bool),
    ) -> (u32, u32) {
        let n = 2000;
        let gas = n - 1;
        let mut keys = vec![gas; n];
        let (mut solid, mut candidate, mut n_less) = (0, 0, 0);
        let mut ids: Vec<usize> = (0..n).collect();
        sort(&mut ids, &mut |&a, &b| {
            n_less += 1;
            if keys[a] == gas && keys[b] == gas {
                keys[if a == candidate { a } else { b }] = solid;
                solid += 1;
            }
            if keys[a] == gas {
                candidate = a;
            } else if keys[b] == gas {
                candidate = b;
            }
            keys[a] < keys[b]
        });
        (n_less, hash(&ids))
    }

    #[test]
    fn pdqsort_of_short_slices() {
        let sorted = |n, modulus| pdqsorted(&keys(n, modulus));
        assert_eq!(sorted(7, 3), (vec![1, 2, 3, 4, 5, 0, 6], 10));
        let twelve = vec![8, 2, 10, 0, 1, 6, 9, 3, 4, 5, 7, 11];
        assert_eq!(sorted(12, 4), (twelve, 34));
        let twenty = vec![
            8, 1, 19, 13, 12, 0, 6, 9, 10, 7, 5, 11, 4, 3, 14, 15, 16, 17, 18, 2,
        ];
        assert_eq!(sorted(20, 2), (twenty, 45));
    }

    #[test]
    fn pdqsort_of_long_slices() {
        for (n, modulus, n_less, expected) in [
            (13, 1, 15, 0x7268_3d61),
            (41, 5, 153, 0x1c58_2045),
            (64, 2, 218, 0x198a_96cd),
            (100, 7, 426, 0xa2d5_539d),
            (300, 3, 861, 0x43f2_c491),
            (300, 1, 311, 0x1794_53a1),
            (500, 12, 2618, 0xb750_48d5),
            (1000, 1, 1011, 0xb8ed_8ab5),
            (1000, 3, 2736, 0xd913_2901),
            (1000, 40, 7131, 0x1562_cfb5),
            (5000, 100_000, 63024, 0xd30e_bfe9),
        ] {
            let (ids, less) = pdqsorted(&keys(n, modulus));
            assert_eq!((less, hash(&ids)), (n_less, expected), "{n} {modulus}");
        }
    }

    /// Patterns that the sort looks for: descending, nearly sorted, ascending and descending again, repeated.
    #[test]
    fn pdqsort_of_patterns() {
        for (n, expected) in [
            (
                20,
                [
                    (54, 0xab8e_ed8d),
                    (73, 0x61c3_9d45),
                    (54, 0xf62b_2265),
                    (88, 0xabbb_9535),
                    (83, 0x8712_d625),
                    (73, 0x74c5_f965),
                ],
            ),
            (
                60,
                [
                    (288, 0xc7cd_44e5),
                    (124, 0xfd82_32a5),
                    (124, 0x36ac_e5f5),
                    (276, 0x55d8_d4ad),
                    (355, 0x55a7_11c5),
                    (282, 0xfa89_9115),
                ],
            ),
            (
                200,
                [
                    (970, 0x5c1a_864d),
                    (404, 0x3cf0_3045),
                    (404, 0x96fe_5d45),
                    (1377, 0x1d65_3a65),
                    (1077, 0x1c6b_43ad),
                    (1167, 0x97e5_04c5),
                ],
            ),
        ] {
            let patterns: [&dyn Fn(u32) -> u32; 6] = [
                &|i| (n - i) / 2,
                &|i| if i == n - 3 { 5 } else { i },
                &|i| if i == 3 { n - 5 } else { i },
                &|i| i.min(n - i) / 2,
                &|i| i % 7,
                &|i| if i < n / 2 { i + n } else { i },
            ];
            let found = patterns.map(|pattern| {
                let (ids, n_less) = pdqsorted(&(0..n).map(pattern).collect::<Vec<u32>>());
                (n_less, hash(&ids))
            });
            assert_eq!(found, expected, "{n}");
        }
    }
}
