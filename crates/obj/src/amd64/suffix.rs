//! Suffixes of AVX-512 instructions: `.BCST.Z`.
//!
//! An instruction carries the number of one of the allowed combinations. Source: gc evex.go.

/// The combinations; an instruction without suffix has the first.
const NAMES: [&str; 14] = [
    "", "Z", "SAE", "SAE.Z", "RN_SAE", "RZ_SAE", "RD_SAE", "RU_SAE", "RN_SAE.Z", "RZ_SAE.Z",
    "RD_SAE.Z", "RU_SAE.Z", "BCST", "BCST.Z",
];

/// The meaning of a combination.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Suffix {
    /// Elements that the mask leaves out become zero.
    pub zeroing: bool,
    /// The rounding mode as in EVEX.L'L. Exceptions are suppressed too.
    pub rounding: Option<u8>,
    /// Exceptions are suppressed.
    pub sae: bool,
    /// One element in memory is used for all elements.
    pub broadcast: bool,
}

impl Suffix {
    /// Returns the meaning of the combination with a number.
    pub(crate) fn of(number: u8) -> Suffix {
        let mut suffix = Suffix::default();
        if number == 0 {
            return suffix;
        }
        for part in name(number).split('.') {
            match part {
                "Z" => suffix.zeroing = true,
                "SAE" => suffix.sae = true,
                "BCST" => suffix.broadcast = true,
                "RN_SAE" => suffix.rounding = Some(0),
                "RD_SAE" => suffix.rounding = Some(1),
                "RU_SAE" => suffix.rounding = Some(2),
                "RZ_SAE" => suffix.rounding = Some(3),
                _ => {}
            }
        }
        suffix
    }
}

/// Returns the text of a combination, without the dot in front.
pub(crate) fn name(number: u8) -> &'static str {
    NAMES[usize::from(number)]
}

/// Returns the number of a combination that is written without the dot in front.
///
/// # Errors
/// The combination is invalid. The message is gc's.
pub(crate) fn parse(text: &str) -> Result<u8, String> {
    match NAMES.iter().position(|&name| name == text) {
        Some(number) => Ok(number as u8),
        None => Err(mistakes(text)),
    }
}

fn mistakes(text: &str) -> String {
    let mut found = Vec::new();
    let parts: Vec<&str> = text.split('.').collect();
    for (i, &part) in parts.iter().enumerate() {
        let before = &parts[..i];
        match part {
            "Z" if i + 1 != parts.len() => found.push("Z suffix should be the last".to_owned()),
            "Z" | "BCST" | "SAE" | "RN_SAE" | "RZ_SAE" | "RD_SAE" | "RU_SAE" => {}
            _ if before.contains(&part) => {}
            _ => found.push(format!("unknown suffix {part:?}")),
        }
        if before.contains(&part) {
            found.push(format!("duplicate suffix {part:?}"));
        }
    }
    let broadcast = parts.contains(&"BCST");
    if broadcast && parts.iter().any(|part| part.ends_with("SAE")) {
        found.push("can't combine rounding/SAE and broadcast".to_owned());
    }
    if found.is_empty() {
        found.push("bad suffix combination".to_owned());
    }
    found.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_have_gc_s_words() {
        assert_eq!(parse("BCST.Z"), Ok(13));
        let error = |text| parse(text).expect_err("no combination");
        assert_eq!(error("Z.BCST"), "Z suffix should be the last");
        assert_eq!(error("FOO"), "unknown suffix \"FOO\"");
        assert_eq!(
            error("BCST.SAE"),
            "can't combine rounding/SAE and broadcast"
        );
    }
}
