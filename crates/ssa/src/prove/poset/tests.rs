//! Facts, their consequences, and how they are taken back.

use super::*;

fn value(id: u32) -> Operand {
    Operand { id, constant: None }
}

/// Returns the constant `c`, as value number `1000 + c`.
fn constant(c: u32) -> Operand {
    Operand {
        id: 1000 + c,
        constant: Some(u64::from(c)),
    }
}

fn is_less(set: &mut Poset, a: Operand, b: Operand) -> bool {
    // The opposite contradicts it.
    set.checkpoint();
    let contradicts = !set.set_order_or_equal(b, a);
    set.undo();
    contradicts
}

#[test]
fn orders_are_transitive() {
    let mut set = Poset::default();
    let v: Vec<Operand> = (0..6).map(|id| value(id + 1)).collect();
    assert!(set.set_order(v[0], v[1]) && set.set_order_or_equal(v[1], v[2]));
    assert!(set.set_order_or_equal(v[3], v[4]) && set.set_order_or_equal(v[4], v[5]));
    assert!(set.ordered_or_equal(v[0], v[2]) && is_less(&mut set, v[0], v[2]));
    assert!(!set.ordered_or_equal(v[0], v[3]) && !is_less(&mut set, v[3], v[5]));
    // Two graphs become one.
    assert!(set.set_order(v[2], v[3]));
    assert!(is_less(&mut set, v[1], v[5]) && !set.set_order(v[5], v[0]));
}

#[test]
fn a_cycle_of_weak_orders_makes_equal() {
    let mut set = Poset::default();
    let (a, b, c, d) = (value(1), value(2), value(3), value(4));
    assert!(set.set_order_or_equal(a, b) && set.set_order_or_equal(b, c));
    assert!(set.set_order(c, d) && set.set_order_or_equal(c, a));
    assert!(set.ordered_or_equal(c, b) && is_less(&mut set, a, d));
    assert!(!set.set_non_equal(a, c) && !set.set_order(b, a));
    assert!(!set.set_order_or_equal(d, a), "c < d, and a is c");
}

#[test]
fn different_values_in_weak_order_are_in_strict_order() {
    let mut set = Poset::default();
    let (a, b, c) = (value(1), value(2), value(3));
    assert!(set.set_order_or_equal(a, b) && set.set_non_equal(b, a));
    assert!(is_less(&mut set, a, b) && !set.set_equal(a, b));
    assert!(set.set_non_equal(b, c) && set.set_order_or_equal(b, c));
    assert!(is_less(&mut set, a, c) && is_less(&mut set, b, c));
}

#[test]
fn constants_know_each_other() {
    let mut set = Poset::default();
    let (a, b) = (value(1), value(2));
    assert!(set.set_order_or_equal(a, constant(5)) && set.set_equal(b, constant(9)));
    assert!(is_less(&mut set, a, b) && is_less(&mut set, a, constant(7)));
    assert!(is_less(&mut set, constant(3), b) && !is_less(&mut set, constant(3), a));
    // Another value of the same constant is the same node.
    let nine = Operand {
        id: 3,
        constant: Some(9),
    };
    assert!(set.ordered_or_equal(nine, b) && !set.set_non_equal(nine, b));
    assert!(!set.set_equal(b, constant(8)));
}

/// Undoes random facts: the relations of before hold again, and no others.
#[test]
fn undo_restores() {
    let mut set = Poset::default();
    let mut x = 1u32;
    let mut next = move |n: u32| {
        x = x.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        (x >> 16) % n
    };
    let all: Vec<Operand> = (1..9).map(value).chain((0..4).map(constant)).collect();
    let known = |set: &mut Poset| -> Vec<bool> {
        let pairs = all.iter().flat_map(|&a| all.iter().map(move |&b| (a, b)));
        pairs.map(|(a, b)| set.ordered_or_equal(a, b)).collect()
    };
    let mut states = Vec::new();
    for _ in 0..20 {
        set.checkpoint();
        states.push(known(&mut set));
        set.checkpoint();
        for _ in 0..3 {
            let (a, b) = (all[next(12) as usize], all[next(12) as usize]);
            if a.id == b.id {
                continue;
            }
            let consistent = match next(4) {
                0 => set.set_order(a, b),
                1 => set.set_order_or_equal(a, b),
                2 => set.set_equal(a, b),
                _ => set.set_non_equal(a, b),
            };
            if !consistent {
                break;
            }
        }
    }
    while let Some(state) = states.pop() {
        set.undo();
        assert_eq!(known(&mut set), state, "after {} steps", states.len());
        set.undo();
    }
    assert!(set.is_empty());
    assert!(set.non_equal.is_empty() && set.undo.is_empty() && set.nodes.len() == 1);
}
