// The data of functions, as crates/page/src/encode.rs writes it.
//
// A key names a thing everywhere: `v12.0` a value and `b3.0` a block by number and generation, `L0:7` a line of a file, `r5` a
// row of the listing, `s2` a slot of the frame.

const keyOf = (kind, life) => `${kind}${life.id}.${life.generation}`;

async function inflate(base64) {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const sums = (differences) => {
  let sum = 0;
  return differences.map((difference) => (sum += difference));
};

// A function of one version of Go.
class Func {
  constructor(data) {
    this.data = data;
    this.lines = data.lines ? data.lines.split("\n") : [];
    this.files = new Map(data.places.map(([number, file]) => [number, file]));
    this.keyLines();
    this.readStates();
    this.values = this.readLives(data.values);
    this.blocks = this.readLives(data.blocks);
    this.readSteps(data.values);
    this.readListing(data.listing);
    this.views = new Map();
  }

  // A number for what each line is about: a value, a block, or a variable's name.
  keyLines() {
    const names = new Map();
    let most = 0;
    this.keys = new Int32Array(this.lines.length);
    this.lines.forEach((line, index) => {
      let key = -1;
      if (line.startsWith("    v")) key = 2 * parseInt(line.slice(5));
      else if (line.startsWith("  b")) key = 2 * parseInt(line.slice(3)) + 1;
      else {
        const name = line.slice(0, line.lastIndexOf(" ["));
        if (!names.has(name)) names.set(name, []);
        names.get(name).push(index);
      }
      this.keys[index] = key;
      if (key > most) most = key;
    });
    for (const indices of names.values()) {
      most++;
      for (const index of indices) this.keys[index] = most;
    }
    this.replaced = new Int32Array(most + 1).fill(-1);
    this.inserted = new Uint8Array(most + 1);
  }

  readStates() {
    let state = new Int32Array(0);
    this.states = this.data.passes.map(({ edits }) => {
      if (edits.length === 0) return state;
      let size = state.length;
      for (let i = 0; i < edits.length; i += 3 + edits[i + 2]) size += edits[i + 2] - edits[i + 1];
      const next = new Int32Array(size);
      const inserts = [];
      let from = 0, to = 0;
      for (let i = 0; i < edits.length;) {
        const [keep, remove, insert] = [edits[i], edits[i + 1], edits[i + 2]];
        next.set(state.subarray(from, from + keep), to);
        from += keep;
        to += keep;
        inserts.push(keep, remove, insert);
        let last = 0;
        for (let k = 0; k < insert; k++) {
          if (k < remove) last = state[from + k];
          last += edits[i + 3 + k];
          next[to++] = last;
        }
        from += remove;
        i += 3 + insert;
      }
      next.set(state.subarray(from), to);
      next.ops = inserts;
      return (state = next);
    });
  }

  readLives({ ids, born, lasts }) {
    const lives = [];
    let id = 0;
    ids.forEach((difference, index) => {
      id += difference;
      const generations = (lives[id] ??= []);
      const died = lasts[index] ? born[index] + lasts[index] : Infinity;
      generations.push({ id, generation: generations.length, born: born[index], died });
    });
    return lives;
  }

  readSteps({ steps, ops, rules, homes, home }) {
    let at = 0, index = 0;
    for (const generations of this.values) {
      for (const life of generations ?? []) {
        life.home = home[homes[index++]];
        life.steps = [];
        for (let n = steps[at++]; n > 0; n--, at += 3) {
          life.steps.push({ pass: steps[at], op: ops[steps[at + 1]], rule: rules[steps[at + 2]] });
        }
      }
    }
  }

  readListing({ pcs, bytes, texts, places, source, who, en, zh, origins }) {
    pcs = sums(pcs);
    places = sums(places);
    source = sums(source);
    this.rows = pcs.map((pc, i) => {
      const end = i + 1 < pcs.length ? pcs[i + 1] : bytes.length / 2;
      const file = this.files.get(places[i]);
      return {
        pc, who: who[i],
        bytes: bytes.slice(2 * pc, 2 * end),
        text: texts.table[texts.at[i]],
        why: [en.table[en.at[i]], zh.table[zh.at[i]]],
        origin: this.final(origins[i]),
        line: file === undefined ? null : `L${file}:${source[i]}`,
      };
    });
  }

  // The key of a value, or of a block if the number is negative, as it is after the last pass.
  final(origin) {
    if (!origin) return null;
    const life = (origin > 0 ? this.values[origin] : this.blocks[-origin])?.at(-1);
    return life ? keyOf(origin > 0 ? "v" : "b", life) : null;
  }

  life(kind, id, pass) {
    const lives = (kind === "v" ? this.values : this.blocks)[id] ?? [];
    return lives.find((life) => life.born <= pass && pass < life.died);
  }

  key(kind, id, pass) {
    const life = this.life(kind, id, pass);
    return life ? keyOf(kind, life) : null;
  }

  // The lines to show for a pass: those of the state, and those that went. Marks: 1 new, 2 gone, 3 changed, 4 moved. `before`
  // has the lines that changed ones replace, and `changed` is set for the keys of all that have a mark.
  view(pass) {
    if (this.views.has(pass)) return this.views.get(pass);
    const state = this.states[pass] ?? new Int32Array(0);
    const view = this.changes(pass) ? this.compare(this.states[pass - 1], state) : { lines: state, changes: 0 };
    if (this.views.size > 8) this.views.clear();
    this.views.set(pass, view);
    return view;
  }

  compare(old, state) {
    const { ops } = state;
    const { keys, replaced, inserted } = this;
    let size = state.length;
    for (let i = 0, from = 0, to = 0; i < ops.length; i += 3) {
      from += ops[i];
      to += ops[i];
      for (const end = from + ops[i + 1]; from < end; from++) replaced[keys[old[from]]] = old[from];
      for (const end = to + ops[i + 2]; to < end; to++) inserted[keys[state[to]]] = 1;
      size += ops[i + 1];
    }
    const lines = new Int32Array(size), marks = new Uint8Array(size), before = new Int32Array(size), changed = new Uint8Array(inserted.length);
    let at = 0, from = 0, to = 0, changes = 0;
    for (let i = 0; i < ops.length; i += 3) {
      lines.set(old.subarray(from, from + ops[i]), at);
      from += ops[i];
      to += ops[i];
      at += ops[i];
      for (const end = from + ops[i + 1]; from < end; from++) {
        const line = old[from], key = keys[line];
        if (inserted[key]) continue;
        lines[at] = line;
        marks[at++] = 2;
        changed[key] = 1;
        changes++;
      }
      for (const end = to + ops[i + 2]; to < end; to++, at++) {
        const line = state[to], key = keys[line], last = replaced[key];
        lines[at] = line;
        marks[at] = last < 0 ? 1 : last === line ? 4 : 3;
        before[at] = last;
        changed[key] = 1;
        changes++;
      }
    }
    lines.set(old.subarray(from), at);
    at += old.length - from;
    for (let i = 0, from = 0, to = 0; i < ops.length; i += 3) {
      from += ops[i];
      to += ops[i];
      for (const end = from + ops[i + 1]; from < end; from++) replaced[keys[old[from]]] = -1;
      for (const end = to + ops[i + 2]; to < end; to++) inserted[keys[state[to]]] = 0;
    }
    return { lines: lines.subarray(0, at), marks: marks.subarray(0, at), before, changed, changes };
  }

  // The index of the line with a key in a view, without those that went; -1 if there is none.
  find(view, key) {
    const { lines, marks } = view, { keys } = this;
    for (let at = 0; at < lines.length; at++) {
      if (keys[lines[at]] === key && marks?.[at] !== 2) return at;
    }
    return -1;
  }

  // The lines of all states that name a value.
  mentions(id) {
    this.named ??= new Map();
    if (!this.named.has(id)) {
      const name = `v${id}`, pattern = new RegExp(`[ []${name}(?![\\d.])(?! =)`);
      this.named.set(id, new Set(this.lines.flatMap((line, index) => (line.includes(name) && pattern.test(line) ? [index] : []))));
    }
    return this.named.get(id);
  }

  // The dump after a pass, as `-d ssa/PASS/dump` prints it.
  dump(pass) {
    const { name, nb, nv } = this.data.passes[pass];
    const lines = Array.from(this.states[pass], (line) => this.lines[line]);
    return [`== ${this.data.func}: ${name} nb=${nb} nv=${nv}`, ...lines, ""].join("\n");
  }

  changes(pass) {
    return pass > 0 && this.states[pass] !== this.states[pass - 1];
  }

  posKey(text) {
    const match = /@(\d+):(\d+):/.exec(text);
    const file = match && this.files.get(+match[1]);
    return file === undefined || file === null ? null : `L${file}:${match[2]}`;
  }

  // The line of a value or block in a pass.
  lineOf(kind, id, pass) {
    const key = 2 * id + (kind === "b" ? 1 : 0);
    const lines = this.states[pass] ?? [];
    const at = this.find({ lines }, key);
    return at < 0 ? undefined : lines[at];
  }

  // The states in which the line of a value is another one than before.
  changesOf(kind, life) {
    const key = 2 * life.id + (kind === "b" ? 1 : 0);
    this.versions ??= this.indexVersions();
    return (this.versions.get(key) ?? []).filter((pass) => life.born < pass && pass < life.died);
  }

  indexVersions() {
    const versions = new Map();
    this.states.forEach((state, pass) => {
      if (!this.changes(pass)) return;
      let to = 0;
      for (let i = 0; i < state.ops.length; i += 3) {
        to += state.ops[i];
        for (let k = 0; k < state.ops[i + 2]; k++, to++) {
          const key = this.keys[state[to]];
          if (!versions.has(key)) versions.set(key, []);
          const passes = versions.get(key);
          if (passes.at(-1) !== pass) passes.push(pass);
        }
      }
    });
    return versions;
  }

  slotsAt(pc) {
    this.accesses ??= this.data.frames.slots.map((slot) => new Set([...slot.reads, ...slot.writes, ...slot.addressed]));
    return this.accesses.flatMap((pcs, index) => (pcs.has(pc) ? [`s${index}`] : []));
  }

  rowsOf(origin) {
    if (!this.byOrigin) {
      this.byOrigin = new Map();
      this.rows.forEach((row, index) => {
        if (!row.origin) return;
        if (!this.byOrigin.has(row.origin)) this.byOrigin.set(row.origin, []);
        this.byOrigin.get(row.origin).push(index);
      });
    }
    return this.byOrigin.get(origin) ?? [];
  }

  // What belongs to a thing: keys of other things.
  related(key, pass) {
    const keys = new Set([key]);
    const addRow = (index) => {
      const row = this.rows[index];
      keys.add(`r${index}`);
      if (row.bytes) for (const slot of this.slotsAt(row.pc)) keys.add(slot);
    };
    if (/^[vb]/.test(key)) {
      const life = this.parse(key);
      for (const index of this.rowsOf(key)) addRow(index);
      if (life && life.born <= pass && pass < life.died) {
        const line = this.lineOf(key[0], life.id, pass);
        const pos = line === undefined ? null : this.posKey(this.lines[line]);
        if (pos) keys.add(pos);
      }
      const [first] = this.rowsOf(key);
      if (first !== undefined && this.rows[first].line) keys.add(this.rows[first].line);
    } else if (key[0] === "r") {
      const row = this.rows[+key.slice(1)];
      if (row) {
        addRow(+key.slice(1));
        if (row.origin) keys.add(row.origin);
        if (row.line) keys.add(row.line);
      }
    } else if (key[0] === "s") {
      const slot = this.data.frames.slots[+key.slice(1)];
      const pcs = new Set(slot ? [...slot.reads, ...slot.writes, ...slot.addressed] : []);
      this.rows.forEach((row, index) => {
        if (!row.bytes || !pcs.has(row.pc)) return;
        keys.add(`r${index}`);
        if (row.origin) keys.add(row.origin);
      });
    }
    return keys;
  }

  parse(key) {
    const [id, generation] = key.slice(1).split(".");
    return (key[0] === "v" ? this.values : this.blocks)[id]?.[generation];
  }
}

// The words of a line, with the keys of the values and blocks that they name.
function* wordsOf(text, func, pass) {
  const parts = text.trimStart().split(" ");
  const kind = text.startsWith("    ") ? "v" : text.startsWith("  b") ? "b" : "name";
  yield [text.slice(0, text.length - text.trimStart().length), ""];
  let edges = false, home = false, inList = kind !== "name";
  for (let i = 0; i < parts.length; i++) {
    const word = parts[i];
    if (word === "preds") edges = true;
    if (word === ":" && kind === "v") home = true;
    if (kind === "name" && i > 1 && word.startsWith("[")) inList = true;
    let cls = edges ? "noise" : "", key = null, match = null;
    if (/^@\d/.test(word) || /^u\d+$/.test(word)) cls = "noise";
    else if (home) cls = word === ":" ? "" : "reg";
    else if (word[0] === "<") cls = "type";
    else if (kind === "v" && i === 2 || kind === "b" && i === 1) cls = "op";
    else if (inList && (match = /^\[?([vb])(\d+)([.:\]].*)?$/.exec(word))) key = func.key(match[1], +match[2], pass);
    if (i === 0 && kind === "b") cls += " block";
    yield [i ? " " + word : word, cls, key];
  }
}

// Which words of two lists of words are in both.
function common(a, b) {
  const long = a.length * b.length > 10000;
  const rows = a.length + 1, cols = b.length + 1;
  const keepA = new Set(), keepB = new Set();
  if (long) {
    for (let i = 0; i < Math.min(a.length, b.length) && a[i] === b[i]; i++) keepA.add(i), keepB.add(i);
    return [keepA, keepB];
  }
  const best = new Uint16Array(rows * cols);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * cols + j] = a[i] === b[j] ? best[(i + 1) * cols + j + 1] + 1 : Math.max(best[(i + 1) * cols + j], best[i * cols + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) keepA.add(i++), keepB.add(j++);
    else if (best[(i + 1) * cols + j] >= best[i * cols + j + 1]) i++;
    else j++;
  }
  return [keepA, keepB];
}
