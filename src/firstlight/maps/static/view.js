// What part of the map is on the screen. The map is a square of 65,536 units a side; the screen has pixels.
export const SIDE = 65536;
const MOST_UNITS_A_PIXEL = 6; // pixels a unit: the two closest points can be told apart
const MARGIN = 1.06;

export class View {
  constructor() {
    this.width = this.height = 1;
    this.x = this.y = SIDE / 2;
    this.scale = 0; // pixels a unit
  }

  get whole() {
    return Math.min(this.width, this.height) / (SIDE * MARGIN);
  }

  get zoom() {
    return this.scale / this.whole;
  }

  resize(width, height) {
    const zoom = this.scale ? this.zoom : 1;
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.scale = this.whole * zoom;
    this.clamp();
  }

  clamp() {
    this.scale = Math.min(Math.max(this.scale, this.whole * 0.8), MOST_UNITS_A_PIXEL);
    this.x = Math.min(Math.max(this.x, 0), SIDE);
    this.y = Math.min(Math.max(this.y, 0), SIDE);
  }

  reset() {
    this.x = this.y = SIDE / 2;
    this.scale = this.whole;
  }

  panBy(pixelsX, pixelsY) {
    this.x -= pixelsX / this.scale;
    this.y -= pixelsY / this.scale;
    this.clamp();
  }

  // What lies at the pixel stays there.
  zoomAt(factor, pixelX, pixelY) {
    const [x, y] = [this.unitX(pixelX), this.unitY(pixelY)];
    this.scale *= factor;
    this.clamp();
    this.x = x - (pixelX - this.width / 2) / this.scale;
    this.y = y - (pixelY - this.height / 2) / this.scale;
    this.clamp();
  }

  goTo(x, y, zoom) {
    this.x = x;
    this.y = y;
    this.scale = Math.max(this.scale, this.whole * zoom);
    this.clamp();
  }

  unitX(pixel) {
    return this.x + (pixel - this.width / 2) / this.scale;
  }

  unitY(pixel) {
    return this.y + (pixel - this.height / 2) / this.scale;
  }

  pixelX(unit) {
    return (unit - this.x) * this.scale + this.width / 2;
  }

  pixelY(unit) {
    return (unit - this.y) * this.scale + this.height / 2;
  }

  // Left, top, right and bottom in units, with some pixels to spare.
  bounds(spare = 0) {
    const [halfX, halfY] = [(this.width / 2 + spare) / this.scale, (this.height / 2 + spare) / this.scale];
    return [this.x - halfX, this.y - halfY, this.x + halfX, this.y + halfY];
  }
}
