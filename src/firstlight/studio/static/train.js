// Page Train. The server tells what happens; the page keeps all of it for one run, and draws it once a frame.

import { askJson, askPacked, codeOf, Latest, linkState, make, part, ready, Refused, tell, trouble } from "./studio.js";
import { brief, Chart } from "./train/chart.js";
import { drawWeights, Growing } from "./train/inside.js";
import { programOf } from "./train/program.js";
import { follow } from "./train/stream.js";

const FLOORS = [98, 95, 90, 80, 50, 0]; // where the scale of the accuracy may begin, in percent

let choices = null, run = null, isLive = false, waits = false;
const code = codeOf("");
const form = { recipe: part("recipe"), seed: part("seed"), epochs: part("epochs"), rate: part("rate") };
const loss = new Chart(part("loss"), { name: "Loss", shown: brief });
const accuracy = new Chart(part("accuracy"), { name: "Right", shown: (value) => `${brief(value)} %` });
const confusion = new Growing(part("confusion"));
const slider = part("weights-slider");
const weights = new Latest(showWeights, () => {}); // of a run that another has replaced, none are kept

async function begin() {
  part("code-place").append(code);
  listen();
  try {
    choices = await askJson("train/choices");
  } catch (error) {
    trouble(error);
    ready();
    return;
  }
  form.recipe.replaceChildren(...choices.recipes.map(({ name }) => make("option", { value: name }, name)));
  readState();
  showUnfinished();
  part("start").disabled = false;
  follow("train/events", heard, lost);
}

