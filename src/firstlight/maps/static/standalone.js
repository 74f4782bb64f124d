// The page that holds its own data, in base64. It asks nobody.
import { start } from "./main.js";

const PIECE = 1 << 20; // characters; a multiple of four

function heldBytes(name) {
  const holder = document.getElementById(`part-${name}`);
  const text = holder.textContent;
  holder.remove();
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const bytes = new Uint8Array((text.length / 4) * 3 - (/=*$/.exec(text.slice(-2))[0].length));
  let to = 0;
  for (let from = 0; from < text.length; from += PIECE) {
    const piece = atob(text.slice(from, from + PIECE));
    for (let i = 0; i < piece.length; i++) bytes[to++] = piece.charCodeAt(i);
  }
  return bytes;
}

const held = JSON.parse(document.getElementById("facts").textContent);
start(document, held, async (name) => heldBytes(name)).catch((error) => {
  document.documentElement.dataset.ready = "failed";
  const told = document.querySelector('[data-testid="no-webgl"]');
  told.hidden = false;
  told.textContent = typeof DecompressionStream === "undefined"
    ? "This browser is too old for the map: it cannot unpack gzip. One of 2023 or later can."
    : `The map could not be shown (${error.message}). Make it anew with firstlight map.`;
  throw error;
});
