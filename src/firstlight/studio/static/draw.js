// Page Draw. Every new piece of ink is fitted and read at once; what takes longer waits until the pen is up.

import { adviceOnFitted, adviceOnShrunk } from "./draw/advice.js";
import { fit, shrink } from "./draw/fit.js";
import { givenPicture, givenProgram, saysOf } from "./draw/given.js";
import { SIDE } from "./draw/ink.js";
import { networkOf, readTensors } from "./draw/network.js";
import { Pad } from "./draw/pad.js";
import { programOf } from "./draw/program.js";
import { Bars, paint, percent, ranked, showMaps, thumbnail } from "./draw/shows.js";
import { ask, askBytes, askJson, askPacked, codeOf, Latest, linkState, make, part, ready, tell, textOf, trouble } from "./studio.js";

const SETTLED = 250; // milliseconds after the pen went up
const FIT_SAYS = {
  on: "Its box made 20 pixels high or wide, its stroke brought to a usual width, its centre of mass put into the middle.",
  off: "Only shrunk, as most programs do it. Digits anywhere, of any size: this is why a network with 99 % on the test set reads your own digit wrong.",
  inverted: "Shrunk, and dark on light as you see it on paper. The network has only seen light on dark.",
};

let shown = null, network = null, bars = null, picture = null, seen = null, newest = null, timer = 0;
const fitSwitch = part("fit"), invertSwitch = part("inverted"), pen = part("pen"), seenCanvas = part("seen");
const code = codeOf("");
const isAlone = part("near") === null; // a page that is one file has no Python to ask
const pad = new Pad(part("pad"), { changed: look, lifted: settle });
const throughPython = new Latest(askPython, failed);
const afterwards = new Latest(lookCloser);

async function begin() {
  part("code-place").append(code);
  listen();
  try {
    shown = await askJson("draw/shown", {});
    bars = new Bars(part("bars"), shown.classes);
    if (shown.network) network = networkOf(readTensors((await askBytes("draw/weights")).buffer), shown.network);
  } catch (error) {
    trouble(error);
  }
  await readState();
  ready();
  if (shown && !isAlone) prepare();
}

/** Digits to compare with are loaded while nobody waits for them. */
async function prepare() {
  try {
    await askJson("draw/prepare", {});
    document.documentElement.dataset.prepared = "true";
  } catch (error) {
    part("near-says").textContent = error.message;
  }
}

async function readState() {
  pad.radius = Number(linkState.get("pen", 20)) / 2 || 10;
  pen.value = 2 * pad.radius;
  fitSwitch.checked = linkState.get("fit") !== "off";
  invertSwitch.checked = linkState.get("ink") === "dark";
  pad.restore(linkState.get("d", ""));
  const asked = linkState.get("image");
  if (asked !== null) {
    try { shown && put(await givenPicture(asked)); return; } catch (error) { trouble(error); }
  } else if (picture?.given) {
    forgetPicture();
    return;
  }
  switched();
}

function switched() {
  fitSwitch.disabled = Boolean(picture?.given);
  invertSwitch.disabled = fitSwitch.checked || picture !== null;
  const way = fitSwitch.checked ? "on" : invertSwitch.checked && !picture ? "inverted" : "off";
  part("fit-says").textContent = picture?.given ? saysOf(picture.given) : FIT_SAYS[way];
  linkState.set({ fit: fitSwitch.checked ? null : "off", ink: invertSwitch.checked ? "dark" : null });
  look(performance.now());
  settle();
}

/** Bring what is on the pad to 28 x 28: {image, advice}, or null where there is nothing. */
function imageOfPad() {
  if (picture) {
    if (picture.given) return { image: picture.small, advice: [] };
    if (!fitSwitch.checked) return { image: picture.small, advice: adviceOnShrunk(picture.small) };
    const digit = picture.digits[picture.chosen];
    return digit ? { image: digit.image, advice: adviceOnFitted(digit.strokeWidth) } : null;
  }
  if (pad.ink.isBlank) return null;
  if (fitSwitch.checked) {
    const fitted = fit(pad.ink.values, SIDE, SIDE);
    return fitted && { image: fitted.image, advice: adviceOnFitted(fitted.strokeWidth) };
  }
  const small = shrink(pad.ink.values, SIDE);
  const image = invertSwitch.checked ? small.map((value) => 255 - value) : small;
  return { image, advice: adviceOnShrunk(image) };
}

