// Unpacks streams of LZMA: a range coder whose bits have adaptive probabilities, and copies of what came before. The streams have
// no header and no end marker, and these parameters:

// The bits of the byte before that choose the probabilities of a literal. Positions choose nothing.
const LITERAL_CONTEXT = 3;

// States: what the last symbols were. Below 7 the last one is a literal.
const STATES = 12;
const LITERAL_NEXT = [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5];

// Places of probabilities, each of a bit or of a tree of bits.
const IS_MATCH = 0;
const IS_REPEAT = IS_MATCH + STATES;
const IS_OTHER_REPEAT = IS_REPEAT + STATES;
const IS_LONG_REPEAT = IS_OTHER_REPEAT + STATES;
const IS_THIRD_REPEAT = IS_LONG_REPEAT + STATES;
const IS_FOURTH_REPEAT = IS_THIRD_REPEAT + STATES;
// Lengths of matches, then of repeats: two choices, and trees of 3, 3 and 8 bits.
const LENGTHS = IS_FOURTH_REPEAT + STATES;
const LENGTHS_SIZE = 2 + 8 + 8 + 256;
// Distances: slots for lengths of 2, 3, 4 and more; then the bits after the first two of a distance.
const SLOTS = LENGTHS + 2 * LENGTHS_SIZE;
const FAR = SLOTS + 4 * 64;
const LOW = FAR + 128;
const LITERALS = LOW + 16;

// Places in the coder.
const RANGE = 0;
const CODE = 1;

// Returns the `size` bytes of a stream.
function decoded(input, size) {
  const output = new Uint8Array(size);
  const probs = new Uint16Array(LITERALS + (0x300 << LITERAL_CONTEXT)).fill(1024);
  // The range and the code in it, as numbers of 32 bits.
  const coder = new Uint32Array([0xffffffff, 0]);
  let at = 1;
  for (; at < 5; at++) coder[CODE] = (coder[CODE] << 8) | input[at];

  const shift = () => {
    if (coder[RANGE] < 0x1000000) {
      coder[RANGE] <<= 8;
      coder[CODE] = (coder[CODE] << 8) | input[at++];
    }
  };
  const bit = (index) => {
    const prob = probs[index];
    const bound = (coder[RANGE] >>> 11) * prob;
    if (coder[CODE] < bound) {
      coder[RANGE] = bound;
      probs[index] = prob + ((2048 - prob) >> 5);
      shift();
      return 0;
    }
    coder[RANGE] -= bound;
    coder[CODE] -= bound;
    probs[index] = prob - (prob >> 5);
    shift();
    return 1;
  };
  // The number in a tree, highest bit first.
  const tree = (first, bits) => {
    let node = 1;
    for (let i = 0; i < bits; i++) node = 2 * node + bit(first + node);
    return node - (1 << bits);
  };
  // The same, lowest bit first.
  const reverse = (first, bits) => {
    let [node, number] = [1, 0];
    for (let i = 0; i < bits; i++) {
      const one = bit(first + node);
      node = 2 * node + one;
      number |= one << i;
    }
    return number;
  };
  // Bits that are as likely 0 as 1.
  const direct = (bits) => {
    let number = 0;
    for (let i = 0; i < bits; i++) {
      coder[RANGE] >>>= 1;
      const one = coder[CODE] >= coder[RANGE] ? 1 : 0;
      coder[CODE] -= one * coder[RANGE];
      number = 2 * number + one;
      shift();
    }
    return number;
  };
  const lengthAt = (first) => {
    if (!bit(first)) return 2 + tree(first + 2, 3);
    return bit(first + 1) ? 18 + tree(first + 18, 8) : 10 + tree(first + 10, 3);
  };
  const distanceFor = (length) => {
    const slot = tree(SLOTS + 64 * Math.min(length - 2, 3), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    // Each slot below 14 has its own tree, in which places that no other tree uses are shared.
    if (slot < 14) return base + reverse(FAR + base - slot, bits);
    return base + 16 * direct(bits - 4) + reverse(LOW, 4);
  };

  let state = 0;
  let [last, second, third, fourth] = [0, 0, 0, 0];
  let n = 0;
  const literal = () => {
    const before = n ? output[n - 1] : 0;
    const first = LITERALS + 0x300 * (before >> (8 - LITERAL_CONTEXT));
    let node = 1;
    if (state >= 7) {
      // The byte after the last copy is likely another one: as long as bits agree, it has probabilities of its own.
      let other = output[n - last - 1];
      while (node < 0x100) {
        const expected = (other >> 7) & 1;
        other <<= 1;
        const one = bit(first + 0x100 * (1 + expected) + node);
        node = 2 * node + one;
        if (one !== expected) break;
      }
    }
    while (node < 0x100) node = 2 * node + bit(first + node);
    output[n++] = node;
    state = LITERAL_NEXT[state];
  };
  const copy = (length) => {
    const from = n - last - 1;
    if (from < 0) throw new Error("a copy from before the beginning");
    for (let i = 0; i < length && n < size; i++) output[n++] = output[from + i];
  };
  // A distance of before, which becomes the last one.
  const repeat = () => {
    if (!bit(IS_OTHER_REPEAT + state)) return bit(IS_LONG_REPEAT + state) !== 0;
    let distance = second;
    if (bit(IS_THIRD_REPEAT + state)) {
      distance = third;
      if (bit(IS_FOURTH_REPEAT + state)) {
        distance = fourth;
        fourth = third;
      }
      third = second;
    }
    second = last;
    last = distance;
    return true;
  };

  while (n < size) {
    const isAfterLiteral = state < 7;
    if (!bit(IS_MATCH + state)) {
      literal();
    } else if (bit(IS_REPEAT + state)) {
      const isLong = repeat();
      copy(isLong ? lengthAt(LENGTHS + LENGTHS_SIZE) : 1);
      state = isLong ? (isAfterLiteral ? 8 : 11) : isAfterLiteral ? 9 : 11;
    } else {
      [fourth, third, second] = [third, second, last];
      const length = lengthAt(LENGTHS);
      last = distanceFor(length);
      copy(length);
      state = isAfterLiteral ? 7 : 10;
    }
  }
  return output;
}
