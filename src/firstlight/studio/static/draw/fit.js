// From ink to 28 x 28, as firstlight.pictures does it for a picture with one digit in it. The names are the same
// there: _ink.py (half way), _fit.py (fine mask, centred image), _stroke.py (usual stroke). A test holds both
// against each other, pixel by pixel.

import { squaredDistances } from "./distance.js";
import { FILTERS, resize } from "./resample.js";

export const FIELD = 28, MIDDLE = 14, INNER = 20;
const FINE = 6, ROOM = 8;
export const THIN = 2.0, THICK = 3.3;
const TURNS = 20;
const AS_FLOAT = Float32Array.from({ length: 256 }, (_, value) => value * Math.fround(1 / 255));

/**
 * Bring the ink of one digit to the form of MNIST.
 * Returns null where there is none, else {image, box, strokeWidth, centre}: 784 bytes, where the digit lies on the
 * pad, the width that its stroke had in pixels of the image, and its centre of mass on the pad.
 */
export function fit(values, width, height) {
  const threshold = halfWay(values);
  const box = inkBox(values, width, height, threshold);
  if (box === null) return null;
  const fine = fineMask(values, width, box, threshold);
  const stroke = usualStroke(fine.mask, fine.width, fine.height);
  const image = centredImage(stroke.mask, fine.width, fine.height);
  return { image, box, strokeWidth: stroke.widthBefore / FINE, threshold };
}

/** The whole pad shrunk by area, nothing else: what most people do, and as Pillow does it for bytes. */
export function shrink(values, side) {
  const factor = side / FIELD, weight = Math.round(2 ** 22 / factor);
  const middle = new Uint8Array(side * FIELD), out = new Uint8Array(FIELD * FIELD);
  const byte = (sum) => (2 ** 21 + sum * weight) >> 22;
  for (let at = 0; at < middle.length; at++) {
    let sum = 0;
    for (let k = 0; k < factor; k++) sum += values[at * factor + k];
    middle[at] = byte(sum);
  }
  for (let y = 0; y < FIELD; y++) {
    for (let x = 0; x < FIELD; x++) {
      let sum = 0;
      for (let k = 0; k < factor; k++) sum += middle[(y * factor + k) * FIELD + x];
      out[y * FIELD + x] = byte(sum);
    }
  }
  return out;
}

/** Half-way between background and ink; each pixel counts as much as it holds. */
function halfWay(values) {
  const counts = new Int32Array(256);
  for (let at = 0; at < values.length; at++) counts[values[at]]++;
  let threshold = AS_FLOAT[counts.findLastIndex((count) => count > 0)] / 2;
  for (let turn = 0; turn < TURNS; turn++) {
    let sum = 0, squares = 0;
    const limit = Math.fround(threshold);
    for (let value = 255; value >= 0 && AS_FLOAT[value] > limit; value--) {
      sum += counts[value] * AS_FLOAT[value];
      squares += counts[value] * AS_FLOAT[value] ** 2;
    }
    const level = sum ? squares / sum : 0;
    if (Math.abs(level / 2 - threshold) < 1e-3 * level || !level) break;
    threshold = level / 2;
  }
  return Math.fround(threshold);
}

function inkBox(values, width, height, threshold) {
  const least = AS_FLOAT.findIndex((amount) => amount > threshold); // the first byte that is ink
  if (least < 0) return null;
  let left = width, top = height, right = 0, bottom = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let x = 0;
    while (x < width && values[row + x] < least) x++;
    if (x === width) continue;
    if (y < top) top = y;
    bottom = y + 1;
    if (x < left) left = x;
    x = width - 1;
    while (values[row + x] < least) x--;
    if (x >= right) right = x + 1;
  }
  return right > left ? { left, top, right, bottom } : null;
}

/** Scale a digit so that its longest side has 120 pixels, with room around it. */
function fineMask(values, padWidth, box, threshold) {
  const width = box.right - box.left, height = box.bottom - box.top;
  const scale = (INNER * FINE) / Math.max(width, height);
  const room = ROOM / scale, margin = Math.ceil(room) + 1;
  const wide = width + 2 * margin, high = height + 2 * margin;
  let padded = new Float32Array(wide * high);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      padded[(y + margin) * wide + x + margin] = AS_FLOAT[values[(y + box.top) * padWidth + x + box.left]];
    }
  }
  if (scale < 1) padded = greatest(padded, wide, high, Math.ceil(1 / scale));
  const area = [margin - room, margin - room, margin + room + width, margin + room + height];
  const outWidth = evenRound(width * scale) + 2 * ROOM, outHeight = evenRound(height * scale) + 2 * ROOM;
  const resized = resize(padded, wide, high, outWidth, outHeight, FILTERS.bicubic, area);
  return { mask: above(resized, threshold), width: outWidth, height: outHeight };
}

