// "Show me the code": the check that is chosen, as a program that runs as it is.

const QUOTES = '"""';

/** `code` goes into a file beside the program; `target` is "" where Python finds the name. */
export function programOf({ code, target, kind, like }) {
  const named = [kind && `kind=${JSON.stringify(kind)}`, like && `like=${JSON.stringify(like)}`].filter(Boolean);
  return [
    "from pathlib import Path", "", "import firstlight as fl", "",
    `code = ${quoted(code)}`,
    'Path("mine.py").write_text(code, encoding="utf-8")',
    `report = fl.check(${[`"mine.py:${target || lastName(code)}"`, ...named].join(", ")})`,
    "print(report)", "",
  ].join("\n");
}

/** The text as Python writes it: as it is where that can be done. */
function quoted(code) {
  const quotes = code.includes(QUOTES) ? "'''" : QUOTES;
  const isPlain = !code.includes(quotes) && !code.includes("\\") && code.endsWith("\n");
  return isPlain ? `${quotes}\\\n${code}${quotes}` : JSON.stringify(code);
}

/** The name of the last class or function that stands at the beginning of a line. */
export function lastName(code) {
  const names = [...code.matchAll(/^(?:class|def)\s+([^\W_]\w*)/gmu)].map((found) => found[1]);
  return names.at(-1) ?? "name";
}
