// What is known of one image: the image, large; where it is from; what it is called; whom it is like.
export class Panel {
  constructor(find, map, goTo) {
    this.find = find;
    this.map = map;
    this.shown = undefined;
    this.known = map.columns.map((column) => {
      const [name, value] = [document.createElement("dt"), document.createElement("dd")];
      name.textContent = column.name;
      value.dataset.testid = `column-${column.name}`;
      find("facts").append(name, value);
      return [column, value];
    });
    this.neighbours = Array.from({ length: map.facts.neighbours }, () => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const canvas = document.createElement("canvas");
      const name = document.createElement("span");
      canvas.setAttribute("aria-hidden", "true");
      button.append(canvas, name);
      item.append(button);
      find("neighbours").append(item);
      const part = { button, canvas, name, image: -1 };
      button.addEventListener("click", () => goTo(part.image));
      return part;
    });
  }

  setPixels(pixels) {
    this.pixels = pixels;
    for (const canvas of [this.find("large"), ...this.neighbours.map((one) => one.canvas)]) {
      Object.assign(canvas, { width: pixels.width, height: pixels.height });
    }
    const shown = this.shown;
    this.shown = undefined;
    if (shown >= 0) this.show(shown, this.isChosen);
  }

  name(image) {
    const { map } = this;
    return `${map.splitNames[map.splits[image]]} ${map.numbers[image]}`;
  }

  label(image) {
    return this.map.facts.classes[this.map.labels[image]];
  }

  // One sentence, for those who hear the page.
  told(image) {
    const rest = this.known.map(([column]) => `, ${column.name} ${this.value(column, image)}`).join("");
    return `Image ${this.name(image)}, label ${this.label(image)}${rest}. Looks like ${this.labelsNear(image)}.`;
  }

  labelsNear(image) {
    return this.near(image).map((other) => this.label(other)).join(", ");
  }

  near(image) {
    const k = this.map.facts.neighbours;
    return this.map.neighbours.subarray(image * k, (image + 1) * k);
  }

  value(column, image) {
    const value = column.values[image];
    if (column.kind === "class") return value < 0 ? "not known" : this.map.facts.classes[value];
    if (column.kind === "flag") return value ? "yes" : "no";
    if (value === 255) return "not known";
    return String(Number((column.low + (value / 254) * (column.high - column.low)).toPrecision(2)));
  }

  show(image, isChosen) {
    this.isChosen = isChosen;
    if (image !== this.shown) this.fill(image);
    this.find("keep").textContent = isChosen ? "kept: press Escape, or click beside the points, to let go" : "click keeps it here";
    this.shown = image;
  }

  fill(image) {
    const { find, map } = this;
    find("hint").hidden = image >= 0;
    find("one").hidden = image < 0;
    if (image < 0) return;
    find("where").textContent = this.name(image);
    find("label").textContent = this.label(image);
    for (const [column, place] of this.known) {
      place.textContent = this.value(column, image);
      const isOther = column.name === "prediction" && column.values[image] >= 0 && column.values[image] !== map.labels[image];
      place.classList.toggle("other", isOther);
    }
    if (this.pixels) find("large").getContext("2d").putImageData(this.pixels.rgba(image), 0, 0);
    this.near(image).forEach((other, place) => {
      const part = this.neighbours[place];
      part.image = other;
      part.name.textContent = this.label(other);
      part.button.classList.toggle("other", map.labels[other] !== map.labels[image]);
      part.button.setAttribute("aria-label", `Neighbour ${place + 1}: ${this.name(other)}, label ${this.label(other)}. Go there`);
      if (this.pixels) part.canvas.getContext("2d").putImageData(this.pixels.rgba(other), 0, 0);
    });
  }
}
