// What the page shows of an answer: small images, bars, maps.

import { make } from "../studio.js";

const MOST_BARS = 12;
const TILE = 56, GAP = 4, ACROSS = 8;

/** Put 784 bytes onto a canvas of 28 x 28. */
export function paint(canvas, image) {
  const pixels = new ImageData(28, 28);
  for (let at = 0, to = 0; at < 784; at++, to += 4) {
    pixels.data[to] = pixels.data[to + 1] = pixels.data[to + 2] = image[at];
    pixels.data[to + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

export function thumbnail(image, label) {
  const canvas = make("canvas", { width: 28, height: 28 });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  paint(canvas, image);
  return canvas;
}

export function percent(share) { return `${(100 * share).toFixed(1)} %`; }

/** Bars of probabilities; of many classes, only the most probable. */
export class Bars {
  constructor(list, classes) {
    this.classes = classes;
    this.isSorted = classes.length > MOST_BARS;
    this.rows = classes.slice(0, MOST_BARS).map((name) => {
      const bar = make("div"), label = make("span", {}, name), value = make("span", {}, "");
      const track = make("div", { className: "track", ariaHidden: "true" }, bar);
      const row = make("li", {}, label, track, value);
      list.append(row);
      return { row, label, bar, value };
    });
  }

  show(probabilities) {
    const order = probabilities && this.isSorted ? ranked(probabilities) : this.rows.map((_, at) => at);
    const best = probabilities ? ranked(probabilities)[0] : -1;
    this.rows.forEach(({ row, label, bar, value }, at) => {
      const which = order[at], share = probabilities ? probabilities[which] : 0;
      label.textContent = this.classes[which];
      bar.style.width = `${100 * share}%`;
      value.textContent = probabilities ? percent(share) : "";
      row.className = which === best ? "most" : "";
    });
  }
}

/** Classes, the most probable first. */
export function ranked(probabilities) {
  return Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
}

/** Answers of the first layer: each map a tile, or all units of a linear layer in one. */
export function showMaps(canvas, { values, maps, height, width }) {
  const isRow = height === 1 && maps === 1;
  const shape = isRow ? { maps: 1, width: Math.ceil(Math.sqrt(width)), height: Math.ceil(width / Math.ceil(Math.sqrt(width))) } : { maps, width, height };
  const count = Math.min(shape.maps, 32), columns = Math.min(ACROSS, count), rows = Math.ceil(count / columns);
  const tile = isRow ? 3 * TILE : TILE;
  canvas.width = columns * (tile + GAP) - GAP;
  canvas.height = rows * (tile + GAP) - GAP;
  const context = canvas.getContext("2d");
  colours ??= coloursOf(canvas);
  let most = 1e-9;
  for (const value of values) most = Math.max(most, Math.abs(value));
  context.imageSmoothingEnabled = false;
  const small = make("canvas", { width: shape.width, height: shape.height });
  for (let k = 0; k < count; k++) {
    const pixels = new ImageData(shape.width, shape.height), size = shape.width * shape.height;
    for (let at = 0; at < size; at++) {
      const share = (values[k * size + at] ?? 0) / most, to = share > 0 ? colours[0] : colours[1], part = Math.abs(share);
      for (let c = 0; c < 3; c++) pixels.data[4 * at + c] = colours[2][c] + part * (to[c] - colours[2][c]);
      pixels.data[4 * at + 3] = 255;
    }
    small.getContext("2d").putImageData(pixels, 0, 0);
    context.drawImage(small, (k % columns) * (tile + GAP), Math.floor(k / columns) * (tile + GAP), tile, tile);
  }
}

let colours = null; // kept, since asking for a style takes long
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { colours = null; });

function coloursOf(canvas) {
  const style = getComputedStyle(canvas), context = canvas.getContext("2d");
  return ["--plus", "--minus", "--zero"].map((name) => rgb(context, style.getPropertyValue(name)));
}

/** A colour as three bytes; styles write them as #rrggbb, or the short #rgb. */
function rgb(context, colour) {
  context.fillStyle = colour;
  return [1, 3, 5].map((at) => parseInt(context.fillStyle.slice(at, at + 2), 16));
}
