// Page Check: code and what it should be on one side, the litmus report on the other.

import { programOf } from "./check/program.js";
import { ask, askJson, codeOf, linkState, make, part, ready, tell, trouble } from "./studio.js";

const POLL = 150; // milliseconds
const KEY = "firstlight-check"; // what was pasted last, in this browser
const OWN = "own";
const FIRST = part("says").textContent;

let shown = null;
const code = codeOf("");
const fields = ["kind", "like", "target"];

async function begin() {
  try {
    shown = await askJson("check/shown", {});
    part("examples").append(...shown.examples.map(({ name, title }) => choice(name, title)), choice(OWN, "My own code"));
    part("kind").append(make("option", { value: "" }, "anything"), ...shown.kinds.map(({ name, noun }) => make("option", { value: name }, noun)));
    part("code-place").append(code);
    listen();
    await readState();
    part("start").disabled = false;
    if (shown.job.is_running) watch();
  } catch (error) { trouble(error); }
  ready();
}

function choice(name, title) {
  const button = make("button", { type: "button", value: name }, title);
  button.addEventListener("click", () => {
    linkState.set({ example: name });
    readState().catch(trouble);
  });
  return button;
}

function listen() {
  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", stop);
  part("editor").addEventListener("input", isOwnNow);
  part("target").addEventListener("input", isOwnNow);
  part("kind").addEventListener("change", async () => {
    try { await showReferences(""); isOwnNow(); } catch (error) { trouble(error); }
  });
  part("like").addEventListener("change", isOwnNow);
  part("file").addEventListener("change", () => { read(part("file").files[0]); part("file").value = ""; });
  linkState.heard(() => readState().catch(trouble));
  const page = document.documentElement;
  const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => { if (holdsFile(event)) { event.preventDefault(); page.classList.add("dropping"); } });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) page.classList.remove("dropping"); });
  addEventListener("drop", (event) => {
    page.classList.remove("dropping");
    if (!holdsFile(event)) return;
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  });
}

// What is chosen

function kept() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

/** Something was changed by hand: keep it, and say that it is no example any more. */
function isOwnNow() {
  try { localStorage.setItem(KEY, JSON.stringify(asked())); } catch { /* a private window keeps nothing */ }
  linkState.set({ example: OWN });
  mark(OWN, "Your own code; this browser keeps it.");
}

function asked() {
  return { code: part("editor").value, ...Object.fromEntries(fields.map((name) => [name, part(name).value.trim()])) };
}

async function readState() {
  const name = linkState.get("example", shown.examples[0].name);
  const example = shown.examples.find((one) => one.name === name);
  const chosen = example ?? { code: "", ...kept() };
  part("editor").value = chosen.code;
  part("target").value = chosen.target ?? "";
  part("kind").value = chosen.kind ?? "";
  mark(example ? name : OWN, example ? "" : "Your own code; this browser keeps it.");
  await showReferences(chosen.like ?? "");
  await showLast();
}

function mark(name, about) {
  for (const button of part("examples").children) button.setAttribute("aria-pressed", String(button.value === name));
  part("about").textContent = about;
  code.set(programOf(asked()));
}

async function showReferences(like) {
  const kind = part("kind").value;
  const { references } = kind ? await askJson(`check/references?${new URLSearchParams({ kind })}`) : { references: [] };
  if (kind !== part("kind").value) return; // another kind was chosen meanwhile
  part("like").replaceChildren(make("option", { value: "" }, kind ? "any of its kind" : "whatever it is"), ...references.map((name) => make("option", { value: name }, name)));
  part("like").value = references.includes(like) ? like : "";
}

// Checking

async function start() {
  trouble(null);
  part("report").hidden = true;
  try {
    await askJson("check/start", asked());
    tell("The check begins.");
    watch();
  } catch (error) { trouble(error); }
}

async function stop() {
  part("stop").disabled = true;
  try { await askJson("check/stop", {}); } catch (error) { trouble(error); }
}

/** Follow the check that runs until it ends; then show its report. */
async function watch() {
  try {
    delete document.documentElement.dataset.shown;
    let state = null;
    do {
      state = await askJson("check/progress");
      showWork(state);
      if (state.is_running) await new Promise((go) => { setTimeout(go, POLL); });
    } while (state.is_running);
    if (state.error) trouble(new Error(state.error));
    else if (state.is_stopped) say("Stopped. Its process was ended.");
    else await showLast();
    document.documentElement.dataset.shown = "true";
  } catch (error) { trouble(error); }
}

function showWork({ is_running: isRunning, done = [] }) {
  part("stop").hidden = part("done").hidden = !isRunning;
  part("start").disabled = isRunning;
  if (!isRunning) { part("stop").disabled = false; say(""); return; }
  say(done.length ? `${done.length} questions asked.` : "Starting a process for it.");
  part("done").replaceChildren(...done.map(({ name, status }) => make("li", { className: status }, name, make("span", { className: "unseen" }, `: ${status}`))));
}

function say(text) { part("says").textContent = text; }

/** Show the last report if it is of what is chosen. */
async function showLast() {
  const last = await askJson("check/report", {}), now = asked();
  const isOfThis = Boolean(last.report) && Object.keys(now).every((name) => now[name] === last.asked[name]);
  if (isOfThis) { showReport(last); return; }
  part("report").hidden = true;
  say(FIRST);
}

function showReport({ report, html }) {
  say("");
  // Made by Python's template, which escapes whatever came from the code or the file; scripts cannot run here.
  part("report").innerHTML = html;
  part("report").hidden = false;
  tell(`${report.verdict}. ${report.diagnosis?.sentence ?? ""}`);
}

async function read(file) {
  if (!file) return;
  trouble(null);
  try {
    showReport(await (await ask("check/read", file)).json());
    say(`From ${file.name}.`);
    part("report").scrollIntoView({ block: "nearest" });
  } catch (error) { trouble(error); }
}

begin();
