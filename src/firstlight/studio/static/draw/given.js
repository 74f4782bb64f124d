// An image of the data set on the pad, named by the link: #image=test-1234, as page Map names it.

import { askPacked, Refused } from "../studio.js";

/** Read it: what the pad shows of a picture, with `given` saying which image it is. */
export async function givenPicture(name) {
  const words = /^(train|test)-(\d{1,9})$/.exec(name);
  if (!words) throw new Refused(`The link asks for image “${name.slice(0, 40)}”. Write it as test-1234 or train-59915.`, 0);
  const { fields, buffer } = await askPacked(`draw/image?split=${words[1]}&index=${words[2]}`);
  const image = new Uint8Array(buffer, 0, 784), pixels = new ImageData(28, 28);
  image.forEach((value, at) => pixels.data.set([value, value, value, 255], 4 * at));
  return { given: fields, size: [28, 28], boxes: [], warnings: [], chosen: 0, small: image, digits: [{ image }], bitmap: await createImageBitmap(pixels) };
}

export function saysOf({ split, index, label }) {
  return `Image ${index} of ${split}, labelled ${label}. It is one of those that the network learnt or is tested on, so nothing is fitted.`;
}

/** "Show me the code": the same image, read by a program that runs as it is. */
export function givenProgram({ split, index }, shown) {
  const isOwn = shown.model !== null;
  const reader = isOwn ? `Studio(model=${JSON.stringify(shown.model)}, dataset=${JSON.stringify(shown.dataset)}).reader()` : `load_reader(${shown.run ? JSON.stringify(shown.run) : ""})`;
  return [
    "import firstlight as fl",
    isOwn ? "from firstlight.studio import Studio" : "from firstlight.prediction import load_reader", "",
    `${split} = fl.load(${JSON.stringify(shown.dataset)})[${split === "train" ? 0 : 1}]`,
    `reader = ${reader}`,
    `chances = reader.probabilities(${split}.images[${index} : ${index + 1}])[0]`,
    `print(f"labelled {${split}.classes[int(${split}.labels[${index}])]}")`,
    'print(f"{reader.classes[int(chances.argmax())]}: {100 * float(chances.max()):.1f} %")', "",
  ].join("\n");
}
