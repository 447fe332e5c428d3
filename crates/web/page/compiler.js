// The compiler as the page sees it: requests go to a worker, of each kind only the newest are answered.

// A request that takes longer than this is given up when another one comes, in milliseconds.
const PATIENCE = 400;

class Compiler {
  #module;
  #worker;
  #id = 0;
  // The requests that the worker has, and the newest of each kind that wait.
  #busy;
  #waiting = new Map();

  // Unpacks and compiles the module that the page holds.
  static async start() {
    const { textContent, dataset } = document.getElementById("compiler");
    const bytes = decoded(bytesFrom(textContent), Number(dataset.bytes));
    const compiler = new Compiler();
    compiler.#module = await WebAssembly.compile(bytes);
    compiler.#begin();
    return compiler;
  }

  #begin() {
    const source = document.getElementById("worker").textContent;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.postMessage(this.#module);
    this.#worker.onmessage = ({ data }) => this.#answered(data);
  }

  // Sends requests; `done` gets their answers and the time in milliseconds, unless newer requests of the kind come first.
  ask(kind, requests, done) {
    this.#waiting.set(kind, { kind, requests, done });
    if (this.#busy?.kind === kind && performance.now() - this.#busy.since > PATIENCE) {
      this.#worker.terminate();
      this.#busy = undefined;
      this.#begin();
    }
    this.#send();
  }

  #send() {
    const [next] = this.#waiting.values();
    if (!this.#busy && next) {
      this.#waiting.delete(next.kind);
      this.#busy = { ...next, id: ++this.#id, since: performance.now() };
      this.#worker.postMessage({ id: this.#busy.id, requests: next.requests });
    }
  }

  #answered({ id, answers }) {
    if (id !== this.#busy?.id) {
      return;
    }
    const { kind, done, since } = this.#busy;
    this.#busy = undefined;
    if (!this.#waiting.has(kind)) {
      done(answers, performance.now() - since);
    }
    this.#send();
  }
}

async function through(stream, bytes) {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

// Texts in links: deflated, in base64 without the characters that links can't have.
async function packed(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpacked(text) {
  const packed = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}
