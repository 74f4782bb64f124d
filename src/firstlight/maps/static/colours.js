// What the points are coloured by: a number from 0 to 255 for each, and a table of colours for the numbers.
const HIDDEN = 255;
const UNKNOWN = 254;
const SHADES = 240; // of a scale of numbers
// Three that stay apart without red and green, for each ground: no, yes (on top), nothing known.
const PAIRS = { light: ["#8fa3bd", "#b3261e", "#d5d9df"], dark: ["#5c708c", "#ff8a70", "#333b46"] };
const SPLITS = { light: ["#7f93ad", "#b35c00", "#117733"], dark: ["#5f7796", "#ffb454", "#4cc38a"] };
// From little to much, as cividis goes: even in lightness, and read alike by all eyes.
const SCALES = {
  light: ["#d9d3b0", "#a9a07a", "#7c7b78", "#575d6d", "#1f3a6e", "#00204d"],
  dark: ["#2b3d5c", "#4d5a70", "#7c7b78", "#a59c74", "#d3c064", "#ffea46"],
};

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function scaleColour(stops, share) {
  const place = share * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const [a, b] = [rgb(stops[low]), rgb(stops[low + 1])];
  return a.map((part, i) => Math.round(part + (b[i] - part) * (place - low)));
}

// What one can colour by: name, the legend's rows, the number of each image, and which lie on top.
export function colourings(map) {
  const byClass = (name, of, note) => ({ name, note, kind: "class", code: (i) => (of(i) < 0 ? UNKNOWN : of(i) % 250) });
  const byFlag = (name, of, note, words) => ({ name, note, kind: "flag", words, code: of, isOnTop: (i) => of(i) === 1 });
  const all = [byClass("label", (i) => map.labels[i], "As the data set gives it.")];
  if (map.splitNames.length > 1) {
    all.push({ name: "split", kind: "split", code: (i) => map.splits[i], isOnTop: (i) => map.splits[i] > 0, note: "" });
  }
  for (const { name, kind, note, values, low, high } of map.columns) {
    if (kind === "class") all.push(byClass(name, (i) => values[i], note));
    if (kind === "flag") all.push(byFlag(name, (i) => values[i], note, ["no", "yes"]));
    if (kind === "number") {
      const code = (i) => (values[i] === 255 ? UNKNOWN : Math.round((values[i] / 254) * (SHADES - 1)));
      all.push({ name, kind, note, low, high, code, isOnTop: (i) => values[i] < 255 && values[i] > 127 });
    }
    if (name === "prediction" && kind === "class") {
      const wrong = (i) => (values[i] < 0 ? UNKNOWN : Number(values[i] !== map.labels[i]));
      all.push(byFlag("error", wrong, note, ["prediction = label", "prediction ≠ label"]));
    }
  }
  return all;
}

// 256 colours as bytes RGBA.
export function table(colouring, palettes, ground) {
  const bytes = new Uint8Array(1024);
  for (let code = 0; code < 256; code++) {
    const colour = rgb(PAIRS[ground][2]);
    if (code < UNKNOWN) colour.splice(0, 3, ...(codeColour(colouring, code, palettes, ground) || colour));
    bytes.set([...colour, code === HIDDEN ? 0 : 255], 4 * code);
  }
  return bytes;
}

function codeColour(colouring, code, palettes, ground) {
  if (colouring.kind === "class") return rgb(palettes[ground][code % palettes[ground].length]);
  if (colouring.kind === "number") return scaleColour(SCALES[ground], Math.min(code / (SHADES - 1), 1));
  const few = (colouring.kind === "split" ? SPLITS : PAIRS)[ground];
  return rgb(few[code % few.length]);
}

export const cssColour = (bytes, code) => `rgb(${bytes.slice(4 * code, 4 * code + 3).join(" ")})`;

// The number of each image, and the order in which they are drawn: what matters lies on top.
export function codesOf(colouring, shown, order) {
  const n = shown.length;
  const codes = new Uint8Array(n);
  for (let i = 0; i < n; i++) codes[i] = shown[i] ? colouring.code(i) : HIDDEN;
  if (!colouring.isOnTop) return { codes, order };
  const isOnTop = (i) => codes[i] !== HIDDEN && colouring.isOnTop(i);
  const sorted = new Uint32Array(n);
  let place = 0;
  for (const i of order) if (!isOnTop(i)) sorted[place++] = i;
  for (const i of order) if (isOnTop(i)) sorted[place++] = i;
  return { codes, order: sorted };
}
