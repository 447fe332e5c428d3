//! Decoding of text, with the messages of Go's scanner about invalid bytes and characters.

/// Returns the text of a part of a file, and the messages of Go's scanner about it, each with its offset in the text.
/// Each byte that is not valid UTF-8 becomes U+FFFD (gc: text/scanner, next).
pub(super) fn decode(bytes: Vec<u8>) -> (String, Vec<(usize, &'static str)>) {
    let mut errors = Vec::new();
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut text = String::with_capacity(error.as_bytes().len());
        for chunk in error.as_bytes().utf8_chunks() {
            text.push_str(chunk.valid());
            for _ in chunk.invalid() {
                errors.push((text.len(), "invalid UTF-8 encoding"));
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text
    });
    if text.as_bytes().contains(&0) {
        let nul = text.match_indices('\0');
        errors.extend(nul.map(|(at, _)| (at, "invalid character NUL")));
        errors.sort();
    }
    (text, errors)
}
