// Page Map: made on the first visit, then drawn by the same modules as the page of firstlight map.

import { programOf } from "./map/program.js";
import { start as startMap } from "./maps/main.js";
import { askBytes, askJson, codeOf, digitOf, linkState, part, Refused, tell, trouble } from "./studio.js";

const POLL = 300; // milliseconds
const page = document.documentElement;
const code = codeOf("");
let shown = null, map = null;

async function begin() {
  try {
    shown = await askJson("map/shown", {});
    part("code-place").append(code);
    code.set(programOf(shown, false)); // what runs on any images, until it is known whether the network reads these
    part("start").addEventListener("click", () => makeMap().catch(trouble));
    part("stop").addEventListener("click", stop);
    if (shown.is_kept) await show();
    else if (shown.job.is_stopped) offer();
    else await makeMap();
  } catch (error) {
    trouble(error);
    page.dataset.ready = "failed";
  }
}

// Making it

async function makeMap() {
  trouble(null);
  part("making").hidden = false;
  part("start").hidden = true;
  part("stop").hidden = part("stop").disabled = false;
  let state = await askJson("map/start", {}); // one that is being made goes on
  page.dataset.ready = "making";
  tell("The map is being made.");
  while (state.is_running) {
    part("words").textContent = `${state.words} …`;
    part("work").value = state.done;
    await new Promise((go) => { setTimeout(go, POLL); });
    state = await askJson("map/progress");
  }
  if (!state.error && !state.is_stopped) { await show(); return; }
  offer();
  if (state.error) trouble(new Refused(state.error));
}

/** Making it was stopped, or broke. */
function offer() {
  part("making").hidden = part("start").hidden = false;
  part("stop").hidden = true;
  part("words").textContent = "The map is not made.";
  tell("The map is not made.");
  page.dataset.ready = "stopped";
}

async function stop() {
  part("stop").disabled = true;
  try { await askJson("map/stop", {}); } catch (error) { trouble(error); }
}

// Showing it

async function show() {
  const { facts, html } = await askJson("map/facts");
  code.set(programOf(shown, facts.is_read));
  // Python's template made it, and escaped all names.
  part("body").innerHTML = html;
  part("making").hidden = true;
  part("root").hidden = false;
  map = await startMap(part("root"), facts, (name) => askBytes(`map/part?name=${encodeURIComponent(name)}`));
  tell("The map is ready.");
  linkState.heard(drop);
  part("take-away").addEventListener("click", () => { linkState.set({ digit: null }); drop(); });
  await drop();
}

/** Mark where the digit in the link belongs, or nothing where the link has none. */
async function drop() {
  const digit = digitOf(linkState.get("digit"));
  trouble(null);
  part("placed").hidden = digit === null;
  delete page.dataset.placed;
  if (!digit) { map.mark([]); return; }
  try {
    const { x, y, near } = await askJson("map/place", digit);
    map.mark([{ x, y, text: "your digit" }]);
    part("placed-says").textContent = `Your digit is the star. The images that look most like it are labelled ${near.join(", ")}.`;
    tell(part("placed-says").textContent);
    page.dataset.placed = "true";
  } catch (error) {
    part("placed").hidden = true;
    trouble(error);
  }
}

begin();
