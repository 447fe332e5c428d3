// The editor: a textarea, with the numbers of lines beside it and marks behind it.

// The name of a file that has no line with its name.
const FIRST_FILE = "x.go";

class Editor {
  #area = document.getElementById("source");
  #gutter = document.querySelector(".editor .gutter");
  #marks = document.querySelector(".editor .marks");
  // For each line of the text its file and the number in it; 0 for lines that name a file.
  #lines = [];
  #leaving = false;
  #errors = new Set();

  // `changed` is called after each change, `moved` when the caret may be in another line.
  constructor(changed, moved) {
    this.#area.addEventListener("input", () => {
      this.#number();
      changed();
    });
    this.#area.addEventListener("scroll", () => this.#scroll());
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    for (const name of ["click", "keyup"]) {
      this.#area.addEventListener(name, () => moved(this.#lines[this.#caretLine()]));
    }
  }

  get text() {
    return this.#area.value;
  }

  set text(text) {
    this.#area.value = text;
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollTop = 0;
    this.#number();
  }

  // The text as an archive, in which each file has a line with its name.
  get archive() {
    const text = this.text.endsWith("\n") ? this.text : `${this.text}\n`;
    return fileName(text.split("\n", 1)[0]) ? text : `-- ${FIRST_FILE} --\n${text}`;
  }

  // Shows the lines {file, line} that errors are about.
  setErrors(places) {
    this.#errors = new Set(places.map((place) => this.#indexOf(place)));
    this.#number();
  }

  // Marks a line {file, line}; nothing takes the mark away.
  mark(place) {
    this.#marks.replaceChildren();
    const index = place ? this.#indexOf(place) : -1;
    if (index >= 0) {
      const mark = make("div", { className: "mark" });
      mark.style.top = `calc(var(--pad) + ${index} * var(--line))`;
      this.#marks.append(mark);
    }
  }

  // Puts the caret to a place and the line into view.
  goTo(place) {
    const index = this.#indexOf(place);
    if (index < 0) {
      return;
    }
    const before = this.text.split("\n").slice(0, index);
    const at = before.reduce((sum, line) => sum + line.length + 1, 0);
    // Columns count bytes.
    const line = new TextEncoder().encode(this.text.slice(at).split("\n", 1)[0]);
    const column = new TextDecoder().decode(line.slice(0, (place.column ?? 1) - 1)).length;
    this.#area.focus();
    this.#area.setSelectionRange(at + column, at + column);
    const height = parseFloat(getComputedStyle(this.#area).lineHeight);
    this.#area.scrollTop = Math.max(0, index * height - this.#area.clientHeight / 2);
  }

  #caretLine() {
    return this.text.slice(0, this.#area.selectionStart).split("\n").length - 1;
  }

  #indexOf({ file, line }) {
    return this.#lines.findIndex((known) => known.file === file && known.line === line);
  }

  #number() {
    let file = FIRST_FILE;
    let line = 0;
    this.#lines = this.text.split("\n").map((text) => {
      const name = fileName(text);
      if (name) {
        [file, line] = [name, 0];
        return { file, line };
      }
      return { file, line: ++line };
    });
    const numbers = this.#lines.map(({ line }, index) =>
      make("div", { className: this.#errors.has(index) ? "wrong" : "" }, line ? `${line}` : "\u00b7"),
    );
    this.#gutter.replaceChildren(...numbers);
    this.#scroll();
  }

  #scroll() {
    const by = `translateY(${-this.#area.scrollTop}px)`;
    this.#gutter.style.transform = by;
    this.#marks.style.transform = by;
  }

  #key(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Tab" && plain && !event.shiftKey && !this.#leaving) {
      event.preventDefault();
      insert("\t");
    } else if (event.key === "Enter" && plain && !event.isComposing) {
      event.preventDefault();
      const start = this.text.lastIndexOf("\n", this.#area.selectionStart - 1) + 1;
      const indent = /^[\t ]*/.exec(this.text.slice(start, this.#area.selectionStart))[0];
      insert(`\n${indent}`);
    }
    this.#leaving = event.key === "Escape";
  }
}

// Types a text, so that undo takes it back.
function insert(text) {
  document.execCommand("insertText", false, text);
}

// Returns the name in a line that begins a file.
function fileName(line) {
  return /^-- (.+) --\s*$/.exec(line)?.[1].trim();
}
