// "Show me the code": the drawing and what was done to it, as a program that runs as it is.

import { SIDE } from "./ink.js";

const WIDE = 100;

/** `shown` names the network; `strokes` is what was drawn, or `file` a picture and `chosen` one of its digits. */
export function programOf({ strokes, file, chosen = 0, isFitted, isInverted, shown }) {
  const isOwn = shown.model !== null;
  const run = isOwn ? ", run=reader" : shown.run ? `, run=${JSON.stringify(shown.run)}` : "";
  const reader = isOwn
    ? [`reader = Studio(model=${JSON.stringify(shown.model)}, dataset=${JSON.stringify(shown.dataset)}).reader()`]
    : isFitted ? [] : [`reader = load_reader(${shown.run ? JSON.stringify(shown.run) : ""})`];
  const imports = [
    ...(isFitted ? [] : ["import numpy as np", "import torch"]),
    `from PIL import Image${file ? "" : ", ImageDraw"}`, "",
    ...(isFitted ? ["import firstlight as fl"] : []),
    ...(isOwn ? ["from firstlight.studio import Studio"] : isFitted ? [] : ["from firstlight.prediction import load_reader"]),
  ];
  const page = file ? [`page = Image.open(${JSON.stringify(file)})`] : drawn(strokes);
  return [...imports, "", ...page, ...reader, ...(isFitted ? fitted(run, chosen) : unfitted(isInverted && !file))].join("\n") + "\n";
}

function fitted(run, chosen) {
  return [`found = fl.predict(page${run})  # finds the digit, and fits it as MNIST's were`, "print(found)",
    `for name, probability in found.digits[${chosen}].ranked()[:3]:`, '    print(f"{name}: {100 * probability:.1f} %")'];
}

function unfitted(isInverted) {
  return [`small = page.convert("L").resize((28, 28), Image.Resampling.BOX)  # no box of 20, no centre of mass`,
    `image = ${isInverted ? "255 - " : ""}np.array(small)`,
    "chances = reader.probabilities(torch.from_numpy(image)[None, None])[0]",
    'print(f"{reader.classes[int(chances.argmax())]}: {100 * float(chances.max()):.1f} %")'];
}

function drawn(strokes) {
  const lines = [`page = Image.new("L", (${SIDE}, ${SIDE}), 0)`, "pen = ImageDraw.Draw(page)"];
  for (const stroke of strokes) {
    const width = Math.round(stroke.reduce((sum, point) => sum + point[2], 0) / stroke.length / 2);
    lines.push(...listed(stroke.map(([x, y]) => `(${x}, ${y})`)));
    lines.push(`pen.line(stroke, fill=255, width=${width}, joint="curve")`);
    lines.push(`for x, y in (stroke[0], stroke[-1]):  # round ends`);
    lines.push(`    pen.ellipse((x - ${width / 2}, y - ${width / 2}, x + ${width / 2}, y + ${width / 2}), fill=255)`);
  }
  return lines;
}

function listed(points) {
  const rows = ["stroke = ["];
  let row = "   ";
  for (const point of points) {
    if (row.length + point.length + 2 > WIDE) { rows.push(row); row = "   "; }
    row += ` ${point},`;
  }
  return [...rows, row, "]"];
}
