// What the passes did to a function: the page that `minigo see` makes, in a frame.

class Passes {
  #details = document.querySelector("#passes details");
  #body = document.querySelector("#passes .body");
  #url;
  #shown;

  // `wanted` is called when a page is needed.
  constructor(wanted) {
    this.#details.addEventListener("toggle", wanted);
  }

  get open() {
    return this.#details.open;
  }

  // Names the function.
  set function(name) {
    document.querySelector("#passes .hint").textContent = name ? word("passes_of", name) : "";
  }

  // Shows a page, unless it is the one that is shown.
  show(html, name) {
    if (html === this.#shown) {
      return;
    }
    this.#shown = html;
    URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    const link = make("a", { href: this.#url, target: "_blank" }, word("window"));
    this.#body.replaceChildren(make("p", { className: "hint" }, link), make("iframe", { src: this.#url, title: `${word("passes")}: ${name}` }));
  }
}
