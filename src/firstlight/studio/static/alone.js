// What answers in a page that is one file: everything Python would say of the network lies in the page itself.

const NONE = "This page reads drawings only. For pictures there is: firstlight predict PICTURE";
const ANSWERS = {
  "draw/shown": () => new Response(held("shown")),
  "draw/weights": () => new Response(Uint8Array.from(atob(held("weights")), (letter) => letter.charCodeAt(0))),
};

function held(name) { return document.getElementById(name).textContent; }

/** Answer what page Draw asks. */
export async function send(path) {
  const answer = ANSWERS[path];
  return answer ? answer() : new Response(JSON.stringify({ error: NONE }), { status: 422 });
}