/** Show what the network sees and says; `began` is when we heard of the pen, `happened` when the browser did. */
function look(began, happened = began) {
  if (!shown) return;
  const made = imageOfPad();
  seen = made?.image ?? null;
  list(part("advice"), made ? [...made.advice, ...(picture?.warnings ?? [])] : picture?.warnings ?? []);
  paint(seenCanvas, seen ?? new Uint8Array(784));
  if (!seen) { nothing(); return; }
  if (network && linkState.get("by") !== "python") {
    const { probabilities, first } = network.read(seen);
    answer(probabilities, "in this page", began, happened);
    showFirst(first);
  } else {
    throughPython.ask(seen, began, happened);
  }
}

/** Maps wait for the next frame, and only the last ones are drawn. */
function showFirst(first) {
  if (newest === null) requestAnimationFrame(() => { if (seen) showMaps(part("first"), newest); newest = null; });
  newest = first;
}

async function askPython(image, began, happened) {
  const bytes = await askBytes("draw/probabilities", image);
  if (seen) answer(new Float32Array(bytes.buffer), "by Python", began, happened);
}

function failed(error) {
  bars.show(null);
  part("answer").textContent = "No answer";
  trouble(error);
}

function answer(probabilities, where, began, happened) {
  trouble(null);
  bars.show(probabilities);
  const [best, second] = ranked(probabilities);
  const share = probabilities[best];
  part("answer").textContent = `${shown.classes[best]}, ${percent(share)}`;
  part("answer").title = second === undefined ? "" : `then ${shown.classes[second]}, ${percent(probabilities[second])}`;
  performance.measure("pointer to bars", { start: happened });
  const took = performance.measure("stroke to bars", { start: began }).duration;
  part("how").textContent = `${shown.name}, computed ${where} in ${Math.max(1, Math.round(took))} ms. `
    + (!shown.is_calibrated ? "Nobody has checked whether its percentages hold."
      : fitSwitch.checked ? "Of the digits of which it is 90 % sure, it reads about 90 % right." : "Its percentages hold for digits like MNIST's only.");
}

function nothing() {
  bars.show(null);
  part("answer").textContent = "Nothing yet";
  part("how").textContent = "";
  code.hidden = true;
  if (!isAlone) {
    part("to-map").hidden = true;
    part("near").replaceChildren();
    part("near-says").textContent = "Draw something first.";
  }
  Object.assign(part("first"), { width: 1, height: 1 });
}

/** The pen is up: keep the drawing in the address, write the program, and ask for what takes longer. */
function settle() {
  clearTimeout(timer);
  delete document.documentElement.dataset.settled;
  timer = setTimeout(() => {
    linkState.set({ d: pad.ink.isBlank ? null : pad.ink.toText() });
    if (!shown) return;
    if (seen) {
      code.hidden = false;
      aim();
      code.set(picture?.given ? givenProgram(picture.given, shown) : programOf({ strokes: pad.ink.strokes, file: picture?.name, chosen: picture?.chosen, isFitted: fitSwitch.checked,
        isInverted: invertSwitch.checked, shown }));
      afterwards.ask(seen);
    }
  }, SETTLED);
}

/** Let the link to the map bring along what is seen now. */
function aim() {
  const link = part("to-map");
  if (!seen || !link) return;
  link.hidden = false;
  link.href = `/map#${picture?.given ? `image=${linkState.get("image")}` : `digit=${textOf(seen)}`}`;
}

async function lookCloser(image) {
  const said = part("answer").textContent;
  tell(seen ? `The network says ${said}. ${part("answer").title}` : "The pad is blank.");
  seenCanvas.setAttribute("aria-label", `28 by 28 pixels, ${fitSwitch.checked ? "fitted" : "only shrunk"}`);
  try {
    const [near, odd, first] = isAlone ? [null, null, null] : await Promise.all([
      askPacked("draw/nearest", image),
      picture ? null : askJson("draw/warnings", pad.ink.values),
      network && linkState.get("by") !== "python" ? null : askPacked("draw/first-layer", image),
    ]);
    if (image !== seen) return; // drawn on meanwhile
    if (near) showNear(near);
    if (odd && fitSwitch.checked) odd.warnings.forEach((text) => part("advice").append(make("li", {}, text)));
    if (first) showMaps(part("first"), { values: new Float32Array(first.buffer), ...first.fields });
    part("first").setAttribute("aria-label", `Answers of the first layer to this digit`);
  } catch (error) {
    part("near-says").textContent = error.message;
  }
  document.documentElement.dataset.settled = "true";
}

