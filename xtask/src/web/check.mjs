// Answers requests with the worker and the module of a page: check.mjs PAGE FOLDER reads N.request in the folder for N from 0
// and writes N.answer, the status and the text.
import { readFileSync, writeFileSync, existsSync } from "node:fs";

const [page, folder] = process.argv.slice(2);
const html = readFileSync(page, "utf8");
const part = (id) => html.split(` id="${id}"`)[1].split("</script>")[0];
const textOf = (id) => part(id).slice(part(id).indexOf(">") + 1);

// A worker's scope.
let answers;
globalThis.onmessage = undefined;
globalThis.postMessage = (message) => (answers = message.answers);
(0, eval)(textOf("worker"));
// How the page reads its module.
for (const name of ["bytes.js", "lzma.js"]) {
  (0, eval)(readFileSync(new URL(`../../../crates/web/page/${name}`, import.meta.url), "utf8"));
}

const length = Number(/data-bytes="(\d+)"/.exec(part("compiler"))[1]);
const bytes = decoded(bytesFrom(textOf("compiler")), length);
onmessage({ data: new WebAssembly.Module(bytes) });
for (let n = 0; existsSync(`${folder}/${n}.request`); n++) {
  onmessage({ data: { id: n, requests: [readFileSync(`${folder}/${n}.request`, "utf8")] } });
  writeFileSync(`${folder}/${n}.answer`, `${answers[0].status}\n${answers[0].text}`);
}
