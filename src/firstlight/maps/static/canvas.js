// The map without WebGL2: points only.
import { Raster } from "./raster.js";

export class CanvasDrawing extends Raster {
  constructor(canvas, map) {
    super(map);
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false });
    this.canDrawImages = false;
  }

  async setPixels() {}

  draw(view, ratio, size) {
    const { width, height } = this.canvas;
    const seen = super.draw(width, height, view, ratio, size);
    this.pen.putImageData(new ImageData(new Uint8ClampedArray(seen.buffer), width, height), 0, 0);
  }
}
