//! Links `minigo` so that it starts at once, where that is usual for executables: at a fixed address, as thousands of
//! addresses would have to be filled in otherwise, and with the compiler's own copy of the unwinder instead of a
//! shared library.

use std::env::var;

fn main() {
    let target = |key: &str| var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") != "linux" {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    if target("ENV") == "gnu" {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}