function above(values, limit) {
  const mask = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) if (values[at] > limit) mask[at] = 1;
  return mask;
}

/** The greatest of each square of `side` pixels, of which the middle (of an even side, the one behind it) is set. */
function greatest(values, width, height, side) {
  const before = side >> 1, after = side - 1 - before;
  const across = new Float32Array(values.length), out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let most = 0;
      for (let k = Math.max(0, x - before); k <= Math.min(width - 1, x + after); k++) most = Math.max(most, values[y * width + k]);
      across[y * width + x] = most;
    }
  }
  for (let y = 0; y < height; y++) {
    const first = Math.max(0, y - before), last = Math.min(height - 1, y + after);
    for (let x = 0; x < width; x++) {
      let most = 0;
      for (let k = first; k <= last; k++) most = Math.max(most, across[k * width + x]);
      out[y * width + x] = most;
    }
  }
  return out;
}

/** Move the edge of a stroke until its mean width lies between 2.0 and 3.3 pixels of the small image. */
function usualStroke(mask, width, height) {
  const squares = squaredDistances(mask, width, height);
  const inside = [];
  let sum = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at]) {
      const depth = Math.sqrt(squares[at]);
      inside.push(depth);
      sum += depth;
    }
  }
  const widthBefore = inside.length ? 4 * (sum / inside.length - 0.5) : 0;
  const move = (Math.min(Math.max(widthBefore, THIN * FINE), THICK * FINE) - widthBefore) / 2;
  if (move > 0) {
    const outside = squaredDistances(mask, width, height, 0);
    const grown = new Uint8Array(mask.length);
    for (let at = 0; at < mask.length; at++) grown[at] = Math.sqrt(outside[at]) <= move ? 1 : 0;
    return { mask: grown, widthBefore };
  }
  if (move < 0) {
    const limit = Math.min(-move, median(inside));
    for (let at = 0; at < squares.length; at++) squares[at] = Math.sqrt(squares[at]);
    return { mask: above(squares, limit), widthBefore };
  }
  return { mask, widthBefore };
}

/** Scale a stroke into a box of 20 x 20, smoothed by area, its centre of mass in the middle. */
function centredImage(mask, width, height) {
  let left = width, top = height, right = 0, bottom = 0;
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    const x = at % width, y = (at - x) / width;
    if (x < left) left = x;
    if (x >= right) right = x + 1;
    if (y < top) top = y;
    bottom = y + 1;
  }
  const wide = right - left, high = bottom - top;
  const ink = new Float32Array(wide * high);
  for (let y = 0; y < high; y++) for (let x = 0; x < wide; x++) ink[y * wide + x] = mask[(y + top) * width + x + left];
  const scale = INNER / Math.max(wide, high);
  const outWidth = Math.max(1, evenRound(wide * scale)), outHeight = Math.max(1, evenRound(high * scale));
  const small = resize(ink, wide, high, outWidth, outHeight, FILTERS.box);
  const { rows, columns } = sums(small, outWidth, outHeight);
  const atTop = place(rows), atLeft = place(columns);
  const image = new Uint8Array(FIELD * FIELD);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const value = evenRound(Math.fround(255 * small[y * outWidth + x]));
      image[(y + atTop) * FIELD + x + atLeft] = Math.min(255, Math.max(0, value));
    }
  }
  return image;
}

/** Sums of each row and each column. */
export function sums(values, width, height) {
  const rows = new Float64Array(height), columns = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y] += values[y * width + x];
      columns[x] += values[y * width + x];
    }
  }
  return { rows, columns };
}

/** Where the centre of mass of a side lies. */
export function centreOf(weights) {
  let sum = 0, moment = 0;
  weights.forEach((weight, at) => { sum += weight; moment += weight * at; });
  return moment / sum;
}

/** Where a side begins whose centre of mass shall be in the middle; it never leaves the field. */
function place(weights) {
  return Math.min(Math.max(evenRound(MIDDLE - centreOf(weights)), 0), FIELD - weights.length);
}

function median(values) {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Round as Python does: halves to the even side. */
function evenRound(value) {
  const down = Math.floor(value), rest = value - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 ? down + 1 : down;
}
