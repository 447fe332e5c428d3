//! Hints on features of Go that minigo doesn't have, or that the version asked for doesn't have yet.

use super::Place;

/// A feature that minigo refuses by name.
struct Feature {
    /// Its name in the refusal; with `*` at the end, the names that begin so.
    name: &'static str,
    /// The number after the point of the first version of Go that has it, if that is later than 0.
    since: u32,
    /// The text to write instead.
    instead: &'static str,
    /// The example that does so.
    example: &'static str,
}

const FEATURES: &[Feature] = &[
    Feature {
        name: "strings as values",
        since: 0,
        instead: "constant strings can be printed: println(\"x:\", x); otherwise number the texts and print them in a switch",
        example: "turnstile",
    },
    Feature {
        name: "range over strings",
        since: 0,
        instead: "count with integers: for i := 0; i < n; i++ {",
        example: "primes",
    },
    Feature {
        name: "range over func",
        since: 23,
        instead: "call the function in a loop with a condition: for i := 0; i < n; i++ {",
        example: "collatz",
    },
    Feature {
        name: "range",
        since: 0,
        instead: "count: for i := 0; i < n; i++ {; -go 1.27 has range over integers",
        example: "primes",
    },
    Feature {
        name: "floating-point values",
        since: 0,
        instead: "count in smaller units with integers",
        example: "kelvin",
    },
    Feature {
        name: "complex numbers",
        since: 0,
        instead: "compute both parts with integers",
        example: "kelvin",
    },
    Feature {
        name: "pointers",
        since: 0,
        instead: "return the new value: functions may have several results",
        example: "divmod",
    },
    Feature {
        name: "structs",
        since: 0,
        instead: "a variable, parameter or result for each field",
        example: "divmod",
    },
    Feature {
        name: "composite literals",
        since: 0,
        instead: "a variable for each value",
        example: "divmod",
    },
    Feature {
        name: "methods",
        since: 0,
        instead: "a function with the receiver as its first parameter",
        example: "kelvin",
    },
    Feature {
        name: "arrays",
        since: 0,
        instead: "few small values fit into the bits of an integer",
        example: "bits",
    },
    Feature {
        name: "slices",
        since: 0,
        instead: "few small values fit into the bits of an integer",
        example: "bits",
    },
    Feature {
        name: "indexing",
        since: 0,
        instead: "few small values fit into the bits of an integer: x >> i & 1",
        example: "bits",
    },
    Feature {
        name: "maps",
        since: 0,
        instead: "a function with a switch: switch key { case 1: return 10 }",
        example: "turnstile",
    },
    Feature {
        name: "closures",
        since: 0,
        instead: "a function of the package, with the variables as parameters",
        example: "bisect",
    },
    Feature {
        name: "function values",
        since: 0,
        instead: "call functions by name, chosen by a switch",
        example: "turnstile",
    },
    Feature {
        name: "variadic functions",
        since: 0,
        instead: "a parameter for each argument",
        example: "gcd",
    },
    Feature {
        name: "arguments with ...",
        since: 0,
        instead: "pass each argument",
        example: "gcd",
    },
    Feature {
        name: "interfaces",
        since: 0,
        instead: "a function for each type",
        example: "kelvin",
    },
    Feature {
        name: "type assertions",
        since: 0,
        instead: "a function for each type",
        example: "kelvin",
    },
    Feature {
        name: "type switches",
        since: 0,
        instead: "number the cases and switch on the number",
        example: "turnstile",
    },
    Feature {
        name: "type parameters",
        since: 18,
        instead: "a function for each type",
        example: "gcd",
    },
    Feature {
        name: "channels",
        since: 0,
        instead: "programs have one goroutine: call functions in order",
        example: "turnstile",
    },
    Feature {
        name: "goroutines",
        since: 0,
        instead: "programs have one goroutine: call the function without go",
        example: "turnstile",
    },
    Feature {
        name: "select",
        since: 0,
        instead: "programs have one goroutine: switch on what to do next",
        example: "turnstile",
    },
    Feature {
        name: "defer",
        since: 0,
        instead: "call the function before each return",
        example: "collatz",
    },
    Feature {
        name: "fmt.*",
        since: 0,
        instead: "fmt.Println and fmt.Print print integers, booleans and constant strings",
        example: "output",
    },
    Feature {
        name: "os.*",
        since: 0,
        instead: "of os there is Exit",
        example: "output",
    },
    Feature {
        name: "import *",
        since: 0,
        instead: "there are fmt and os; other functions have to be in the package itself",
        example: "isqrt",
    },
];

/// Names that Go declares itself, and the number after the point of the first version that does.
const PREDECLARED: &[(&str, u32)] = &[
    ("any", 18),
    ("comparable", 18),
    ("clear", 21),
    ("max", 21),
    ("min", 21),
];

/// The versions that have what was new in Go 1.22.
const NEWER: &str = "-go 1.27 compiles it";

/// Returns the hint on a refusal, or on something that a later version has.
pub(super) fn hint(place: &Place) -> Option<String> {
    let release = place.version.release();
    if let Some(name) = place.text.strip_prefix("minigo does not support ") {
        return of_refusal(name, release);
    }
    if let Some(name) = place.text.strip_prefix("undefined: ")
        && let Some((_, since)) = PREDECLARED.iter().find(|(known, _)| *known == name)
        && *since > release
    {
        let other = match name {
            "min" | "max" => format!("; {NEWER}, or write if a < b {{"),
            _ => String::new(),
        };
        return Some(format!("{name} is predeclared since Go 1.{since}{other}"));
    }
    let is_integer = |rest: &str| {
        rest.ends_with("untyped int)") || rest.contains("(type int") || rest.contains("(type uint")
    };
    if release < 22
        && place
            .text
            .strip_prefix("cannot range over ")
            .is_some_and(is_integer)
    {
        return Some(format!(
            "Go ranges over integers since 1.22; {NEWER}, or count: for i := 0; i < n; i++ {{"
        ));
    }
    let unexpected = place
        .unexpected()
        .is_some_and(|what| what.starts_with("[, "));
    if release < 18 && unexpected && matches!(place.first_word(), "func" | "type") {
        return Some(
            "Go has type parameters since 1.18; write a function for each type (examples/gcd)"
                .to_owned(),
        );
    }
    None
}

fn of_refusal(name: &str, release: u32) -> Option<String> {
    let is_named = |feature: &&Feature| match feature.name.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == feature.name,
    };
    let feature = FEATURES.iter().find(is_named)?;
    let since = match feature.since > release {
        true => format!("Go has it since 1.{}; ", feature.since),
        false => String::new(),
    };
    Some(format!(
        "{since}instead: {} (examples/{})",
        feature.instead, feature.example
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_a_hint() {
        for feature in FEATURES {
            let name = feature.name.replace('*', "x");
            let hint = of_refusal(&name, 10).expect("a hint");
            assert!(hint.contains(feature.instead), "{name}: {hint}");
            assert_eq!(
                feature.since > 10,
                hint.starts_with("Go has it since"),
                "{name}"
            );
        }
        assert_eq!(of_refusal("time travel", 15), None);
    }
}
