// "Show me the code": the audit that is shown, as a program that runs as it is.

export function programOf(dataset, { split, depth }) {
  const quick = depth === "quick" ? ", seconds=1" : "";
  return [
    "import firstlight as fl",
    "from firstlight.audits import write_review_page", "",
    `train, test = fl.load(${JSON.stringify(dataset)})`,
    `report = fl.audit((train, test), split=${JSON.stringify(split)}${quick})`,
    "print(report)",
    "for suspect in report.suspects[:20]:",
    "    given, suggested = report.classes[suspect.given], report.classes[suspect.suggested]",
    '    print(f"{suspect.split} {suspect.index}: {given}, rather {suggested}; wrong with {100 * suspect.probability:.1f} %")',
    "if report.suspects:",
    '    write_review_page(report, {"train": train, "test": test}, "review.html")', "",
  ].join("\n");
}
