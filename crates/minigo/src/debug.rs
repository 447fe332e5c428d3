//! What `-d` asks for: `ssa/PASS/dump=FUNC`, `ssa/PASS/off`, `ssa/PASS/debug`, `ssa/check/on`. Besides the passes,
//! `walk` is the tree of a function before SSA, `start` the function as built from it.

use minigo_ssa::compile::EXPLAINED;

/// Parsed debugging flags.
#[derive(Clone, Debug, Default)]
pub struct Debug {
    /// Pass (or `all`) and function (or `*`) to be dumped.
    dumps: Vec<(String, String)>,
    /// Passes that do not run, by name with `_` for spaces.
    pub off: Vec<String>,
    /// Passes that say what they do.
    pub explain: Vec<String>,
    /// Whether functions are checked after every pass; by default in debug builds only.
    pub check: Option<bool>,
}

impl Debug {
    /// Reads the values of `-d`.
    ///
    /// # Errors
    ///
    /// A value that is none of the known ones, or names no pass.
    pub fn parse(values: &[String]) -> Result<Debug, String> {
        let mut debug = Debug::default();
        for value in values {
            let wrong = || {
                format!(
                    "unknown debug setting -d={value}; want ssa/PASS/dump=FUNC, ssa/PASS/off, ssa/PASS/debug or ssa/check/on"
                )
            };
            let rest = value.strip_prefix("ssa/").ok_or_else(wrong)?;
            let (pass, action) = rest.split_once('/').ok_or_else(wrong)?;
            let known = |name: &str| {
                minigo_ssa::compile::PASSES
                    .iter()
                    .any(|pass| pass.name == name.replace('_', " "))
            };
            match action.split_once('=').unwrap_or((action, "")) {
                ("on", "") if pass == "check" => debug.check = Some(true),
                ("off", "") if pass == "check" => debug.check = Some(false),
                // More of it says no more of phiopt, and of others what gc's own developers need.
                ("debug", level) if EXPLAINED.contains(&pass) => match (pass, level) {
                    (_, "" | "1") | ("phiopt", "2" | "3") => debug.explain.push(pass.to_owned()),
                    _ => return Err(wrong()),
                },
                ("off", "") if known(pass) => debug.off.push(pass.to_owned()),
                ("dump", func) if matches!(pass, "all" | "walk" | "start") || known(pass) => {
                    debug.dumps.push((pass.replace('_', " "), func.to_owned()));
                }
                ("dump" | "off", _) => return Err(format!("-d={value}: there is no pass {pass}")),
                _ => return Err(wrong()),
            }
        }
        Ok(debug)
    }

    /// Whether the tree of function `func` is to be printed as SSA construction gets it. That is no pass, so
    /// `all` doesn't ask for it.
    pub fn dumps_tree(&self, func: &str) -> bool {
        let wanted = |(p, f): &(String, String)| p == "walk" && (f == "*" || f == func);
        self.dumps.iter().any(wanted)
    }

    /// Whether function `func` is to be printed after `pass`.
    pub fn dumps(&self, pass: &str, func: &str) -> bool {
        let wanted =
            |(p, f): &(String, String)| (p == "all" || p == pass) && (f == "*" || f == func);
        self.dumps.iter().any(wanted)
    }
}
