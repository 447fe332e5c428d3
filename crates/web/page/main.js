// The page: what the reader wants to see, requests for it, and where the answers go.

const VERSIONS = ["1.10", "1.15", "1.27"];
// The time without a key after which the program is compiled, in milliseconds.
const PAUSE = 120;

const examples = JSON.parse(document.getElementById("examples").textContent);
const picker = document.getElementById("example");
const status = document.getElementById("status");
const editor = new Editor(() => changed(), (place) => listing.markLine(place));
const listing = new Listing(chose, (row) => pointed(row));
const passes = new Passes(showPasses);
const frames = new Frames((go, frame, pcs) => listing.markOffsets(frame.name, go, pcs));

let compiler;
let timer;
let saving;
// The packages of the last answer without errors, one a version.
let packages = [];

// Returns the flags of all requests but the version.
function flags() {
  return ["-N", "-l"].filter((flag) => document.getElementById(`flag${flag}`).checked).join(" ");
}

function versions() {
  return VERSIONS.filter((version) => document.getElementById(`go-${version}`).checked);
}

function asText() {
  return document.querySelector("[name=form]:checked").value === "plain";
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(compile, PAUSE);
}

// Compiles the program as each version that is asked for.
function compile() {
  save();
  if (!compiler) {
    return;
  }
  const asked = versions();
  const commands = asText() ? ["look", "build -S"] : ["look"];
  const requests = asked.flatMap((version) =>
    commands.map((command) => `${command} -go ${version} ${flags()}\n${editor.archive}`),
  );
  const late = setTimeout(() => (status.textContent = word("compiling")), 300);
  compiler.ask("listing", requests, (answers, time) => {
    clearTimeout(late);
    show(asked, answers, commands.length, time);
  });
}

function show(asked, answers, perVersion, time) {
  const compiled = [];
  const errors = new Map();
  asked.forEach((version, index) => {
    const [look, plain] = answers.slice(index * perVersion, (index + 1) * perVersion);
    const each = look.status <= 2 ? JSON.parse(look.text) : { messages: [failure(look)] };
    for (const message of each.messages ?? []) {
      const text = shown(message);
      const topic = each.topics?.find((topic) => topic.name === message.code);
      const known = errors.get(text) ?? { ...message, shown: text, topic, versions: [] };
      known.versions.push(version);
      errors.set(text, known);
    }
    if (each.funcs) {
      compiled.push({ ...each, plain: plain?.text });
    }
  });
  showErrors([...errors.values()], asked);
  document.querySelector("main").classList.toggle("stale", compiled.length === 0);
  if (compiled.length === 0) {
    status.textContent = packages.length ? word("stale") : "";
    return;
  }
  packages = compiled;
  listing.show(packages, asText());
  showFrames();
  showPasses();
  const funcs = packages[0].funcs;
  const bytes = funcs.reduce((sum, func) => sum + func.size, 0);
  const differs = packages.filter((each) => each.notes).map((each) => `Go ${each.go}: ${word("differs")}${each.notes.join(", ")}`);
  status.textContent = [word("compiled", funcs.length, bytes, Math.round(time)), ...differs].join(" \u00b7 ");
}

// Returns the error for an answer that is none.
function failure({ status, text }) {
  return typeof status === "string" ? { text: word(status) } : { text: text.trim(), hint: word("bug") };
}

// Returns a message as the command prints it.
function shown({ file, line, column, text, notes }) {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return [place ? `${place}: ${text}` : text, ...(notes ?? [])].join("\n\t");
}

function showErrors(errors, asked) {
  const nodes = errors.map((error) => {
    const text = make("span", { className: "message" }, error.shown);
    const place = make("button", { type: "button", className: "error" }, text);
    place.addEventListener("click", () => editor.goTo(error));
    const some = error.versions.length < asked.length ? `Go ${error.versions.join(", ")}` : "";
    const about = error.topic
      ? [make("details", {}, make("summary", {}, error.code), make("p", {}, error.topic.about[language]))]
      : [];
    return make("li", {}, place, make("p", { className: "hint" }, [some, error.hint].filter(Boolean).join(" \u00b7 ")), ...about);
  });
  document.getElementById("errors").replaceChildren(...(nodes.length ? [make("ul", {}, ...nodes)] : []));
  editor.setErrors(errors.filter((error) => error.line));
}

// Returns the function whose frame and passes are shown: that of the chosen row, else main.
function functionName() {
  const known = packages[0].frames.map((frame) => frame.name);
  return listing.chosen?.name ?? (known.includes("main.main") ? "main.main" : known[0]);
}

