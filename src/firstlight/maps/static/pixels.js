// The images themselves. Grey ones are unpacked to two pixels a byte, as the graphics memory takes them;
// others are pictures of many images side by side.
import { gunzip } from "./data.js";

export async function readPixels(facts, n, read) {
  return facts.kind === "grey" ? readGrey(facts, n, read) : readSheets(facts, n, read);
}

async function readGrey(facts, n, read) {
  const [rows, inked] = await Promise.all(["rows", "pixels"].map(async (name) => gunzip(await read(name))));
  const { width, height } = facts;
  const stride = Math.ceil((width * height) / 2); // bytes an image
  const packed = new Uint8Array(n * stride + 1);
  const lines = n * height;
  let from = 0;
  for (let line = 0; line < lines; line++) {
    const image = Math.floor(line / height);
    const first = image * stride * 2 + (line - image * height) * width + rows[line];
    let to = first >> 1;
    const end = from + rows[lines + line];
    if (first & 1) {
      for (; from < end; from++) {
        packed[to++] |= inked[from] >> 4;
        packed[to] |= inked[from] << 4;
      }
    } else {
      for (; from < end; from++) packed[to++] |= inked[from];
    }
  }
  return {
    ...facts,
    stride,
    packed,
    // The image as RGBA, for a canvas of its own size.
    rgba(image) {
      const out = new ImageData(width, height);
      for (let i = 0; i < width * height; i++) {
        const byte = packed[image * stride + (i >> 1)];
        const shade = (i & 1 ? byte & 15 : byte >> 4) * 17;
        out.data.set([shade, shade, shade, 255], 4 * i);
      }
      return out;
    },
  };
}

async function readSheets(facts, n, read) {
  const { width, height, sheet } = facts;
  const bitmaps = await Promise.all(
    Array.from({ length: facts.sheets }, async (_, place) =>
      createImageBitmap(new Blob([await read(`sheet${place}`)], { type: "image/jpeg" })),
    ),
  );
  const across = Math.floor(sheet / width);
  const each = across * Math.floor(sheet / height);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return {
    ...facts,
    across,
    each,
    bitmaps,
    rgba(image) {
      const place = image % each;
      const left = (place % across) * width;
      const top = Math.floor(place / across) * height;
      pen.drawImage(bitmaps[Math.floor(image / each)], left, top, width, height, 0, 0, width, height);
      return pen.getImageData(0, 0, width, height);
    },
  };
}
