// The page of `minigo see`: shows the data that crates/page/src/encode.rs writes. Plain JavaScript, no library.
//
// A key names a thing everywhere: `v12.0` a value and `b3.0` a block by number and generation, `L0:7` a line of a file, `r5` a
// row of the listing, `s2` a slot of the frame. Whatever shows a thing has its key; hovering marks all that belong to it.
"use strict";
(() => {
const MAX_PINS = 8;
const CUT = 400;
const ROW = 20;
const CODE_ROW = 38;

let lang = 0;
let words = {};
const t = (word) => words[word][lang];
const hex = (n) => "0x" + n.toString(16).padStart(4, "0");

function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

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

  // The lines to show for a pass: those of the state, and those that went. Marks: 1 new, 2 gone, 3 changed, 4 moved.
  view(pass) {
    if (this.views.has(pass)) return this.views.get(pass);
    const state = this.states[pass] ?? new Int32Array(0);
    const old = pass > 0 ? this.states[pass - 1] : state;
    const isChanged = state !== old;
    const view = { lines: state, marks: null, old: new Map(), changes: 0 };
    if (isChanged) {
      const { ops } = state;
      let from = 0, to = 0, size = state.length;
      for (let i = 0; i < ops.length; i += 3) {
        from += ops[i];
        to += ops[i];
        for (let k = 0; k < ops[i + 1]; k++) this.replaced[this.keys[old[from + k]]] = old[from + k];
        for (let k = 0; k < ops[i + 2]; k++) this.inserted[this.keys[state[to + k]]] = 1;
        from += ops[i + 1];
        to += ops[i + 2];
        size += ops[i + 1];
      }
      const lines = new Int32Array(size), marks = new Uint8Array(size);
      let at = 0;
      from = to = 0;
      for (let i = 0; i <= ops.length; i += 3) {
        const keep = i < ops.length ? ops[i] : old.length - from;
        lines.set(old.subarray(from, from + keep), at);
        from += keep;
        to += keep;
        at += keep;
        if (i === ops.length) break;
        for (let k = 0; k < ops[i + 1]; k++, from++) {
          if (this.inserted[this.keys[old[from]]]) continue;
          lines[at] = old[from];
          marks[at++] = 2;
          view.changes++;
        }
        for (let k = 0; k < ops[i + 2]; k++, to++) {
          const line = state[to], before = this.replaced[this.keys[line]];
          lines[at] = line;
          marks[at] = before < 0 ? 1 : before === line ? 4 : 3;
          if (marks[at] === 3) view.old.set(line, before);
          view.changes++;
          at++;
        }
      }
      view.lines = lines.subarray(0, at);
      view.marks = marks.subarray(0, at);
      for (let i = 0, f = 0, s = 0; i < ops.length; i += 3) {
        f += ops[i];
        s += ops[i];
        for (let k = 0; k < ops[i + 1]; k++) this.replaced[this.keys[old[f++]]] = -1;
        for (let k = 0; k < ops[i + 2]; k++) this.inserted[this.keys[state[s++]]] = 0;
      }
    }
    if (this.views.size > 8) this.views.clear();
    this.views.set(pass, view);
    return view;
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
    return this.states[pass]?.find((line) => this.keys[line] === key);
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

const keyOf = (kind, life) => `${kind}${life.id}.${life.generation}`;

// A list of rows of the same height, of which only those in the window exist.
class List {
  constructor(label, height, draw) {
    this.height = height;
    this.draw = draw;
    this.count = 0;
    this.focus = 0;
    this.rows = new Map();
    this.inner = el("div", { role: "list", "aria-label": label });
    this.node = el("div", { class: "list", on: { scroll: () => this.show(), keydown: (event) => this.move(event) } }, this.inner);
    new ResizeObserver(() => this.show()).observe(this.node);
  }

  set(count) {
    this.count = count;
    this.focus = Math.min(this.focus, Math.max(count - 1, 0));
    this.inner.style.height = `${count * this.height}px`;
    this.clear();
    this.show();
  }

  clear() {
    this.rows.clear();
    this.inner.replaceChildren();
  }

  show(all = false) {
    const { scrollTop, clientHeight } = this.node;
    const first = all ? 0 : Math.max(0, Math.floor(scrollTop / this.height) - 8);
    const last = all ? Math.min(this.count, 3000) : Math.min(this.count, Math.ceil((scrollTop + (clientHeight || 600)) / this.height) + 8);
    for (const [index, row] of this.rows) {
      if ((index < first || index >= last) && !row.contains(document.activeElement)) {
        row.remove();
        this.rows.delete(index);
      }
    }
    for (let index = first; index < last; index++) {
      if (this.rows.has(index)) continue;
      const row = this.draw(index);
      row.style.top = `${index * this.height}px`;
      row.setAttribute("role", "listitem");
      row.setAttribute("aria-setsize", this.count);
      row.setAttribute("aria-posinset", index + 1);
      row.tabIndex = index === this.focus ? 0 : -1;
      this.rows.set(index, row);
      // Readers go through rows in their order.
      let next = index + 1;
      while (next < last && !this.rows.has(next)) next++;
      this.inner.insertBefore(row, this.rows.get(next) ?? null);
    }
  }

  go(index, takeFocus) {
    if (index < 0 || index >= this.count) return;
    const top = index * this.height;
    const { scrollTop, clientHeight } = this.node;
    if (top < scrollTop || top + this.height > scrollTop + clientHeight) this.node.scrollTop = top - clientHeight / 3;
    this.show();
    const before = this.rows.get(this.focus);
    if (before) before.tabIndex = -1;
    this.focus = index;
    const row = this.rows.get(index);
    if (row) {
      row.tabIndex = 0;
      if (takeFocus) row.focus({ preventScroll: true });
    }
  }

  move(event) {
    const page = Math.max(1, Math.floor(this.node.clientHeight / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.count, End: this.count };
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.go(Math.min(Math.max(this.focus + steps[event.key], 0), this.count - 1), true);
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

// The panes of one version of Go.
class Column {
  constructor(see, func) {
    this.see = see;
    this.func = func;
    this.pass = 0;
    this.passHead = el("h2");
    this.list = new List("", ROW, (index) => this.drawLine(index));
    this.cards = el("div", { class: "cards" });
    this.passPane = el("section", { class: "pass" }, this.passHead, this.list.node, this.cards);
    this.codeHead = el("h2");
    this.code = new List("", CODE_ROW, (index) => this.drawCode(index));
    this.frame = el("div", { class: "frame" });
    this.codePane = el("section", { class: "code" }, this.codeHead, this.code.node, this.frame);
    this.frameRow = func.data.frames.first;
  }

  name() {
    return this.see.gos.length > 1 ? `Go ${this.func.data.go} · ` : "";
  }

  setPass(pass, keepPlace) {
    const { func, list } = this;
    // What is pinned, focused or on top keeps its place on the screen.
    let anchor = null;
    if (keepPlace && this.view) {
      const pinned = this.see.pins.map(({ key }) => this.index(key)).find((index) => index >= 0);
      const top = Math.floor(list.node.scrollTop / ROW);
      const index = pinned ?? (list.node.contains(document.activeElement) ? list.focus : top);
      if (index < this.view.lines.length) anchor = [func.keys[this.view.lines[index]], index * ROW - list.node.scrollTop];
    }
    this.pass = pass;
    this.view = func.view(pass);
    const data = func.data.passes[pass];
    const hasFocus = list.node.contains(document.activeElement);
    let place = anchor ? this.view.lines.findIndex((line, at) => func.keys[line] === anchor[0] && this.view.marks?.[at] !== 2) : -1;
    if (place >= 0) list.focus = hasFocus ? place : list.focus;
    list.set(this.view.lines.length);
    if (place >= 0) list.node.scrollTop = place * ROW - anchor[1];
    list.show();
    if (hasFocus) list.go(list.focus, true);
    const nodes = data ? [el("b", { text: this.name() + data.name }), el("span", { class: "end", text: this.summary() })] : [el("b", { text: this.name() }), t("hand")];
    this.passHead.replaceChildren(...nodes);
    list.inner.setAttribute("aria-label", `${t("pass")} ${data?.name ?? ""}`);
    this.drawCards();
  }

  summary() {
    const { nb, nv, recorded } = this.func.data.passes[this.pass];
    const changes = this.view.changes ? `${this.view.changes} ${t("changed")}` : t("same");
    return `${recorded ? changes : t("skipped")} · ${nb} ${t("blocks")} · ${nv} ${t("values")}`;
  }

  // The index of a thing in the list of the pass.
  index(key) {
    const life = /^[vb]/.test(key) && this.func.parse(key);
    if (!life || life.born > this.pass || this.pass >= life.died) return -1;
    const wanted = 2 * life.id + (key[0] === "b" ? 1 : 0);
    return this.view.lines.findIndex((line, at) => this.func.keys[line] === wanted && this.view.marks?.[at] !== 2);
  }

  drawLine(index) {
    const { func, view } = this;
    const line = view.lines[index], mark = view.marks?.[index] ?? 0;
    const pass = mark === 2 ? this.pass - 1 : this.pass;
    const text = func.lines[line];
    const row = el("div", { class: "row" + ["", " new", " gone", "", " moved"][mark] });
    const shown = [...wordsOf(text.length > CUT ? text.slice(0, CUT) : text, func, pass)];
    const before = mark === 3 ? [...wordsOf(func.lines[view.old.get(line)].slice(0, CUT), func, pass - 1)] : null;
    const [keptOld, keptNew] = before ? common(before.map((w) => w[0]), shown.map((w) => w[0])) : [];
    let old = 0;
    const gone = (until) => {
      for (; before && old < until; old++) {
        if (!keptOld.has(old)) row.append(el("del", { class: before[old][1], text: before[old][0] }));
      }
    };
    const order = keptOld ? [...keptOld] : [];
    shown.forEach(([word, cls, key], at) => {
      if (keptNew?.has(at)) {
        const partner = order.shift();
        gone(partner);
        old = partner + 1;
      }
      const isNew = keptNew && !keptNew.has(at);
      const space = word.startsWith(" ") && key ? " " : "";
      const node = isNew ? el("ins", { class: cls || null }) : cls || key ? el("span", { class: cls || null }) : null;
      if (key) {
        if (space) node.append(space);
        node.append(el("span", { class: "k", "data-k": key, text: word.slice(space.length) }));
      } else if (node) node.textContent = word;
      row.append(node ?? word);
    });
    gone(before?.length ?? 0);
    if (text.length > CUT) row.append(el("span", { class: "noise", text: ` … ${text.length - CUT} ${t("more")}` }));
    const name = /^ {2,4}([vb])(\d+)/.exec(text);
    row.thing = name ? func.key(name[1], +name[2], pass) : null;
    if (row.thing) row.dataset.k = row.thing;
    row.line = func.posKey(text);
    this.see.paintRow(row, this);
    return row;
  }

  drawCode(index) {
    const { pc, bytes, text, who, why, origin, line } = this.func.rows[index];
    const [as, ...operands] = text.split("\t");
    const pairs = bytes.replace(/(..)(?!$)/g, "$1 ");
    const row = el("div", { class: "row", "data-k": `r${index}` },
      el("span", { class: "pc", text: hex(pc) }),
      el("span", {}, el("span", { class: "as", text: as }), operands.length ? " " + operands.join(" ") : ""),
      el("span", { class: "bytes", text: pairs }),
      el("span", { class: "who", text: this.see.page.who[who][lang] }),
      el("span", { class: "why", text: why[lang], title: why[lang] }));
    row.thing = `r${index}`;
    row.origin = origin;
    row.line = line;
    this.see.paintRow(row, this);
    return row;
  }

  setListing() {
    this.codeHead.replaceChildren(el("b", { text: this.name() + t("listing") }), el("span", { class: "end", text: this.func.data.header.split(" ").slice(1).join(" ") }));
    this.code.inner.setAttribute("aria-label", t("listing"));
    this.code.set(this.func.rows.length);
    this.drawFrame();
  }

  drawFrame() {
    const { frames } = this.func.data;
    const shape = frames.frames[frames.at[this.frameRow]];
    if (!shape) {
      this.frame.replaceChildren(...(frames.frames.length ? [t("noFrame")] : []));
      return;
    }
    const row = this.func.rows[this.frameRow];
    const fp = shape.sp + 8;
    const cell = (cls, text) => el("td", { class: cls, text });
    const head = [t("size"), t("what"), "(SP)", "", t("state")].map((text) => el("th", { scope: "col", text }));
    const rows = shape.rows.map(([index, state]) => {
      const slot = frames.slots[index];
      const off = slot.off + fp;
      const to = [off === 0 && "SP", off === shape.bp && "BP", off === fp && "FP"].filter(Boolean);
      const pcs = [["written", slot.writes], ["read", slot.reads], ["address", slot.addressed]].flatMap(([word, pcs]) =>
        pcs.length ? [`${t(word)} ${pcs.slice(0, 3).map(hex).join(" ")}${pcs.length > 3 ? " …" : ""}`] : []);
      const states = state === -1 ? [t("notWritten")] : state === -2 ? [t("dead")] : state > 0 ? [`${t("until")} ${hex(state - 1)}`] : [];
      const cls = slot.kind + (slot.off === -8 ? " heavy-above" : slot.off + slot.size === -8 ? " heavy" : "");
      const what = el("td", { class: "what" }, slot.name[lang] + " ", el("span", { class: "label", text: slot.tag[lang] }));
      const node = el("tr", { class: cls, "data-k": `s${index}` }, cell("num", slot.size), what, cell("num", off), cell("to", to.length ? "◂ " + to.join(" ") : ""), el("td", {}, el("span", { class: "label", text: [...states, ...pcs].join(", ") })));
      node.thing = `s${index}`;
      return node;
    });
    const caption = el("caption", {}, el("b", { text: t("frame") }), ` ${t("before")} ${hex(row.pc)} ${row.text.replace("\t", " ")}: ${shape.sp} ${t("size")}`);
    this.frame.replaceChildren(el("table", {}, caption, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)));
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", t("frame"));
    this.see.paintFrame(this);
  }

  drawCards() {
    this.cards.replaceChildren(...this.see.pins.map((pin) => this.card(pin)));
  }

  card({ key, letter, color }) {
    const { func, see } = this;
    const link = (text, run) => el("button", { type: "button", text, on: { click: run } });
    const passLink = (pass, text) => link(text ?? func.data.passes[pass].name, () => see.goToPass(this, pass));
    const body = [];
    const label = (text) => el("span", { class: "label", text: text + " " });
    if (/^[vb]/.test(key)) {
      const life = func.parse(key);
      if (!life) return el("article", {}, el("h3", { text: key }));
      const line = life.born <= this.pass && this.pass < life.died ? func.lineOf(key[0], life.id, this.pass) : undefined;
      body.push(el("p", {}, el("code", { text: line === undefined ? t("notHere") : func.lines[line].trim().slice(0, CUT) })));
      if (life.steps?.length) {
        const steps = life.steps.flatMap(({ pass, op, rule }, at) => [at ? " → " : "", el("code", { text: op + " " }), passLink(pass), rule ? el("span", { class: "rule", text: ` (${rule[0]}, ${rule[1]})` }) : ""]);
        body.push(el("p", { class: "steps-of" }, label(t("history")), ...steps));
      }
      const until = life.died === Infinity ? t("toEnd") : func.data.passes[life.died].name;
      body.push(el("p", {}, label(t("lives")), `${func.data.passes[life.born].name} – ${until}`, life.home ? ` · ${t("home")} ` : "", life.home ? el("code", { class: "reg", text: life.home }) : ""));
      const changes = func.changesOf(key[0], life);
      if (changes.length) body.push(el("p", { class: "steps-of" }, label(t("wasHere")), ...changes.flatMap((pass, at) => [at ? ", " : "", passLink(pass)])));
      if (key[0] === "v") {
        const pattern = new RegExp(`[ []v${life.id}(?![\\d.])(?! =)`);
        const users = line === undefined ? [] : Array.from(func.states[this.pass]).filter((index) => pattern.test(func.lines[index]) && index !== line);
        const names = users.slice(0, 12).map((index) => /\S+/.exec(func.lines[index])[0].replace(":", ""));
        const links = names.map((name) => (/^[vb]\d+$/.test(name) ? func.key(name[0], +name.slice(1), this.pass) : null));
        body.push(el("p", { class: "steps-of" }, label(t("uses")), ...(names.length ? names.flatMap((name, at) => [at ? ", " : "", links[at] ? link(name, () => see.toggle(links[at], this)) : name]) : [t("none")]), users.length > 12 ? ` … ${users.length}` : ""));
      }
      for (const index of func.rowsOf(key).slice(0, 4)) body.push(this.codeLine(index));
    } else if (key[0] === "r" && func.rows[+key.slice(1)]) {
      const row = func.rows[+key.slice(1)];
      body.push(this.codeLine(+key.slice(1)));
      if (row.origin) body.push(el("p", { class: "steps-of" }, link(row.origin.split(".")[0], () => see.toggle(row.origin, this))));
    }
    const note = el("textarea", { "aria-label": `${t("note")} ${see.title(key, this)}`, placeholder: t("note"), on: { input: (event) => see.keepNote(key, event.target.value) } });
    note.value = see.notes[see.noteName(key)] ?? "";
    body.push(note);
    const close = el("button", { type: "button", text: "×", "aria-label": `${t("unpin")} ${letter}`, on: { click: () => see.toggle(key, this) } });
    return el("article", {}, el("h3", { class: `p${color}`, "data-pin": letter }, see.title(key, this), close), ...body);
  }

  codeLine(index) {
    const row = this.func.rows[index];
    return el("p", {}, el("code", { text: `${hex(row.pc)} ${row.text.replace("\t", " ")}` }), " ", el("span", { class: "label", text: `${this.see.page.who[row.who][lang]}: ${row.why[lang]}` }));
  }
}

// The graph of a pass: SVG for the part in the window.
class Graph {
  constructor(see) {
    this.see = see;
    this.isOpen = false;
    this.head = el("h2");
    const parsed = document.createElement("template");
    parsed.innerHTML = "<svg></svg>";
    this.svg = parsed.content.firstChild;
    this.svg.setAttribute("role", "img");
    this.map = el("div", { class: "map", tabindex: 0, role: "group", on: { scroll: () => this.show() } }, this.svg);
    this.node = el("section", { class: "graph" }, this.head, this.map);
    new ResizeObserver(() => this.show()).observe(this.map);
  }

  set(column) {
    const { data, states } = column.func;
    this.column = column;
    const pass = data.passes[column.pass];
    const graph = pass && data.graphs[pass.graph];
    this.node.hidden = !graph;
    if (!graph) return;
    const isFolded = graph.folded && !this.isOpen;
    const nodes = isFolded ? graph.folded : graph.all;
    if (nodes !== this.nodes) {
      this.nodes = nodes;
      nodes.places ??= this.place(nodes);
    }
    this.changed = new Set();
    if (states[column.pass]) {
      column.view.marks?.forEach((mark, index) => {
        const key = column.func.keys[column.view.lines[index]];
        if (mark && key & 1) this.changed.add(key >> 1);
      });
    }
    const fold = graph.folded ? el("button", { type: "button", class: "end", text: isFolded ? t("folded") : t("fold"), on: { click: () => this.open(!this.isOpen) } }) : "";
    this.head.replaceChildren(el("b", { text: t("graph") }), ` ${pass.name}`, fold);
    this.svg.setAttribute("aria-label", `${t("graph")} ${pass.name}`);
    this.map.setAttribute("aria-label", t("graph"));
    this.drawn = null;
    this.show();
  }

  open(isOpen, block) {
    this.isOpen = isOpen;
    this.set(this.column);
    if (block !== undefined) this.goTo(block);
  }

  // Places in pixels.
  place(nodes) {
    const ids = sums(nodes.ids), layers = sums(nodes.layers);
    const left = 12 + 9 * nodes.up;
    const byLayer = [];
    const places = ids.map((id, at) => {
      const node = { at, id, layer: layers[at], x: left + 26 + 64 * nodes.columns[at], y: 22 + 52 * layers[at], size: nodes.sizes[at] ?? 1, depth: nodes.depths[at], up: nodes.ups[at], down: nodes.downs[at], succs: [], preds: [] };
      (byLayer[node.layer] ??= []).push(node);
      return node;
    });
    let i = 0;
    for (const node of places) {
      for (let n = nodes.succs[i++]; n > 0; n--) {
        const to = places[node.at + nodes.succs[i++]];
        node.succs.push(to);
        to.preds.push(node);
      }
    }
    const right = left + 64 * (1 + Math.max(0, ...byLayer.map((row) => row.reduce((most, { at }) => Math.max(most, nodes.columns[at]), 0))));
    // Those with a lane, and the layers that it passes.
    const lanes = places.flatMap((node) => {
      const found = [];
      if (node.up >= 0) found.push({ node, x: left - 8 - 9 * node.up, up: true, from: node.preds.filter((pred) => pred.layer >= node.layer) });
      if (node.down >= 0) found.push({ node, x: right + 9 * node.down, up: false, from: node.preds.filter((pred) => pred.layer + 1 < node.layer) });
      return found.map((lane) => {
        const others = lane.from.map((pred) => pred.layer);
        const far = lane.up ? others.reduce((a, b) => Math.max(a, b)) : others.reduce((a, b) => Math.min(a, b));
        return { ...lane, first: Math.min(far, node.layer), last: Math.max(far, node.layer) };
      });
    });
    return { nodes: places, byLayer, lanes, width: right + 9 * nodes.down + 12, height: 52 * byLayer.length + 12 };
  }

  show() {
    const places = this.nodes?.places;
    if (!places || !this.column) return;
    const { scrollTop, clientHeight } = this.map;
    const first = Math.max(0, Math.floor((scrollTop - 30) / 52) - 1);
    const last = Math.min(places.byLayer.length - 1, Math.ceil((scrollTop + (clientHeight || 400)) / 52) + 1);
    const drawn = `${first}-${last}`;
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    this.svg.setAttribute("width", places.width);
    this.svg.setAttribute("height", places.height);
    const parts = [];
    const shape = (tag, attributes) => {
      const node = document.createElementNS(this.svg.namespaceURI, tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      return node;
    };
    const edge = (d, up) => parts.push(shape("path", { d, class: up ? "up" : "" }));
    const tip = (node, up) => parts.push(shape("path", { class: up ? "tip up" : "tip", d: `M${node.x - 4} ${node.y - 17}L${node.x} ${node.y - 11}L${node.x + 4} ${node.y - 17}Z` }));
    const out = (from, to) => from.x + (from.succs.length < 2 ? 0 : 10 * (2 * from.succs.indexOf(to) / (from.succs.length - 1) - 1));
    // Edges to the same block share a track between layers.
    const track = (to) => 5 + 3 * (to.at % 4);
    for (let layer = Math.max(0, first - 1); layer <= last; layer++) {
      for (const node of places.byLayer[layer] ?? []) {
        for (const to of node.succs) {
          if (to.layer !== layer + 1) continue;
          const x = out(node, to), y = node.y + 11 + track(to);
          edge(`M${x} ${node.y + 11}V${y}H${to.x}V${to.y - 14}`, false);
          tip(to, false);
        }
      }
    }
    for (const { node, x, up, from, first: top, last: bottom } of places.lanes) {
      if (bottom < first - 1 || top > last + 1) continue;
      const end = node.y - 11 - track(node);
      const starts = from.filter(({ layer }) => layer >= first - 1 && layer <= last + 1);
      for (const pred of starts) {
        const y = pred.y + 11 + track(node);
        edge(`M${out(pred, node)} ${pred.y + 11}V${y}H${x}V${end}H${node.x}V${node.y - 14}`, up);
      }
      if (!starts.length) edge(`M${x} ${52 * top + 40}V${end}H${node.x}V${node.y - 14}`, up);
      tip(node, up);
    }
    for (let layer = first; layer <= last; layer++) {
      for (const node of places.byLayer[layer] ?? []) {
        const isFolded = node.size > 1;
        const cls = ["node", node.depth ? "loop" : "", isFolded ? "folded" : "", this.changed.has(node.id) ? "changed" : ""].join(" ");
        const group = shape("g", { class: cls });
        group.thing = this.column.func.key("b", node.id, this.column.pass);
        if (group.thing) group.dataset.k = group.thing;
        group.loop = isFolded ? node.id : undefined;
        group.append(shape("rect", { x: node.x - 26, y: node.y - 11, width: 52, height: 22, rx: 5 }), shape("text", { x: node.x, y: node.y }));
        group.lastChild.textContent = isFolded ? `b${node.id} +${node.size - 1}` : `b${node.id}`;
        parts.push(group);
      }
    }
    this.svg.replaceChildren(...parts);
    this.paint();
  }

  goTo(block) {
    const node = this.nodes?.places?.nodes.find(({ id }) => id === block);
    if (!node) return;
    const { scrollTop, clientHeight, scrollLeft, clientWidth } = this.map;
    if (node.y - 20 < scrollTop || node.y + 20 > scrollTop + clientHeight) this.map.scrollTop = node.y - clientHeight / 2;
    if (node.x - 30 < scrollLeft || node.x + 30 > scrollLeft + clientWidth) this.map.scrollLeft = node.x - clientWidth / 2;
    this.show();
  }

  paint() {
    for (const group of this.svg.querySelectorAll("g")) this.see.paintKey(group, this.column);
  }
}

// The page.
class See {
  constructor(root, page) {
    this.page = page;
    this.pins = [];
    this.notes = {};
    this.loaded = new Map();
    this.columns = [];
    this.hovered = null;
    try {
      this.notes = JSON.parse(localStorage.getItem("minigo-notes") ?? "{}");
    } catch { /* Without storage there are no notes to read. */ }
    lang = +page.lang;
    words = page.words;
    this.names = [...new Set(page.functions.map(({ name }) => name))];
    this.gos = [...new Set(page.functions.map(({ go }) => go))];
    this.root = root;
    this.lines = page.files.flatMap(({ name, text }, file) => {
      const lines = text.replace(/\n$/, "").split("\n").map((line, at) => ({ key: `L${file}:${at + 1}`, text: line, number: at + 1 }));
      return [{ file: name }, ...lines];
    });
    this.build();
  }

  build() {
    this.live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
    this.select = el("select", { on: { change: () => this.open(this.select.value) } }, ...this.names.map((name) => el("option", { value: name, text: name })));
    this.title1 = el("span", { class: "go" });
    this.search = el("input", { type: "search", on: { input: () => this.find(), keydown: (event) => this.searchKey(event) } });
    this.hits = el("span", { class: "hits", role: "status" });
    this.detailsButton = el("button", { type: "button", "aria-pressed": "false", on: { click: () => this.toggleDetails() } });
    this.langButton = el("button", { type: "button", on: { click: () => this.setLang(1 - lang) } });
    this.helpButton = el("button", { type: "button", text: "?", on: { click: () => this.help() } });
    this.steps = el("nav", { class: "steps" });
    this.help1 = el("dialog");
    const bar = el("header", { class: "bar" }, el("h1", {}, "minigo see", this.select, this.title1), el("span", { class: "grow" }), this.search, this.hits, this.detailsButton, this.langButton, this.helpButton, this.steps);
    this.sourceHead = el("h2");
    this.source = new List("", ROW, (index) => this.drawSource(index));
    this.graph = new Graph(this);
    this.sourcePane = el("section", { class: "source" }, this.sourceHead, this.source.node);
    this.panes = el("main", { class: "panes one quiet" });
    this.node = el("div", { class: "see" }, bar, this.panes);
    this.root.replaceChildren(this.node, this.live, this.help1);
    this.node.addEventListener("mouseover", (event) => this.hover(event.target));
    this.node.addEventListener("mouseleave", () => this.hover(null));
    this.node.addEventListener("focusin", (event) => this.focused(event.target));
    this.node.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("hashchange", () => this.readHash());
    addEventListener("beforeprint", () => this.lists().forEach((list) => list.show(true)));
    addEventListener("afterprint", () => this.lists().forEach((list) => list.set(list.count)));
  }

  lists() {
    return [this.source, ...this.columns.flatMap(({ list, code }) => [list, code])];
  }

  async load(name) {
    if (!this.loaded.has(name)) {
      const wanted = this.page.functions.filter((known) => known.name === name);
      this.loaded.set(name, Promise.all(wanted.map(async ({ data }) => new Func(await data()))));
    }
    return this.loaded.get(name);
  }

  async open(name, state = {}) {
    const funcs = await this.load(name);
    const keepPass = state.pass ?? this.passName();
    this.name = name;
    this.pins = [];
    this.columns = funcs.map((func) => new Column(this, func));
    this.select.value = name;
    const merged = this.mergeSteps();
    this.stepList = merged;
    const isTwo = this.columns.length > 1;
    this.panes.className = `panes ${isTwo ? "two" : "one"}${this.panes.classList.contains("quiet") ? " quiet" : ""}`;
    const stacks = this.columns.map((column) => el("div", { class: "stack both" }, column.passPane, column.codePane));
    this.panes.replaceChildren(el("div", { class: "stack" }, this.sourcePane, this.graph.node), ...stacks);
    this.source.set(this.lines.length);
    this.at = -1;
    const start = merged.findIndex((step) => step.name === keepPass);
    this.setWords();
    for (const key of state.pins ?? []) this.pin(key);
    this.step(start < 0 ? 0 : start, false);
    const first = this.columns[0]?.func.rows.find(({ line }) => line)?.line;
    const index = this.lines.findIndex(({ key }) => key === first);
    if (index >= 0) this.source.node.scrollTop = Math.max(0, (index - 3) * ROW);
    this.source.show();
    for (const { key } of this.pins) this.reveal(key, null);
    return this;
  }

  passName() {
    return this.stepList?.[this.at]?.name;
  }

  // The passes of all versions, in an order that is that of each.
  mergeSteps() {
    const lists = this.columns.map(({ func }) => func.data.passes.map(({ name }) => name));
    const names = [...(lists[0] ?? [])];
    for (const list of lists.slice(1)) {
      let place = 0;
      for (const name of list) {
        const known = names.indexOf(name);
        if (known >= 0) place = Math.max(place, known + 1);
        else names.splice(place++, 0, name);
      }
    }
    return names.map((name, at) => {
      // A version without the pass shows the state that it has then.
      const passes = lists.map((list) => {
        for (let before = at; before >= 0; before--) {
          const pass = list.indexOf(names[before]);
          if (pass >= 0) return pass;
        }
        return 0;
      });
      const own = (column, index) => lists[index][passes[index]] === name;
      const changes = this.columns.some((column, index) => own(column, index) && column.func.changes(passes[index]));
      const recorded = this.columns.some((column, index) => own(column, index) && column.func.data.passes[passes[index]].recorded);
      return { name, passes, changes, recorded };
    });
  }

  step(at, speak = true) {
    if (at < 0 || at >= this.stepList.length) {
      this.columns.forEach((column) => this.at < 0 && column.setPass(0, false));
      return;
    }
    this.at = at;
    const { passes, name } = this.stepList[at];
    this.columns.forEach((column, index) => column.setPass(passes[index], true));
    for (const [index, button] of [...this.steps.children].entries()) {
      if (index === at) {
        button.setAttribute("aria-current", "step");
        const { offsetLeft, offsetWidth } = button;
        this.steps.scrollLeft = offsetLeft - this.steps.offsetLeft - (this.steps.clientWidth - offsetWidth) / 2;
      } else button.removeAttribute("aria-current");
      button.tabIndex = index === at ? 0 : -1;
    }
    if (this.columns[0]) this.graph.set(this.columns[0]);
    this.relate();
    this.paint();
    if (speak) this.live.textContent = `${name}: ${this.columns.map((column) => column.summary()).join("; ")}`;
    this.writeHash();
  }

  stepBy(direction, all) {
    for (let at = this.at + direction; at >= 0 && at < this.stepList.length; at += direction) {
      if (all || this.stepList[at].changes || at === 0) return this.step(at);
    }
  }

  goToPass(column, pass) {
    const name = column.func.data.passes[pass].name;
    this.step(this.stepList.findIndex((step) => step.name === name));
  }

  drawSource(index) {
    const { file, key, text, number } = this.lines[index];
    if (file !== undefined) return el("div", { class: "row file", text: file });
    const row = el("div", { class: "row", "data-k": key }, el("span", { class: "n", text: number }), text);
    row.thing = key;
    this.paintRow(row, this.columns[0]);
    return row;
  }

  // Marks.

  columnOf(node) {
    return this.columns.find(({ passPane, codePane }) => passPane.contains(node) || codePane.contains(node)) ?? this.columns[0];
  }

  hover(target) {
    const node = target?.closest?.("[data-k]");
    const key = node?.dataset.k ?? null;
    const column = node ? this.columnOf(node) : null;
    if (key === this.hovered?.key && column === this.hovered?.column) return;
    this.hovered = key ? { key, column } : null;
    this.relate();
    this.paint();
  }

  focused(target) {
    const row = target.closest?.(".row");
    if (!row) return;
    this.hover(target);
    const column = this.columnOf(row);
    if (row.thing?.[0] === "r") {
      column.frameRow = +row.thing.slice(1);
      column.drawFrame();
    }
    for (const list of this.lists()) {
      if (list.node.contains(row)) list.go(+row.getAttribute("aria-posinset") - 1, false);
    }
  }

  // The keys that belong to what is hovered and pinned, for each column. In other columns only the source is the same.
  relate() {
    const of = (key, column) => this.columns.map((other) => {
      if (other === column || key[0] === "L") return other.func.related(key, other.pass);
      return new Set([...column.func.related(key, column.pass)].filter((related) => related[0] === "L"));
    });
    this.marks = this.hovered ? of(this.hovered.key, this.hovered.column) : null;
    for (const pin of this.pins) pin.marks = of(pin.key, pin.column ?? this.columns[0]);
  }

  paint() {
    for (const list of this.lists()) {
      for (const row of list.rows.values()) this.paintRow(row, this.columnOf(row));
    }
    this.columns.forEach((column) => this.paintFrame(column));
    this.graph.paint();
  }

  paintRow(row, column) {
    if (!column) return;
    const index = this.columns.indexOf(column);
    const has = (marks, isLine) => marks && (marks[index].has(row.thing) || isLine && row.line && marks[index].has(row.line));
    const byLine = this.hovered?.key[0] === "L";
    row.classList.toggle("hit", Boolean(has(this.marks, byLine)));
    this.setPin(row, this.pins.find((pin) => has(pin.marks, pin.key[0] === "L")), true);
    for (const token of row.querySelectorAll(".k")) {
      const { k } = token.dataset;
      token.classList.toggle("same", this.hovered?.key === k || Boolean(this.marks?.[index].has(k) && /^[vb]/.test(k)));
      this.setPin(token, this.pins.find(({ key, column: own }) => key === k && (own ?? this.columns[0]) === column), false);
    }
  }

  setPin(node, pin, hasLetter) {
    node.classList.remove(...[...node.classList].filter((name) => /^p\d$/.test(name)));
    if (pin) node.classList.add(`p${pin.color}`);
    if (hasLetter && pin && pin.marks && node.thing === pin.key) node.dataset.pin = pin.letter;
    else delete node.dataset.pin;
  }

  paintKey(node, column) {
    const index = this.columns.indexOf(column);
    node.classList.toggle("same", this.hovered?.key === node.thing);
    node.classList.toggle("hit", Boolean(this.marks?.[index]?.has(node.thing)));
    this.setPin(node, this.pins.find((pin) => pin.marks?.[index]?.has(node.thing)), false);
  }

  paintFrame(column) {
    for (const row of column.frame.querySelectorAll("tr[data-k]")) this.paintKey(row, column);
  }

  click(event) {
    const node = event.target.closest("[data-k]");
    if (!node || event.target.closest("button, textarea, a")) return;
    if (String(getSelection())) return;
    if (node.loop !== undefined) return this.graph.open(true, node.loop);
    const row = event.target.closest(".row");
    if (row) row.focus({ preventScroll: true });
    this.toggle(node.dataset.k, this.columnOf(node));
  }

  toggle(key, column) {
    const at = this.pins.findIndex((pin) => pin.key === key && (pin.column ?? this.columns[0]) === column);
    if (at >= 0) this.pins.splice(at, 1);
    else this.pin(key, column);
    this.relate();
    this.columns.forEach((own) => own.drawCards());
    this.paint();
    if (at < 0) this.reveal(key, column);
    this.writeHash();
  }

  pin(key, column) {
    if (this.pins.length === MAX_PINS) this.pins.shift();
    const colors = new Set(this.pins.map(({ color }) => color));
    const color = [...Array(MAX_PINS).keys()].find((free) => !colors.has(free));
    this.pins.push({ key, color, letter: "ABCDEFGH"[color], column });
  }

  unpinAll() {
    this.pins = [];
    this.hovered = null;
    this.relate();
    this.columns.forEach((column) => column.drawCards());
    this.paint();
    this.writeHash();
  }

  // Scrolls what belongs to a thing into view, where none of it is.
  reveal(key, from) {
    this.columns.forEach((column) => {
      const keys = [...column.func.related(key, column.pass)];
      const visible = ({ node, height }, index) => index * height >= node.scrollTop && (index + 1) * height <= node.scrollTop + node.clientHeight;
      const show = (list, indices) => {
        if (indices.length && !indices.some((index) => visible(list, index)) && !list.node.contains(document.activeElement)) list.go(indices[0], false);
      };
      if (column === (from ?? this.columns[0]) || key[0] === "L") {
        const inPass = keys.map((related) => column.index(related)).filter((index) => index >= 0);
        const byLine = key[0] === "L" ? column.func.rows.flatMap(({ line }, index) => (line === key ? [index] : [])) : [];
        show(column.list, inPass);
        show(column.code, [...byLine, ...keys.filter((related) => related[0] === "r").map((related) => +related.slice(1))]);
        const row = keys.find((related) => related[0] === "r");
        if (row && column.func.data.frames.at[+row.slice(1)] >= 0) {
          column.frameRow = +row.slice(1);
          column.drawFrame();
        }
      }
      show(this.source, this.lines.flatMap((line, index) => (line.key && keys.includes(line.key) ? [index] : [])));
      if (key[0] === "b" && column === this.columns[0]) this.graph.goTo(parseInt(key.slice(1)));
    });
  }

  title(key, column) {
    const row = key[0] === "r" ? column.func.rows[+key.slice(1)] : null;
    if (row) return hex(row.pc);
    if (key[0] === "L") return `${t("line")} ${key.split(":")[1]}`;
    if (key[0] === "s") return column.func.data.frames.slots[+key.slice(1)]?.name[lang] ?? key;
    const [name, generation] = key.split(".");
    return generation === "0" ? name : `${name} (${+generation + 1})`;
  }

  // Notes.

  noteName(key) {
    return `${this.page.files.map(({ name }) => name).join(" ")} ${this.name} ${key}`;
  }

  keepNote(key, text) {
    if (text) this.notes[this.noteName(key)] = text;
    else delete this.notes[this.noteName(key)];
    try {
      localStorage.setItem("minigo-notes", JSON.stringify(this.notes));
    } catch { /* Without storage, notes last as long as the page. */ }
  }

  // Search.

  find() {
    const text = this.search.value.trim();
    this.found = [];
    const column = this.columns[0];
    const { func, view, pass } = column;
    const add = (list, index) => this.found.push([list, index]);
    let match;
    if (!text) { /* Nothing. */ } else if ((match = /^([vb])(\d+)$/.exec(text))) {
      const key = func.key(match[1], +match[2], pass);
      if (key) add(column.list, column.index(key));
    } else if (/^0x[0-9a-f]+$/i.test(text)) {
      func.rows.forEach(({ pc }, index) => pc === parseInt(text, 16) && add(column.code, index));
    } else if ((match = /^[:gL](\d+)$/.exec(text))) {
      this.lines.forEach(({ number }, index) => number === +match[1] && add(this.source, index));
    } else {
      const wanted = text.toLowerCase();
      const has = (other) => other.toLowerCase().includes(wanted);
      this.lines.forEach((line, index) => has(line.text ?? line.file) && add(this.source, index));
      view.lines.forEach((line, index) => has(func.lines[line]) && add(column.list, index));
      func.rows.forEach((row, index) => has(row.text.replace("\t", " ")) && add(column.code, index));
    }
    this.foundAt = -1;
    this.hits.textContent = text ? `${this.found.length}` : "";
  }

  searchKey(event) {
    if (event.key === "Escape") {
      this.search.value = "";
      this.find();
      this.search.blur();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const text = this.search.value.trim().toLowerCase();
    const named = this.stepList.findIndex(({ name }) => name.toLowerCase() === text);
    if (named >= 0) this.step(named);
    const func = this.names.find((name) => name.toLowerCase() === text || name.toLowerCase().endsWith("." + text));
    if (func && func !== this.name) return this.open(func);
    if (!this.found?.length) return;
    this.foundAt = (this.foundAt + (event.shiftKey ? this.found.length - 1 : 1)) % this.found.length;
    const [list, index] = this.found[this.foundAt];
    for (const other of this.lists()) other.inner.querySelector(".found")?.classList.remove("found");
    list.go(index, false);
    list.rows.get(index)?.classList.add("found");
    this.hits.textContent = `${this.foundAt + 1} / ${this.found.length}`;
  }

  // Keys.

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input, textarea, select, dialog")) return;
    const names = this.names;
    const next = (offset) => names[(names.indexOf(this.name) + offset + names.length) % names.length];
    const actions = {
      n: () => this.stepBy(1, false),
      b: () => this.stepBy(-1, false),
      N: () => this.stepBy(1, true),
      B: () => this.stepBy(-1, true),
      "/": () => this.search.focus(),
      g: () => {
        this.search.value = ":";
        this.search.focus();
      },
      x: () => this.toggleDetails(),
      l: () => this.setLang(1 - lang),
      "?": () => this.help(),
      "[": () => this.open(next(-1)),
      "]": () => this.open(next(1)),
      Escape: () => this.unpinAll(),
    };
    const nav = event.target.closest?.(".steps");
    if (nav && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      this.stepBy(event.key === "ArrowRight" ? 1 : -1, true);
      this.steps.children[this.at].focus();
    } else if (event.key === "Enter" && event.target.dataset?.k) this.toggle(event.target.dataset.k, this.columnOf(event.target));
    else if (actions[event.key]) actions[event.key]();
    else return;
    event.preventDefault();
  }

  toggleDetails() {
    const isQuiet = this.panes.classList.toggle("quiet");
    this.detailsButton.setAttribute("aria-pressed", String(!isQuiet));
  }

  help() {
    const rows = this.page.keys.flatMap(([keys, ...texts]) => [el("dt", {}, el("kbd", { text: keys })), el("dd", { text: texts[lang] })]);
    const close = el("button", { type: "button", text: t("close"), on: { click: () => this.help1.close() } });
    const notes = el("button", { type: "button", text: t("export"), on: { click: () => this.exportNotes() } });
    this.help1.setAttribute("aria-label", t("help"));
    this.help1.replaceChildren(el("h2", { text: t("help") }), el("dl", {}, ...rows), close, " ", notes);
    this.help1.showModal();
  }

  exportNotes() {
    const text = Object.entries(this.notes).map(([name, note]) => `${name}\n${note}\n`).join("\n");
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    el("a", { href: url, download: "notes.txt" }).click();
    URL.revokeObjectURL(url);
  }

  setLang(next) {
    lang = next;
    this.setWords();
    this.step(this.at, false);
  }

  setWords() {
    document.documentElement.lang = lang ? "zh" : "en";
    this.search.placeholder = t("search");
    this.search.setAttribute("aria-label", t("searching"));
    this.select.setAttribute("aria-label", t("func"));
    this.detailsButton.textContent = t("details");
    this.langButton.textContent = lang ? "English" : "中文";
    this.langButton.lang = lang ? "en" : "zh";
    this.helpButton.setAttribute("aria-label", t("help"));
    this.steps.setAttribute("aria-label", t("passes"));
    this.title1.textContent = this.gos.map((go) => `Go ${go}`).join(", ");
    this.sourceHead.replaceChildren(el("b", { text: t("source") }));
    this.source.inner.setAttribute("aria-label", t("source"));
    this.source.set(this.lines.length);
    this.steps.replaceChildren(...this.stepList.map(({ name, changes, recorded }, index) => {
      const cls = [changes || index === 0 ? "" : "thin", recorded ? "" : "skip"].join(" ").trim();
      return el("button", { type: "button", class: cls || null, text: name, title: recorded ? (changes ? null : t("same")) : t("skipped"), on: { click: () => this.step(index) } });
    }));
    this.columns.forEach((column) => column.setListing());
  }

  // The place in the address, to send to others: names of things instead of row numbers.

  writeHash() {
    const column = this.columns[0];
    const name = ({ key }) => (key[0] === "r" ? hex(column.func.rows[+key.slice(1)]?.pc ?? 0) : key);
    const parts = [["func", this.name], ["pass", this.passName()], ["pin", this.pins.map(name).join(",")]];
    const text = parts.filter(([, value]) => value).map(([word, value]) => `${word}=${encodeURIComponent(value)}`);
    this.hash = "#" + text.join("&");
    history.replaceState(null, "", this.hash);
  }

  async readHash() {
    if (this.hash && decodeURIComponent(location.hash) === decodeURIComponent(this.hash)) return;
    const parts = new Map(location.hash.slice(1).split("&").map((part) => {
      const [word, value = ""] = part.split("=");
      return [word, decodeURIComponent(value)];
    }));
    const name = this.names.includes(parts.get("func")) ? parts.get("func") : this.name ?? this.page.first ?? this.names[0];
    const [first] = await this.load(name);
    const pins = (parts.get("pin") ?? "").split(",").filter(Boolean).map((pin) => {
      if (!pin.startsWith("0x")) return pin;
      // The last row of an offset is the instruction.
      return `r${first.rows.findLastIndex(({ pc }) => pc === parseInt(pin, 16))}`;
    });
    await this.open(name, { pass: parts.get("pass") ?? this.page.pass, pins: pins.filter((pin) => /^([vb]\d+\.\d+|L\d+:\d+|[rs]\d+)$/.test(pin)) });
  }
}

// Shows a page in an element. Each function has `data`, which gives a promise of its data.
async function show(root, page) {
  const see = new See(root, page);
  await see.readHash();
  return see;
}

async function start() {
  const encoded = document.getElementById("page");
  if (!encoded) return;
  const page = await inflate(encoded.textContent);
  page.functions.forEach((known, index) => {
    known.data = () => inflate(document.getElementById(`f${index}`).textContent);
  });
  globalThis.see = await show(document.getElementById("see"), page);
}

globalThis.minigoSee = { show, inflate, Func };
start();
})();
