// The compiler, off the page's thread. A message is a compiled module, or {id, requests}; the answer to that is {id, answers}.
// An answer is {status, text}: the exit status and the output of a command, or a status of this file.
"use strict";

// The engine's stack ended, or the module's own.
const TOO_DEEP = "deep";
// The module could not have more memory.
const NO_MEMORY = "memory";
// Memory of a module doesn't shrink: above this many bytes a new instance is cheaper.
const KEPT = 256 << 20;

let module;
let instance;

// Returns the text of the result at an address.
function resultAt(address) {
  const { memory, result_len } = instance.exports;
  return new TextDecoder().decode(new Uint8Array(memory.buffer, address, result_len()));
}

// Returns the answer to a request. After a trap the instance is of no more use, and the next request gets a new one.
function answer(request) {
  instance ??= new WebAssembly.Instance(module, {});
  const exports = instance.exports;
  try {
    const bytes = new TextEncoder().encode(request);
    const address = exports.request(bytes.length);
    new Uint8Array(exports.memory.buffer, address, bytes.length).set(bytes);
    const result = resultAt(exports.run());
    const end = result.indexOf("\n");
    if (exports.memory.buffer.byteLength > KEPT) {
      instance = undefined;
    }
    return { status: Number(result.slice(0, end)), text: result.slice(end + 1) };
  } catch (error) {
    const failure = failed(error);
    instance = undefined;
    return failure;
  }
}

// Returns the answer for a trap. What a panic says is the result.
function failed(error) {
  const isTrap = error instanceof WebAssembly.RuntimeError;
  if (!isTrap || !/unreachable/.test(error.message)) {
    return { status: TOO_DEEP, text: error.message };
  }
  const result = resultAt(instance.exports.result());
  const end = result.indexOf("\n");
  return end < 0
    ? { status: NO_MEMORY, text: error.message }
    : { status: Number(result.slice(0, end)), text: result.slice(end + 1) };
}

onmessage = ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    module = data;
  } else {
    postMessage({ id: data.id, answers: data.requests.map(answer) });
  }
};
