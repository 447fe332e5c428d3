//! Names that are spelt nearly alike.

/// Returns the name that is spelt most like a word: with fewer than a third of its letters wrong, missing or exchanged. Case
/// doesn't count.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let distance = |name: &'a str| (strsim::osa_distance(&lower, &name.to_lowercase()), name);
    let others = names.into_iter().filter(|&name| name != word);
    let (distance, name) = others.map(distance).min()?;
    (distance * 3 <= word.chars().count()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_like_a_word() {
        let names = ["counter", "for", "x", "Println"];
        for (word, expected) in [
            ("conter", Some("counter")),
            ("fro", Some("for")),
            ("println", Some("Println")),
            ("y", None),
            ("four", Some("for")),
            ("counter", None),
        ] {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }
}
