// Chromium for tests of pages.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const launch = (executablePath) => chromium.launch({ executablePath, args: ARGS });

// Opens a file and waits until a condition holds in it. What goes wrong in the page is noted in `wrong`: errors, warnings, and
// requests that leave the file. `init`, a function and its argument, runs in the page before its own scripts.
export async function open(browser, file, hash, ready, { init, ...options } = {}) {
  const address = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  if (init) await page.addInitScript(...init);
  const wrong = [];
  const isOwn = (url) => url.split("#")[0] === address || url.startsWith("blob:") || url.startsWith("data:");
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  context.on("request", (request) => isOwn(request.url()) || wrong.push(`request of ${request.url()}`));
  const start = performance.now();
  await page.goto(address + hash);
  if (options.javaScriptEnabled !== false) await page.waitForFunction(ready, null, { polling: 10 });
  return { page, wrong, time: performance.now() - start, close: () => context.close() };
}

// Returns what axe finds in a page, which must be opened with `bypassCSP`.
export async function violations(page) {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

// Runs tests by name and ends with their status.
export async function runTests(browser, tests) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`ok: ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED: ${name}\n${error.stack}`);
    }
  }
  await browser.close();
  process.exitCode = failed ? 1 : 0;
}
