// The map, put together: `start` reads it, draws it, and returns what a page around it may ask of it.
import { found, readMap } from "./data.js";
import { readPixels } from "./pixels.js";
import { View } from "./view.js";
import { Grid } from "./grid.js";
import { imageSize, Room, shuffled } from "./room.js";
import { codesOf, colourings, table } from "./colours.js";
import { WebGLDrawing } from "./webgl.js";
import { CanvasDrawing } from "./canvas.js";
import { Overlay } from "./overlay.js";
import { keep, parsed, written } from "./address.js";
import { Panel } from "./panel.js";
import { Controls } from "./controls.js";
import { listen } from "./input.js";

const REACH = 14; // pixels from a point at which it is meant
const CLOSE = 40; // times the whole map, when one image is looked up

class App {
  constructor(root, map) {
    this.find = (name) => root.querySelector(`[data-testid="${name}"]`);
    this.map = map;
    this.view = new View();
    this.grid = new Grid(map.x, map.y);
    this.room = new Room(map.x, map.y);
    this.order = shuffled(map.n);
    this.colourings = colourings(map);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.state = {
      hovered: -1, chosen: -1, selected: [], lasso: [], marks: [], isLasso: false, isByKey: false,
      isClassShown: new Uint8Array(map.facts.classes.length).fill(1), colouring: this.colourings[0],
      neighboursOf: (image) => this.panel.near(image),
      halfOf: (image) => (this.isImage(image) ? imageSize(this.view.scale) / 2 : 0),
    };
    this.shown = new Uint8Array(map.n).fill(1);
    this.images = [];
    this.canvas = this.find("map");
    this.drawing = this.begun();
    this.overlay = new Overlay(this.find("overlay"), map);
    this.panel = new Panel(this.find, map, (image) => this.goTo(image));
    this.controls = new Controls(this.find, map, this);
    this.listen();
  }

