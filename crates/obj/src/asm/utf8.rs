//! Bytes that are no text, and characters that Go's scanner complains of.

/// The text of a piece of a file. Bytes that are no UTF-8 become U+FFFD, each of them; `complain` is told of them
/// and of NUL, with the bytes of the piece and where Go's scanner says it is (gc: text/scanner, next).
pub(super) fn decode(bytes: Vec<u8>, mut complain: impl FnMut(&[u8], usize, &str)) -> String {
    if bytes.contains(&0) {
        let nul = bytes.iter().enumerate().filter(|&(_, &byte)| byte == 0);
        for (at, _) in nul {
            complain(&bytes, place(&bytes, at), "invalid character NUL");
        }
    }
    let error = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error,
    };
    let bytes = error.as_bytes();
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        for _ in chunk.invalid() {
            complain(bytes, place(bytes, at), "invalid UTF-8 encoding");
            text.push('\u{fffd}');
            at += 1;
        }
    }
    text
}

/// Where the token is that was being read when the scanner came to the byte at `at`: the byte itself after a blank.
fn place(bytes: &[u8], at: usize) -> usize {
    let is_word = |&byte: &u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let n_word = bytes[..at]
        .iter()
        .rev()
        .take_while(|byte| is_word(byte))
        .count();
    match bytes[..at].last() {
        _ if n_word > 0 => at - n_word,
        None | Some(b' ' | b'\t' | b'\r' | b'\n') => at,
        Some(_) => at - 1,
    }
}