function showNear({ fields, buffer }) {
  const said = shown.classes[0] && part("answer").textContent.split(",")[0];
  part("near-says").textContent = `Of ${fields.dataset}'s training images, by their pixels; below each, its label.`;
  part("near").replaceChildren(...fields.nearest.map(({ index, label }, at) => {
    const image = new Uint8Array(buffer, at * 784, 784);
    const caption = make("span", { className: label === said ? "" : "other" }, label);
    return make("li", { title: `image ${index} of train` }, thumbnail(image, `training image ${index}, a ${label}`), caption);
  }));
}

function list(place, texts) {
  if (place.childElementCount === texts.length && texts.every((text, at) => place.children[at].textContent === text)) return;
  place.replaceChildren(...texts.map((text) => make("li", {}, text)));
}

async function openPicture(file) {
  if (!file) return;
  try {
    const { fields, buffer } = await askPacked("draw/picture", file);
    const image = (at) => new Uint8Array(buffer, at * 784, 784);
    linkState.set({ image: null });
    put({
      ...fields, name: file.name || "pasted.png", chosen: 0, small: image(fields.boxes.length),
      bitmap: await createImageBitmap(file), digits: fields.boxes.map((_, at) => ({ image: image(at), strokeWidth: fields.stroke_widths[at] })),
    });
  } catch (error) {
    trouble(error);
    tell(error.message);
  }
}

/** Show a picture instead of ink. */
function put(made) {
  picture = made;
  trouble(null);
  showPicture();
  switched();
}

function showPicture() {
  pad.show(picture.bitmap, picture.size, picture.boxes, picture.chosen);
  const group = part("found");
  group.hidden = picture.digits.length < 2;
  group.replaceChildren(...picture.digits.map(({ image }, at) => {
    const button = make("button", { type: "button", ariaPressed: String(at === picture.chosen), ariaLabel: `Digit ${at + 1}` }, thumbnail(image, ""));
    button.addEventListener("click", () => { picture.chosen = at; showPicture(); look(performance.now()); settle(); });
    return button;
  }));
}

function forgetPicture() {
  picture = null;
  linkState.set({ image: null });
  part("found").hidden = true;
  switched();
}

async function keep() {
  const canvas = make("canvas", { width: SIDE, height: SIDE }), pixels = new ImageData(SIDE, SIDE);
  pad.ink.values.forEach((value, at) => pixels.data.set([255 - value, 255 - value, 255 - value, 255], 4 * at));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  const link = make("a", { download: "digit.png", href: URL.createObjectURL(await new Promise((made) => { canvas.toBlob(made); })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  tell("Kept as digit.png.");
}

function listen() {
  part("undo").addEventListener("click", () => pad.undo());
  part("clear").addEventListener("click", () => { pad.clear(); if (picture) forgetPicture(); });
  part("keep").addEventListener("click", keep);
  pen.addEventListener("input", () => { pad.radius = pen.value / 2; linkState.set({ pen: pen.value === "20" ? null : pen.value }); });
  fitSwitch.addEventListener("change", switched);
  invertSwitch.addEventListener("change", switched);
  pad.canvas.addEventListener("pointerdown", () => { if (picture) forgetPicture(); }, { capture: true });
  linkState.heard(readState);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); pad.undo(); }
  });
  if (!isAlone) listenForMore();
}

/** The map, and pictures in place of ink: Python has to be there. */
function listenForMore() {
  part("to-map").addEventListener("click", aim);
  for (const name of ["open", "camera"]) {
    part(name).addEventListener("change", ({ target }) => { openPicture(target.files[0]); target.value = ""; });
  }
  addEventListener("paste", (event) => openPicture([...event.clipboardData.files].find((file) => file.type.startsWith("image/"))));
  addEventListener("dragover", (event) => { event.preventDefault(); pad.canvas.classList.add("over"); });
  addEventListener("dragleave", () => pad.canvas.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    pad.canvas.classList.remove("over");
    openPicture(event.dataTransfer.files[0]);
  });
}

begin();
