//! libFuzzer's program for the target `asm`.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use minigo_fuzz::Target;

fuzz_target!(|input: &[u8]| -> Corpus {
    match Target::Asm.check(input) {
        true => Corpus::Keep,
        false => Corpus::Reject,
    }
});

fuzz_mutator!(
    |input: &mut [u8], size: usize, max_size: usize, seed: u32| {
        Target::Asm.mutate(input, size, max_size, seed, fuzzer_mutate)
    }
);
