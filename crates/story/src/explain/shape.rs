//! Shapes of messages: text in which `*` stands for any text.

/// Reports whether a message has a shape.
pub(super) fn matches(shape: &str, message: &str) -> bool {
    let mut parts = shape.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = message.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// Returns the number of bytes of a shape that a message must have: the more, the closer is the match.
pub(super) fn weight(shape: &str) -> usize {
    shape.len() - shape.matches('*').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (shape, message, expected) in [
            ("division by zero", "division by zero", true),
            ("division by zero", "division by zero!", false),
            ("* declared but not used", "x declared but not used", true),
            (
                "goto * jumps into *",
                "goto L jumps into block starting at x.go:1:2",
                true,
            ),
            ("goto * jumps into *", "goto L jumps over", false),
            ("label * defined", "label L not defined", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(shape, message), expected, "{shape}: {message}");
        }
    }
}
