//! Inputs made by chance, and what must hold for each of them.
//!
//! [`random`] makes programs, [`go_mutations`] and [`asm_mutations`] change texts; `cargo xtask` compares them with a real
//! Go. A [`Target`] takes the bytes that libFuzzer makes of known inputs while it watches which code they reach, and
//! panics on a finding. `cargo xtask fuzz --coverage` builds the programs in `targets/` and runs them.

pub mod asm_mutations;
pub mod assembly;
pub mod behaviour;
mod compile;
mod dictionary;
mod disassembly;
pub mod go_mutations;
mod package;
pub mod random;
pub mod seeds;
mod target;

pub use target::Target;

/// Defines what libFuzzer calls in the program of a target.
#[cfg(feature = "libfuzzer")]
#[macro_export]
macro_rules! libfuzzer_program {
    ($target:expr) => {
        libfuzzer_sys::fuzz_target!(|input: &[u8]| -> libfuzzer_sys::Corpus {
            match $target.check(input) {
                true => libfuzzer_sys::Corpus::Keep,
                false => libfuzzer_sys::Corpus::Reject,
            }
        });

        libfuzzer_sys::fuzz_mutator!(|input: &mut [u8],
                                      size: usize,
                                      max_size: usize,
                                      seed: u32| {
            $target.mutate(input, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
        });
    };
}
