// A person is asked about each suspicious label. No library, no request; the answers stay in this browser
// (localStorage) and leave it as a file of corrections, which fl.load(..., corrections=file) takes.

const KEYS = { k: "keep", f: "fix", a: "ambiguous", d: "drop" };
const WORDS = { keep: "label kept", fix: "fixed", ambiguous: "ambiguous", drop: "dropped" };

/** The place behind # in the address, counted from 1: of a page that keeps nothing else there. */
const OWN_ADDRESS = {
  read: () => (/^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : null),
  write: (number) => history.replaceState(null, "", `#${number}`),
};

/** Asks about `data.suspects`, within `root`, until it is ended. */
export class Review {
  constructor(root, data, { address = OWN_ADDRESS } = {}) {
    Object.assign(this, { root, data, address });
    this.place = 0; // of the suspect that is shown
    this.verdicts = {}; // place -> {verdict, label}
    this.past = []; // what undo goes back to: [place, verdict before]
    this.isKept = true; // whether this browser lets us keep answers
    this.ending = new AbortController();
    this.build();
    this.restore();
    this.show();
    this.keep();
    this.listen();
  }

  /** Stop listening, so that another review can take this one's place. */
  end() { this.ending.abort(); }

  find(name) { return this.root.querySelector(`[data-testid="${name}"]`); }

  all(selector) { return this.root.querySelectorAll(selector); }

  // Keeping

  restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.data.storage) || "{}");
      for (const [key, one] of Object.entries(kept.verdicts || {})) {
        if (this.data.suspects[key] && Object.values(KEYS).includes(one.verdict)) this.verdicts[key] = one;
      }
      this.place = this.clamped(kept.place || 0);
    } catch {
      this.isKept = false;
    }
    const asked = this.address.read();
    if (asked !== null) this.place = this.clamped(asked - 1);
  }

  keep() {
    try {
      localStorage.setItem(this.data.storage, JSON.stringify({ place: this.place, verdicts: this.verdicts }));
    } catch {
      this.isKept = false;
    }
    try {
      this.address.write(this.place + 1);
    } catch {
      // some browsers refuse on file://; the place is kept above
    }
  }

  clamped(number) { return Math.min(Math.max(number, 0), this.data.suspects.length - 1); }

  // Deciding

  decide(verdict, label = undefined) {
    const suspect = this.data.suspects[this.place];
    const wanted = verdict === "fix" ? label ?? suspect.suggested : undefined;
    const chosen = wanted === suspect.given ? "keep" : verdict;
    this.past.push([this.place, this.verdicts[this.place]]);
    this.verdicts[this.place] = chosen === "fix" ? { verdict: chosen, label: wanted } : { verdict: chosen };
    this.say(`Image ${suspect.index}: ${this.told(this.verdicts[this.place])}.`);
    this.go(this.place + 1);
  }

  undo() {
    const last = this.past.pop();
    if (!last) return this.say("There is nothing to undo.");
    const [where, before] = last;
    if (before) this.verdicts[where] = before;
    else delete this.verdicts[where];
    this.say(`Image ${this.data.suspects[where].index}: verdict taken back.`);
    return this.go(where);
  }

  go(number) {
    this.place = this.clamped(number);
    this.show();
    this.keep();
  }

  nextOpen() {
    const count = this.data.suspects.length;
    for (let step = 1; step <= count; step += 1) {
      const next = (this.place + step) % count;
      if (!this.verdicts[next]) return this.go(next);
    }
    return this.say("All images have a verdict.");
  }

  // Showing

  told(one) { return one.verdict === "fix" ? `fixed to ${this.data.classes[one.label]}` : WORDS[one.verdict]; }

  say(text) { this.find("status").textContent = text; }

  show() {
    const suspect = this.data.suspects[this.place];
    const given = this.data.classes[suspect.given];
    const suggested = this.data.classes[suspect.suggested];
    const picture = this.find("picture");
    picture.src = suspect.image;
    picture.alt = `Image ${suspect.index} of ${suspect.split}, labelled ${given}, read as ${suggested}`;
    this.find("where").textContent = `${suspect.split}, image ${suspect.index.toLocaleString("en")}`;
    this.find("given").textContent = given;
    this.find("suggested").textContent = suggested;
    this.find("probability").textContent = percent(suspect.probability);
    this.find("bar").style.width = `${100 * suspect.probability}%`;
    this.showVerdict(suspect, this.verdicts[this.place]);
    this.showNeighbours(suspect);
    this.showProgress();
  }

  showVerdict(suspect, verdict) {
    this.find("verdict").textContent = verdict ? this.told(verdict) : "not judged yet";
    this.find("verdict").dataset.verdict = verdict ? verdict.verdict : "";
    for (const button of this.all("[data-verdict-button]")) {
      button.setAttribute("aria-pressed", String(Boolean(verdict) && verdict.verdict === button.value));
    }
    for (const button of this.all("[data-label]")) {
      const label = Number(button.value);
      button.setAttribute("aria-pressed", String(Boolean(verdict) && verdict.label === label));
      button.classList.toggle("given", label === suspect.given);
      button.classList.toggle("suggested", label === suspect.suggested);
    }
  }

  showNeighbours(suspect) {
    const { classes } = this.data;
    const alike = suspect.neighbours.map((one) =>
      element(
        "li",
        { class: one.given === suspect.given ? "same" : "other" },
        element("img", { src: one.image, alt: `Image ${one.index}, labelled ${classes[one.given]}` }),
        element("span", {}, classes[one.given]),
      ),
    );
    this.find("neighbours").replaceChildren(...alike);
    this.find("neighbourhood").hidden = !alike.length;
  }

  showProgress() {
    const done = Object.keys(this.verdicts).length;
    const count = this.data.suspects.length;
    this.find("progress").value = done;
    this.find("count").textContent = `${this.place + 1} of ${count}; ${done} judged`;
    this.find("export").disabled = !done;
    this.find("undo").disabled = !this.past.length;
    this.find("previous").disabled = this.place === 0;
    this.find("next").disabled = this.place === count - 1;
    this.find("kept").hidden = this.isKept;
    const strip = this.find("strip");
    [...strip.children].forEach((item, number) => this.showInStrip(item.firstChild, number));
    const current = strip.children[this.place];
    strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.clientWidth) / 2;
  }

  showInStrip(button, number) {
    const one = this.verdicts[number];
    button.dataset.verdict = one ? one.verdict : "";
    if (number === this.place) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const judged = one ? this.told(one) : "not judged yet";
    button.setAttribute("aria-label", `Suspect ${number + 1}: image ${this.data.suspects[number].index}, ${judged}`);
  }

  build() {
    this.find("strip").replaceChildren(
      ...this.data.suspects.map((suspect, number) => {
        const button = element("button", { type: "button" }, element("img", { src: suspect.image, alt: "" }));
        button.addEventListener("click", () => this.go(number));
        return element("li", {}, button);
      }),
    );
    this.find("labels").replaceChildren(...this.data.classes.map((name, label) => this.labelButton(name, label)));
    this.find("progress").max = this.data.suspects.length;
    const files = Object.keys(this.data.splits).map((split) => JSON.stringify(this.fileName(split)));
    const taken = files.length > 1 ? `[${files.join(", ")}]` : files[0];
    this.find("load").textContent = `fl.load(${JSON.stringify(this.data.dataset)}, corrections=${taken})`;
    this.say("");
  }

  labelButton(name, label) {
    const key = label < 10 ? element("kbd", {}, String(label)) : "";
    const words = name === String(label) ? [key || name] : [key, ` ${name}`];
    const button = element("button", { type: "button", value: label, "data-label": "" }, ...words);
    button.setAttribute("aria-label", `The label is ${name}`);
    button.addEventListener("click", () => this.decide("fix", label));
    return button;
  }

  // Saving

  files() {
    const { data } = this;
    return Object.entries(data.splits).flatMap(([split, facts]) => {
      const rows = Object.entries(this.verdicts)
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
      return [{ name: this.fileName(split), text: `${JSON.stringify(fields, null, 1)}\n` }];
    });
  }

  fileName(split) { return `corrections-${`${this.data.dataset}-${split}`.replace(/[^\w.-]+/g, "-")}.json`; }

  save() {
    const made = this.files();
    if (!made.length) return this.say("There is no verdict to save yet.");
    for (const { name, text } of made) {
      const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      const link = element("a", { href: url, download: name });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }
    return this.say(`Saved ${made.map((file) => file.name).join(" and ")}.`);
  }

  // Keys and buttons

  listen() {
    const { signal } = this.ending;
    const clicked = (button, act) => button.addEventListener("click", act, { signal });
    document.addEventListener("keydown", (event) => this.pressed(event), { signal });
    for (const button of this.all("[data-verdict-button]")) clicked(button, () => this.decide(button.value));
    clicked(this.find("undo"), () => this.undo());
    clicked(this.find("previous"), () => this.go(this.place - 1));
    clicked(this.find("next"), () => this.go(this.place + 1));
    clicked(this.find("open"), () => this.nextOpen());
    clicked(this.find("export"), () => this.save());
  }

  pressed(event) {
    if (event.altKey || event.metaKey || event.target.closest?.("input, select, textarea, summary")) return;
    const action = this.actionOf(event.key.toLowerCase(), event.ctrlKey);
    if (!action) return;
    event.preventDefault();
    action();
  }

  actionOf(key, isControl) {
    if (isControl) return key === "z" ? () => this.undo() : null;
    if (/^\d$/.test(key) && Number(key) < this.data.classes.length) return () => this.decide("fix", Number(key));
    if (KEYS[key]) return () => this.decide(KEYS[key]);
    return {
      arrowleft: () => this.go(this.place - 1),
      arrowright: () => this.go(this.place + 1),
      home: () => this.go(0),
      end: () => this.go(this.data.suspects.length - 1),
      u: () => this.undo(),
      backspace: () => this.undo(),
      n: () => this.nextOpen(),
      s: () => this.save(),
    }[key];
  }
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function percent(share) { return share > 0.999 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`; }
