// "Show me the code": the training that the form asks for, as a program that runs as it is.

export function programOf({ dataset, recipe, seed, epochs, learningRate }) {
  const given = [
    `dataset=${JSON.stringify(dataset)}`, `seed=${seed || 0}`,
    ...(epochs ? [`epochs=${epochs}`] : []), ...(learningRate ? [`learning_rate=${learningRate}`] : []), "validate=True",
  ];
  return [
    "import firstlight as fl", "",
    `run = fl.train(${JSON.stringify(recipe)}, ${given.join(", ")})`,
    "for epoch in run.history:",
    '    print(f"epoch {epoch.epoch:g}: loss {epoch.loss:.4f}, {100 * epoch.validation_accuracy:.2f} % of those held out")',
    'print(f"{100 * run.test_accuracy:.2f} % of the test images, after {run.train_seconds:.1f} s")', "",
  ].join("\n");
}
