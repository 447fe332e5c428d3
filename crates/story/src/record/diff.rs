//! Differences between lists of lines. Lines are numbers, and most are in a list once, so the longest increasing
//! subsequence of places is the longest common subsequence.

use super::Edit;

/// Returns how to make `new` from `old`. `scratch` has room for every line and holds only `u32::MAX` before and after.
pub(super) fn edits(old: &[u32], new: &[u32], scratch: &mut [u32]) -> Vec<Edit> {
    let same = |(a, b): &(&u32, &u32)| a == b;
    let prefix = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let from_end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let suffix = from_end.take_while(same).count();
    let old_middle = &old_rest[..old_rest.len() - suffix];
    let new_middle = &new_rest[..new_rest.len() - suffix];

    for (at, &line) in old_middle.iter().enumerate() {
        scratch[line as usize] = at as u32;
    }
    let places = new_middle.iter().map(|&line| scratch[line as usize]);
    let kept = increasing(&places.collect::<Vec<u32>>());
    for &line in old_middle {
        scratch[line as usize] = u32::MAX;
    }

    let mut edits = Vec::new();
    let mut keep = prefix;
    let (mut at_old, mut at_new) = (0, 0);
    // The end of both stands for a pair that stays.
    let end = (old_middle.len(), new_middle.len());
    for (old_at, new_at) in kept.into_iter().chain([end]) {
        if (old_at, new_at) != (at_old, at_new) {
            edits.push(Edit {
                keep,
                remove: old_at - at_old,
                insert: new_middle[at_new..new_at].to_vec(),
            });
            keep = 0;
        }
        keep += 1;
        (at_old, at_new) = (old_at + 1, new_at + 1);
    }
    edits
}

/// Returns a longest increasing subsequence of `places` without `u32::MAX`, as pairs of place and index.
fn increasing(places: &[u32]) -> Vec<(usize, usize)> {
    // The index of the smallest last place of a subsequence of each length, and what comes before each index.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (index, &place) in places.iter().enumerate() {
        if place == u32::MAX {
            continue;
        }
        let length = tails.partition_point(|&tail| places[tail] < place);
        before[index] = length.checked_sub(1).map(|shorter| tails[shorter]);
        match tails.get_mut(length) {
            Some(tail) => *tail = index,
            None => tails.push(index),
        }
    }
    let mut pairs = Vec::with_capacity(tails.len());
    let mut next = tails.last().copied();
    while let Some(index) = next {
        pairs.push((places[index] as usize, index));
        next = before[index];
    }
    pairs.reverse();
    pairs
}

/// Returns the lines that edits make of `old`.
pub(super) fn apply(old: &[u32], edits: &[Edit]) -> Vec<u32> {
    let mut new = Vec::with_capacity(old.len());
    let mut at = 0;
    for edit in edits {
        new.extend_from_slice(&old[at..at + edit.keep]);
        new.extend_from_slice(&edit.insert);
        at += edit.keep + edit.remove;
    }
    new.extend_from_slice(&old[at..]);
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &[u32], new: &[u32], inserted: usize) {
        let mut scratch = [u32::MAX; 10];
        let edits = edits(old, new, &mut scratch);
        assert_eq!(apply(old, &edits), new, "{edits:?}");
        let count: usize = edits.iter().map(|edit| edit.insert.len()).sum();
        assert_eq!(count, inserted, "{edits:?}");
        assert_eq!(scratch, [u32::MAX; 10]);
    }

    #[test]
    fn edits_are_few_and_lead_to_the_new_list() {
        check(&[], &[1, 2], 2);
        check(&[1, 2], &[], 0);
        check(&[1, 2, 3], &[1, 2, 3], 0);
        check(&[1, 2, 3, 4, 5], &[1, 9, 3, 5], 1);
        check(&[1, 2, 3, 4, 5], &[5, 1, 2, 4, 3], 2);
        // A line that is there twice.
        check(&[1, 1, 2, 3], &[1, 2, 1, 3], 1);
        check(&[1, 2, 3], &[3, 3, 3, 1], 3);
    }
}
