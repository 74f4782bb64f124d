// A chart of one quantity over epochs: the run that is watched, and the one before it, dashed.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 230, LEFT = 60, RIGHT = 10, TOP = 10, BOTTOM = 34;

export class Chart {
  /** `name` is what is drawn; `shown(value)` writes a number of the scale. */
  constructor(place, { name, shown }) {
    Object.assign(this, { place, name, shown });
    this.svg = element("svg", { class: "chart", role: "img" });
    place.replaceChildren(this.svg);
    this.draw({ now: [], before: [], epochs: 1, low: 0, high: 1 });
  }

  /** Curves are lists of [epoch, value]; what lies beyond the scale is drawn at its edge. */
  draw({ now, before, epochs, low, high }) {
    const width = Math.max(200, this.place.clientWidth);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const x = (epoch) => LEFT + (width - LEFT - RIGHT) * Math.min(1, epoch / epochs);
    const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low));
    const parts = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
      const value = low + share * (high - low), height = y(value);
      return [element("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: height, y2: height }),
        label(this.shown(value), LEFT - 7, height + 4, "end")];
    });
    for (const share of [0, 0.5, 1]) parts.push(label(brief(share * epochs), x(share * epochs), HEIGHT - 18, share === 1 ? "end" : "middle"));
    parts.push(label("epochs", (LEFT + width - RIGHT) / 2, HEIGHT - 3, "middle"));
    for (const [kind, curve] of [["before", before], ["now", now]]) {
      if (!curve.length) continue;
      parts.push(element("path", { class: kind, d: curve.map(([epoch, value], at) => `${at ? "L" : "M"}${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`).join("") }));
      const [epoch, value] = curve.at(-1);
      parts.push(element("circle", { class: kind, cx: x(epoch), cy: y(value), r: 4 }));
    }
    this.svg.replaceChildren(...parts);
    this.svg.setAttribute("aria-label", `${this.name}: ${words(now, this.shown)}${before.length ? `; the run before: ${words(before, this.shown)}` : ""}`);
  }
}

function words(curve, shown) {
  if (!curve.length) return "nothing yet";
  return `${shown(curve[0][1])} at first, ${shown(curve.at(-1)[1])} after ${brief(curve.at(-1)[0])} epochs`;
}

export function brief(number) { return String(Number(number.toFixed(2))); }

function label(text, x, y, anchor) {
  const made = element("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

function element(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
