//! libFuzzer's program for the target `vet`.

#![no_main]

minigo_fuzz::libfuzzer_program!(minigo_fuzz::Target::Vet);
