//! libFuzzer's program for the target `behaviour`.

#![no_main]

minigo_fuzz::libfuzzer_program!(minigo_fuzz::Target::Behaviour);
