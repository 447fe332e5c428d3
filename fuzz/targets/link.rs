//! libFuzzer's program for the target `link`.

#![no_main]

minigo_fuzz::libfuzzer_program!(minigo_fuzz::Target::Link);
