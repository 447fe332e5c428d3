//! Walks over all values of a large function, which ask for memory before they need it.
//!
//! The records of a large function's values and blocks don't fit the processor's caches, and the way from a block to its
//! values is two steps long, so that a walk would wait for memory at each step. Here it is asked for a few blocks ahead,
//! while the walk is busy with others. This changes nothing but the time that walks take.

use crate::entity::{Block, Value};
use crate::func::Func;

/// The number of blocks from which on nothing stays in the caches between two walks.
const MANY_BLOCKS: usize = 1 << 13;

/// The number of blocks or values that a walk visits between asking for one and using it; as many blocks are between the
/// steps to a block, to its list of values and to its values.
pub(crate) const STEP: usize = 8;

/// The number of a block's first values that are fetched ahead; longer lists are mostly in the order of memory.
const FIRST_VALUES: usize = 16;

impl Func {
    /// Asks for what a walk over the blocks in order of the layout needs soon, when it is at index `at`.
    #[inline]
    pub(crate) fn look_ahead(&self, at: usize) {
        self.look_along(&self.layout, at);
    }

    /// As [`Func::look_ahead`] for a walk in another order.
    #[inline]
    pub(crate) fn look_along(&self, order: &[Block], at: usize) {
        if order.len() >= MANY_BLOCKS {
            self.fetch(|distance| order.get(at + distance).copied());
        }
    }

    /// As [`Func::look_along`] for a walk from the last block to the first.
    #[inline]
    pub(crate) fn look_back_along(&self, order: &[Block], at: usize) {
        if order.len() >= MANY_BLOCKS {
            self.fetch(|distance| order.get(at.wrapping_sub(distance)).copied());
        }
    }

    /// As [`Func::look_along`] for a walk along edges, which mostly visits the blocks in order of their numbers, at `b`.
    #[inline]
    pub(crate) fn look_behind(&self, b: Block) {
        if self.layout.len() >= MANY_BLOCKS {
            self.fetch(|distance| self.block_behind(b, distance));
        }
    }

    /// As [`Func::look_along`] for a walk that takes the last block of `work` next.
    #[inline]
    pub(crate) fn look_at_waiting<T>(&self, work: &[(Block, T)]) {
        if work.len() >= MANY_BLOCKS {
            self.fetch(|distance| {
                let waiting = work.get(work.len() - distance);
                waiting.map(|&(b, _)| b)
            });
        }
    }

    fn block_behind(&self, b: Block, distance: usize) -> Option<Block> {
        let later = Block::from_u32(b.as_u32() + distance as u32);
        Some(later).filter(|later| later.id() < self.num_blocks())
    }

    /// Asks for a value that a walk over a list needs soon, when it is at index `at`.
    #[inline]
    pub(crate) fn look_at_later(&self, values: &[Value], at: usize) {
        if let Some(&v) = values.get(at + 2 * STEP) {
            prefetch(&self[v]);
        }
    }

    /// Asks for a block that a walk over a graph visits soon.
    #[inline]
    pub(crate) fn prefetch_block(&self, b: Block) {
        if self.layout.len() >= MANY_BLOCKS {
            prefetch(&self[b]);
        }
    }

    /// Asks for a block behind `b` in memory, which a walk along edges mostly visits a few steps later.
    #[inline]
    pub(crate) fn prefetch_behind(&self, b: Block) {
        if self.layout.len() >= MANY_BLOCKS
            && let Some(later) = self.block_behind(b, 2 * STEP)
        {
            prefetch(&self[later]);
        }
    }

    /// Returns the blocks in order of the layout, for a walk that looks at the values of each.
    #[inline]
    pub(crate) fn walk(&self) -> impl Iterator<Item = Block> {
        let blocks = self.layout.iter().enumerate();
        blocks.map(|(at, &b)| {
            self.look_ahead(at);
            b
        })
    }

    /// Asks for a block, the list of values of a nearer one and the values of a still nearer one.
    #[inline]
    fn fetch(&self, block_at: impl Fn(usize) -> Option<Block>) {
        if let Some(b) = block_at(3 * STEP) {
            prefetch(&self[b]);
        }
        if let Some(b) = block_at(2 * STEP)
            && let Some(first) = self[b].values.first()
        {
            prefetch(first);
        }
        if let Some(b) = block_at(STEP) {
            for &v in self[b].values.iter().take(FIRST_VALUES) {
                prefetch(&self[v]);
            }
        }
    }
}

/// Asks the processor to bring the memory of `item` into its caches; does nothing on others than amd64.
#[inline]
pub(crate) fn prefetch<T>(item: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start: *const i8 = std::ptr::from_ref(item).cast();
        let last_line = (size_of::<T>() - 1) / 64 * 64;
        // SAFETY: The instruction changes nothing that a program can see and never fails, whatever the address is. All
        // processors with the architecture's base (SSE) have it.
        #[expect(unsafe_code, reason = "the only way to the instruction")]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(start);
            if last_line > 0 {
                _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(last_line));
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = item;
}