  begun() {
    const gl = this.canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false });
    if (gl) return new WebGLDrawing(gl, this.map);
    this.find("no-webgl").hidden = false;
    return new CanvasDrawing(this.canvas, this.map);
  }

  listen() {
    listen(this.canvas, this);
    new ResizeObserver(() => this.resize()).observe(this.canvas.parentElement);
    this.dark.addEventListener("change", () => this.colour());
    const middle = (factor) => () => this.zoom(factor);
    this.find("closer").addEventListener("click", middle(1.6));
    this.find("farther").addEventListener("click", middle(1 / 1.6));
    this.find("whole").addEventListener("click", () => this.whole());
    this.find("lasso").addEventListener("click", () => this.setLasso(!this.state.isLasso));
    this.canvas.addEventListener("webglcontextlost", () => {
      this.find("no-webgl").hidden = false;
      this.find("no-webgl").textContent = "The graphics memory was taken away. Load the page again to go on.";
    });
  }

  // Drawing

  resize() {
    const place = this.canvas.parentElement.getBoundingClientRect();
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of [this.canvas, this.overlay.canvas]) {
      canvas.width = Math.max(1, Math.round(place.width * this.ratio));
      canvas.height = Math.max(1, Math.round(place.height * this.ratio));
    }
    this.view.resize(place.width, place.height);
    this.frame();
  }

  // Ask for a picture: of everything, or of what lies over the points only.
  ask(isAll = true) {
    this.isAllAsked = this.isAllAsked || isAll;
    if (!this.asked) this.asked = requestAnimationFrame(() => this.frame(this.isAllAsked));
  }

  frame(isAll = true) {
    cancelAnimationFrame(this.asked);
    this.asked = 0;
    if (isAll) this.drawPoints();
    this.isAllAsked = false;
    this.overlay.draw(this.view, this.ratio, this.state);
  }

  drawPoints() {
    const { view, map } = this;
    const few = Math.min(6, Math.max(1.7, 0.45 * Math.sqrt((view.width * view.height) / map.n)));
    this.size = Math.min(9, few * view.zoom ** 0.3);
    this.images = this.drawing.canDrawImages ? this.withRoom() : [];
    this.drawing.draw(view, this.ratio, this.size, this.images, imageSize(view.scale));
    this.canvas.dataset.images = this.images.length;
    this.canvas.dataset.points = this.drawing.isSlow === false ? "graphics" : "processor";
    this.remember();
  }

  // The points on the screen that are shown as images.
  withRoom() {
    const { view, room, shown, map } = this;
    this.step = room.upTo(view.scale);
    const list = [];
    const bounds = view.bounds(imageSize(view.scale) / 2);
    this.grid.each(...bounds, (i) => {
      if (room.steps[i] > this.step || !shown[i]) return;
      if (map.x[i] >= bounds[0] && map.x[i] <= bounds[2] && map.y[i] >= bounds[1] && map.y[i] <= bounds[3]) list.push(i);
    });
    return list;
  }

  isImage(i) {
    return this.drawing.canDrawImages && this.room.steps[i] <= this.step && this.shown[i] === 1;
  }

  remember() {
    clearTimeout(this.kept);
    if (this.isReady) this.kept = setTimeout(() => keep(written(this.view, this.state, this.map)), 250);
  }

  // Colours and classes

  colour() {
    const ground = this.dark.matches ? "dark" : "light";
    const style = getComputedStyle(document.documentElement);
    const named = (name) => style.getPropertyValue(name).trim();
    Object.assign(this.state, { ink: named("--ink"), paper: named("--map"), accent: named("--accent") });
    const paper = [1, 3, 5].map((at) => parseInt(this.state.paper.slice(at, at + 2), 16) / 255);
    const bytes = table(this.state.colouring, this.map.facts.palettes, ground);
    const { codes, order } = codesOf(this.state.colouring, this.shown, this.order);
    this.drawing.setColours(bytes, paper);
    this.drawing.setCodes(codes, order);
    this.controls.showColours(this.state.colouring, bytes);
    this.ask();
  }

  colourBy(name) {
    this.state.colouring = this.colourings.find((one) => one.name === name) || this.colourings[0];
    this.colour();
  }

  showClasses(isShown) {
    const { state, map } = this;
    state.isClassShown = state.isClassShown.map((_, label) => Number(isShown(label)));
    let count = 0;
    for (let i = 0; i < map.n; i++) count += this.shown[i] = state.isClassShown[map.labels[i]];
    this.room.clear((i) => this.shown[i]);
    this.controls.showClasses(state.isClassShown, count);
    if (state.hovered >= 0 && !this.shown[state.hovered]) this.leave();
    this.colour();
  }

  // Moving

  pan(x, y) {
    this.view.panBy(x, y);
    this.ask();
  }

  zoom(factor, x = this.view.width / 2, y = this.view.height / 2) {
    this.view.zoomAt(factor, x, y);
    this.ask();
  }

  whole() {
    this.view.reset();
    this.ask();
  }

  goTo(image) {
    this.view.goTo(this.map.x[image], this.map.y[image], CLOSE);
    this.choose(image);
    this.ask();
  }

  // One image

  at(pixelX, pixelY) {
    const { view, map, room } = this;
    const [x, y] = [view.unitX(pixelX), view.unitY(pixelY)];
    if (this.images.length) {
      const half = imageSize(view.scale) / 2 / view.scale;
      let under = -1;
      this.grid.each(x - half, y - half, x + half, y + half, (i) => {
        if (room.steps[i] <= this.step && this.shown[i] && Math.abs(map.x[i] - x) <= half && Math.abs(map.y[i] - y) <= half) under = i;
      });
      if (under >= 0) return under;
    }
    return this.grid.nearest(x, y, REACH / view.scale, (i) => this.shown[i]);
  }

  // At once: browsers send one such event a frame.
  hover(x, y) {
    const image = this.at(x, y);
    if (image === this.state.hovered) return;
    this.canvas.style.cursor = image >= 0 ? "pointer" : "";
    this.state.hovered = image;
    this.show();
    this.ask(false);
  }

  leave() {
    this.state.hovered = -1;
    this.state.isByKey = false;
    this.show();
    this.ask(false);
  }

  show() {
    const { hovered, chosen } = this.state;
    const image = hovered >= 0 ? hovered : chosen;
    this.panel.show(image, image === chosen);
  }

  choose(image) {
    this.state.chosen = image;
    this.state.hovered = -1;
    this.show();
    if (image >= 0) this.say(this.panel.told(image));
    this.remember();
    this.ask(false);
  }

  click(x, y) {
    this.choose(this.at(x, y));
  }

  centre() {
    const { view } = this;
    const reach = Math.min(view.width, view.height) / 2 / view.scale;
    return this.grid.nearest(view.x, view.y, reach, (i) => this.shown[i]);
  }

  tellCentre() {
    const image = this.state.isByKey ? this.centre() : -1;
    this.state.hovered = image;
    this.show();
    this.ask(false);
    clearTimeout(this.telling);
    if (image >= 0) this.telling = setTimeout(() => this.say(this.panel.told(image)), 400);
  }

  chooseCentre() {
    const image = this.centre();
    if (image >= 0) this.choose(image);
  }

  letGo() {
    if (this.state.lasso.length) this.lassoDrop();
    else this.choose(-1);
  }

  say(text) {
    this.find("status").textContent = text;
  }

  // Many images

  setLasso(isLasso) {
    this.state.isLasso = isLasso;
    this.find("lasso").setAttribute("aria-pressed", String(isLasso));
    this.canvas.classList.toggle("drawn-on", isLasso);
  }

  lassoBegin(x, y) {
    this.state.lasso = [[this.view.unitX(x), this.view.unitY(y)]];
  }

  lassoGo(x, y) {
    this.state.lasso.push([this.view.unitX(x), this.view.unitY(y)]);
    this.ask(false);
  }

  lassoDrop() {
    this.state.lasso = [];
    this.ask(false);
  }

  lassoEnd(isDone) {
    const line = this.state.lasso;
    this.lassoDrop();
    this.setLasso(false);
    if (isDone && line.length > 2) this.select(this.grid.inside(line, (i) => this.shown[i]));
  }

  selectView() {
    const [left, top, right, bottom] = this.view.bounds();
    this.select(this.grid.inside([[left, top], [right, top], [right, bottom], [left, bottom]], (i) => this.shown[i]));
  }

  select(images) {
    this.state.selected = images;
    this.controls.showSelected(images);
    if (!images.length) this.say("Nothing is selected.");
    this.ask(false);
  }

  // Beginning

  restore(text) {
    const asked = parsed(text);
    this.state.colouring = this.colourings.find((one) => one.name === asked.by) || this.colourings[0];
    this.showClasses((label) => !asked.hidden.includes(label));
    this.resize();
    if (asked.image) {
      const { image } = found(this.map, asked.image);
      if (image >= 0) this.goTo(image);
    }
    if (asked.zoom && asked.x !== undefined && asked.y !== undefined) {
      Object.assign(this.view, { x: asked.x * 65536, y: asked.y * 65536, scale: this.view.whole * asked.zoom });
      this.view.clamp();
    }
    this.frame();
  }

  async readPixels(read) {
    const pixels = await readPixels(this.map.facts.pixels, this.map.n, read);
    this.panel.setPixels(pixels);
    await this.drawing.setPixels(pixels);
    this.frame();
  }
}

// Show the map within `root`. `read` gives the bytes of a file by its name. Resolves once all is there.
export async function start(root, facts, read) {
  const page = document.documentElement;
  const app = new App(root, await readMap(facts, read));
  app.restore(location.hash);
  page.dataset.ready = "points";
  await app.readPixels(read);
  app.isReady = true;
  page.dataset.ready = "true";
  root.querySelector('[data-testid="loading"]').hidden = true;
  addEventListener("hashchange", () => app.restore(location.hash));
  const { left, top, units } = facts.frame;
  return {
    goTo: (image) => app.goTo(image),
    colourBy: (name) => app.colourBy(name),
    // Put marks at places in the map's own coordinates, such as those that firstlight.place gives.
    mark(marks) {
      app.state.marks = marks.map(({ x, y, text }) => ({ x: (x - left) * units, y: (top - y) * units, text }));
      app.ask(false);
    },
  };
}
