// What is seen inside a network that learns: pictures of its first weights, and its confusion matrix.

import { make } from "../studio.js";

const ACROSS = 8, GAP = 3, WIDE = 480;
const SHORT = 3; // letters; longer names of classes stand upright
const SURE = 0.995; // of the weights are within the scale; a few that are larger do not make the rest pale

/** Draw pictures of weights side by side, each colour saying more ink or less. */
export function drawWeights(canvas, { count, height, width }, values) {
  const columns = Math.min(ACROSS, count), rows = Math.ceil(count / columns);
  const tile = Math.max(1, Math.floor((WIDE - (columns - 1) * GAP) / columns / width)) * width, high = tile * height / width;
  canvas.width = columns * (tile + GAP) - GAP;
  canvas.height = rows * (high + GAP) - GAP;
  const context = canvas.getContext("2d"), most = scale(values), style = getComputedStyle(canvas);
  const [plus, minus, zero] = ["--plus", "--minus", "--zero"].map((name) => bytes(context, style.getPropertyValue(name)));
  const small = make("canvas", { width, height }), area = width * height;
  context.imageSmoothingEnabled = false;
  for (let at = 0; at < count; at++) {
    const pixels = new ImageData(width, height);
    for (let k = 0; k < area; k++) {
      const share = values[at * area + k] / most, to = share > 0 ? plus : minus, part = Math.min(1, Math.abs(share));
      for (let c = 0; c < 3; c++) pixels.data[4 * k + c] = zero[c] + part * (to[c] - zero[c]);
      pixels.data[4 * k + 3] = 255;
    }
    small.getContext("2d").putImageData(pixels, 0, 0);
    context.drawImage(small, (at % columns) * (tile + GAP), Math.floor(at / columns) * (high + GAP), tile, high);
  }
}

function scale(values) {
  const sizes = Float32Array.from(values, Math.abs).sort();
  return sizes[Math.floor(SURE * (sizes.length - 1))] || 1e-9;
}

function bytes(context, colour) {
  context.fillStyle = colour;
  return [1, 3, 5].map((at) => parseInt(context.fillStyle.slice(at, at + 2), 16));
}

/** A confusion matrix that grows: its cells are made once, and filled anew at each look. */
export class Growing {
  constructor(place) { this.place = place; this.classes = []; }

  show(counts, classes) {
    const size = classes.length;
    if (classes.join("\n") !== this.classes.join("\n")) this.#build(classes);
    for (let row = 0; row < size; row++) {
      const whole = counts.slice(row * size, (row + 1) * size).reduce((sum, count) => sum + count, 0) || 1;
      for (let column = 0; column < size; column++) {
        const count = counts[row * size + column], cell = this.cells[row * size + column], most = row === column ? 45 : 75;
        cell.textContent = count || "·";
        cell.style.setProperty("--share", `${count ? Math.round(8 + most * Math.sqrt(count / whole)) : 0}%`);
      }
    }
  }

  #build(classes) {
    this.classes = classes;
    this.cells = [];
    const rows = classes.map((row) => make("tr", {}, make("th", { scope: "row" }, row), ...classes.map((column) => {
      const cell = make("td", { className: row === column ? "right" : "" });
      this.cells.push(cell);
      return cell;
    })));
    const corner = make("th", { scope: "col" }, make("span", { className: "unseen" }, "label"));
    const head = make("tr", {}, corner, ...classes.map((name) => make("th", { scope: "col", title: name }, name)));
    const longest = Math.max(...classes.map((name) => name.length));
    const table = make("table", { className: longest > SHORT ? "confusion long" : "confusion" }, make("thead", {}, head), make("tbody", {}, ...rows));
    table.style.setProperty("--name", `${longest}ch`);
    table.setAttribute("aria-labelledby", "confusion-title");
    this.place.replaceChildren(table);
  }
}
