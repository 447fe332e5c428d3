//! Links `minigo` to be loaded at a fixed address where that is usual for executables: without that, the loader
//! has to fill in thousands of addresses at every start.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
