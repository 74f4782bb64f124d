// What the pages of the studio share: the token, questions to Python, the address's state, words for all readers.

import { send } from "./asking.js";

const KEY = "firstlight-token";

/** What stands behind # in the address, as URLSearchParams; the token is taken out of it and kept. */
function readHash() {
  const state = new URLSearchParams(location.hash.slice(1));
  const token = state.get("token");
  if (token !== null) {
    keep(token);
    state.delete("token");
    history.replaceState(null, "", address(state));
  }
  return state;
}

function keep(token) {
  kept = token;
  try { localStorage.setItem(KEY, token); } catch { /* a private window keeps nothing; this tab has it */ }
}

function known() {
  try { return localStorage.getItem(KEY) ?? ""; } catch { return ""; }
}

function address(state) {
  const text = state.toString();
  return location.pathname + location.search + (text ? `#${text}` : "");
}

let kept = known();
let state = readHash();
const listeners = [];
addEventListener("hashchange", () => { state = readHash(); listeners.forEach((heard) => heard()); });

/** State that a link keeps: what is behind # in the address. */
export const linkState = {
  get: (name, otherwise = null) => state.get(name) ?? otherwise,
  /** Set some values; null takes one away. Makes no new entry in the browser's history. */
  set(values) {
    state = readHash(); // others may have written to it
    for (const [name, value] of Object.entries(values)) {
      if (value === null) state.delete(name); else state.set(name, String(value));
    }
    history.replaceState(null, "", address(state));
  },
  /** Call when a person changes the address, or goes back. */
  heard: (call) => { listeners.push(call); },
};

/** An answer of Python's that says what is wrong. */
export class Refused extends Error {
  constructor(message, status) { super(message); this.status = status; }
}

/**
 * Ask Python: POST with a body (bytes, Blob, or an object sent as JSON), else GET.
 * Returns the Response; a refusal becomes `Refused` with the message for the person.
 */
export async function ask(path, body = undefined, { method = body === undefined ? "GET" : "POST", signal, headers: more = {} } = {}) {
  const headers = { "X-Firstlight-Token": kept, ...more };
  const isPlain = body !== undefined && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  if (isPlain) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await send(path, { method, headers, body: isPlain ? JSON.stringify(body) : body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("The studio does not answer. Is firstlight studio still running in its terminal?", 0);
  }
  if (!response.ok) throw new Refused(await reason(response), response.status);
  return response;
}

async function reason(response) {
  try { return (await response.json()).error; } catch { return `The studio answered ${response.status}.`; }
}

/** Ask and read JSON. */
export async function askJson(path, body, options) { return (await ask(path, body, options)).json(); }

/** Ask and read bytes. */
export async function askBytes(path, body, options) {
  return new Uint8Array(await (await ask(path, body, options)).arrayBuffer());
}

/** Ask and read what Python's `packed` made: {fields, buffer}, the arrays one after the other in the buffer. */
export async function askPacked(path, body, options) {
  const whole = await (await ask(path, body, options)).arrayBuffer();
  const end = 4 + new DataView(whole).getUint32(0, true);
  return { fields: JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, end - 4))), buffer: whole.slice(end) };
}

/** One question at a time; of those that come meanwhile, only the last is asked ("the latest wins"). */
export class Latest {
  #busy = false;
  #waiting = null;
  constructor(answer, failed = trouble) { this.answer = answer; this.failed = failed; }

  async ask(...given) {
    if (this.#busy) { this.#waiting = given; return; }
    this.#busy = true;
    try { await this.answer(...given); } catch (error) { this.failed(error); }
    this.#busy = false;
    if (this.#waiting) { const next = this.#waiting; this.#waiting = null; this.ask(...next); }
  }
}

export const part = (name) => document.querySelector(`[data-testid="${name}"]`);

/** Make an element: make("li", {className: "x"}, "text", other). */
export function make(tag, properties = {}, ...inner) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inner);
  return made;
}

/** Say something to people who hear the page; what was said before is replaced. */
export function tell(text) {
  const place = part("told");
  if (place.textContent !== text) place.textContent = text;
}

/** Show an error, or take it away with null. */
export function trouble(error) {
  const place = part("trouble");
  place.hidden = error === null;
  place.textContent = error === null ? "" : (error.message ?? String(error));
  if (error !== null && !(error instanceof Refused)) console.error(error);
}

/** 784 bytes of a digit as text that a link can hold, and back; null where the text is no digit. */
export function textOf(digit) { return btoa(String.fromCharCode(...digit)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""); }

export function digitOf(text) {
  try {
    const digit = Uint8Array.from(atob((text ?? "").replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return digit.length === 784 ? digit : null;
  } catch { return null; }
}

/** Mark the page as ready for people and for tests. */
export function ready() { document.documentElement.dataset.ready = "true"; }

/** The box "Show me the code": a program that runs as it is. */
export function codeOf(program) {
  const code = make("pre", { tabIndex: 0 }, make("code", {}, program));
  code.dataset.testid = "code";
  const copy = make("button", { type: "button" }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      tell("Copied.");
    } catch {
      getSelection().selectAllChildren(code);
      tell("The browser does not copy; the code is selected.");
    }
  });
  const box = make("details", {}, make("summary", {}, "Show me the code"), code, copy);
  box.set = (text) => { code.firstChild.textContent = text; };
  return box;
}
