//! libFuzzer's program for the target `go`.

#![no_main]

minigo_fuzz::libfuzzer_program!(minigo_fuzz::Target::Go);
