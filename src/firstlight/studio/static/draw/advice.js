// What is odd about what the network sees, in words. Numbers of MNIST's training images: nine in ten strokes are
// between 1.6 and 4.2 pixels wide, centres of mass lie in the middle, the longest side is 20 pixels.

import { centreOf, FIELD, INNER, MIDDLE, sums, THICK, THIN } from "./fit.js";

const USUAL = [1.6, 4.2], OFF_CENTRE = 2, SMALL = 15, LARGE = 22, SEEN = 64;

/** About a digit that was fitted, of which `strokeWidth` is what it was before. */
export function adviceOnFitted(strokeWidth) {
  const width = strokeWidth.toFixed(1);
  if (strokeWidth < USUAL[0]) return [`Thin stroke: ${width} pixels; it was made ${THIN.toFixed(1)} wide. MNIST's pens made ${USUAL[0]} to ${USUAL[1]}.`];
  if (strokeWidth > USUAL[1]) return [`Thick stroke: ${width} pixels; it was made ${THICK} wide. MNIST's pens made ${USUAL[0]} to ${USUAL[1]}.`];
  return [];
}

/** About 28 x 28 pixels that were not fitted. */
export function adviceOnShrunk(image) {
  if (isInverted(image)) return ["Looks inverted: the ground is bright. MNIST's digits are white on black."];
  const box = boxOf(image);
  if (box === null) return ["Nothing stands out: at this size the strokes are too thin to be seen."];
  const said = [];
  const { rows, columns } = sums(image, FIELD, FIELD);
  const off = Math.hypot(centreOf(columns) - MIDDLE, centreOf(rows) - MIDDLE);
  if (off >= OFF_CENTRE) said.push(`Off centre by ${Math.round(off)} pixels. MNIST's digits have their centre of mass in the middle.`);
  const side = Math.max(box.right - box.left, box.bottom - box.top);
  if (side < SMALL) said.push(`Small: ${side} pixels. The longest side of MNIST's digits is ${INNER}.`);
  if (side > LARGE) said.push(`Large: ${side} pixels. The longest side of MNIST's digits is ${INNER}.`);
  const thin = meanBrightness(image);
  if (thin < 0.45) said.push("Thin stroke: hardly a pixel is white all through.");
  return said;
}

function isInverted(image) {
  let sum = 0, count = 0;
  for (let k = 0; k < FIELD; k++) {
    for (const at of [k, (FIELD - 1) * FIELD + k, k * FIELD, k * FIELD + FIELD - 1]) { sum += image[at]; count++; }
  }
  return sum / count > 127;
}

function boxOf(image) {
  let left = FIELD, top = FIELD, right = 0, bottom = 0;
  image.forEach((value, at) => {
    if (value < SEEN) return;
    const x = at % FIELD, y = (at - x) / FIELD;
    left = Math.min(left, x); right = Math.max(right, x + 1);
    top = Math.min(top, y); bottom = Math.max(bottom, y + 1);
  });
  return right > left ? { left, top, right, bottom } : null;
}

/** Mean brightness of what is not black, each pixel counting as much as it holds: 1 for broad white strokes. */
function meanBrightness(image) {
  let sum = 0, squares = 0;
  for (const value of image) { sum += value; squares += value * value; }
  return sum ? squares / sum / 255 : 0;
}
