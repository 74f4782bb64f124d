// The confusion matrix as a grid: headers for rows and columns, arrows from cell to cell, Enter or a click chooses.

import { make } from "../studio.js";

const MOST_FITTING = 12; // classes; more of them scroll
const SHORT = 3; // letters; longer names stand upright above their column

/** `counts` has a row for each label; `chosen(label, read)` is called for a cell. */
export class Matrix {
  constructor(place, { classes, counts, chosen }) {
    Object.assign(this, { classes, counts, chosen, size: classes.length });
    const most = Math.max(1, ...counts.filter((_, at) => Math.floor(at / this.size) !== at % this.size));
    this.cells = Array.from(counts, (count, at) => this.#cell(count, at, most));
    const longest = Math.max(...classes.map((name) => name.length));
    const kinds = ["matrix", ...(this.size > MOST_FITTING ? ["wide"] : []), ...(longest > SHORT ? ["long"] : [])];
    const table = make("table", { className: kinds.join(" ") },
      make("thead", {}, make("tr", {}, corner(), ...classes.map((name) => header(name, "col")))),
      make("tbody", {}, ...classes.map((name, row) => make("tr", {}, header(name, "row"), ...this.#row(row)))));
    table.style.setProperty("--name", `${longest}ch`);
    table.setAttribute("role", "grid");
    table.setAttribute("aria-labelledby", "matrix-title");
    table.setAttribute("aria-describedby", "matrix-help");
    table.dataset.testid = "matrix";
    table.addEventListener("keydown", (event) => this.#key(event));
    this.#reach(this.cells[0]);
    place.replaceChildren(table);
  }

  /** Mark a cell; null marks none. */
  mark(label, read) {
    this.cells.forEach((cell, at) => { cell.ariaSelected = String(at === label * this.size + read && label !== null && read !== null); });
    if (label !== null && read !== null) this.#reach(this.cells[label * this.size + read]);
  }

  #row(row) { return this.cells.slice(row * this.size, (row + 1) * this.size); }

  #cell(count, at, most) {
    const label = Math.floor(at / this.size), read = at % this.size, isRight = label === read;
    const cell = make("td", { className: isRight ? "right" : count ? "" : "none", tabIndex: -1 }, count ? String(count) : "·");
    const said = isRight ? `${this.classes[label]} read right` : `${this.classes[label]} read as ${this.classes[read]}`;
    cell.setAttribute("aria-label", `${said}: ${count || "none"}`);
    cell.title = cell.getAttribute("aria-label");
    // Square roots, so that a mistake made once is seen beside one made fifty times.
    if (!isRight && count) cell.style.setProperty("--share", `${Math.round(12 + 73 * Math.sqrt(count / most))}%`);
    cell.addEventListener("click", () => { this.#reach(cell); this.chosen(label, read); });
    return cell;
  }

  /** Make a cell the one that Tab comes to. */
  #reach(cell) {
    if (this.reached) this.reached.tabIndex = -1;
    this.reached = cell;
    cell.tabIndex = 0;
  }

  #key(event) {
    const at = this.cells.indexOf(event.target), row = Math.floor(at / this.size), column = at % this.size;
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.chosen(row, column);
      return;
    }
    const last = this.size - 1;
    const to = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [row, 0], End: [row, last] }[event.key];
    if (!to) return;
    event.preventDefault();
    const [y, x] = to.map((place) => Math.min(last, Math.max(0, place)));
    this.#reach(this.cells[y * this.size + x]);
    this.reached.focus();
  }
}

function header(text, scope) { return make("th", { scope }, text); }

function corner() { return make("th", { scope: "col" }, make("span", { className: "unseen" }, "label")); }
