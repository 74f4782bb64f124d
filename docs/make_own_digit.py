"""Write the figures and the picture of docs/own_digit.md: ``python -m docs.make_own_digit`` (half a minute).

Draws the first 1,000 of MNIST's 5,000 validation images as `benchmarks.drawings` does (any place, size, pen
and brightness on a canvas of 280 x 280), brings each drawing to 28 x 28 in ways of which each does one thing
more than the one before, and lets the network that comes with firstlight read the results. The test images
are left alone.
``--page`` writes the page again from docs/pictures/own_digit.json. Needs the extra ``maps``, for matplotlib.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

import firstlight as fl
from benchmarks._drawings import drawings
from firstlight._metrics import wilson_interval
from firstlight.pictures import find_digits
from firstlight.prediction import Reader, load_reader

DOCS = Path(__file__).parent
PAGE, MEASURED = DOCS / "own_digit.md", DOCS / "pictures" / "own_digit.json"
PICTURE = DOCS / "pictures" / "own_digit.png"
BEGIN, END = "<!-- made by docs/make_own_digit.py -->\n\n", "\n<!-- end -->\n"

COUNT, SEED = 1000, 7
SHOWN = 8
Canvas = NDArray[np.uint8]
BLACK = np.zeros((28, 28), dtype=np.uint8)


def shrunk(drawing: Canvas) -> Canvas:
    """Shrink the whole picture."""
    return np.asarray(Image.fromarray(drawing).resize((28, 28), Image.Resampling.BILINEAR))


def light_on_dark(drawing: Canvas) -> Canvas:
    """Shrink, after dark ink on light was made light ink on black."""
    return shrunk(inked(drawing))


def inked(drawing: Canvas) -> Canvas:
    """Return the ink: how far each pixel is from the ground, the strongest one white."""
    away = np.abs(drawing.astype(np.float32) - np.median(drawing))
    away[away < away.max() / 2] = 0
    return (255 * away / max(float(away.max()), 1.0)).astype(np.uint8)


def boxed(drawing: Canvas) -> Canvas:
    """Fit the ink into a box of 20 x 20 in the middle of 28 x 28."""
    digit = fitted(drawing)
    image = BLACK.copy()
    top, left = ((28 - side) // 2 for side in digit.shape)
    image[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return image


def fitted(drawing: Canvas) -> Canvas:
    """Cut out the ink, and scale its longest side to 20 pixels."""
    ink = inked(drawing)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    digit = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = 20 / max(digit.size)
    width, height = (max(1, round(side * scale)) for side in digit.size)
    return np.asarray(digit.resize((width, height), Image.Resampling.BOX))


def centred(drawing: Canvas) -> Canvas:
    """Fit into 20 x 20, and move the centre of mass into the middle."""
    digit = fitted(drawing)
    image = BLACK.copy()
    top, left = (_begin(digit.sum(axis=axis, dtype=np.float64)) for axis in (1, 0))
    image[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return image


def _begin(weights: NDArray[np.float64]) -> int:
    middle = float(np.average(np.arange(len(weights)), weights=weights))
    return min(max(round(14 - middle), 0), 28 - len(weights))


def read_by_firstlight(drawing: Canvas) -> Canvas:
    """Do what `fl.predict` does: ink from the ground place by place, and the pen's width made usual."""
    found = find_digits(drawing)
    return found.digits[0].image if len(found.digits) == 1 else BLACK


WAYS: dict[str, Callable[[Canvas], Canvas]] = {
    "shrunk to 28 x 28": shrunk,
    "and made light on black": light_on_dark,
    "cut out, fitted into 20 x 20": boxed,
    "and its centre of mass in the middle": centred,
    "and its stroke made usual: `fl.predict`": read_by_firstlight,
}


def measure(count: int = COUNT) -> dict[str, Any]:
    """Read drawings in every way, and draw some of them; return how many were read right."""
    reader = load_reader()
    held = fl.load("mnist")[0].canonical_split()[1][:count]
    drawn = list(drawings(held.images.numpy(), seed=SEED))
    images = {way: [prepare(drawing) for drawing in drawn] for way, prepare in WAYS.items()}
    right = {way: read(reader, images[way]) == held.labels for way in WAYS}
    told = {way: int(hits.sum()) for way, hits in right.items()}
    return {
        "drawings": len(held),
        "seed": SEED,
        "right": told,
        "images": images,
        "drawn": drawn,
        "hits": right,
    }


def read(reader: Reader, images: list[Canvas]) -> torch.Tensor:
    """Return what the network reads in images of 28 x 28."""
    return reader.probabilities(torch.from_numpy(np.stack(images)).unsqueeze(1)).argmax(dim=1)


def draw(found: dict[str, Any], path: Path) -> None:
    """Draw some drawings, and what the network sees of them in every way; what it misreads has a frame."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = {"the drawing": found["drawn"], **found["images"]}
    with mpl.rc_context({"font.size": 9, "text.color": "#7a818c"}):
        figure = Figure(figsize=(7.6, 0.72 * len(rows)), dpi=110)
        grid = figure.subplots(len(rows), SHOWN)
        figure.subplots_adjust(left=0.36, right=0.99, top=0.99, bottom=0.01, wspace=0.06, hspace=0.06)
        for line, (way, pictures) in zip(grid, rows.items(), strict=True):
            line[0].text(
                -0.15, 0.5, way.replace("`", ""), transform=line[0].transAxes, ha="right", va="center"
            )
            for number, axes in enumerate(line):
                axes.imshow(pictures[number], cmap="gray", vmin=0, vmax=255, interpolation="nearest")
                axes.set(xticks=[], yticks=[])
                is_wrong = way in found["hits"] and not found["hits"][way][number]
                axes.spines[:].set(visible=is_wrong, color="#cc6677", linewidth=3)
        figure.savefig(path, transparent=True, metadata={"Software": None})


def table(found: dict[str, Any]) -> str:
    """Return what was read right in every way."""
    lines = ["| what is done to the drawing | read right | 95 % interval |", "| --- | --- | --- |"]
    for way, right in found["right"].items():
        low, high = wilson_interval(right, found["drawings"])
        share = 100 * right / found["drawings"]
        lines.append(f"| {way} | {share:.1f} % | {100 * low:.1f} to {100 * high:.1f} % |")
    return "\n".join(lines) + "\n"


def page(found: dict[str, Any]) -> str:
    """Return the page, with the table between its two marks."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table(found)}{END}{after}"


def main() -> None:
    """Measure, unless only the page is wanted, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--page", action="store_true", help="write the page again, from what was measured")
    if not parser.parse_args().page:
        found = measure()
        draw(found, PICTURE)
        kept = {name: found[name] for name in ("drawings", "seed", "right")}
        MEASURED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(MEASURED.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
