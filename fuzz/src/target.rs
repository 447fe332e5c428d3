//! The targets: what is done with an input, how inputs are changed, and where they come from.

use crate::random::Random;
use crate::{
    asm_mutations, assembly, behaviour, compile, dictionary, disassembly, go_mutations, package,
    seeds,
};

/// A kind of input, with the parts of minigo that it goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Go text: to its listing, as each version, optimized or not, with inlining or without.
    Go,
    /// Assembly text: to bytes, as each version, with a listing and without.
    Asm,
    /// A package of Go and assembly files: to findings and skeletons.
    Vet,
    /// A package: to objects and executables.
    Link,
    /// An object or executable: to text, and to assembly.
    Objdump,
    /// A program: its executables behave the same, optimized or not.
    Behaviour,
}

impl Target {
    /// All targets.
    pub const ALL: [Target; 6] = [
        Target::Go,
        Target::Asm,
        Target::Vet,
        Target::Link,
        Target::Objdump,
        Target::Behaviour,
    ];

    /// The name in commands and of folders.
    pub fn name(self) -> &'static str {
        match self {
            Target::Go => "go",
            Target::Asm => "asm",
            Target::Vet => "vet",
            Target::Link => "link",
            Target::Objdump => "objdump",
            Target::Behaviour => "behaviour",
        }
    }

    /// Returns the inputs that the tests and examples have.
    pub fn seeds(self) -> Vec<Vec<u8>> {
        match self {
            Target::Go => seeds::go(),
            Target::Asm => seeds::assembly(),
            Target::Vet => seeds::packages(),
            Target::Link => [seeds::packages(), seeds::programs()].concat(),
            Target::Objdump => seeds::objects(),
            Target::Behaviour => seeds::programs(),
        }
    }

    /// Returns libFuzzer's dictionary: words that inputs consist of.
    pub fn dictionary(self) -> String {
        match self {
            Target::Go | Target::Behaviour => dictionary::text(&[dictionary::go()]),
            Target::Asm => dictionary::text(&[dictionary::assembly()]),
            Target::Objdump => dictionary::text(&[dictionary::objects()]),
            Target::Vet | Target::Link => {
                dictionary::text(&[dictionary::go(), dictionary::assembly()])
            }
        }
    }

    /// Does with an input what the target is for. Reports whether it may be kept, to be changed further.
    ///
    /// # Panics
    ///
    /// On a finding.
    pub fn check(self, input: &[u8]) -> bool {
        match self {
            Target::Go => compile::listings(input),
            Target::Asm => assembly::check(input),
            Target::Vet => package::vet(input),
            Target::Link => compile::binaries(input),
            Target::Objdump => disassembly::check(input),
            Target::Behaviour => return behaviour::check(input),
        }
        true
    }

    /// Changes the first `size` bytes of `input`, as libFuzzer's custom mutators do, to at most `max_size` bytes, and
    /// returns the new size. `other` is libFuzzer's own mutator, which knows nothing of the kind of input.
    pub fn mutate(
        self,
        input: &mut [u8],
        size: usize,
        max_size: usize,
        seed: u32,
        other: fn(&mut [u8], usize, usize) -> usize,
    ) -> usize {
        let random = &mut Random::new(seed.into());
        let text = String::from_utf8_lossy(&input[..size]);
        let changed = match self {
            Target::Behaviour => behaviour::mutated(&text, random),
            Target::Objdump => None,
            _ if random.chance(40) => None,
            Target::Go => Some(go_mutations::mutated(&text, random)),
            Target::Asm => Some(asm_mutations::changed(&text, random)),
            Target::Vet | Target::Link => package::mutated(&text, random),
        };
        match changed {
            Some(text) if text.len() <= max_size => {
                input[..text.len()].copy_from_slice(text.as_bytes());
                text.len()
            }
            _ if self == Target::Behaviour => size,
            _ => other(input, size, max_size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stands in for libFuzzer's mutator: changes the first byte.
    fn flip(input: &mut [u8], size: usize, _: usize) -> usize {
        input[0] ^= 1;
        size
    }

    #[test]
    fn seeds_pass() {
        for target in Target::ALL {
            let seeds = target.seeds();
            assert!(seeds.len() > 20, "{target:?} has {} seeds", seeds.len());
            for seed in seeds.iter().step_by(seeds.len() / 3) {
                target.check(seed);
            }
        }
    }

    #[test]
    fn dictionaries_have_a_word_a_line() {
        for target in Target::ALL {
            let dictionary = target.dictionary();
            assert!(dictionary.lines().count() > 5, "{target:?}");
            for line in dictionary.lines() {
                let word = line
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'));
                assert!(word.is_some_and(|word| !word.is_empty()), "{line}");
            }
        }
    }

    #[test]
    fn mutations_fit_and_differ() {
        for target in Target::ALL {
            let seeds = target.seeds().into_iter();
            let seed = seeds.max_by_key(Vec::len).expect("the tests have inputs");
            let mut changed = 0;
            for number in 0..20 {
                let mut input = seed.clone();
                input.resize(4 * seed.len(), 0);
                let max_size = input.len();
                let size = target.mutate(&mut input, seed.len(), max_size, number, flip);
                assert!(size <= max_size);
                changed += usize::from(input[..size] != seed);
            }
            assert!(changed > 5, "{target:?}: {changed} of 20 differ");
        }
    }
}
