// Classes to show, what to colour by and its legend, the search for an image, and what the lasso caught.
import { found } from "./data.js";
import { cssColour } from "./colours.js";

const counted = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

export class Controls {
  constructor(find, map, app) {
    Object.assign(this, { find, map, app });
    this.counts = new Uint32Array(map.facts.classes.length);
    for (const label of map.labels) this.counts[label]++;
    this.buttons = map.facts.classes.map((name, label) => this.classButton(name, label));
    find("all").addEventListener("click", () => app.showClasses(() => true));
    find("none").addEventListener("click", () => app.showClasses(() => false));
    for (const colouring of app.colourings) find("by").append(new Option(colouring.name, colouring.name));
    find("by").addEventListener("change", () => app.colourBy(find("by").value));
    find("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search(find("asked").value);
    });
    find("save").addEventListener("click", () => this.save());
    find("forget").addEventListener("click", () => app.select([]));
    find("in-view").addEventListener("click", () => app.selectView());
  }

  classButton(name, label) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const [swatch, count] = [document.createElement("i"), document.createElement("small")];
    count.textContent = this.counts[label].toLocaleString("en");
    button.append(swatch, name, count);
    button.dataset.label = label;
    button.title = `${name}: click to hide or show, with Shift to show nothing else`;
    button.setAttribute("aria-label", `${name}, ${counted(this.counts[label], "image")}`);
    button.addEventListener("click", (event) => {
      const { isClassShown } = this.app.state;
      this.app.showClasses((other) => (event.shiftKey ? other === label : Boolean(isClassShown[other]) !== (other === label)));
    });
    this.find("classes").append(button);
    return button;
  }

  showClasses(isClassShown, shownCount) {
    this.buttons.forEach((button, label) => button.setAttribute("aria-pressed", String(Boolean(isClassShown[label]))));
    this.find("shown").textContent = `${shownCount.toLocaleString("en")} of ${counted(this.map.n, "image")} shown`;
  }

  // Swatches of the classes, and a legend where it is not the label that the points are coloured by.
  showColours(colouring, bytes) {
    const isByClass = colouring.kind === "class";
    this.find("by").value = colouring.name;
    this.buttons.forEach((button, label) => {
      button.firstChild.style.background = isByClass ? cssColour(bytes, label % 250) : "transparent";
    });
    const rows = this.legend(colouring);
    this.find("legend").replaceChildren(
      ...rows.map(([code, text]) => {
        const [item, swatch] = [document.createElement("li"), document.createElement("i")];
        swatch.style.background = cssColour(bytes, code);
        item.append(swatch, text);
        return item;
      }),
    );
    this.find("note").textContent = colouring.note || "";
  }

  legend(colouring) {
    const { map } = this;
    const number = (share) => String(Number((colouring.low + share * (colouring.high - colouring.low)).toPrecision(2)));
    const unknown = map.columns.some((one) => {
      const isIt = one.name === colouring.name || (colouring.name === "error" && one.name === "prediction");
      return isIt && one.values.some((value) => (one.kind === "class" ? value < 0 : value === 255));
    });
    const rows = {
      class: [],
      split: map.splitNames.map((name, split) => [split, `${name}: ${counted(map.splitSizes[split], "image")}`]),
      flag: (colouring.words || []).map((word, flag) => [flag, `${word}: ${counted(this.countOf(colouring, flag), "image")}`]),
      number: [0, 0.25, 0.5, 0.75, 1].map((share) => [Math.round(239 * share), number(share)]),
    }[colouring.kind];
    return unknown ? [...rows, [254, "not known"]] : rows;
  }

  countOf(colouring, flag) {
    let count = 0;
    for (let i = 0; i < this.map.n; i++) count += colouring.code(i) === flag;
    return count;
  }

  search(text) {
    const { image, trouble } = found(this.map, text);
    this.find("trouble").textContent = trouble || "";
    this.find("asked").setAttribute("aria-invalid", String(Boolean(trouble)));
    if (!trouble) this.app.goTo(image);
  }

  showSelected(selected) {
    const { map, find } = this;
    const counts = map.facts.classes.map(() => 0);
    for (const i of selected) counts[map.labels[i]]++;
    const rows = [...counts.keys()].filter((label) => counts[label]).sort((a, b) => counts[b] - counts[a]);
    find("caught").hidden = selected.length === 0;
    find("count").textContent = `${counted(selected.length, "image")} selected`;
    find("by-class").replaceChildren(
      ...rows.map((label) => {
        const item = document.createElement("li");
        item.textContent = `${map.facts.classes[label]}: ${counts[label].toLocaleString("en")}`;
        return item;
      }),
    );
    if (selected.length) this.app.say(`${find("count").textContent}: ${rows.map((label) => `${map.facts.classes[label]} ${counts[label]}`).join(", ")}.`);
  }

  save() {
    const { map } = this;
    const images = this.app.state.selected.map((i) => ({
      split: map.splitNames[map.splits[i]],
      index: map.numbers[i],
      label: map.labels[i],
      class: map.facts.classes[map.labels[i]],
    }));
    const text = JSON.stringify({ schema: 1, dataset: map.facts.dataset, images }, null, 1);
    const name = `selected-${map.facts.dataset.replace(/[^\w.-]+/g, "-")}.json`;
    const link = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
      download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    this.app.say(`Saved ${name}.`);
  }
}
