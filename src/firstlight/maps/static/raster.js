// Points drawn by the processor, pixel by pixel: for browsers whose WebGL2 is missing, or is itself done by
// the processor, which takes a hundred times as long over points.
const HIDDEN_CODE = 255;

export class Raster {
  constructor(map) {
    this.map = map;
    this.seen = new Uint32Array(0);
  }

  // Copies in the order of drawing, so that memory is read straight on.
  setCodes(codes, order) {
    if (order !== this.order) {
      this.x = Uint16Array.from(order, (i) => this.map.x[i]);
      this.y = Uint16Array.from(order, (i) => this.map.y[i]);
      this.order = order;
    }
    this.codes = Uint8Array.from(order, (i) => codes[i]);
  }

  setColours(bytes, paper) {
    this.colours = new Uint32Array(bytes.slice().buffer);
    this.paper = new Uint32Array(Uint8Array.of(...paper.map((part) => Math.round(255 * part)), 255).buffer)[0];
  }

  // Return the picture, four bytes a pixel, from the top.
  draw(width, height, view, ratio, size) {
    if (this.seen.length !== width * height) this.seen = new Uint32Array(width * height);
    const { seen, x, y, codes, colours } = this;
    seen.fill(this.paper);
    const rows = rowsOf(Math.max(1, Math.round(size * ratio)));
    const scale = view.scale * ratio;
    const [left, top] = view.bounds();
    for (let i = 0; i < x.length; i++) {
      if (codes[i] === HIDDEN_CODE) continue;
      const column = Math.round((x[i] - left) * scale);
      const row = Math.round((y[i] - top) * scale);
      if (column < rows.half || row < rows.half || column + rows.half >= width || row + rows.half >= height) continue;
      const colour = colours[codes[i]];
      for (const [down, from, to] of rows.spans) {
        const line = (row + down) * width + column;
        for (let at = line + from; at < line + to; at++) seen[at] = colour;
      }
    }
    return seen;
  }
}

// The rows of a dot: how far down, and from where to where. Small dots are squares.
function rowsOf(size) {
  const spans = [];
  const start = -Math.floor(size / 2);
  for (let row = 0; row < size; row++) {
    const off = (row + 0.5 - size / 2) / (size / 2);
    const half = size < 4 ? size / 2 : (Math.sqrt(1 - off * off) * size) / 2;
    const from = Math.round(size / 2 - half);
    spans.push([start + row, start + from, start + size - from]);
  }
  return { spans, half: Math.ceil(size / 2) };
}
