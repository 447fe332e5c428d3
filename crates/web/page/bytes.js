// Bytes as text, as xtask/src/web/text.rs writes them: 13 bits in two characters of 91.

// Returns the digit of a character: all printable ones have one, but for the blank, &, < and >.
const digit = (code) => code - 0x21 - (code > 0x26) - (code > 0x3c) - (code > 0x3e);

// Returns the bytes of a text, and perhaps one more.
function bytesFrom(text) {
  const bytes = new Uint8Array((text.length * 13) >> 4);
  let [at, bits, count] = [0, 0, 0];
  for (let i = 0; i < text.length; i += 2) {
    const pair = digit(text.charCodeAt(i)) * 91 + digit(text.charCodeAt(i + 1));
    bits = ((bits << 13) | pair) & 0xfffff;
    count += 13;
    for (; count >= 8; count -= 8) bytes[at++] = bits >> (count - 8);
  }
  return bytes;
}
