// Tests of the playground in Chromium. Usage: node web.mjs MINIGO CHROMIUM FOLDER PAGE
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, open as openPage, runTests, violations } from "./browser.mjs";

const [minigo, executablePath, folder, playground] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await launch(executablePath);

// The page has compiled a program.
const answered = () => document.querySelector("#listing tbody tr, #listing pre, #errors li") !== null;
const open = (hash = "#lang=en", options = {}) => openPage(browser, playground, hash, answered, options);

const SOURCE = `package main

func twice(n int) int { return n + n }

func main() { println(twice(21)) }
`;

// Puts a program into the editor, as typing does, and waits for the answer.
async function write(page, text) {
  await page.evaluate((text) => {
    for (const id of ["errors", "status"]) document.getElementById(id).replaceChildren();
    const area = document.getElementById("source");
    area.value = text;
    area.dispatchEvent(new InputEvent("input"));
  }, text);
  await page.waitForFunction(() => document.querySelector("#errors li") || document.getElementById("status").textContent.includes(" ms"));
}

const instructions = (page, version = 0) => page.evaluate((version) => {
  const columns = [...document.querySelectorAll("#listing .columns")].map((columns) => columns.children[version]);
  return columns.flatMap((column) => [...column.querySelectorAll("tr")].map(({ row }) => `${row.inst.as} ${row.inst.ops}`.trim()));
}, version);

// The row of the first call.
const call = (page) => page.locator("#listing tr", { has: page.locator(".op b", { hasText: /^CALL$/ }) }).first();

// What the command lists.
function listed(text, ...flags) {
  writeFileSync(join(folder, "x.go"), text);
  return execFileSync(minigo, ["build", "-S", ...flags, "x.go"], { cwd: folder, encoding: "utf8" });
}

// A compiler that panics whatever it is asked, as bytes of a module.
function panicking() {
  const says = Buffer.from("101\ninternal compiler error: a test\n");
  const section = (id, ...bytes) => [id, bytes.length, ...bytes];
  const name = (text) => [text.length, ...Buffer.from(text)];
  const body = (...code) => [code.length + 2, 0, ...code, 0x0b];
  const i32 = (value) => [0x41, value];
  const module = Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    // Functions of a number to a number, and of nothing to a number.
    ...section(1, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x7f),
    ...section(3, 4, 0, 1, 1, 1),
    ...section(5, 1, 0, 1),
    ...section(7, 5, ...name("memory"), 2, 0, ...["request", "run", "result", "result_len"].flatMap((text, at) => [...name(text), 0, at])),
    ...section(10, 4, ...body(...i32(63)), ...body(0), ...body(...i32(16)), ...body(...i32(says.length))),
    ...section(11, 1, 0, ...i32(16), 0x0b, says.length, ...says),
  ]);
  assert.ok(WebAssembly.validate(module));
  return [...module];
}