// Shows what the passes did to the function, if that part of the page is open.
function showPasses() {
  const name = packages.length ? functionName() : undefined;
  passes.function = name;
  if (!passes.open || !name) {
    return;
  }
  const go = packages.map((each) => each.go).join(",");
  compiler.ask("passes", [`see -go ${go} ${flags()} -lang ${language} ${name}\n${editor.archive}`], ([answer]) => {
    if (answer.status === 0) {
      passes.show(answer.text, name);
    }
  });
}

// Shows the frames before the chosen instruction; in other versions, and before one is chosen, those that the compiler chose.
function showFrames() {
  const row = listing.chosen;
  const name = functionName();
  const of = (each) => each.frames.find((frame) => frame.name === name);
  const own = packages.filter(of).map((each) => ({ go: each.go, frame: of(each) }));
  frames.show(own);
  if (!row) {
    return;
  }
  const request = `frame -go ${row.version} ${flags()} -pc ${row.inst.pc} ${name}\n${editor.archive}`;
  compiler.ask("frame", [request], ([answer]) => {
    const [frame] = answer.status === 0 ? JSON.parse(answer.text).frames : [];
    if (frame) {
      frames.show(own.map((old) => (old.go === row.version ? { go: old.go, frame } : old)));
      frames.markOffset(row.inst.pc);
    }
  });
}

// A row of a listing was chosen.
function chose(row) {
  editor.mark(row.inst);
  showFrames();
  showPasses();
}

// The pointer is on a row, or on none.
function pointed(row) {
  editor.mark((row ?? listing.chosen)?.inst);
  frames.markOffset((row ?? listing.chosen)?.inst.pc);
}

// Returns the name of the example that the editor holds, if it is unchanged.
function exampleName() {
  return Object.keys(examples).find((name) => examples[name] === editor.text);
}

// Puts what the reader sees into the address, after a while.
function save() {
  clearTimeout(saving);
  picker.value = exampleName() ?? "";
  saving = setTimeout(async () => history.replaceState(null, "", `#${await address()}`), 400);
}

async function address() {
  const example = exampleName();
  const parts = new URLSearchParams();
  parts.set("go", versions().join(" "));
  if (flags()) {
    parts.set("flags", flags());
  }
  if (asText()) {
    parts.set("form", "plain");
  }
  parts.set("lang", language);
  example ? parts.set("example", example) : parts.set("src", await packed(editor.text));
  return parts.toString();
}

// Shows what the address says.
async function load() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const wanted = (parts.get("go") ?? "1.15").split(" ");
  const known = VERSIONS.filter((version) => wanted.includes(version));
  for (const version of VERSIONS) {
    document.getElementById(`go-${version}`).checked = (known.length ? known : ["1.15"]).includes(version);
  }
  const set = (parts.get("flags") ?? "").split(" ");
  for (const flag of ["-N", "-l"]) {
    document.getElementById(`flag${flag}`).checked = set.includes(flag);
  }
  document.querySelector(`[name=form][value=${parts.get("form") === "plain" ? "plain" : "reasons"}]`).checked = true;
  const own = navigator.language.startsWith("zh") ? "zh" : "en";
  language = LANGUAGES.includes(parts.get("lang")) ? parts.get("lang") : own;
  const source = parts.get("src");
  const first = examples[parts.get("example")] ?? examples.add;
  // A link may be cut off.
  editor.text = source ? await unpacked(source).catch(() => first) : first;
  relabel();
  compile();
}

// Puts all texts into the language.
function relabel() {
  translate();
  const names = Object.keys(examples).map((name) => make("option", { value: name }, name));
  picker.replaceChildren(make("option", { value: "", hidden: true }, word("own")), ...names);
  picker.value = exampleName() ?? "";
}

function listen() {
  picker.addEventListener("change", () => {
    editor.text = examples[picker.value];
    compile();
  });
  document.getElementById("settings").addEventListener("submit", (event) => event.preventDefault());
  for (const box of document.querySelectorAll("fieldset input")) {
    box.addEventListener("change", () => {
      if (versions().length === 0) {
        box.checked = true;
      }
      compile();
    });
  }
  document.getElementById("language").addEventListener("click", () => {
    language = language === "en" ? "zh" : "en";
    relabel();
    compile();
  });
  document.getElementById("share").addEventListener("click", async () => {
    history.replaceState(null, "", `#${await address()}`);
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
    copied.then(
      () => (status.textContent = word("shared")),
      () => (status.textContent = word("not_copied")),
    );
  });
  addEventListener("hashchange", load);
}

async function start() {
  const boxes = VERSIONS.map((version) =>
    make("label", { className: "chip" }, make("input", { type: "checkbox", id: `go-${version}` }), make("span", {}, version)),
  );
  document.getElementById("versions").append(...boxes);
  listen();
  await load();
  status.textContent = word("loading");
  try {
    compiler = await Compiler.start();
  } catch (error) {
    status.textContent = word("no_start") + error.message;
    return;
  }
  compile();
}

start();
