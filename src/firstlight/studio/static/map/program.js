// "Show me the code": the map with what the network reads, as a program that runs as it is.

export function programOf({ dataset, run, model }) {
  const isOwn = model !== null;
  return [
    "import firstlight as fl",
    "from firstlight.maps import ImageColumn, write_page",
    isOwn ? "from firstlight.studio import Studio" : "from firstlight.prediction import load_reader", "",
    `digits = fl.map(${JSON.stringify(dataset)})  # some seconds for 10,000 images, a minute for 70,000`,
    "print(digits)",
    `reader = ${isOwn ? `Studio(model=${JSON.stringify(model)}).reader()` : `load_reader(${run ? JSON.stringify(run) : ""})`}`,
    "images = digits.images_at_hand()",
    "read = reader.probabilities(images).argmax(dim=1).numpy()",
    'print(f"{(read == digits.labels).sum():,} of {len(read):,} read as they are labelled")',
    'write_page(digits, images, "map.html", columns=[ImageColumn("prediction", read)])', "",
  ].join("\n");
}
