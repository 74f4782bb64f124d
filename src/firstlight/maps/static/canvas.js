// Points drawn without WebGL2, by writing their pixels one by one. No images among the points.
export class CanvasDrawing {
  constructor(canvas, map) {
    this.canvas = canvas;
    this.map = map;
    this.pen = canvas.getContext("2d", { alpha: false });
    this.canDrawImages = false;
  }

  setCodes(codes, order) {
    this.codes = codes;
    this.order = order;
  }

  setColours(bytes, paper) {
    this.colours = new Uint32Array(bytes.buffer.slice(0));
    this.paper = new Uint32Array(new Uint8Array([...paper.map((part) => Math.round(255 * part)), 255]).buffer)[0];
  }

  async setPixels() {}

  draw(view, ratio, pointSize) {
    const { width, height } = this.canvas;
    const picture = this.pen.createImageData(width, height);
    const seen = new Uint32Array(picture.data.buffer).fill(this.paper);
    const side = Math.max(1, Math.round(pointSize * ratio));
    const [left, top] = view.bounds(pointSize);
    for (const i of this.order) {
      if (this.codes[i] === 255) continue;
      const x = Math.round((this.map.x[i] - left) * view.scale * ratio - pointSize * ratio - side / 2);
      const y = Math.round((this.map.y[i] - top) * view.scale * ratio - pointSize * ratio - side / 2);
      if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
      for (let row = y; row < y + side; row++) seen.fill(this.colours[this.codes[i]], row * width + x, row * width + x + side);
    }
    this.pen.putImageData(picture, 0, 0);
  }
}
