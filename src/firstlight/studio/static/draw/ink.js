// Ink: strokes on a pad, and how much of each pixel they cover. Own rasteriser: the same in every browser.

export const SIDE = 252; // pixels; a place fits into a byte, and 9 x 9 of them make one of 28 x 28
const QUARTERS = 4; // radii are kept in quarters of a pixel

export class Ink {
  constructor() {
    this.values = new Uint8Array(SIDE * SIDE);
    this.strokes = []; // of points [x, y, quarters of a pixel of radius]
  }

  get isBlank() { return this.strokes.length === 0; }

  begin(x, y, radius) {
    this.strokes.push([]);
    this.extend(x, y, radius);
  }

  /** Add a point to the last stroke; false where it says nothing new. */
  extend(x, y, radius) {
    const stroke = this.strokes.at(-1);
    const point = [inside(x), inside(y), Math.min(255, Math.max(2, Math.round(radius * QUARTERS)))];
    const last = stroke.at(-1) ?? point;
    if (stroke.length && Math.hypot(point[0] - last[0], point[1] - last[1]) < 1.5) return false;
    stroke.push(point);
    this.#cover(last, point);
    return true;
  }

  undo() {
    this.strokes.pop();
    this.#redraw();
  }

  clear() {
    this.strokes = [];
    this.values.fill(0);
  }

  /** All strokes as text that fits into an address. */
  toText() {
    const bytes = [];
    for (const stroke of this.strokes) {
      bytes.push(stroke.length >> 8, stroke.length & 255);
      for (const point of stroke) bytes.push(...point);
    }
    const text = btoa(String.fromCharCode(...bytes));
    return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  /** Take strokes from such a text; text that is none leaves the pad blank. */
  fromText(text) {
    this.clear();
    let bytes;
    try { bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/")); } catch { return; }
    let at = 0;
    const next = () => bytes.charCodeAt(at++);
    while (at + 5 <= bytes.length) {
      const count = next() * 256 + next();
      if (count === 0 || at + 3 * count > bytes.length) break;
      const stroke = Array.from({ length: count }, () => [inside(next()), inside(next()), Math.max(2, next())]);
      this.strokes.push(stroke);
    }
    this.#redraw();
  }

  #redraw() {
    this.values.fill(0);
    for (const stroke of this.strokes) stroke.forEach((point, place) => this.#cover(stroke[Math.max(0, place - 1)], point));
  }

  /** Cover what lies within the radius of the line between two points; an edge covers a part of its pixel. */
  #cover(from, to) {
    const radius = (from[2] + to[2]) / 2 / QUARTERS;
    const [ax, ay] = [from[0] + 0.5, from[1] + 0.5];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = dx * dx + dy * dy;
    const reach = Math.ceil(radius) + 1;
    const left = Math.max(0, Math.min(from[0], to[0]) - reach), right = Math.min(SIDE - 1, Math.max(from[0], to[0]) + reach);
    const top = Math.max(0, Math.min(from[1], to[1]) - reach), bottom = Math.min(SIDE - 1, Math.max(from[1], to[1]) + reach);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const px = x + 0.5 - ax, py = y + 0.5 - ay;
        const along = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
        const away = Math.hypot(px - along * dx, py - along * dy);
        const covered = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - away)));
        const place = y * SIDE + x;
        if (covered > this.values[place]) this.values[place] = covered;
      }
    }
  }
}

function inside(place) { return Math.min(SIDE - 1, Math.max(0, Math.round(place))); }
