// The page of `minigo see`. Plain JavaScript, no library.
//
// Whatever shows a thing has its key (data.js); hovering marks all that belong to it.

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

// A list of rows of the same height, of which only those in the window exist.
class List {
  constructor(label, height, draw) {
    this.height = height;
    this.draw = draw;
    this.count = 0;
    this.focus = 0;
    this.rows = new Map();
    // The window as last known, in pixels: reading it while rows change would lay out the page.
    this.top = 0;
    this.seen = 600;
    this.inner = el("div", { role: "list", "aria-label": label });
    this.node = el("div", { class: "list", on: { scroll: () => this.measure(), keydown: (event) => this.move(event) } }, this.inner);
    new ResizeObserver(() => this.measure()).observe(this.node);
  }

  measure() {
    this.top = this.node.scrollTop;
    this.seen = this.node.clientHeight || 600;
    this.show();
  }

  set(count, top = this.top) {
    this.count = count;
    this.focus = Math.min(this.focus, Math.max(count - 1, 0));
    this.inner.style.height = `${count * this.height}px`;
    this.rows.clear();
    this.inner.replaceChildren();
    this.scroll(top);
  }

  scroll(top) {
    const old = this.top;
    this.top = Math.max(0, Math.min(top, this.count * this.height - this.seen));
    this.show();
    if (this.top !== old) this.node.scrollTop = this.top;
  }

