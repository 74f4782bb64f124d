// Server-sent events over fetch, which can send the token; EventSource can send no headers.

import { ask, Refused } from "../studio.js";

const PATIENCE = 1000, MOST_PATIENCE = 8000; // milliseconds

/**
 * Follow a stream for as long as the page lives: `heard(kind, fields)` for each event, `lost(error)` where the
 * connection breaks. Comes back by itself, and goes on after the last event that it had. A page that nobody
 * looks at lets go, since a browser grants few connections to one server.
 */
export async function follow(path, heard, lost) {
  let last = "", patience = PATIENCE;
  for (;;) {
    await seen();
    const letGo = new AbortController();
    const hidden = () => { if (document.hidden) letGo.abort(); };
    document.addEventListener("visibilitychange", hidden);
    try {
      const headers = last ? { "Last-Event-ID": last } : {};
      const { body } = await ask(path, undefined, { headers, signal: letGo.signal });
      patience = PATIENCE;
      for await (const { id, kind, fields } of messages(body)) {
        last = id ?? last;
        heard(kind, fields);
      }
      throw new Refused("The studio has ended.", 0);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) { lost(error); return; }
      if (!letGo.signal.aborted) {
        lost(error instanceof TypeError ? new Refused("The studio does not answer any more.", 0) : error);
        await new Promise((done) => { setTimeout(done, patience); });
        patience = Math.min(2 * patience, MOST_PATIENCE);
      }
    } finally {
      document.removeEventListener("visibilitychange", hidden);
    }
  }
}

function seen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => {
    document.addEventListener("visibilitychange", () => done(), { once: true });
  });
}

async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const message = Object.fromEntries(part.split("\n").map((line) => {
        const at = line.indexOf(": ");
        return [line.slice(0, at), line.slice(at + 2)];
      }));
      if (message.data) yield { id: message.id, kind: message.event, fields: JSON.parse(message.data) };
    }
  }
}
