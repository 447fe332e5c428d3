// The places of the nodes of a graph, in pixels, as lists of numbers: large graphs have more nodes than objects are cheap.
class Places {
  constructor(nodes) {
    this.nodes = nodes;
    this.ids = sums(nodes.ids);
    this.layers = sums(nodes.layers);
    this.left = 12 + 9 * nodes.up;
    let [most, right] = [-1, 0];
    for (const layer of this.layers) most = Math.max(most, layer);
    for (const column of nodes.columns) right = Math.max(right, column);
    this.right = this.left + 64 * (1 + right);
    this.width = this.right + 9 * nodes.down + 12;
    this.height = 52 * (most + 1) + 12;
    [this.firstOf, this.inLayers] = grouped(this.layers, most + 1);
    this.readEdges(nodes.succs);
    this.readLanes(nodes);
  }

  // The nodes of a layer.
  layer(layer) {
    return this.inLayers.subarray(this.firstOf[layer], this.firstOf[layer + 1]);
  }

  succs(at) {
    return this.targets.subarray(this.firstTo[at], this.firstTo[at + 1]);
  }

  // The nodes before a node.
  preds(at) {
    return Array.from(this.edgesTo.subarray(this.firstFrom[at], this.firstFrom[at + 1]), (edge) => this.sources[edge]);
  }

  x(at) {
    return this.left + 26 + 64 * this.nodes.columns[at];
  }

  y(at) {
    return 22 + 52 * this.layers[at];
  }

  readEdges(succs) {
    const count = this.ids.length, edges = succs.length - count;
    this.firstTo = new Int32Array(count + 1);
    this.targets = new Int32Array(edges);
    this.sources = new Int32Array(edges);
    let edge = 0;
    for (let at = 0, i = 0; at < count; at++) {
      for (let n = succs[i++]; n > 0; n--, edge++) {
        this.targets[edge] = at + succs[i++];
        this.sources[edge] = at;
      }
      this.firstTo[at + 1] = edge;
    }
    [this.firstFrom, this.edgesTo] = grouped(this.targets, count);
  }

  // Lanes up and down: the nodes that have one, and the layers that it passes.
  readLanes({ ups, downs }) {
    this.lanes = [];
    for (let at = 0; at < this.ids.length; at++) {
      for (const up of [true, false]) {
        const lane = (up ? ups : downs)[at];
        if (lane < 0) continue;
        const own = this.layers[at];
        let far = up ? -1 : Infinity;
        for (let i = this.firstFrom[at]; i < this.firstFrom[at + 1]; i++) {
          const layer = this.layers[this.sources[this.edgesTo[i]]];
          if (up && layer >= own) far = Math.max(far, layer);
          if (!up && layer + 1 < own) far = Math.min(far, layer);
        }
        this.lanes.push({ at, up, x: up ? this.left - 8 - 9 * lane : this.right + 9 * lane, first: Math.min(far, own), last: Math.max(far, own) });
      }
    }
  }
}

