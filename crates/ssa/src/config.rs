//! The settings of a compilation.

use crate::profile::record::Profile;

/// The settings that passes read besides the function.
#[derive(Clone, Debug)]
pub struct Config {
    /// The facts about the Go version whose code is made. Functions are built with it.
    pub profile: &'static Profile,
    /// False for `-N`: only required passes run.
    pub optimize: bool,
    /// Check the function after every pass.
    pub check: bool,
    /// Passes switched off by name (`-d=ssa/<pass>/off`), spaces written as `_`.
    pub off: Vec<String>,
    /// Passes that report their decisions, by name (`-d=ssa/<pass>/debug`).
    pub explain: Vec<String>,
}

impl Config {
    /// Returns the settings of a usual build: optimized, and checked in debug builds.
    pub fn new(profile: &'static Profile) -> Config {
        Config {
            profile,
            optimize: true,
            check: cfg!(debug_assertions),
            off: Vec::new(),
            explain: Vec::new(),
        }
    }
}
