//! Go 1.15's `sort.Sort`. It isn't stable, and the order of equal elements is observable, so this makes the same
//! comparisons and exchanges in the same order (Go: sort/sort.go).
//!
//! The algorithm is quicksort with the median of three as pivot (of nine for long slices). Where that gets too deep,
//! it is heapsort. At most twelve elements are sorted by one round of Shell's sort, then insertion sort.

use std::ops::Range;

/// Sorts `data` so that no element is `less` than the one before it.
pub fn sort<T>(data: &mut [T], less: impl FnMut(&T, &T) -> bool) {
    let all = 0..data.len();
    // Twice the number of bits of the length.
    let max_depth = 2 * (usize::BITS - data.len().leading_zeros());
    Sorter { data, less }.quick_sort(all, max_depth);
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

/// The expected permutations are those of Go 1.15's `sort.Sort` on the same keys.
#[cfg(test)]
mod tests {
    use super::sort;

    /// Returns `n` keys below `modulus`.
    fn keys(n: usize, modulus: u32) -> Vec<u32> {
        let mut x = 1u32;
        let next = || {
            x = x.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (x >> 16) % modulus
        };
        std::iter::repeat_with(next).take(n).collect()
    }

    /// Sorts indices by key. Returns them and the number of comparisons.
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
        let n = 2000;
        let gas = n - 1;
        let mut keys = vec![gas; n];
        let (mut solid, mut candidate, mut n_less) = (0, 0, 0);
        let mut ids: Vec<usize> = (0..n).collect();
        sort(&mut ids, |&a, &b| {
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
        assert_eq!((n_less, hash(&ids)), (76838, 0xf456_39e5));
    }
}
