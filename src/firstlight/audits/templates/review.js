// The page that asks a person about each suspicious label. No library, no request; the answers stay in this
// browser (localStorage) and leave it as a file of corrections, which fl.load(..., corrections=file) takes.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const KEYS = { k: "keep", f: "fix", a: "ambiguous", d: "drop" };
const WORDS = { keep: "label kept", fix: "fixed", ambiguous: "ambiguous", drop: "dropped" };
const $ = (name) => document.querySelector(`[data-testid="${name}"]`);

let place = 0; // of the suspect that is shown
let verdicts = {}; // place -> {verdict, label}
let history = []; // what undo goes back to: [place, verdict before]
let isKept = true; // whether this browser lets us keep answers

// Keeping

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(data.storage) || "{}");
    for (const [key, one] of Object.entries(kept.verdicts || {})) {
      if (data.suspects[key] && Object.values(KEYS).includes(one.verdict)) verdicts[key] = one;
    }
    place = clamped(kept.place || 0);
  } catch {
    isKept = false;
  }
  const asked = /^#(\d+)$/.exec(location.hash);
  if (asked) place = clamped(Number(asked[1]) - 1);
}

function keep() {
  try {
    localStorage.setItem(data.storage, JSON.stringify({ place, verdicts }));
  } catch {
    isKept = false;
  }
  try {
    window.history.replaceState(null, "", `#${place + 1}`);
  } catch {
    // some browsers refuse on file://; the place is kept above
  }
}

const clamped = (number) => Math.min(Math.max(number, 0), data.suspects.length - 1);

// Deciding

function decide(verdict, label) {
  const suspect = data.suspects[place];
  let chosen = verdict;
  if (verdict === "fix") {
    label = label === undefined ? suspect.suggested : label;
    if (label === suspect.given) chosen = "keep";
  }
  history.push([place, verdicts[place]]);
  verdicts[place] = chosen === "fix" ? { verdict: chosen, label } : { verdict: chosen };
  say(`Image ${suspect.index}: ${told(verdicts[place])}.`);
  go(place + 1);
}

function undo() {
  const last = history.pop();
  if (!last) return say("There is nothing to undo.");
  const [where, before] = last;
  if (before) verdicts[where] = before;
  else delete verdicts[where];
  say(`Image ${data.suspects[where].index}: verdict taken back.`);
  go(where);
}

function go(number) {
  place = clamped(number);
  show();
  keep();
}

function nextOpen() {
  const count = data.suspects.length;
  for (let step = 1; step <= count; step += 1) {
    const next = (place + step) % count;
    if (!verdicts[next]) return go(next);
  }
  say("All images have a verdict.");
}

// Showing

const told = (one) => (one.verdict === "fix" ? `fixed to ${data.classes[one.label]}` : WORDS[one.verdict]);

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function show() {
  const suspect = data.suspects[place];
  const given = data.classes[suspect.given];
  const suggested = data.classes[suspect.suggested];
  const verdict = verdicts[place];
  const picture = $("picture");
  picture.src = suspect.image;
  picture.alt = `Image ${suspect.index} of ${suspect.split}, labelled ${given}, read as ${suggested}`;
  $("where").textContent = `${suspect.split}, image ${suspect.index.toLocaleString("en")}`;
  $("given").textContent = given;
  $("suggested").textContent = suggested;
  $("probability").textContent = percent(suspect.probability);
  $("bar").style.width = `${100 * suspect.probability}%`;
  $("verdict").textContent = verdict ? told(verdict) : "not judged yet";
  $("verdict").dataset.verdict = verdict ? verdict.verdict : "";
  for (const button of document.querySelectorAll("[data-verdict-button]")) {
    button.setAttribute("aria-pressed", String(Boolean(verdict) && verdict.verdict === button.value));
  }
  for (const button of document.querySelectorAll("[data-label]")) {
    const label = Number(button.value);
    button.setAttribute("aria-pressed", String(Boolean(verdict) && verdict.label === label));
    button.classList.toggle("given", label === suspect.given);
    button.classList.toggle("suggested", label === suspect.suggested);
  }
  const alike = suspect.neighbours.map((one) =>
    element(
      "li",
      { class: one.given === suspect.given ? "same" : "other" },
      element("img", { src: one.image, alt: `Image ${one.index}, labelled ${data.classes[one.given]}` }),
      element("span", {}, data.classes[one.given]),
    ),
  );
  $("neighbours").replaceChildren(...alike);
  $("neighbourhood").hidden = !alike.length;
  showProgress();
}

