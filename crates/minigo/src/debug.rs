//! Debugging settings: `ssa/PASS/dump=FUNC`, `ssa/PASS/off`, `ssa/PASS/debug`, `ssa/check/on`. Besides the passes, `walk`
//! stands for the tree of a function before SSA, and `start` for the function that is built from it.

use minigo_ssa::Profile;

/// The setting that asks for a list of passes and settings.
pub const HELP: &str = "ssa/help";

/// Returns the list of the passes of `profile` and their settings.
#[cfg(feature = "cli")]
pub fn help(profile: &Profile) -> String {
    let mut text = "\
        usage: -d ssa/PASS/SETTING, several with commas\n\n\
        settings:\n\
        \tdump=FUNC  print a function, or * for all, after the pass\n\
        \toff        leave the pass out, unless it is required\n\
        \tdebug      say what the pass does, where it is listed\n\n\
        besides passes:\n\
        \tall        dump after every pass\n\
        \twalk       dump the tree of a function before SSA\n\
        \tstart      dump the function that is built from it\n\
        \tcheck      on or off: check functions after every pass\n\n\
        passes:\n"
        .to_owned();
    for pass in profile.passes {
        let name = pass.name.replace(' ', "_");
        let notes = [(pass.required, "required"), (pass.explains, "debug")];
        let notes = notes.iter().filter(|(holds, _)| *holds);
        let notes: Vec<&str> = notes.map(|&(_, note)| note).collect();
        let line = format!("\t{name:<24}{}", notes.join(", "));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Parsed debugging settings.
#[derive(Clone, Debug, Default)]
pub struct Debug {
    /// Passes (or `all`) and functions (or `*`) to dump.
    dumps: Vec<(String, String)>,
    /// Passes that don't run, by name with `_` for spaces.
    pub off: Vec<String>,
    /// Passes that explain what they do.
    pub explain: Vec<String>,
    /// Check functions after every pass, or don't; by default, debug builds do.
    pub check: Option<bool>,
}

impl Debug {
    /// Parses settings for the passes of `profile`.
    ///
    /// # Errors
    ///
    /// An unknown setting or pass.
    pub fn parse(values: &[String], profile: &Profile) -> Result<Debug, String> {
        let mut debug = Debug::default();
        for value in values {
            let wrong = || {
                format!(
                    "unknown debug setting -d={value}; want ssa/PASS/dump=FUNC, ssa/PASS/off, ssa/PASS/debug or ssa/check/on"
                )
            };
            let rest = value.strip_prefix("ssa/").ok_or_else(wrong)?;
            let (pass, action) = rest.split_once('/').ok_or_else(wrong)?;
            let known = profile.pass(&pass.replace('_', " "));
            match action.split_once('=').unwrap_or((action, "")) {
                ("on", "") if pass == "check" => debug.check = Some(true),
                ("off", "") if pass == "check" => debug.check = Some(false),
                // Higher levels add nothing for phiopt; for other passes, only details of gc's own.
                ("debug", level) if known.is_some_and(|pass| pass.explains) => {
                    match (pass, level) {
                        (_, "" | "1") | ("phiopt", "2" | "3") => {
                            debug.explain.push(pass.to_owned())
                        }
                        _ => return Err(wrong()),
                    }
                }
                ("off", "") if known.is_some_and(|pass| pass.required) => {
                    return Err(format!("-d={value}: pass {pass} is required"));
                }
                ("off", "") if known.is_some() => debug.off.push(pass.to_owned()),
                ("dump", func) if matches!(pass, "all" | "walk" | "start") || known.is_some() => {
                    debug.dumps.push((pass.replace('_', " "), func.to_owned()));
                }
                ("dump" | "off", _) => {
                    return Err(format!(
                        "-d={value}: there is no pass {pass}; -d {HELP} lists the passes"
                    ));
                }
                _ => return Err(wrong()),
            }
        }
        Ok(debug)
    }

    /// Returns a function to dump that the package doesn't have.
    pub fn missing_function(&self, has: impl Fn(&str) -> bool) -> Option<&str> {
        let mut functions = self.dumps.iter().map(|(_, function)| function.as_str());
        functions.find(|&function| function != "*" && !has(function))
    }

    /// Reports whether to print the tree of function `func` before SSA construction. `all` doesn't include it.
    pub fn dumps_tree(&self, func: &str) -> bool {
        let wanted = |(p, f): &(String, String)| p == "walk" && (f == "*" || f == func);
        self.dumps.iter().any(wanted)
    }

    /// Reports whether to print function `func` after `pass`.
    pub fn dumps(&self, pass: &str, func: &str) -> bool {
        let wanted =
            |(p, f): &(String, String)| (p == "all" || p == pass) && (f == "*" || f == func);
        self.dumps.iter().any(wanted)
    }
}
