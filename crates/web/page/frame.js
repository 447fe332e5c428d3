// Frames: the stack before an instruction, high addresses on top.

// Of more offsets than this only the first are listed; the marks in the listing show all.
const MOST_OFFSETS = 4;

class Frames {
  #body = document.querySelector("#frame .body");

  // `pointed` is called with a frame and the offsets of the instructions that use the slot under the pointer.
  constructor(pointed) {
    this.pointed = pointed;
  }

  // Shows frames, each {go, frame}.
  show(frames) {
    const columns = frames.map(({ go, frame }) =>
      make("div", { className: "column" }, this.#title(go, frame), this.#table(go, frame)),
    );
    this.#body.replaceChildren(make("div", { className: "columns" }, ...columns));
    this.frames = frames;
  }

  // Marks the slots that an instruction uses.
  markOffset(pc) {
    for (const node of this.#body.querySelectorAll("tr")) {
      node.classList.toggle("touched", pc !== undefined && usesOf(node.frameSlot).includes(pc));
    }
  }

  #title(go, frame) {
    const { name, pc, instruction } = frame;
    return make(
      "p",
      { className: "version" },
      make("span", {}, `Go ${go}`),
      make("strong", {}, name),
      make("span", {}, `${word("before")} `, make("code", {}, `${offset(pc)} ${instruction}`)),
      make("span", { className: "fact" }, word("frame_of", frame.frame, frame.args)),
    );
  }

  #table(go, frame) {
    const head = [word("size"), word("slot"), "(SP)", "x(SP)", "x(FP)", "", word("use")];
    const rows = frame.slots.map((slot) => {
      const pointers = [slot.off === frame.bp ? "BP" : "", slot.off === 0 ? "SP" : ""].filter(Boolean);
      const node = make(
        "tr",
        { className: slot.kind },
        make("td", { className: "number" }, `${slot.size}`),
        make("td", { className: "slot" }, make("span", {}, labelOf(slot)), make("em", {}, tagOf(slot))),
        ...[0, frame.pseudo_sp, frame.fp].map((from) => make("td", { className: "number" }, `${slot.off - from}`)),
        make("td", { className: "pointer" }, pointers.length ? `\u25c4 ${pointers.join(" ")}` : ""),
        make("td", { className: "use" }, useOf(slot)),
      );
      node.frameSlot = slot;
      node.addEventListener("pointerenter", () => this.pointed(go, frame, usesOf(slot)));
      node.addEventListener("pointerleave", () => this.pointed(go, frame, []));
      return node;
    });
    return make(
      "div",
      { className: "scroll", tabIndex: 0, role: "region", "aria-label": `${frame.name}, Go ${go}` },
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, ...head.map((text) => (text ? make("th", { scope: "col" }, text) : make("td"))))),
        make("tbody", {}, ...rows),
      ),
    );
  }
}

// Returns the offsets of the instructions that use a slot.
function usesOf(slot) {
  return slot ? [...slot.reads, ...slot.writes, ...slot.addressed] : [];
}

function labelOf(slot) {
  const known = ["return_address", "saved_bp", "hole", "unnamed"];
  if (known.includes(slot.kind)) {
    return word(slot.kind);
  }
  const name = slot.callee ? `${slot.callee}: ${slot.name}` : slot.name;
  return `${name} ${slot.type}`;
}

function tagOf(slot) {
  switch (slot.kind) {
    case "param":
      return word(slot.in_registers ? "in_registers" : "param");
    case "result":
      return word("result", slot.number);
    case "spill":
      return word("spill", slot.values.join(", "));
    case "local":
    case "out_arg":
    case "out_result":
      return word(slot.kind);
    default:
      return slot.place ?? "";
  }
}

function useOf(slot) {
  const texts = [];
  if (slot.state === "live") {
    texts.push(word("live_until", offset(slot.live_until)));
  } else if (slot.state) {
    texts.push(word(slot.state));
  }
  for (const [name, pcs] of [["written", slot.writes], ["read", slot.reads], ["addressed", slot.addressed]]) {
    if (pcs.length) {
      const more = pcs.length > MOST_OFFSETS ? " \u2026" : "";
      texts.push(word(name, pcs.slice(0, MOST_OFFSETS).map(offset).join(" ") + more));
    }
  }
  return texts.join(", ");
}
