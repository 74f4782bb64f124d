// Page Audit: an audit on request, and what it found, one label after the other.

import { programOf } from "./audit/program.js";
import { Review } from "./audits/review.js";
import { askJson, codeOf, linkState, make, part, ready, tell, trouble } from "./studio.js";

const POLL = 300; // milliseconds
const CHOICES = ["split", "depth"];

let shown = null, review = null, watching = null;
const code = codeOf("");
const address = {
  read: () => (/^\d+$/.test(linkState.get("image", "")) ? Number(linkState.get("image")) : null),
  write: (number) => linkState.set({ image: number }),
};

async function begin() {
  try {
    shown = await askJson("audit/shown", {});
    const names = Object.keys(shown.sizes);
    part("split").append(...names.map((name) => make("option", { value: name }, `${name}, ${shown.sizes[name].toLocaleString("en")} images`)));
    part("code-place").append(code);
    // An audit that runs is what somebody wants to see, unless the link says something else.
    const { job } = shown;
    if (job.is_running && linkState.get("split") === null) linkState.set({ split: job.split, depth: job.depth });
    listen();
    await readState();
    if (job.is_running) watch();
  } catch (error) { trouble(error); }
  ready();
}

function listen() {
  for (const name of CHOICES) {
    part(name).addEventListener("change", () => {
      linkState.set({ [name]: part(name).value, image: null });
      readState().catch(trouble);
    });
  }
  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", stop);
  linkState.heard(() => readState().catch(trouble));
}

function chosen() { return Object.fromEntries(CHOICES.map((name) => [name, part(name).value])); }

async function readState() {
  for (const name of CHOICES) {
    const options = [...part(name).options].map(({ value }) => value);
    part(name).value = options.includes(linkState.get(name)) ? linkState.get(name) : options[0];
  }
  code.set(programOf(shown.dataset, chosen()));
  await showFound();
}

async function showFound() {
  delete document.documentElement.dataset.shown;
  const asked = chosen();
  const { found, review: facts } = await askJson(`audit/found?${new URLSearchParams(asked)}`);
  if (CHOICES.some((name) => asked[name] !== part(name).value)) return; // another choice was made meanwhile
  trouble(null);
  showSummary(found);
  review?.end();
  const isToReview = Boolean(facts?.suspects.length);
  part("review").hidden = !isToReview;
  review = isToReview ? new Review(part("review"), facts, { address }) : null;
  showWork(watching ?? { is_running: false });
  document.documentElement.dataset.shown = "true";
}

function showSummary(found) {
  part("start").textContent = found ? "Audit again" : "Find suspicious labels";
  part("start").classList.toggle("primary", !found);
  if (!found) {
    part("summary").textContent = "These labels have not been audited yet.";
    part("more").textContent = "Networks learn from the labels as they are, and each judges only images that it never saw. That takes a minute or two; the page may be closed meanwhile.";
    return;
  }
  part("summary").textContent = `${found.is_complete ? "" : "Stopped early. "}${found.text}`;
  const each = found.repetitions > 1 ? `${found.repetitions} for each image` : "one for each image";
  const besides = [counted(found.duplicates, "image is", "images are", "there more than once"), counted(found.outliers, "image looks", "images look", "like none of the classes")].filter(Boolean);
  const most = found.suspects > 500 ? ` The first 500 of ${found.suspects.toLocaleString("en")} are shown.` : "";
  part("more").textContent = `Judged by ${found.judges} networks (${found.recipe}), ${each}, in ${Math.round(found.seconds)} s.${besides.length ? ` Besides: ${besides.join("; ")}.` : ""}${most}`;
}

function counted(count, one, many, rest) { return count ? `${count.toLocaleString("en")} ${count === 1 ? one : many} ${rest}` : ""; }

async function start() {
  trouble(null);
  try {
    watching = await askJson(`audit/start?${new URLSearchParams(chosen())}`, {});
    tell("The audit begins.");
    watch();
  } catch (error) { trouble(error); }
}

async function stop() {
  part("stop").disabled = true;
  try { await askJson("audit/stop", {}); } catch (error) { trouble(error); }
}

/** Follow the audit that runs until it ends; then show what it found. */
async function watch() {
  try {
    do {
      watching = await askJson("audit/progress");
      showWork(watching);
      if (watching.is_running) await new Promise((go) => { setTimeout(go, POLL); });
    } while (watching.is_running);
    const { error, is_stopped: isStopped } = watching;
    watching = null;
    if (error) { trouble(new Error(error)); return; }
    tell(isStopped ? "The audit was stopped." : "The audit is done.");
    await showFound();
  } catch (error) { trouble(error); }
}

function showWork(state) {
  const isRunning = Boolean(state.is_running);
  part("working").hidden = part("stop").hidden = !isRunning;
  part("start").disabled = isRunning;
  if (!isRunning) { part("stop").disabled = false; return; }
  const isOther = CHOICES.some((name) => state[name] !== part(name).value);
  part("words").textContent = `${isOther ? `Of ${state.split}: ` : ""}${state.words}`;
  part("work").value = state.done ?? 0;
}

begin();
