//! The order in which package-level variables are initialised (gc: types2/initorder.go).
//!
//! Constants and variables wait for those that their values refer to, directly or through functions. The object that
//! waits for the fewest others is next, the first one in the source among several. One that still waits for another is
//! on a cycle or refers to one.

use std::collections::BTreeSet;

use cranelift_entity::SecondaryMap;
use rustc_hash::FxHashSet;

use super::Checker;
use crate::info::{Init, Object, ObjectKind};

/// What decides which object is next: whether it is a variable, for how many it waits, and its place.
type Key = (bool, u32, u32);

impl Checker<'_> {
    /// Computes the execution order of the assignments, and reports cycles.
    pub(super) fn order_inits(&mut self) {
        for decl in self.decls.keys() {
            let mut seen = FxHashSet::default();
            self.decls[decl].deps.retain(|&object| seen.insert(object));
        }
        let nodes: Vec<Object> = self
            .objects
            .iter()
            .copied()
            .filter(|&o| self.is_value(o))
            .collect();
        let mut waiting: SecondaryMap<Object, u32> = SecondaryMap::new();
        let mut dependents: SecondaryMap<Object, Vec<Object>> = SecondaryMap::new();
        let mut queue: BTreeSet<Key> = BTreeSet::new();
        for &object in &nodes {
            let needed = self.needed_values(object);
            waiting[object] = needed.len() as u32;
            for other in needed {
                dependents[other].push(object);
            }
        }
        for &object in &nodes {
            queue.insert(self.queue_key(object, waiting[object]));
        }
        let mut emitted: FxHashSet<Init> = FxHashSet::default();
        let mut done: SecondaryMap<Object, bool> = SecondaryMap::new();
        while let Some((_, n_waiting, place)) = queue.pop_first() {
            let object = self.objects[place as usize];
            done[object] = true;
            if n_waiting > 0
                && let Some(cycle) = self.find_path(object, object, &mut FxHashSet::default())
            {
                self.report_init_cycle(&cycle);
            }
            for dependent in std::mem::take(&mut dependents[object]) {
                let before = waiting[dependent];
                waiting[dependent] -= 1;
                if !done[dependent] {
                    queue.remove(&self.queue_key(dependent, before));
                    queue.insert(self.queue_key(dependent, before - 1));
                }
            }
            if let Some(init) = self.init_of[object].expand()
                && emitted.insert(init)
            {
                self.package.init_order.push(init);
            }
        }
    }

    fn queue_key(&self, object: Object, waiting: u32) -> Key {
        let variable = self.kind_of_object(object) != ObjectKind::Const;
        (variable, waiting, self.order[object])
    }

    fn is_value(&self, object: Object) -> bool {
        matches!(
            self.kind_of_object(object),
            ObjectKind::Const | ObjectKind::Var(_)
        )
    }

    fn dependencies(&self, object: Object) -> &[Object] {
        match self.decl_of[object].expand() {
            Some(decl) => &self.decls[decl].deps,
            None => &[],
        }
    }

    /// Returns the constants and variables that an object's value refers to, directly or through functions.
    fn needed_values(&self, object: Object) -> Vec<Object> {
        let mut found = Vec::new();
        let mut seen: FxHashSet<Object> = FxHashSet::default();
        let mut work: Vec<Object> = self.dependencies(object).to_vec();
        while let Some(next) = work.pop() {
            if !seen.insert(next) {
                continue;
            }
            match self.is_value(next) {
                true => found.push(next),
                false => work.extend_from_slice(self.dependencies(next)),
            }
        }
        found
    }

    /// Returns the objects on a path from one object to another, the last one first.
    fn find_path(
        &self,
        from: Object,
        to: Object,
        seen: &mut FxHashSet<Object>,
    ) -> Option<Vec<Object>> {
        let sorted = |object: Object| {
            let mut dependencies = self.dependencies(object).to_vec();
            dependencies.sort_by_key(|&object| self.order[object]);
            dependencies.reverse();
            dependencies
        };
        seen.insert(from);
        let mut path = vec![(from, sorted(from))];
        while let Some((_, next)) = path.last_mut() {
            let Some(object) = next.pop() else {
                path.pop();
                continue;
            };
            if object == to {
                let steps = path[1..].iter().rev().map(|&(object, _)| object);
                return Some([to].into_iter().chain(steps).collect());
            }
            if seen.insert(object) {
                path.push((object, sorted(object)));
            }
        }
        None
    }

    fn report_init_cycle(&mut self, cycle: &[Object]) {
        let mut object = cycle[0];
        let (pos, name) = (self.package[object].pos, self.name(object));
        if let [_] = cycle {
            let message = format!("initialization cycle: {name} refers to itself");
            return self.error(pos, message);
        }
        let mut message = format!("initialization cycle for {name}");
        for &next in cycle.iter().rev() {
            let text = format!("{} refers to {}", self.name(object), self.name(next));
            message.push_str(&self.note(self.package[object].pos, &text));
            object = next;
        }
        self.error(pos, message);
    }
}
