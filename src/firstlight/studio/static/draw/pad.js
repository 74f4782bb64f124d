// The pad: pointers and keys become ink.

import { Ink, SIDE } from "./ink.js";

const STEP = 6, FAR_STEP = 24; // pixels an arrow key moves the pen, and with Shift

export class Pad {
  /**
   * `changed(began, happened)` is called at each new piece of ink, with when we heard of it and when the browser
   * did, which hands on moves of a pointer once a frame; `lifted()` when the pen goes up.
   */
  constructor(canvas, { changed, lifted }) {
    this.canvas = canvas;
    this.ink = new Ink();
    this.radius = 10;
    this.changed = changed;
    this.lifted = lifted;
    this.picture = null; // shown instead of ink
    this.boxes = [];
    this.cursor = null; // of the keyboard: [x, y]
    this.isDown = false;
    this.context = canvas.getContext("2d");
    this.#listen();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.draw();
  }

  undo() { this.ink.undo(); this.#ended(); }
  clear() { this.ink.clear(); this.picture = null; this.#ended(); }
  restore(text) { this.ink.fromText(text); this.draw(); }

  /** Show a picture, and the boxes of the digits that were found in it. */
  show(picture, size, boxes, chosen = 0) {
    this.ink.clear();
    this.picture = picture && { picture, size, boxes, chosen };
    this.draw();
  }

  draw() {
    const { context, canvas } = this, style = getComputedStyle(canvas), scale = canvas.width / SIDE;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = style.getPropertyValue("--pad-paper");
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (this.picture) this.#drawPicture(style);
    context.setTransform(scale, 0, 0, scale, scale / 2, scale / 2);
    this.inkColour = style.getPropertyValue("--pad-ink"); // kept: asking for it at every point takes long
    context.strokeStyle = this.inkColour;
    context.lineCap = "round";
    for (const stroke of this.ink.strokes) stroke.forEach((point, at) => this.#line(stroke[Math.max(0, at - 1)], point));
    if (this.cursor) this.#drawCursor(style);
  }

  #line(from, to) {
    this.context.lineWidth = (from[2] + to[2]) / 4; // radii are in quarters
    this.context.beginPath();
    this.context.moveTo(from[0], from[1]);
    this.context.lineTo(to[0] + (from === to ? 0.01 : 0), to[1]);
    this.context.stroke();
  }

  #drawCursor(style) {
    const { context } = this;
    context.lineWidth = 2;
    context.strokeStyle = style.getPropertyValue("--accent");
    context.beginPath();
    context.arc(...this.cursor, Math.max(4, this.radius), 0, 2 * Math.PI);
    context.stroke();
    if (this.isDown) { context.fillStyle = context.strokeStyle; context.globalAlpha = 0.35; context.fill(); context.globalAlpha = 1; }
  }

  #drawPicture(style) {
    const { context, canvas } = this, { picture, size, boxes, chosen } = this.picture;
    const scale = Math.min(canvas.width / size[0], canvas.height / size[1]);
    const left = (canvas.width - scale * size[0]) / 2, top = (canvas.height - scale * size[1]) / 2;
    context.imageSmoothingEnabled = size[0] > 28; // an image of the data set is shown pixel by pixel
    context.drawImage(picture, left, top, scale * size[0], scale * size[1]);
    context.strokeStyle = style.getPropertyValue("--accent");
    boxes.forEach(([l, t, r, b], at) => {
      context.lineWidth = at === chosen ? 5 : 2;
      context.strokeRect(left + scale * l - 4, top + scale * t - 4, scale * (r - l) + 8, scale * (b - t) + 8);
    });
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true, focusVisible: false });
      canvas.setPointerCapture(event.pointerId);
      this.#begin();
      this.cursor = null;
      this.#add(event, true);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!event.isPrimary || !canvas.hasPointerCapture(event.pointerId)) return;
      this.#add(event, false);
    });
    const end = (event) => { if (event.isPrimary && this.drawing) { this.drawing = false; this.lifted(); } };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => { if (this.cursor) { this.cursor = null; this.isDown = false; this.draw(); } });
  }

  /** A first stroke on a picture puts the picture away. */
  #begin() {
    this.drawing = true;
    if (this.picture) { this.picture = null; this.draw(); }
  }

  #add(event, isFirst) {
    const began = performance.now();
    const { width, height } = this.canvas.getBoundingClientRect();
    const coalesced = event.getCoalescedEvents?.() ?? [];
    let isNew = false;
    for (const one of coalesced.length ? coalesced : [event]) {
      const radius = one.pointerType === "pen" && one.pressure > 0 ? this.radius * (0.5 + one.pressure) : this.radius;
      const x = (one.offsetX / width) * SIDE, y = (one.offsetY / height) * SIDE;
      if (isFirst && !isNew) { this.ink.begin(x, y, radius); isNew = true; } else isNew = this.#extend(x, y, radius) || isNew;
    }
    if (!isNew) return;
    if (isFirst) this.#drawLast();
    this.changed(began, event.timeStamp);
  }

  #extend(x, y, radius) {
    if (!this.ink.extend(x, y, radius)) return false;
    this.#drawLast();
    return true;
  }

  #drawLast() {
    const { context, canvas } = this, stroke = this.ink.strokes.at(-1), scale = canvas.width / SIDE;
    context.setTransform(scale, 0, 0, scale, scale / 2, scale / 2);
    context.strokeStyle = this.inkColour;
    context.lineCap = "round";
    this.#line(stroke.at(-2) ?? stroke.at(-1), stroke.at(-1));
  }

  #key(event) {
    const began = performance.now();
    const step = event.shiftKey ? FAR_STEP : STEP;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.key !== " " && !move) return;
    event.preventDefault();
    this.cursor ??= [SIDE / 2, SIDE / 2];
    if (event.key === " ") {
      this.isDown = !this.isDown;
      if (this.isDown) { this.#begin(); this.ink.begin(...this.cursor, this.radius); this.changed(began); } else this.lifted();
    } else {
      this.cursor = this.cursor.map((place, axis) => Math.min(SIDE - 1, Math.max(0, place + move[axis])));
      if (this.isDown && this.ink.extend(...this.cursor, this.radius)) this.changed(began);
    }
    this.draw();
  }

  #ended() {
    this.isDown = false;
    this.draw();
    this.changed(performance.now());
    this.lifted();
  }
}