  show(all = false) {
    const { top, seen } = this;
    const first = all ? 0 : Math.max(0, Math.floor(top / this.height) - 8);
    const last = all ? Math.min(this.count, 3000) : Math.min(this.count, Math.ceil((top + seen) / this.height) + 8);
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
    if (!this.isVisible(index)) this.scroll(index * this.height - this.seen / 3);
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

  isVisible(index) {
    return index * this.height >= this.top && (index + 1) * this.height <= this.top + this.seen;
  }

  move(event) {
    const page = Math.max(1, Math.floor(this.seen / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.count, End: this.count };
    if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.go(Math.min(Math.max(this.focus + steps[event.key], 0), this.count - 1), true);
  }
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

  // The line that keeps its place on the screen when the pass changes: what is pinned, focused or on top.
  anchor() {
    const { func, list, view } = this;
    if (!view) return null;
    let index = list.node.contains(document.activeElement) ? list.focus : Math.floor(list.top / ROW);
    for (const { key } of this.see.pins) {
      const pinned = this.index(key);
      if (pinned < 0) continue;
      index = pinned;
      break;
    }
    return index < view.lines.length ? { key: func.keys[view.lines[index]], offset: index * ROW - list.top } : null;
  }

  setPass(pass) {
    this.pass = pass;
    this.view = this.func.view(pass);
  }

  // Makes what another pass will need.
  prepare(pass) {
    this.func.view(pass);
    this.see.graph.nodesOf(this.func, pass);
  }

  draw(anchor) {
    const { func, list } = this;
    const data = func.data.passes[this.pass];
    const hasFocus = list.node.contains(document.activeElement);
    const place = anchor ? func.find(this.view, anchor.key) : -1;
    if (place >= 0 && hasFocus) list.focus = place;
    list.set(this.view.lines.length, place >= 0 ? place * ROW - anchor.offset : list.top);
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
    return this.func.find(this.view, 2 * life.id + (key[0] === "b" ? 1 : 0));
  }

  drawLine(index) {
    const { func, view } = this;
    const line = view.lines[index], mark = view.marks?.[index] ?? 0;
    const pass = mark === 2 ? this.pass - 1 : this.pass;
    const text = func.lines[line];
    const row = el("div", { class: "row" + ["", " new", " gone", "", " moved"][mark] });
    const body = mark === 2 ? el("del") : row;
    const shown = [...wordsOf(text.length > CUT ? text.slice(0, CUT) : text, func, pass)];
    const before = mark === 3 ? [...wordsOf(func.lines[view.before[index]].slice(0, CUT), func, pass - 1)] : null;
    const [keptOld, keptNew] = before ? common(before.map((w) => w[0]), shown.map((w) => w[0])) : [];
    let old = 0;
    const gone = (until) => {
      for (; before && old < until; old++) {
        if (!keptOld.has(old)) body.append(el("del", { class: before[old][1] }, el("i", { text: " " }), before[old][0].slice(1)));
      }
    };
    const order = keptOld ? [...keptOld] : [];
    shown.forEach(([word, cls, key], at) => {
      const isNew = keptNew && !keptNew.has(at);
      gone(order[0] ?? before?.length);
      if (keptNew && !isNew) old = order.shift() + 1;
      if (at === 0) return row.append(word);
      // The blank before a word isn't marked, but hidden with it.
      const isNoise = cls.startsWith("noise");
      const blank = " ".repeat(+word.startsWith(" "));
      const rest = word.trimStart();
      const parts = [isNoise ? blank : "", key ? el("span", { class: "k", "data-k": key, text: rest }) : rest];
      body.append(isNoise ? "" : blank, isNew ? el("ins", { class: cls || null }, ...parts) : cls ? el("span", { class: cls }, ...parts) : parts[1]);
    });
    gone(before?.length);
    if (body !== row) row.append(body);
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
    const head = [t("size"), t("what"), "(SP)", "", t("state")].map((text) => (text ? el("th", { scope: "col", text }) : el("td", { class: "to" })));
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
    const own = this.see.pins.filter(({ column }) => (column ?? this.see.columns[0]) === this);
    this.cards.replaceChildren(...own.map((pin) => this.card(pin)));
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
        const mentions = func.mentions(life.id);
        const users = line === undefined ? [] : Array.from(func.states[this.pass].filter((index) => mentions.has(index) && index !== line));
        const names = users.slice(0, 12).map((index) => /(?:name )?\S+/.exec(func.lines[index])[0].replace(/:|name |\[.*/g, ""));
        const links = names.map((name) => (/^[vb]\d+$/.test(name) ? func.key(name[0], +name.slice(1), this.pass) : null));
        body.push(el("p", { class: "steps-of" }, label(t("uses")), ...(names.length ? names.flatMap((name, at) => [at ? ", " : "", links[at] ? link(name, () => see.toggle(links[at], this)) : name]) : [t("none")]), users.length > 12 ? ` … ${users.length}` : ""));
      }
      for (const index of func.rowsOf(key).slice(0, 4)) body.push(this.codeLine(index));
    } else if (key[0] === "r" && func.rows[+key.slice(1)]) {
      const row = func.rows[+key.slice(1)];
      body.push(this.codeLine(+key.slice(1)));
      if (row.origin) body.push(el("p", { class: "steps-of" }, link(row.origin.split(".")[0], () => see.toggle(row.origin, this))));
    }
    const close = el("button", { type: "button", text: "×", "aria-label": `${t("unpin")} ${letter}`, on: { click: () => see.toggle(key, this) } });
    return el("article", {}, el("h3", { class: `p${color}`, "data-pin": letter }, see.title(key, this), close), ...body);
  }

  codeLine(index) {
    const row = this.func.rows[index];
    return el("p", {}, el("code", { text: `${hex(row.pc)} ${row.text.replace("\t", " ")}` }), " ", el("span", { class: "label", text: `${this.see.page.who[row.who][lang]}: ${row.why[lang]}` }));
  }
}

// The page.
class See {
  constructor(root, page) {
    this.page = page;
    this.pins = [];
    this.loaded = new Map();
    this.columns = [];
    this.hovered = null;
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
    this.ended = new AbortController();
    const { signal } = this.ended;
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    addEventListener("hashchange", () => this.readHash(), { signal });
    addEventListener("beforeprint", () => this.lists().forEach((list) => list.show(true)), { signal });
    addEventListener("afterprint", () => this.lists().forEach((list) => list.set(list.count)), { signal });
  }

  // Stops listening, before something else is shown.
  close() {
    this.ended.abort();
    globalThis.cancelIdleCallback?.(this.idle);
    clearTimeout(this.timer);
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
    const isHand = !merged.length;
    this.panes.className = `panes ${isTwo ? "two" : isHand ? "one hand" : "one"}${this.panes.classList.contains("quiet") ? " quiet" : ""}`;
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
    if (index >= 0) this.source.scroll((index - 3) * ROW);
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
    // Hand-written functions have no passes.
    const { passes = [], name = "" } = this.stepList[at] ?? {};
    // First what needs the places of things: when they have changed, it would lay out the page.
    const anchors = this.columns.map((column) => column.anchor());
    const button = this.steps.children[at];
    if (button) this.steps.scrollLeft = button.offsetLeft - this.steps.offsetLeft - (this.steps.clientWidth - button.offsetWidth) / 2;
    this.mark(this.steps.children[this.at], false);
    this.mark(button, true);
    this.at = at;
    this.columns.forEach((column, index) => column.setPass(passes[index] ?? 0));
    this.relate();
    this.columns.forEach((column, index) => column.draw(anchors[index]));
    if (this.columns[0]) this.graph.set(this.columns[0]);
    this.paint(this.columns.map(({ list }) => list));
    if (speak && name) this.live.textContent = `${name}: ${this.columns.map((column) => column.summary()).join("; ")}`;
    this.writeHash();
    this.prepare();
  }

