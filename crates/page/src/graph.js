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
    const { scrollTop, clientHeight, scrollLeft, clientWidth } = this.map;
    const first = Math.max(0, Math.floor((scrollTop - 30) / 52) - 1);
    const last = Math.min(places.byLayer.length - 1, Math.ceil((scrollTop + (clientHeight || 400)) / 52) + 1);
    const left = Math.floor(scrollLeft / 256) * 256 - 512;
    const isNear = ({ x }) => x > left && x < left + 1600 + clientWidth;
    const drawn = `${first}-${last}-${left}`;
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
    // Edges leave a block in the order in which they go on: up on the left, long ones on the right.
    const aim = (from, to) => (to.layer === from.layer + 1 ? to.x : to.layer > from.layer ? Infinity : -1);
    const out = (from, to) => {
      const before = from.succs.length > 8 ? 0 : from.succs.filter((other) => aim(from, other) < aim(from, to)).length;
      return from.x + (from.succs.length < 2 ? 0 : 10 * (2 * before / (from.succs.length - 1) - 1));
    };
    // Edges to the same block share a track between layers.
    const track = (to) => 5 + 3 * (to.at % 4);
    for (let layer = Math.max(0, first - 1); layer <= last; layer++) {
      for (const node of places.byLayer[layer] ?? []) {
        for (const to of node.succs) {
          if (to.layer !== layer + 1 || !isNear(node) && !isNear(to)) continue;
          const x = out(node, to), y = node.y + 11 + track(to);
          edge(`M${x} ${node.y + 11}V${y}H${to.x}V${to.y - 14}`, false);
          tip(to, false);
        }
      }
    }
    for (const { node, x, up, from, first: top, last: bottom } of places.lanes) {
      if (bottom < first - 1 || top > last + 1) continue;
      const end = node.y - 11 - track(node);
      const starts = from.filter((pred) => pred.layer >= first - 1 && pred.layer <= last + 1 && isNear(pred));
      for (const pred of starts) {
        const y = pred.y + 11 + track(node);
        edge(`M${out(pred, node)} ${pred.y + 11}V${y}H${x}V${end}H${node.x}V${node.y - 14}`, up);
      }
      if (!starts.length) edge(`M${x} ${52 * top + 40}V${end}H${node.x}V${node.y - 14}`, up);
      tip(node, up);
    }
    for (let layer = first; layer <= last; layer++) {
      for (const node of places.byLayer[layer] ?? []) {
        if (!isNear(node)) continue;
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
