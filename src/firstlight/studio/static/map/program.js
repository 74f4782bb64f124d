// "Show me the code": the map, and what the network reads where it can, as a program that runs as it is.

export function programOf({ dataset, run, model }, isRead) {
  const isOwn = model !== null;
  const reader = isOwn ? `Studio(model=${JSON.stringify(model)}, dataset=${JSON.stringify(dataset)}).reader()`
    : `load_reader(${run ? JSON.stringify(run) : ""})`;
  return [
    "import firstlight as fl",
    `from firstlight.maps import ${isRead ? "ImageColumn, " : ""}write_page`,
    ...(isRead ? [isOwn ? "from firstlight.studio import Studio" : "from firstlight.prediction import load_reader"] : []), "",
    `found = fl.map(${JSON.stringify(dataset)})  # 70,000 images take some ten seconds, or longer where others compute, too`,
    "print(found)",
    "images = found.images_at_hand()",
    ...(isRead ? [
      `reader = ${reader}`,
      "read = reader.probabilities(images).argmax(dim=1).numpy()",
      'print(f"{(read == found.labels).sum():,} of {len(read):,} read as they are labelled")',
      'write_page(found, images, "map.html", columns=[ImageColumn("prediction", read)])',
    ] : ['write_page(found, images, "map.html")']), "",
  ].join("\n");
}