function percent(share) {
  if (share > 0.999) return "> 99.9 %";
  return `${(100 * share).toFixed(1)} %`;
}

function showProgress() {
  const done = Object.keys(verdicts).length;
  const count = data.suspects.length;
  $("progress").value = done;
  $("count").textContent = `${place + 1} of ${count}; ${done} judged`;
  $("export").disabled = !done;
  $("undo").disabled = !history.length;
  $("previous").disabled = place === 0;
  $("next").disabled = place === count - 1;
  [...$("strip").children].forEach((item, number) => {
    const button = item.firstChild;
    const one = verdicts[number];
    button.dataset.verdict = one ? one.verdict : "";
    if (number === place) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const suspect = data.suspects[number];
    button.setAttribute(
      "aria-label",
      `Suspect ${number + 1}: image ${suspect.index}, ${one ? told(one) : "not judged yet"}`,
    );
  });
  const current = $("strip").children[place];
  const strip = $("strip");
  strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.clientWidth) / 2;
  $("kept").hidden = isKept;
}

function say(text) {
  $("status").textContent = text;
}

function build() {
  $("strip").append(
    ...data.suspects.map((suspect, number) => {
      const button = element("button", { type: "button" }, element("img", { src: suspect.image, alt: "" }));
      button.addEventListener("click", () => go(number));
      return element("li", {}, button);
    }),
  );
  $("labels").append(
    ...data.classes.map((name, label) => {
      const key = label < 10 ? element("kbd", {}, String(label)) : "";
      const words = name === String(label) ? [key || name] : [key, ` ${name}`];
      const button = element("button", { type: "button", value: label, "data-label": "" }, ...words);
      button.setAttribute("aria-label", `The label is ${name}`);
      button.addEventListener("click", () => decide("fix", label));
      return button;
    }),
  );
  $("progress").max = data.suspects.length;
}

// Saving

function files() {
  return Object.entries(data.splits).flatMap(([split, facts]) => {
    const rows = Object.entries(verdicts)
      .map(([number, one]) => ({ suspect: data.suspects[number], one }))
      .filter(({ suspect }) => suspect.split === split)
      .map(({ suspect, one }) => ({ index: suspect.index, given: suspect.given, ...one }))
      .sort((first, second) => first.index - second.index);
    if (!rows.length) return [];
    const fields = {
      schema: 1,
      kind: "corrections",
      dataset: data.dataset,
      split,
      images: facts.images,
      classes: data.classes,
      fingerprint: facts.fingerprint,
      source: data.source,
      verdicts: rows,
    };
    const name = `${data.dataset}-${split}`.replace(/[^\w.-]+/g, "-");
    return [{ name: `corrections-${name}.json`, text: `${JSON.stringify(fields, null, 1)}\n` }];
  });
}

function save() {
  const made = files();
  if (!made.length) return say("There is no verdict to save yet.");
  for (const { name, text } of made) {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = element("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }
  say(`Saved ${made.map((file) => file.name).join(" and ")}.`);
}

// Keys and buttons

function pressed(event) {
  if (event.altKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  if (event.ctrlKey) {
    if (key === "z") act(event, undo);
    return;
  }
  if (/^\d$/.test(key) && Number(key) < data.classes.length) act(event, () => decide("fix", Number(key)));
  else if (KEYS[key]) act(event, () => decide(KEYS[key]));
  else if (key === "arrowleft") act(event, () => go(place - 1));
  else if (key === "arrowright") act(event, () => go(place + 1));
  else if (key === "home") act(event, () => go(0));
  else if (key === "end") act(event, () => go(data.suspects.length - 1));
  else if (key === "u" || key === "backspace") act(event, undo);
  else if (key === "n") act(event, nextOpen);
  else if (key === "s") act(event, save);
}

function act(event, action) {
  event.preventDefault();
  action();
}

build();
restore();
show();
keep();
document.addEventListener("keydown", pressed);
for (const button of document.querySelectorAll("[data-verdict-button]")) {
  button.addEventListener("click", () => decide(button.value));
}
$("undo").addEventListener("click", undo);
$("previous").addEventListener("click", () => go(place - 1));
$("next").addEventListener("click", () => go(place + 1));
$("open").addEventListener("click", nextOpen);
$("export").addEventListener("click", save);
document.documentElement.dataset.ready = "true";
