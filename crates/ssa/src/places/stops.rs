//! Where debuggers may stop before and after each block.

use std::sync::Arc;

use cranelift_entity::SecondaryMap;

use super::order::{SourceOrder, sized};
use crate::entity::Block;
use crate::func::Func;

/// The numbers of values at which a debugger may stop, by block.
pub(super) struct Stops {
    /// The largest in the blocks that come before a block on all ways.
    pub(super) before: SecondaryMap<Block, u32>,
    /// The least in the blocks that come after a block on all ways to them.
    pub(super) after: SecondaryMap<Block, Option<u32>>,
}

/// The blocks of a function.
pub(super) struct Graph {
    idom: Arc<SecondaryMap<Block, Option<Block>>>,
    postorder: Arc<[Block]>,
}

impl Graph {
    pub(super) fn new(f: &mut Func) -> Graph {
        Graph {
            idom: f.idom(),
            postorder: f.postorder(),
        }
    }
}

impl Stops {
    pub(super) fn new(f: &Func, graph: &Graph, order: &SourceOrder) -> Stops {
        let Graph { idom, postorder } = graph;
        let n_blocks = f.num_blocks();
        let mut own: SecondaryMap<Block, Option<(u32, u32)>> = sized(n_blocks);
        for &b in postorder.iter() {
            let seen = f[b].values.iter().filter_map(|&v| order.seen(f, v));
            own[b] = seen.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        }
        let mut stops = Stops {
            before: sized(n_blocks),
            after: sized(n_blocks),
        };
        let least = |one: Option<u32>, other: Option<u32>| one.into_iter().chain(other).min();
        for &b in postorder.iter() {
            if let Some(parent) = idom[b] {
                let own = own[b].map(|(least, _)| least);
                let below = least(own, stops.after[b]);
                stops.after[parent] = least(stops.after[parent], below);
            }
        }
        for &b in postorder.iter().rev() {
            if let Some(parent) = idom[b] {
                let own = own[parent].map_or(0, |(_, largest)| largest);
                stops.before[b] = stops.before[parent].max(own);
            }
        }
        stops
    }
}