// Returns the places of numbers below `count`, sorted by number, and where those of each number begin.
function grouped(numbers, count) {
  const first = new Int32Array(count + 1);
  for (let i = 0; i < numbers.length; i++) first[numbers[i] + 1]++;
  for (let i = 0; i < count; i++) first[i + 1] += first[i];
  const next = first.slice(), sorted = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) sorted[next[numbers[i]]++] = i;
  return [first, sorted];
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
    // The window as last known: reading it while nodes change would lay out the page.
    this.window = { top: 0, left: 0, height: 400, width: 0 };
    this.map = el("div", { class: "map", tabindex: 0, role: "group", on: { scroll: () => this.measure() } }, this.svg);
    this.node = el("section", { class: "graph" }, this.head, this.map);
    new ResizeObserver(() => this.measure()).observe(this.map);
  }

  measure() {
    const { scrollTop, clientHeight, scrollLeft, clientWidth } = this.map;
    this.window = { top: scrollTop, left: scrollLeft, height: clientHeight || 400, width: clientWidth };
    this.show();
  }

  set(column) {
    this.column = column;
    const { data } = column.func;
    const pass = data.passes[column.pass];
    const graph = data.graphs[pass?.graph];
    this.node.hidden = !graph;
    if (!graph) return;
    this.nodes = this.nodesOf(column.func, column.pass);
    const isFolded = this.nodes === graph.folded;
    const fold = graph.folded ? el("button", { type: "button", class: "end", text: isFolded ? t("folded") : t("fold"), on: { click: () => this.open(!this.isOpen) } }) : "";
    this.head.replaceChildren(el("b", { text: t("graph") }), ` ${pass.name}`, fold);
    this.svg.setAttribute("aria-label", `${t("graph")} ${pass.name}`);
    this.map.setAttribute("aria-label", t("graph"));
    this.show();
  }

  // The nodes to show for a pass, with their places.
  nodesOf({ data }, pass) {
    const graph = data.graphs[data.passes[pass]?.graph];
    const nodes = this.isOpen ? graph?.all : graph?.folded ?? graph?.all;
    if (nodes) nodes.places ??= new Places(nodes);
    return nodes;
  }

  open(isOpen, block) {
    this.isOpen = isOpen;
    this.set(this.column);
    if (block !== undefined) this.goTo(block);
  }

  show() {
    const places = this.nodes?.places;
    if (!places || !this.column) return;
    const { top, height, left: scrolled, width } = this.window;
    const first = Math.max(0, Math.floor((top - 30) / 52) - 1);
    const last = Math.min(places.firstOf.length - 2, Math.ceil((top + height) / 52) + 1);
    const left = Math.floor(scrolled / 256) * 256 - 512;
    const isNear = (at) => places.x(at) > left && places.x(at) < left + 1600 + width;
    const blocks = [];
    for (let layer = first; layer <= last; layer++) {
      for (const at of places.layer(layer)) if (isNear(at)) blocks.push(this.block(at));
    }
    // Most passes leave the graph as it is.
    const drawn = [first, last, left, ...blocks.map(({ thing, isChanged }) => `${thing} ${isChanged}`)].join();
    if (this.drawn === drawn && this.drawnNodes === this.nodes) return;
    [this.drawn, this.drawnNodes] = [drawn, this.nodes];
    this.svg.setAttribute("width", places.width);
    this.svg.setAttribute("height", places.height);
    const parts = [];
    const shape = (tag, attributes) => {
      const node = document.createElementNS(this.svg.namespaceURI, tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      return node;
    };
    const edge = (d, up) => parts.push(shape("path", { d, class: up ? "up" : "" }));
    const tip = (x, y, up) => parts.push(shape("path", { class: up ? "tip up" : "tip", d: `M${x - 4} ${y - 17}L${x} ${y - 11}L${x + 4} ${y - 17}Z` }));
    // Edges leave a block in the order in which they go on: up on the left, long ones on the right.
    const { layers } = places;
    const aim = (from, to) => (layers[to] === layers[from] + 1 ? places.x(to) : layers[to] > layers[from] ? Infinity : -1);
    const out = (from, to) => {
      const succs = places.succs(from);
      const before = succs.length > 8 ? 0 : succs.filter((other) => aim(from, other) < aim(from, to)).length;
      return places.x(from) + (succs.length < 2 ? 0 : 10 * (2 * before / (succs.length - 1) - 1));
    };
    // Edges to the same block share a track between layers.
    const track = (to) => 5 + 3 * (to % 4);
    for (let layer = Math.max(0, first - 1); layer <= last; layer++) {
      for (const at of places.layer(layer)) {
        for (const to of places.succs(at)) {
          if (layers[to] !== layer + 1 || !isNear(at) && !isNear(to)) continue;
          const y = places.y(at) + 11, below = places.y(to);
          edge(`M${out(at, to)} ${y}V${y + track(to)}H${places.x(to)}V${below - 14}`, false);
          tip(places.x(to), below, false);
        }
      }
    }
    for (const { at, x, up, first: start, last: bottom } of places.lanes) {
      if (bottom < first - 1 || start > last + 1) continue;
      const y = places.y(at), end = y - 11 - track(at);
      const isShown = (pred) => layers[pred] >= first - 1 && layers[pred] <= last + 1 && isNear(pred);
      const uses = (pred) => (up ? layers[pred] >= layers[at] : layers[pred] + 1 < layers[at]);
      const starts = places.preds(at).filter((pred) => uses(pred) && isShown(pred));
      for (const pred of starts) {
        const under = places.y(pred) + 11;
        edge(`M${out(pred, at)} ${under}V${under + track(at)}H${x}V${end}H${places.x(at)}V${y - 14}`, up);
      }
      if (!starts.length) edge(`M${x} ${52 * start + 40}V${end}H${places.x(at)}V${y - 14}`, up);
      tip(places.x(at), y, up);
    }
    for (const block of blocks) parts.push(this.drawBlock(block, shape));
    this.svg.replaceChildren(...parts);
    this.paint();
  }

  // A node as the pass has it.
  block(at) {
    const { func, pass, view } = this.column;
    const id = this.nodes.places.ids[at];
    return { at, id, thing: func.key("b", id, pass), isChanged: Boolean(view.changed?.[2 * id + 1]) };
  }

  drawBlock({ at, id, thing, isChanged }, shape) {
    const { places, sizes, depths } = this.nodes;
    const size = sizes[at] ?? 1, x = places.x(at), y = places.y(at);
    const cls = ["node", depths[at] ? "loop" : "", size > 1 ? "folded" : "", isChanged ? "changed" : ""].join(" ");
    const group = shape("g", { class: cls });
    group.thing = thing;
    if (thing) group.dataset.k = thing;
    group.loop = size > 1 ? id : undefined;
    group.append(shape("rect", { x: x - 26, y: y - 11, width: 52, height: 22, rx: 5 }), shape("text", { x, y }));
    group.lastChild.textContent = size > 1 ? `b${id} +${size - 1}` : `b${id}`;
    return group;
  }

  goTo(block) {
    const { places } = this.nodes ?? {};
    const at = places ? places.ids.indexOf(block) : -1;
    if (at < 0) return;
    const x = places.x(at), y = places.y(at), { top, height, left, width } = this.window;
    if (y - 20 < top || y + 20 > top + height) this.map.scrollTop = y - height / 2;
    if (x - 30 < left || x + 30 > left + width) this.map.scrollLeft = x - width / 2;
    this.measure();
  }

  paint() {
    for (const group of this.svg.querySelectorAll("g")) this.see.paintKey(group, this.column);
  }
}