  // Compares the states of the steps beside this one while the page has nothing else to do.
  prepare() {
    // Some browsers have no idle time.
    globalThis.cancelIdleCallback?.(this.idle);
    this.idle = globalThis.requestIdleCallback?.(() => {
      for (const direction of [1, -1]) {
        const step = this.stepList[this.stepFrom(direction, false)];
        this.columns.forEach((column, index) => step && column.prepare(step.passes[index]));
      }
    });
  }

  // Marks the button of a step as the one that is shown, or not.
  mark(button, isShown) {
    if (!button) return;
    if (isShown) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    button.tabIndex = isShown ? 0 : -1;
  }

  stepBy(direction, all) {
    const at = this.stepFrom(direction, all);
    if (at !== undefined) this.step(at);
  }

  stepFrom(direction, all) {
    for (let at = this.at + direction; at >= 0 && at < this.stepList.length; at += direction) {
      if (all || this.stepList[at].changes || at === 0) return at;
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

  // Paints all rows but those of lists that were just drawn.
  paint(drawn = []) {
    for (const list of this.lists().filter((list) => !drawn.includes(list))) {
      for (const row of list.rows.values()) this.paintRow(row, this.columnOf(row));
    }
    this.columns.forEach((column) => this.paintFrame(column));
    this.graph.paint();
  }

  paintRow(row, column) {
    if (!column || !this.isMarked(row)) return;
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

  // Reports whether a node has marks, or may get some.
  isMarked(node) {
    const had = node.hasMarks;
    node.hasMarks = Boolean(this.marks) || this.pins.length > 0;
    return had || node.hasMarks;
  }

  setPin(node, pin, hasLetter) {
    if (node.color !== undefined) node.classList.remove(`p${node.color}`);
    node.color = pin?.color;
    if (pin) node.classList.add(`p${pin.color}`);
    if (hasLetter && pin && pin.marks && node.thing === pin.key) node.dataset.pin = pin.letter;
    else delete node.dataset.pin;
  }

  paintKey(node, column) {
    if (!this.isMarked(node)) return;
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
      const show = (list, indices) => {
        if (indices.length && !indices.some((index) => list.isVisible(index)) && !list.node.contains(document.activeElement)) list.go(indices[0], false);
      };
      if (column === (from ?? this.columns[0]) || key[0] === "L") {
        const ofLine = key[0] === "L" ? column.view.lines.findIndex((line) => column.func.posKey(column.func.lines[line]) === key) : -1;
        const inPass = [ofLine, ...keys.map((related) => column.index(related))].filter((index) => index >= 0);
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
    this.help1.setAttribute("aria-label", t("help"));
    this.help1.replaceChildren(el("h2", { text: t("help") }), el("dl", {}, ...rows), close);
    this.help1.showModal();
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
      return el("button", { type: "button", class: cls || null, text: name, tabindex: index === this.at ? 0 : -1, title: recorded ? (changes ? null : t("same")) : t("skipped"), on: { click: () => this.step(index) } });
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
    // Browsers refuse too many changes one after the other.
    clearTimeout(this.timer);
    if (this.page.hash !== false) this.timer = setTimeout(() => history.replaceState(null, "", this.hash), 150);
  }

  async readHash() {
    if (this.hash && decodeURIComponent(location.hash) === decodeURIComponent(this.hash)) return;
    const hash = this.page.hash === false ? "" : location.hash;
    const parts = new Map(hash.slice(1).split("&").map((part) => {
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

// Shows a page in an element, instead of what it showed before. Each function has `data`, which gives a promise of its data.
// With `hash: false` in the page, the address stays as it is.
async function show(root, page) {
  root.see?.close();
  const see = root.see = new See(root, page);
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
  globalThis.see = await show(document.getElementById("root"), page);
}

globalThis.minigoSee = { show, inflate, Func };
start();
