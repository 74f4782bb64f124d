// The address tells what is shown, so that it can be kept and sent: view, colour, classes, chosen image.
import { SIDE } from "./view.js";

const OWN = ["x", "y", "zoom", "by", "hide", "image"];

// What a page around the map keeps in the address stays there.
export function written(view, state, map) {
  const fields = new URLSearchParams(location.hash.slice(1));
  OWN.forEach((name) => fields.delete(name));
  if (view.zoom > 1.01 || view.zoom < 0.99) {
    fields.set("x", (view.x / SIDE).toFixed(5));
    fields.set("y", (view.y / SIDE).toFixed(5));
    fields.set("zoom", view.zoom.toFixed(2));
  }
  if (state.colouring.name !== "label") fields.set("by", state.colouring.name);
  const hidden = [...state.isClassShown.keys()].filter((label) => !state.isClassShown[label]);
  if (hidden.length) fields.set("hide", hidden.join("."));
  if (state.chosen >= 0) fields.set("image", `${map.splitNames[map.splits[state.chosen]]}-${map.numbers[state.chosen]}`);
  return fields.toString();
}

export function parsed(text) {
  const fields = new URLSearchParams(text.replace(/^#/, ""));
  const number = (name) => (/^-?[\d.]+$/.test(fields.get(name) || "") ? Number(fields.get(name)) : undefined);
  return {
    x: number("x"),
    y: number("y"),
    zoom: number("zoom"),
    by: fields.get("by"),
    hidden: (fields.get("hide") || "").split(".").filter((part) => /^\d+$/.test(part)).map(Number),
    image: (fields.get("image") || "").replace("-", " "),
  };
}

export function keep(text) {
  try {
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  } catch {
    // Some browsers refuse this of a file; the page works without.
  }
}
