//! libFuzzer's program for the target `asm`.

#![no_main]

minigo_fuzz::libfuzzer_program!(minigo_fuzz::Target::Asm);
