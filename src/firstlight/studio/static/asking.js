// How a page reaches Python. In a page that is one file, alone.js stands in its place.

/** Send one request; returns the Response. */
export function send(path, options) { return fetch(`/api/${path}`, options); }
