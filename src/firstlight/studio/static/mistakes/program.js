// "Show me the code": the mistakes that are shown, found by a program that runs as it is.

/** `shown` names network and data set; `label` and `read` are classes by number, or null for any. */
export function programOf(shown, { label, read, isSurestFirst }) {
  const isOwn = shown.model !== null, names = shown.classes;
  const reader = isOwn ? `Studio(model=${JSON.stringify(shown.model)}, dataset=${JSON.stringify(shown.dataset)}).reader()`
    : `load_reader(${shown.run ? JSON.stringify(shown.run) : ""})`;
  return [
    "import firstlight as fl",
    "from firstlight.evaluation import evaluate",
    isOwn ? "from firstlight.studio import Studio" : "from firstlight.prediction import load_reader", "",
    `test = fl.load(${JSON.stringify(shown.dataset)})[1]`,
    `reader = ${reader}`,
    "chances = reader.probabilities(test.images)  # of each class, for each image",
    "result = evaluate(chances.log(), test.labels)",
    'print(f"{result.correct:,} of {result.count:,} right")',
    "for pair in result.worst_mixups(5):",
    '    print(f"{test.classes[pair.label]} read as {test.classes[pair.predicted]}: {pair.count}")', "",
    ...(label !== null && label === read ? rightOnes(names[label], label, isSurestFirst) : wrongOnes(names, label, read, isSurestFirst)),
    "",
  ].join("\n");
}

function wrongOnes(names, label, read, isSurestFirst) {
  const conditions = [label === null ? null : `wrong.label == ${label}`, read === null ? null : `wrong.predicted == ${read}`].filter(Boolean);
  return [
    `for wrong in result.mistakes${isSurestFirst ? ":  # the surest first" : "[::-1]:  # the least sure first"}`,
    ...(conditions.length ? [`    if ${conditions.join(" and ")}:`] : []),
    `${conditions.length ? "        " : "    "}print(wrong.index, test.classes[wrong.label], "read as", test.classes[wrong.predicted], f"{100 * wrong.probability:.1f} %")`,
  ];
}

function rightOnes(name, label, isSurestFirst) {
  return [
    "sureness, answers = chances.max(dim=1)",
    `right = ((test.labels == ${label}) & (answers == ${label})).nonzero().flatten()`,
    `for index in right[sureness[right].argsort(descending=${isSurestFirst ? "True" : "False"}, stable=True)].tolist():`,
    `    print(index, ${JSON.stringify(name)}, f"{100 * float(sureness[index]):.1f} %")`,
  ];
}
