//! Functions in Plan 9 assembly, used from Rust.

unsafe extern "C" {
    fn popcount(words: *const u64, len: usize) -> u64;
    safe fn average(a: f64, b: f64) -> f64;
}

fn main() {
    let words = [0xff, 1 << 63, 0];
    // SAFETY: the function reads as many words as there are.
    println!("popcount {}", unsafe { popcount(words.as_ptr(), words.len()) });
    println!("average {}", average(1.0, 2.5));
}