function listen() {
  part("wish").addEventListener("submit", (event) => { event.preventDefault(); start(); });
  for (const [name, input] of Object.entries(form)) {
    input.addEventListener("input", () => {
      linkState.set({ [name]: input.value === "" || (name === "seed" && input.value === "0") ? null : input.value });
      wished();
    });
  }
  part("pause").addEventListener("click", () => order(run.isPaused ? "go-on" : "pause"));
  part("stop").addEventListener("click", () => order("stop"));
  slider.addEventListener("input", () => {
    run.isScrubbed = Number(slider.value) < run.looks.length - 1;
    weights.ask(run.looks[slider.value]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (run?.looks.length) weights.ask(run.looks[slider.value]); });
  addEventListener("resize", () => { if (run) draw(); });
  linkState.heard(readState);
}

function readState() {
  const names = [...form.recipe.options].map((option) => option.value), wanted = linkState.get("recipe", names[0]);
  form.recipe.value = names.includes(wanted) ? wanted : names[0];
  form.seed.value = linkState.get("seed", "0");
  form.epochs.value = linkState.get("epochs", "");
  form.rate.value = linkState.get("rate", "");
  wished();
}

/** Say what the form asks for. */
function wished() {
  const chosen = choices.recipes.find(({ name }) => name === form.recipe.value);
  form.epochs.placeholder = chosen.epochs;
  form.rate.placeholder = chosen.learning_rate;
  part("about").textContent = `${chosen.summary}${chosen.claim ? ` Measured: ${chosen.claim}.` : ""}`;
  code.set(programOf({ dataset: choices.dataset, recipe: chosen.name, seed: form.seed.value, epochs: form.epochs.value, learningRate: form.rate.value }));
}

function start() {
  const number = (input) => (input.value === "" ? null : Number(input.value));
  order("start", { recipe: form.recipe.value, seed: number(form.seed) ?? 0, epochs: number(form.epochs), learning_rate: number(form.rate) });
}

async function order(what, fields = {}) {
  try {
    await askJson(`train/${what}`, fields);
    trouble(null);
  } catch (error) {
    trouble(error);
  }
}

function showUnfinished() {
  part("unfinished").hidden = !choices.unfinished.length;
  part("unfinished-runs").replaceChildren(...choices.unfinished.map((one) => {
    const from = one.has_checkpoint ? `from step ${one.step} of ${one.steps}` : "from the beginning, since no checkpoint was written yet";
    const why = one.status === "running" ? "was cut off: its program was ended" : "was stopped";
    const button = make("button", { type: "button", ariaLabel: `Go on with ${one.run}` }, "Go on");
    button.addEventListener("click", () => order("resume", { run: one.run }));
    return make("li", {}, make("span", {}, `${one.run} ${why}. It goes on ${from}.`), button);
  }));
}

async function lookForUnfinished() {
  try {
    choices.unfinished = (await askJson("train/choices")).unfinished;
    showUnfinished();
  } catch { /* it is told where it matters */ }
}

function lost(error) {
  const hint = error.status === 401 ? "" : run && !run.ending
    ? " If it was ended, so was the training. Start firstlight studio again: what was cut off can be gone on with there." : "";
  trouble(new Refused(`${error.message}${hint}`, 0));
  delete document.documentElement.dataset.following;
}

const HEARD = {
  here() {
    isLive = true;
    trouble(null);
    document.documentElement.dataset.following = "true";
    ready();
  },
  begun(fields) {
    run = { ...fields, losses: [], rights: [], looks: [], steps: 0, step: 0, seconds: 0, before: null, ending: null, isPaused: false };
    run.rights.push(...fields.history.map(({ epoch, validation_accuracy: share }) => [epoch, 100 * share]));
    part("run").hidden = false;
    part("ended").hidden = true;
    say(`Training ${fields.recipe}, seed ${fields.seed}.`);
  },
  placed(fields) { Object.assign(run, { name: fields.run, before: fields.before, classes: fields.classes }); },
  started(fields) { Object.assign(run, { steps: fields.steps, epochSteps: fields.epoch_steps, parameters: fields.parameters, device: fields.device }); },
  resumed({ step, changes }) { run.step = step; run.changes = changes; },
  losses({ points, seconds }) {
    run.losses.push(...points.map(([step, value]) => [step / run.epochSteps, value ?? Infinity]));
    Object.assign(run, { step: points.at(-1)[0], seconds });
  },
  looked(fields) {
    const epoch = fields.step / run.epochSteps;
    run.rights = [...run.rights.filter(([other]) => other < epoch), [epoch, 100 * fields.correct / fields.count]];
    Object.assign(run, { look: fields, step: Math.max(run.step, fields.step) });
    if (fields.has_weights && !run.looks.includes(fields.step)) run.looks.push(fields.step);
  },
  epoch(fields) {
    run.seconds = fields.seconds;
    say(`Epoch ${brief(fields.epoch)}: ${percent(fields.validation_accuracy)} of the images held out are read right.`);
  },
  paused() { run.isPaused = true; say("The training stands still."); },
  going() { run.isPaused = false; say("The training goes on."); },
  checkpoint({ step }) { run.checkpoint = step; },
  warning({ message }) { trouble(new Refused(message, 0)); },
  ended(fields) {
    run.ending = fields;
    run.isPaused = false;
    showEnding(fields);
    if (isLive) lookForUnfinished();
  },
};

function heard(kind, fields) {
  HEARD[kind]?.(fields);
  if (!run || waits) return;
  waits = true;
  requestAnimationFrame(() => { waits = false; draw(); });
}

/** Words for people who hear the page; not what they missed before they came. */
function say(text) { if (isLive) tell(text); }

function percent(share) { return `${(100 * share).toFixed(2)} %`; }

function draw() {
  const { losses, rights, before, look, ending } = run;
  const done = run.steps ? run.step / run.steps : 0;
  part("run-title").textContent = `${run.recipe} on ${run.dataset}, seed ${run.seed}`;
  part("progress").value = done;
  part("says").textContent = statusOf();
  part("pause").textContent = run.isPaused ? "Go on" : "Pause";
  part("pause").disabled = ending !== null || !run.steps;
  part("stop").disabled = ending !== null;
  part("start").disabled = ending === null;
  const earlier = before ? before.loss_curve.map((value, at, { length }) => [(at + 0.5) * before.epochs / length, value]) : [];
  const earlierRights = (before?.history ?? []).filter(({ validation_accuracy: share }) => share !== null)
    .map(({ epoch, validation_accuracy: share }) => [epoch, 100 * share]);
  const epochs = Math.max(run.epochs, before?.epochs ?? 0);
  loss.draw({ now: losses, before: earlier, epochs, low: 0, high: ceilingOf([...losses, ...earlier], losses[0]?.[1] ?? 2) });
  accuracy.draw({ now: rights, before: earlierRights, epochs, low: floorOf([...rights, ...earlierRights]), high: 100 });
  part("legend").replaceChildren(...legend());
  if (look) {
    confusion.show(look.confusion, run.classes);
    part("confusion-says").textContent = `Of ${look.count.toLocaleString("en")} images held out, ${look.correct.toLocaleString("en")} read right. A row for each label, a column for what it read.`;
  }
  drawSlider();
  document.documentElement.dataset.run = ending ? ending.status : run.isPaused ? "paused" : "going";
}

function drawSlider() {
  slider.max = Math.max(0, run.looks.length - 1);
  slider.disabled = run.looks.length < 2;
  if (!run.looks.length || run.isScrubbed) return;
  slider.value = slider.max;
  if (run.drawn !== run.looks.at(-1)) weights.ask(run.looks.at(-1));
}

function statusOf() {
  const { step, steps, ending, epochSteps } = run, rights = run.rights.at(-1);
  if (!steps) return ending ? "" : "Loading the images.";
  const told = [`Step ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}`, `epoch ${brief(step / epochSteps)} of ${brief(run.epochs)}`,
    `${run.seconds.toFixed(1)} s on ${run.device}`, `${run.parameters.toLocaleString("en")} weights`];
  if (rights) told.push(`${rights[1].toFixed(1)} % of the images held out right`);
  return `${told.join(", ")}.${run.isPaused ? " It stands still." : !ending && step === steps ? " Now the test images." : ""}`;
}

/** Where the scale of the accuracy begins: high once most of the curve is high. */
function floorOf(curve) {
  const sorted = curve.map(([, value]) => value).sort((a, b) => a - b);
  return sorted.length ? FLOORS.find((floor) => floor < sorted[Math.floor(sorted.length / 4)]) ?? 0 : 0;
}

/** Where the scale of the loss ends: a little above the highest, but of a loss that explodes only the beginning. */
function ceilingOf(curve, first) {
  const highest = Math.min(Math.max(...curve.map(([, value]) => value), 0.1), 2 * first);
  return Math.ceil(highest / 0.4) * 0.4;
}

function legend() {
  const { before } = run;
  const items = [make("span", {}, make("i"), "this run")];
  if (before) items.push(make("span", {}, make("i", { className: "before" }), `the last one: ${before.recipe}, seed ${before.seed}, ${percent(before.test_accuracy)} on test`));
  return items;
}

async function showWeights(step) {
  const asked = run, { fields, buffer } = await askPacked(`train/weights?step=${step}`);
  if (asked !== run) return;
  run.drawn = step;
  const canvas = part("weights");
  drawWeights(canvas, fields, new Float32Array(buffer));
  canvas.setAttribute("aria-label", `Weights of the first layer after step ${step}: ${fields.count} pictures`);
  part("weights-step").textContent = step;
}

function showEnding(ending) {
  const { status, message } = ending;
  const texts = {
    finished: `${percent(ending.test_accuracy ?? 0)} of the ${ending.test_count?.toLocaleString("en")} test images are read right, after ${ending.train_seconds?.toFixed(1)} s of training.`,
    interrupted: `Stopped at step ${ending.step} of ${ending.steps}. Its best weights are kept, and it can go on from there.`,
    diverged: message,
    failed: message,
  };
  part("ended").hidden = false;
  part("ended-says").textContent = texts[status];
  part("ended-says").className = status === "diverged" || status === "failed" ? "trouble" : "";
  const { comparison } = ending;
  part("compared").textContent = !comparison ? "" : verdict(comparison, run.before);
  const commands = !ending.run ? [] : [
    ...(status === "finished" ? [`firstlight report ${ending.run}`, `firstlight studio --run ${ending.run}`] : []),
    ...(status === "interrupted" ? [`firstlight train --resume ${ending.run}`] : []),
    ...(comparison ? [`firstlight compare ${ending.run} ${comparison.run}`] : []),
  ];
  part("commands").textContent = commands.join("\n");
  part("commands").hidden = !commands.length;
  say(texts[status]);
}

function verdict({ only_this: mine, only_last: others, p_value: p }, before) {
  const chance = p < 0.01 ? "That is more than chance would do" : "That may well be chance";
  return `Beside the last run (${before.recipe}, ${percent(before.test_accuracy)}): ${mine} images that only this one reads right, ${others} that only the last one does. ${chance} (p = ${p < 0.001 ? "less than 0.001" : p.toFixed(3)}).`;
}

begin();
