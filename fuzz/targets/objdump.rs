//! libFuzzer's program for the target `objdump`.

#![no_main]

minigo_fuzz::libfuzzer_program!(minigo_fuzz::Target::Objdump);
