//! The allocator of the command.

use std::alloc::{GlobalAlloc, Layout};
#[cfg(target_os = "linux")]
use std::ffi::c_int;
use std::ffi::c_void;
use std::io::Write;

use libmimalloc_sys::{
    mi_free, mi_malloc, mi_malloc_aligned, mi_realloc, mi_realloc_aligned, mi_zalloc,
    mi_zalloc_aligned,
};
#[cfg(target_os = "linux")]
use rustix::mm::{Advice, madvise};

/// mimalloc, without looking for an alignment that all its blocks have. Without memory the process ends.
pub struct Allocator;

/// The alignment of every block in bytes: blocks consist of words.
const WORD: usize = size_of::<usize>();

impl Allocator {
    /// Returns a block, unless there is none.
    #[inline]
    fn block(block: *mut c_void) -> *mut u8 {
        if block.is_null() {
            out_of_memory();
        }
        block.cast()
    }
}

// SAFETY: the functions of mimalloc do what those of the trait demand. They return memory of at least the size and
// alignment asked for, or null, which ends the process, and never unwind; `mi_free` takes blocks of all of them, and
// `mi_realloc` those whose alignment is a word's.
#[allow(unsafe_code, reason = "an allocator is a foreign library's")]
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let block = match layout.align() <= WORD {
            true => unsafe { mi_malloc(layout.size()) },
            false => unsafe { mi_malloc_aligned(layout.size(), layout.align()) },
        };
        Allocator::block(block)
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let block = match layout.align() <= WORD {
            true => unsafe { mi_zalloc(layout.size()) },
            false => unsafe { mi_zalloc_aligned(layout.size(), layout.align()) },
        };
        Allocator::block(block)
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        unsafe { mi_free(block.cast()) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let block = match layout.align() <= WORD {
            true => unsafe { mi_realloc(block.cast(), size) },
            false => unsafe { mi_realloc_aligned(block.cast(), size, layout.align()) },
        };
        Allocator::block(block)
    }
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "an allocator is a foreign library's")]
unsafe extern "C" {
    /// Returns the address and the size of an area from which blocks are taken, or null. They are numbered from 1.
    safe fn mi_arena_area(number: c_int, size: &mut usize) -> *mut c_void;
}

/// Asks for huge pages for all memory that hasn't been touched yet; where the system has none, nothing changes. A large
/// function takes up to a quarter less time with them: pages of 4 KiB are cleared one by one, and the processor knows the addresses
/// of few. They cost some megabytes, because blocks of one size lie side by side, whether they are used or not.
#[cfg(target_os = "linux")]
pub(super) fn prefer_huge_pages() {
    let mut size = 0;
    let areas = (1..).map(|number| (mi_arena_area(number, &mut size), size));
    for (start, size) in areas.take_while(|(start, _)| !start.is_null()) {
        // SAFETY: the advice changes no contents. Without huge pages all stays as it is.
        #[allow(unsafe_code, reason = "an allocator is a foreign library's")]
        let _ = unsafe { madvise(start, size, Advice::LinuxHugepage) };
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn prefer_huge_pages() {}

#[allow(unsafe_code, reason = "an allocator is a foreign library's")]
unsafe extern "C" {
    /// Returns memory of this thread that isn't used, at once if that is forced.
    safe fn mi_collect(force: bool);
}

/// Returns memory that isn't used to the system.
pub(super) fn return_memory() {
    mi_collect(true);
}

/// Reports that the system has no more memory for this process, and exits. Allocates nothing.
#[cold]
pub(super) fn out_of_memory() -> ! {
    let _ = std::io::stderr().write_all(b"minigo: cannot allocate memory\n");
    std::process::exit(2)
}
