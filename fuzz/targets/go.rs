//! libFuzzer's program for the target `go`.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use minigo_fuzz::Target;

fuzz_target!(|input: &[u8]| -> Corpus {
    match Target::Go.check(input) {
        true => Corpus::Keep,
        false => Corpus::Reject,
    }
});

fuzz_mutator!(
    |input: &mut [u8], size: usize, max_size: usize, seed: u32| {
        Target::Go.mutate(input, size, max_size, seed, fuzzer_mutate)
    }
);
