// Which points have room to be shown as images. At each step of zooming in, those that neither overlap an
// image nor hide a crowd of points become images, and stay so at every further step: nothing flickers.
import { SIDE } from "./view.js";

const STEP = Math.SQRT2;
const FIRST = 400 / SIDE; // pixels a unit, of step 0
const STEPS = 27;
const CROWD = 12; // points that one image may hide
const NONE = 255;
const SLOTS = 1 << 18;

// Pixels that an image is wide at a scale: they grow more slowly than the distances do.
export function imageSize(scale) {
  return 26 * (scale / FIRST) ** 0.12;
}

// A number for each cell of a grid of any width: a hash table, as fine grids are mostly empty.
class Cells {
  constructor() {
    this.keys = new Int32Array(SLOTS);
    this.values = new Int32Array(SLOTS);
  }

  clear(wide) {
    this.wide = wide;
    this.keys.fill(-1);
  }

  column(unit) {
    return Math.floor(unit / this.wide) + 1;
  }

  // Where the number of a cell is, or would be.
  slot(column, row) {
    const key = (row << 15) | column;
    let slot = Math.imul(key, 0x9e3779b1) >>> 14;
    while (this.keys[slot] >= 0 && this.keys[slot] !== key) slot = (slot + 1) % SLOTS;
    return slot;
  }

  get(column, row, otherwise) {
    const slot = this.slot(column, row);
    return this.keys[slot] < 0 ? otherwise : this.values[slot];
  }

  set(column, row, value) {
    const slot = this.slot(column, row);
    this.keys[slot] = (row << 15) | column;
    this.values[slot] = value;
  }
}

export class Room {
  constructor(x, y) {
    this.x = x;
    this.y = y;
    this.crowds = new Cells();
    this.places = new Cells();
    this.order = shuffled(x.length);
    this.clear();
  }

  // Begin anew, because other points are shown now.
  clear(isShown = () => true) {
    this.steps = new Uint8Array(this.x.length).fill(NONE);
    this.waiting = this.order.filter((i) => isShown(i));
    this.taken = [];
    this.done = 0;
  }

  // The step of a scale, after each point's own was found: an image is what has this step or a lower one.
  upTo(scale) {
    const step = Math.min(Math.floor(Math.log(scale / FIRST) / Math.log(STEP)), STEPS - 1);
    while (this.done <= step) this.take(this.done++);
    return step;
  }

  take(step) {
    const scale = FIRST * STEP ** step;
    const wide = (1.08 * imageSize(scale)) / scale; // units
    this.count(wide);
    this.places.clear(wide);
    for (const i of this.taken) this.put(i);
    this.waiting = this.waiting.filter((i) => {
      const crowd = this.crowds.get(this.crowds.column(this.x[i]), this.crowds.column(this.y[i]), 0);
      if ((crowd > CROWD && step < STEPS - 1) || !this.isFree(i)) return true;
      this.steps[i] = step;
      this.taken.push(i);
      this.put(i);
      return false;
    });
  }

  count(wide) {
    const crowds = this.crowds;
    crowds.clear(wide);
    for (const list of [this.waiting, this.taken]) {
      for (const i of list) {
        const [column, row] = [crowds.column(this.x[i]), crowds.column(this.y[i])];
        crowds.set(column, row, crowds.get(column, row, 0) + 1);
      }
    }
  }

  put(i) {
    this.places.set(this.places.column(this.x[i]), this.places.column(this.y[i]), i);
  }

  // No two images overlap, so a cell as wide as one holds at most one, and only nine cells can be in the way.
  isFree(i) {
    const { places, x, y } = this;
    const [column, row] = [places.column(x[i]), places.column(y[i])];
    for (let down = row - 1; down <= row + 1; down++) {
      for (let right = column - 1; right <= column + 1; right++) {
        const other = places.get(right, down, -1);
        if (other < 0) continue;
        if (Math.abs(x[other] - x[i]) < places.wide && Math.abs(y[other] - y[i]) < places.wide) return false;
      }
    }
    return true;
  }
}

// The same order on every visit, so that an address shows what its sender saw.
export function shuffled(n) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  let state = 1;
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 4294967296) * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
