// Page Mistakes: the matrix once it is computed, and the images of whatever is chosen in it.

import { percent, thumbnail } from "./draw/shows.js";
import { Matrix } from "./mistakes/matrix.js";
import { programOf } from "./mistakes/program.js";
import { askJson, askPacked, codeOf, Latest, linkState, make, part, ready, tell, trouble } from "./studio.js";

const PAIRS = 8, POLL = 300; // milliseconds

let shown = null, matrix = null;
const code = codeOf("");
const filters = { label: part("label"), read: part("read"), order: part("order") };
const showing = new Latest(show);

async function begin() {
  ready();
  const asking = setInterval(tellProgress, POLL);
  try {
    const { fields, buffer } = await askPacked("mistakes/matrix", {});
    shown = fields;
    build(new Int32Array(buffer));
  } catch (error) {
    part("summary").textContent = "";
    trouble(error);
    return;
  } finally {
    clearInterval(asking);
  }
  readState();
}

async function tellProgress() {
  try {
    const { done, count } = await askJson("mistakes/progress");
    if (count && !shown) part("summary").textContent = `Reading the test images: ${done.toLocaleString("en")} of ${count.toLocaleString("en")}.`;
  } catch { /* the question that matters tells what is wrong */ }
}

function build(counts) {
  const { classes, correct, count, interval, disowned, mistakes_disowned: onDisowned } = shown, wrong = count - correct;
  part("summary").textContent = `${shown.name} reads ${correct.toLocaleString("en")} of ${count.toLocaleString("en")} test images of `
    + `${shown.dataset} right: ${share(correct / count)} (95 % interval ${share(interval[0])} to ${share(interval[1])}).`;
  matrix = new Matrix(part("matrix-place"), { classes, counts, chosen: (label, read) => choose({ label, read }, true) });
  part("pairs").replaceChildren(...worst(counts, classes.length).map(({ label, read, times }) => {
    const button = make("button", { type: "button" }, make("span", {}, `${classes[label]} read as ${classes[read]}`), make("span", {}, String(times)));
    button.addEventListener("click", () => choose({ label, read }, true));
    return make("li", {}, button);
  }));
  part("disowned").textContent = !disowned ? ""
    : `${onDisowned} of the ${wrong} mistakes are on images whose label people did not uphold (${disowned} such labels are known).`;
  for (const name of ["label", "read"]) {
    filters[name].replaceChildren(make("option", { value: "" }, "any"), ...classes.map((text, at) => make("option", { value: at }, text)));
  }
  part("found").hidden = part("images-part").hidden = false;
  part("code-place").append(code);
  listen();
}

function worst(counts, size) {
  return Array.from(counts, (times, at) => ({ times, label: Math.floor(at / size), read: at % size }))
    .filter(({ times, label, read }) => times && label !== read).sort((a, b) => b.times - a.times).slice(0, PAIRS);
}

function share(fraction) { return `${(100 * fraction).toFixed(2)} %`; }

function listen() {
  for (const [name, select] of Object.entries(filters)) select.addEventListener("change", () => choose({ [name]: select.value }));
  part("all").addEventListener("click", () => choose({ label: null, read: null }));
  part("more").addEventListener("click", () => showing.ask(part("images").childElementCount));
  linkState.heard(readState);
}

/** Put a choice into the address, and show it. */
function choose(choice, isFar = false) {
  const values = Object.entries(choice).map(([name, value]) => [name, value === "" || value === "surest" ? null : value]);
  linkState.set(Object.fromEntries(values));
  readState();
  if (isFar) part("images-title").scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function readState() {
  for (const [name, select] of Object.entries(filters)) {
    const value = linkState.get(name, "");
    select.value = [...select.options].some((option) => option.value === value) ? value : select.options[0].value;
  }
  const { label, read } = chosen();
  matrix.mark(label, read);
  code.set(programOf(shown, chosen()));
  showing.ask(0);
}

/** What the filters say; null is any class. */
function chosen() {
  const [label, read] = [filters.label, filters.read].map(({ value }) => (value === "" ? null : Number(value)));
  return { label, read, isSurestFirst: filters.order.value === "surest" };
}

async function show(first) {
  delete document.documentElement.dataset.shown;
  const { label, read } = chosen();
  const asked = new URLSearchParams({ first, order: filters.order.value });
  if (label !== null) asked.set("label", label);
  if (read !== null) asked.set("read", read);
  const { fields, buffer } = await askPacked(`mistakes/images?${asked}`);
  trouble(null);
  const tiles = fields.images.map((facts, at) => tile(facts, new Uint8Array(buffer, at * 784, 784)));
  if (first) part("images").append(...tiles); else part("images").replaceChildren(...tiles);
  const title = `${titleOf(label, read)}: ${fields.total || "none"}`;
  part("images-title").textContent = title;
  part("more").hidden = part("images").childElementCount >= fields.total;
  tell(title);
  document.documentElement.dataset.shown = "true";
}

function titleOf(label, read) {
  const name = (at) => shown.classes[at];
  if (label === null && read === null) return "All mistakes";
  if (label === read) return `${name(label)} read right`;
  if (read === null) return `Mistakes on images of ${name(label)}`;
  if (label === null) return `Wrongly read as ${name(read)}`;
  return `${name(label)} read as ${name(read)}`;
}

function tile({ index, label, read, probability, label_probability: own, is_disowned: isDisowned, people }, image) {
  const names = shown.classes, isRight = label === read;
  const lines = [make("b", {}, isRight ? names[read] : `${names[label]} → ${names[read]}`), ` ${percent(probability)}`];
  const more = isRight ? [] : [make("br"), `label ${percent(own)}`];
  const doubt = isDisowned ? [make("br"), make("span", { className: "people" }, people === null ? "people disagree" : `people: ${names[people]}`)] : [];
  const said = `Test image ${index}, labelled ${names[label]}, read as ${names[read]}`;
  const ways = ["draw", "map"].map((page) => {
    const link = make("a", { href: `/${page}#image=test-${index}` }, page);
    link.setAttribute("aria-label", `Test image ${index} on page ${page === "draw" ? "Draw" : "Map"}`);
    return link;
  });
  return make("li", {}, thumbnail(image, said), ...lines, ...more, ...doubt, make("br"), make("span", { className: "soft" }, `image ${index}`),
    make("br"), ways[0], " · ", ways[1]);
}

begin();
