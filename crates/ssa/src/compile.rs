//! Runs the passes of a profile over a function.

use minigo_base::internal;

use crate::check::check;
use crate::config::Config;
use crate::func::Func;
use crate::pass::Pass;

/// Runs all passes on `f`, except those that `config` switches off. `observe` sees the function before the first
/// pass, under the name `start`, and after each one.
pub fn compile(f: &mut Func, config: &Config, observe: &mut dyn FnMut(&str, &Func)) {
    observe("start", f);
    for pass in f.profile.passes {
        let off = || {
            let mut off = config.off.iter();
            off.any(|name| name.replace('_', " ") == pass.name)
        };
        if !pass.required && (!config.optimize || off()) {
            continue;
        }
        run_pass(f, pass, config);
        if config.check
            && let Err(why) = check(f)
        {
            internal!("{} after {}: {why}", f.name, pass.name);
        }
        observe(pass.name, f);
    }
}

/// Runs one pass on `f`, unless it can change nothing.
pub fn run_pass(f: &mut Func, pass: &Pass, config: &Config) {
    f.pass = pass.name;
    f.explains = pass.explains && config.explain.iter().any(|name| name == pass.name);
    if pass.needs.is_empty() || f.may_have(pass.needs) {
        (pass.run)(f, config);
    }
    if let Some(stage) = pass.reaches {
        f.stage = stage;
    }
}

#[cfg(test)]
mod tests {
    use minigo_base::GoVersion;

    use crate::Profile;

    #[test]
    fn every_pass_runs_after_what_it_needs() {
        let profiles = GoVersion::ALL.into_iter().filter_map(Profile::of);
        for passes in profiles.map(|profile| profile.passes) {
            for (at, pass) in passes.iter().enumerate() {
                for (name, reason) in pass.after {
                    let earlier = passes[..at].iter().any(|earlier| earlier.name == *name);
                    assert!(earlier, "{} must run after {name}: {reason}", pass.name);
                }
            }
        }
    }
}