const tests = {
  async "it opens from disk and lists an example"() {
    const { page, wrong, time, close } = await open();
    console.log(`  the first listing after ${time.toFixed(0)} ms`);
    assert.equal(await page.locator("#example").inputValue(), "add");
    assert.match(await page.locator("#listing").textContent(), /main\.add[\s\S]*ADDL/);
    assert.match(await page.locator("#status").textContent(), /functions, \d+ bytes of code/);
    for (const name of ["fib", "math", "kelvin"]) {
      await page.evaluate(() => document.getElementById("status").replaceChildren());
      await page.locator("#example").selectOption(name);
      await page.waitForFunction(() => document.getElementById("status").textContent.includes(" ms"));
      assert.equal(await page.locator("#errors li").count(), 0, name);
    }
    assert.deepEqual(wrong, []);
    await close();
  },

  async "what is written is compiled, as the command does"() {
    const { page, wrong, close } = await open();
    await write(page, SOURCE);
    assert.ok((await instructions(page)).includes("CALL runtime.printint(SB)"));
    await page.locator("label:has([value=plain])").click();
    await page.waitForFunction(() => document.querySelector("#listing pre"));
    assert.equal(await page.locator("#listing pre").textContent(), listed(SOURCE, `-trimpath=${folder}`));
    assert.deepEqual(wrong, []);
    await close();
  },

  async "keys write into the editor"() {
    const { page, wrong, close } = await open();
    await write(page, "package main\n");
    await page.locator("#source").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nfunc f(a int) int {\n\treturn a * 3\n}\n\nfunc main() { f(1) }\n");
    await page.waitForFunction(() => document.querySelector("#listing h3")?.textContent === "main.f");
    assert.match((await instructions(page)).join("\n"), /LEAQ/);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "an error names its place and is explained"() {
    const { page, wrong, close } = await open();
    await write(page, SOURCE.replace("n + n", "n + m"));
    assert.match(await page.locator("#errors li .message").textContent(), /^x\.go:3:36: undefined: m/);
    await page.locator("#errors summary").click();
    assert.ok((await page.locator("#errors details p").textContent()).length > 20);
    await page.locator("#errors button").first().click();
    const [id, at] = await page.evaluate(() => [document.activeElement.id, document.activeElement.selectionStart]);
    assert.deepEqual([id, at], ["source", SOURCE.indexOf("n + n") + 4]);
    assert.match(await page.locator("#status").textContent(), /last program without errors/);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "a chosen instruction has its frame, and its line in the source"() {
    const { page, wrong, close } = await open();
    await write(page, SOURCE);
    await call(page).click();
    const pc = await page.locator("#listing tr[aria-selected=true] .pc").textContent();
    await page.waitForFunction((pc) => document.querySelector("#frame code")?.textContent.startsWith(pc), pc);
    assert.match(await page.locator("#frame").textContent(), /return address[\s\S]*BP of the caller/);
    assert.equal(await page.locator(".editor .mark").count(), 1);
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector("#frame code").textContent.startsWith("0x0000"));
    assert.deepEqual(wrong, []);
    await close();
  },

  async "the passes of the chosen function are a page in the page"() {
    const { page, wrong, close } = await open();
    await page.locator("#passes summary").click();
    await page.waitForSelector("#passes iframe");
    const inner = await (await page.$("#passes iframe")).contentFrame();
    await inner.waitForFunction(() => globalThis.see?.columns?.length > 0);
    assert.deepEqual(await inner.evaluate(() => [globalThis.see.name, globalThis.see.passName()]), ["main.main", "start"]);
    await inner.locator(".steps button[aria-current]").press("n");
    assert.notEqual(await inner.evaluate(() => globalThis.see.passName()), "start");
    assert.deepEqual(wrong, []);
    await close();
  },

  async "a link opens the same program, versions and flags"() {
    const { page, wrong, close } = await open("#lang=en", { permissions: ["clipboard-read", "clipboard-write"] });
    const text = `${SOURCE}// 程序 ${"x".repeat(3000)}\n`;
    await write(page, text);
    await page.locator("label:has(#flag-l)").click();
    await page.locator("label:has([id='go-1.27'])").click();
    await page.locator("#share").click();
    await page.waitForFunction(() => ["src=", "1.27", "-l"].every((part) => location.hash.includes(part)));
    const hash = await page.evaluate(() => location.hash);
    assert.ok(hash.length < 700, `${hash.length} characters`);
    const again = await open(hash);
    const state = (page) => page.evaluate(() => ["source", "go-1.10", "go-1.15", "go-1.27", "flag-N", "flag-l"].map((id) => {
      const node = document.getElementById(id);
      return node.type === "checkbox" ? node.checked : node.value;
    }));
    assert.deepEqual(await state(again.page), [text, false, true, true, false, true]);
    // A link that was cut off is no error.
    const cut = await open(hash.slice(0, hash.length / 2));
    assert.equal(await cut.page.locator("#example").inputValue(), "add");
    for (const each of [again, cut]) {
      assert.deepEqual(each.wrong, []);
      await each.close();
    }
    assert.deepEqual(wrong, []);
    await close();
  },

  async "versions stand side by side"() {
    const { page, wrong, close } = await open("#lang=en&go=1.10+1.15+1.27");
    await write(page, SOURCE);
    const versions = await page.evaluate(() => [...document.querySelectorAll("#listing details:first-of-type .version")].map(({ firstChild }) => firstChild.textContent));
    assert.deepEqual(versions, ["Go 1.10", "Go 1.15", "Go 1.27"]);
    const [old, , newest] = [await instructions(page, 0), await instructions(page, 1), await instructions(page, 2)];
    // Arguments are on the stack, then in registers.
    assert.match(old.join("\n"), /MOVQ \$21, \(SP\)|MOVQ \$42, \(SP\)/);
    assert.match(newest.join("\n"), /MOVL \$42, AX|MOVL \$21, AX/);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "nesting that is too deep ends in a message"() {
    const { page, wrong, close } = await open();
    await write(page, `package main\n\nvar x = ${"(".repeat(100_000)}1${")".repeat(100_000)}\n`);
    assert.match(await page.locator("#errors").textContent(), /nested too deeply for a browser/);
    await write(page, SOURCE);
    assert.equal(await page.locator("#errors li").count(), 0);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "a panic ends in a message"() {
    const replace = (bytes) => {
      WebAssembly.compile = async () => new WebAssembly.Module(Uint8Array.from(bytes));
    };
    const { page, wrong, close } = await open("#lang=en", { init: [replace, panicking()] });
    for (const text of [SOURCE, `${SOURCE}\n`]) {
      await write(page, text);
      assert.match(await page.locator("#errors").textContent(), /internal compiler error: a test[\s\S]*bug in minigo/);
    }
    assert.deepEqual(wrong, []);
    await close();
  },

  async "the language changes all texts"() {
    const { page, wrong, close } = await open("#lang=zh");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
    await page.getByText("汇编列表").first().waitFor();
    await page.locator("#language").click();
    await page.getByRole("heading", { name: "Listing" }).waitFor();
    assert.deepEqual(wrong, []);
    await close();
  },

  async "axe finds nothing"() {
    for (const colorScheme of ["light", "dark"]) {
      for (const [hash, width] of [["#lang=en", 1440], ["#lang=en&go=1.10+1.15+1.27", 1440], ["#lang=zh&form=plain", 600]]) {
        const { page, wrong, close } = await open(hash, { colorScheme, bypassCSP: true, viewport: { width, height: 900 } });
        if (!hash.includes("plain")) await call(page).click();
        const found = await violations(page);
        await write(page, "package main\n\nfunc main() { x }\n");
        found.push(...(await violations(page)));
        await page.screenshot({ path: join(folder, `${colorScheme}-${width}.png`) });
        assert.deepEqual([...found, ...wrong], [], `${hash} ${colorScheme}`);
        await close();
      }
    }
  },
};

await runTests(browser, tests);
