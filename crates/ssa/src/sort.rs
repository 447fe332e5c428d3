
/// The expected permutations are those of Go 1.15's `sort.Sort` on the same keys.
#[cfg(test)]
mod tests {
    use super::sort;

    /// `n` keys below `modulus`.
    fn keys(n: usize, modulus: u32) -> Vec<u32> {
        let mut x = 1u32;
        let next = || {
            x = x.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (x >> 16) % modulus
        };
        std::iter::repeat_with(next).take(n).collect()
    }

    /// Sorts indices by key; gives them and the number of comparisons.
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

    /// FNV-1a of the indices, two bytes each.
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

    /// McIlroy's "killer adversary" fixes keys as late as it can, which drives quicksort to its worst case
    /// and so into heapsort.
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
