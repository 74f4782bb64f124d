"""Write the ladder of recipes into docs/recipes.md and its picture: ``python docs/make_ladder.py``.

Both come from the claims in the recipes and from nothing else; a test compares. Needs nothing but firstlight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from firstlight.recipes import RECIPES, AnyRecipe, Claim

PAGE = Path(__file__).parent / "recipes.md"
PICTURE = Path(__file__).parent / "pictures" / "ladder.svg"
BEGIN, END = "<!-- made by docs/make_ladder.py -->\n\n", "\n<!-- end -->\n"

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 64, 120, 36, 48
LETTER, LINE = 7.0, 14.0  # pixels of a label's letter and line
# Greys and one blue that can be read on white and on black alike.
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#7a818c}.title{font-weight:600}.name{fill:#3b82c4}"
    "line{stroke:#7a818c;stroke-opacity:.3}circle{fill:#3b82c4}"
)


class Rung(NamedTuple):
    """One measured recipe on one data set."""

    recipe: AnyRecipe
    claim: Claim


def rungs() -> list[Rung]:
    """Return every claim; the data sets in the order in which recipes name them, the least accurate first."""
    found = [Rung(recipe, claim) for recipe in RECIPES.values() for claim in recipe.claims]
    order = list(dict.fromkeys(["mnist", *(rung.claim.dataset for rung in found)]))
    return sorted(found, key=lambda rung: (order.index(rung.claim.dataset), rung.claim.accuracy_percent))


def table() -> str:
    """Return the ladder in Markdown: what was measured, on what, and what was not."""
    lines = ["| recipe | data set | test accuracy | sd | seeds | training | what |", "|" + " --- |" * 7]
    for recipe, claim in rungs():
        spread = f"{claim.sd_percent:.2f}" if claim.seeds > 1 else ""
        lines.append(
            f"| `{recipe.name}` | {claim.dataset} | {claim.accuracy_percent:.2f} % | {spread} "
            f"| {claim.seeds} | {seconds(claim.train_seconds)} | {recipe.summary} |"
        )
    places = list(dict.fromkeys(f"{c.machine}, {c.versions}, {c.date}" for _, c in rungs()))
    lines += ["", "Measured on " + "; ".join(places) + ".", ""]
    if unmeasured := [recipe for recipe in RECIPES.values() if not recipe.claims]:
        lines += [
            "Without a claim, since not measured over enough seeds yet:",
            "",
            "| recipe | what |",
            "| --- | --- |",
        ]
        lines += [f"| `{recipe.name}` | {recipe.summary} |" for recipe in unmeasured]
    return "\n".join(lines) + "\n"


def seconds(value: float) -> str:
    """Return a time with about two digits that count."""
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


class Axis(NamedTuple):
    """A logarithmic axis: values to places on the page."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return the powers of ten in reach, with 2 and 5 times those."""
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        every = (factor * 10.0**decade for decade in decades for factor in (1, 2, 5))
        return [tick for tick in every if self.low <= tick <= self.high]


def picture() -> str:
    """Return the ladder on MNIST as SVG: test error against training time, both logarithmic."""
    measured = [rung for rung in rungs() if rung.claim.dataset == "mnist"]
    times = [max(rung.claim.train_seconds, 0.01) for rung in measured]
    errors = [100 - rung.claim.accuracy_percent for rung in measured]
    x = Axis(min(times) / 1.5, max(times) * 1.5, LEFT, WIDTH - RIGHT)
    y = Axis(min(errors) / 1.3, max(errors) * 1.3, HEIGHT - BOTTOM, TOP)
    points = [
        (x(time), y(error), rung.recipe.name)
        for time, error, rung in zip(times, errors, measured, strict=True)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="Test error of each recipe on MNIST against its training time">',
            f"<style>{STYLE}</style>",
            f'<text class="title" x="{LEFT}" y="18">MNIST: test error (%) and training time</text>',
            *grid(x, y),
            *(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4"/>' for across, down, _ in points),
            *labels(points),
            "</svg>\n",
        ]
    )


def grid(x: Axis, y: Axis) -> Iterator[str]:
    """Yield lines and numbers."""
    for tick in x.ticks():
        place = f"{x(tick):.1f}"
        yield f'<line x1="{place}" x2="{place}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        yield f'<text x="{place}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:g} s</text>'
    for tick in y.ticks():
        place = f"{y(tick):.1f}"
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place}" y2="{place}"/>'
        yield f'<text x="{LEFT - 8}" y="{float(place) + 4:.1f}" text-anchor="end">{tick:g}</text>'


def labels(points: Sequence[tuple[float, float, str]]) -> Iterator[str]:
    """Yield the names to the right of their points, lower where another one is in the way."""
    taken: list[tuple[float, float, float]] = []
    for across, down, name in sorted(points, key=lambda point: point[1]):
        left, right, line = across + 8, across + 8 + LETTER * len(name), down + 4
        while any(left < end and start < right and abs(line - other) < LINE for start, end, other in taken):
            line += 2
        taken.append((left, right, line))
        yield f'<text class="name" x="{left:.1f}" y="{line:.1f}">{name}</text>'


def page() -> str:
    """Return the page with the table as it is now between its two marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
