//! Bytes as text of a page, denser than base64: 13 bits in two characters of 91 (`crates/web/page/bytes.js` reads it).

/// The number of digits.
const BASE: u32 = 91;

/// The bits of a pair of digits: there are 8192 values of them, and 8281 pairs.
const BITS: u32 = 13;

/// Returns a digit as a character: all printable ones are digits, but for the blank and those with a meaning in HTML.
fn digit(value: u32) -> char {
    let mut digits = ('!'..='~').filter(|c| !matches!(c, '&' | '<' | '>'));
    digits.nth(value as usize).expect("there are 91 digits")
}

/// Returns bytes as text. Its last bits are filled up with zeros.
pub fn text_of(bytes: &[u8]) -> String {
    let digits: Vec<char> = (0..BASE).map(digit).collect();
    let mut text = String::with_capacity(bytes.len() / 13 * 16 + 2);
    let (mut bits, mut count) = (0u32, 0);
    let mut push = |pair: u32| {
        text.push(digits[(pair / BASE) as usize]);
        text.push(digits[(pair % BASE) as usize]);
    };
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        count += 8;
        if count >= BITS {
            count -= BITS;
            push(bits >> count);
            bits &= (1 << count) - 1;
        }
    }
    if count > 0 {
        push(bits << (BITS - count));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text as the page does.
    fn bytes_of(text: &str) -> Vec<u8> {
        let value = |c: char| (0..BASE).find(|&value| digit(value) == c).unwrap();
        let values: Vec<u32> = text.chars().map(value).collect();
        let bits = values.chunks(2).flat_map(|pair| {
            let value = pair[0] * BASE + pair[1];
            (0..BITS).rev().map(move |bit| (value >> bit & 1) as u8)
        });
        let bits: Vec<u8> = bits.collect();
        let bytes = bits.chunks_exact(8);
        bytes
            .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit))
            .collect()
    }

    #[test]
    fn text_has_all_bytes_and_nothing_that_html_reads() {
        let all: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for len in (0..20).chain([511, 512]) {
            for bytes in [&all[..len], &vec![0; len], &vec![0xff; len]] {
                let text = text_of(bytes);
                assert_eq!(bytes_of(&text)[..len], *bytes);
                assert!(
                    text.chars()
                        .all(|c| c.is_ascii_graphic() && !"&<>".contains(c))
                );
                assert_eq!(text.len(), 2 * (8 * len).div_ceil(13));
            }
        }
    }
}
