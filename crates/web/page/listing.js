// Listings: a table for each function and version, and the link between lines of the source and of listings.

// Functions with more rows than this in all are closed at first.
const OPEN_ROWS = 4000;

class Listing {
  #body = document.querySelector("#listing .body");
  #functions = document.getElementById("functions");
  #detail = document.getElementById("detail");
  // Rows by line of the source, `file:line`.
  #byLine = new Map();
  #rows = [];
  // The chosen row: name of the function, index in it, version.
  chosen;

  // `chose` is called with the chosen row, `pointed` with the line of the source under the pointer.
  constructor(chose, pointed) {
    this.chose = chose;
    this.pointed = pointed;
    this.#body.addEventListener("pointerover", (event) => this.#point(rowOf(event.target)));
    this.#body.addEventListener("pointerleave", () => this.#point());
    this.#body.addEventListener("click", (event) => this.#choose(rowOf(event.target)));
    this.#body.addEventListener("focusin", (event) => this.#choose(rowOf(event.target)));
    this.#body.addEventListener("keydown", (event) => this.#key(event));
  }

  // Shows packages, one a version: as the compiler printed them, with the listing as text in `plain`.
  show(packages, asText) {
    this.#byLine.clear();
    this.#rows = [];
    const names = [...new Set(packages.flatMap((each) => each.funcs.map((func) => func.name)))];
    const rows = packages.flatMap((each) => each.funcs).reduce((sum, func) => sum + func.insts.length, 0);
    this.#body.classList.toggle("several", packages.length > 1);
    const parts = asText
      ? [this.#texts(packages)]
      : names.map((name) => this.#function(name, packages, rows <= OPEN_ROWS || name === names[0]));
    this.#body.replaceChildren(...(names.length || asText ? parts : [make("p", {}, word("empty"))]));
    const links = names.map((name) => make("a", { href: `#${idOf(name)}` }, name));
    links.forEach((link, index) => link.addEventListener("click", (event) => this.#jump(event, names[index])));
    this.#functions.replaceChildren(...(asText ? [] : links));
    this.#restore();
  }

  // Marks the rows of a line of the source, or none.
  markLine(place) {
    this.#body.querySelectorAll(".same").forEach((row) => row.classList.remove("same"));
    const rows = place ? this.#byLine.get(`${place.file}:${place.line}`) : [];
    rows?.forEach(({ node }) => node.classList.add("same"));
  }

  // Marks the rows at offsets of a function, in one version.
  markOffsets(name, version, pcs) {
    this.#body.querySelectorAll(".touched").forEach((row) => row.classList.remove("touched"));
    const touched = this.#rows.filter((row) => row.name === name && row.version === version && pcs.includes(row.inst.pc));
    touched.forEach(({ node, inst }) => node.classList.toggle("touched", inst.bytes !== ""));
  }

  #texts(packages) {
    const columns = packages.map(({ go, plain }) => {
      const copy = make("button", { type: "button" }, word("copy"));
      copy.addEventListener("click", () => navigator.clipboard?.writeText(plain));
      const text = make("pre", { tabIndex: 0, role: "region", "aria-label": `Go ${go}` }, plain);
      return make("div", { className: "column" }, make("p", { className: "version" }, `Go ${go}`, copy), text);
    });
    return make("div", { className: "columns" }, ...columns);
  }

  #function(name, packages, open) {
    const columns = packages.map((each) => {
      const func = each.funcs.find((func) => func.name === name);
      const column = make("div", { className: "column" });
      if (packages.length > 1) {
        column.append(make("p", { className: "version" }, `Go ${each.go}`, ...(func ? facts(func) : [])));
      }
      return { each, func, column };
    });
    const title = make("h3", { id: idOf(name) }, name);
    const details = make("details", { open }, make("summary", {}, title));
    if (packages.length === 1) {
      title.after(...facts(columns[0].func));
    }
    const fill = () => {
      for (const { each, func, column } of columns.splice(0)) {
        column.append(func ? this.#table(name, func, each.go) : "\u2013");
      }
    };
    const all = columns.map(({ column }) => column);
    details.append(make("div", { className: "columns" }, ...all));
    open ? fill() : details.addEventListener("toggle", fill, { once: true });
    return details;
  }

  #table(name, func, version) {
    const body = make("tbody");
    func.insts.forEach((inst, index) => {
      const by = inst.why[0].by;
      const who = make("span", { className: `who ${by}`, title: word(`by_${by}`) }, whoOf(by));
      const why = inst.why.map((reason) => reason[language]).join(language === "zh" ? "；" : "; ");
      const node = make(
        "tr",
        { tabIndex: -1, className: inst.bytes ? "" : "note" },
        make("td", { className: "pc" }, offset(inst.pc)),
        make("td", { className: "op" }, make("b", {}, inst.as), inst.ops),
        make("td", { className: "by" }, who),
        make("td", { className: "why" }, why),
      );
      const row = { node, name, version, index, inst };
      node.row = row;
      this.#rows.push(row);
      const line = `${inst.file}:${inst.line}`;
      this.#byLine.set(line, [...(this.#byLine.get(line) ?? []), row]);
      body.append(node);
    });
    if (body.firstChild) {
      body.firstChild.tabIndex = 0;
    }
    return make("table", { role: "grid", "aria-label": `${name}, Go ${version}` }, body);
  }

  #point(row) {
    const shown = row ?? this.chosen;
    this.markLine(row?.inst);
    this.pointed(row);
    this.#describe(shown);
  }

  #describe(row) {
    if (!row) {
      this.#detail.replaceChildren();
      return;
    }
    const { pc, bytes, as, ops, why, line, value } = row.inst;
    const code = bytes.replace(/../g, "$& ").trim();
    this.#detail.replaceChildren(
      make("code", {}, `${offset(pc)}  ${as} ${ops}`),
      make("code", { className: "bytes" }, code),
      make("span", {}, make("span", { className: `who ${why[0].by}` }, `${whoOf(why[0].by)}:${line}`), ` ${why[0][language]}`),
      make("code", { className: "value" }, value ? historyOf(value) : ""),
    );
  }

  #choose(row) {
    if (!row || row === this.chosen) {
      return;
    }
    this.#set(row);
    row.node.focus({ preventScroll: true });
    this.chose(row);
  }

  #set(row) {
    this.chosen?.node.setAttribute("aria-selected", "false");
    row.node.setAttribute("aria-selected", "true");
    row.node.parentNode.querySelectorAll("[tabindex='0']").forEach((other) => (other.tabIndex = -1));
    row.node.tabIndex = 0;
    this.chosen = row;
    this.#describe(row);
  }

  // Chooses the row that was chosen before the listing changed.
  #restore() {
    const old = this.chosen;
    this.chosen = undefined;
    const is = (row) => row.name === old?.name && row.version === old?.version && row.index === old?.index;
    const same = this.#rows.find((row) => is(row) && row.inst.as === old.inst.as && row.inst.ops === old.inst.ops);
    same ? this.#set(same) : this.#describe();
  }

  #key(event) {
    const row = rowOf(event.target);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (!row || step === undefined) {
      return;
    }
    event.preventDefault();
    const all = [...row.node.parentNode.children];
    const to = Math.min(all.length - 1, Math.max(0, row.index + step));
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  }

  #jump(event, name) {
    event.preventDefault();
    const title = document.getElementById(idOf(name));
    title.closest("details").open = true;
    title.scrollIntoView({ block: "start" });
    title.closest("details").querySelector("tbody > tr")?.focus({ preventScroll: true });
  }
}

// Returns the row that a node is part of.
function rowOf(node) {
  return node.closest?.("tr")?.row;
}

// Returns what the passes did to a value.
function historyOf({ id, steps, joined_by }) {
  const texts = steps.map(({ pass, op, rule }) => `${op} ${pass}${rule ? ` (${rule.name}, ${rule.place})` : ""}`);
  return `${id}: ${[...texts, ...(joined_by ? [joined_by] : [])].join(" \u2192 ")}`;
}

function idOf(name) {
  return `f-${name}`;
}

function facts(func) {
  const texts = [word("bytes", func.size), word("frame_of", func.frame, func.args)];
  if (func.nosplit) {
    texts.push(word("nosplit"));
  }
  return texts.map((text) => make("span", { className: "fact" }, text));
}

function whoOf(by) {
  return WHO[by][LANGUAGES.indexOf(language)];
}
