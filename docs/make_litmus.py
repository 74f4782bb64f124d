"""Write what the litmus test was measured to see into docs/check.md, and its picture.

``python docs/make_litmus.py``. Both come from the results that `python -m benchmarks.litmus` keeps and from
nothing else; a test compares.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from scipy import stats

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results"
PAGE = Path(__file__).parent / "check.md"
PICTURE = Path(__file__).parent / "pictures" / "litmus.svg"
BEGIN, END = "<!-- made by docs/make_litmus.py -->\n\n", "\n<!-- end -->\n"

KINDS = (
    *("optimizer", "schedule", "loss", "activation", "layer", "init", "model"),
    *("data", "augment", "train", "evaluate", "estimator", "embedding"),
)
TOOLS = {
    "accuracy gate": "accuracy within one point of the right twin's",
    "torchtest2": "torchtest2",
    "pytest-torch": "pytest-torch",
    "check_estimator": "scikit-learn's `check_estimator`",
}
WIDTH, ROW, LEFT, RIGHT, TOP, BOTTOM = 720, 26, 96, 40, 64, 16
# Greys and one blue that can be read on white and on black alike.
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#7a818c}.title{font-weight:600}"
    ".ours{fill:#3b82c4}.gate{fill:#7a818c;fill-opacity:.55}line{stroke:#7a818c;stroke-opacity:.3}"
)


def newest(name: str, *keys: str) -> list[dict[str, Any]]:
    """Return the kept lines of a file, the newest for each combination of keys."""
    lines = map(json.loads, (RESULTS / name).read_text(encoding="utf-8").splitlines())
    return list({tuple(line[key] for key in keys): line for line in lines}.values())


def verdicts() -> list[dict[str, Any]]:
    """Return a line for each implementation and seed."""
    return newest("litmus.jsonl", "name", "is_wrong", "seed")


def answers() -> list[dict[str, Any]]:
    """Return what the other tools said of each implementation."""
    return newest("litmus-peers.jsonl", "name", "is_wrong")


def table() -> str:
    """Return what was measured of each kind, in Markdown."""
    head = (
        *("kind", "wrong ones", "found", "right family", "place named", "published bugs found"),
        *("right ones", "runs", "accused", "seconds, median", "95 %"),
    )
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    every = verdicts()
    for kind in KINDS:
        lines.append(row(kind, [line for line in every if line["kind"] == kind]))
    lines.append(row("**all**", every))
    right = [line for line in every if not line["is_wrong"]]
    accused = sum(line["verdict"] == "FAIL" for line in right)
    names = len({line["name"] for line in right})
    upper = upper_bound(sum(worst(right)), names)
    rest = Counter(line["verdict"] for line in right if line["verdict"] not in ("PASS", "FAIL"))
    said = ", ".join(f"{count} {verdict}" for verdict, count in rest.items()) or "none without a verdict"
    lines += [
        "",
        f"{accused} of {len(right)} reports on {names} right implementations accused one: if they were drawn "
        f"at random from all right ones, at most {100 * upper:.2f} % of those would be accused (95 % bound, "
        f"Clopper and Pearson). Of the others: {said}.",
        "",
        repeats(),
    ]
    return "\n".join(lines) + "\n"


def repeats() -> str:
    """Return how often a verdict was the same again, in a sentence."""
    runs: dict[tuple[str, bool], Counter[str]] = {}
    for line in newest("stability.jsonl", "name", "is_wrong", "seed"):
        runs.setdefault((line["name"], line["is_wrong"]), Counter())[line["verdict"]] += 1
    count = sum(verdicts.total() for verdicts in runs.values())
    same = sum(verdicts.most_common(1)[0][1] for verdicts in runs.values())
    return (
        f"Asked again with other seeds (`python -m benchmarks.stability`): {share(same, count)} of {count} "
        f"reports on {len(runs)} of these implementations, drawn by lot from each kind, gave the verdict "
        "that each got most."
    )


def row(name: str, lines: Sequence[dict[str, Any]]) -> str:
    """Return one line of the table."""
    if not lines:
        return f"| {name} | not measured |" + " |" * 9
    wrong = [line for line in lines if line["is_wrong"]]
    right = [line for line in lines if not line["is_wrong"]]
    found = [line for line in wrong if line["verdict"] == "FAIL"]
    placed = [line["is_place_right"] for line in found if line["is_place_right"] is not None]
    published = [line for line in wrong if line["is_published"]]
    times = [line["seconds"] for line in lines]
    cells = (
        name,
        len(wrong),
        share(len(found), len(wrong)),
        share(sum(line["is_family_right"] for line in found), len(found)),
        share(sum(placed), len(placed)),
        f"{sum(line['verdict'] == 'FAIL' for line in published)} of {len(published)}",
        len({line["name"] for line in right}),
        len(right),
        sum(line["verdict"] == "FAIL" for line in right),
        f"{median(times):.1f}",
        f"{quantiles(times, n=20)[-1]:.1f}",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def worst(lines: Sequence[dict[str, Any]]) -> list[bool]:
    """Return of each implementation whether any of its reports accused it."""
    accused: dict[str, bool] = {}
    for line in lines:
        accused[line["name"]] = accused.get(line["name"], False) or line["verdict"] == "FAIL"
    return list(accused.values())


def upper_bound(count: int, of: int) -> float:
    """Return the one-sided 95 % bound of a share (Clopper and Pearson 1934)."""
    return float(stats.beta.ppf(0.95, count + 1, of - count)) if count < of else 1.0


def share(part: int, whole: int) -> str:
    """Return a share in per cent, or a dash."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def peers() -> str:
    """Return ours beside the other tools, each where it has a place for the implementation."""
    lines = [
        "| tool | finds, of those that it takes | of these we find | of all wrong ones | twins accused |",
        "| --- | --- | --- | --- | --- |",
    ]
    ours = {line["name"] for line in verdicts() if line["is_wrong"] and line["verdict"] == "FAIL"}
    every = answers()
    wrong = [line for line in every if line["is_wrong"]]
    for tool in dict.fromkeys(tool for line in every for tool in line["says"]):
        taken = [line for line in wrong if line["says"].get(tool) in ("PASS", "FAIL")]
        found = [line for line in taken if line["says"][tool] == "FAIL"]
        right = [line["says"].get(tool) for line in every if not line["is_wrong"]]
        right = [answer for answer in right if answer in ("PASS", "FAIL")]
        cells = (
            TOOLS.get(tool, tool),
            f"{len(found)} of {len(taken)} ({share(len(found), len(taken))})",
            f"{sum(line['name'] in ours for line in taken)}",
            share(len(found), len(wrong)),
            f"{right.count('FAIL')} of {len(right)}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    seen = sum(line["name"] in ours for line in wrong)
    lines.append(f"| `firstlight check` | {seen} of {len(wrong)} | {seen} | {share(seen, len(wrong))} | 0 |")
    return "\n".join(lines) + "\n"


def unseen() -> str:
    """Return how sets fared whose authors had not seen the checks, in their first run."""
    lines = ["| set | wrong ones | found | right ones | accused |", "| --- | --- | --- | --- | --- |"]
    for one in json.loads((RESULTS / "unseen.json").read_text(encoding="utf-8")):
        lines.append("| {set} | {wrong} | {found} | {right} | {accused} |".format(**one))
    return "\n".join(lines) + "\n"


def picture() -> str:
    """Return, as SVG, how many of the wrong ones are found in each kind: by us, and by accuracy alone."""
    ours, gate = Counter(), Counter()
    totals, taken = Counter(), Counter()
    for line in verdicts():
        if line["is_wrong"]:
            totals[line["kind"]] += 1
            ours[line["kind"]] += line["verdict"] == "FAIL"
    for line in answers():
        said = line["says"].get("accuracy gate")
        if line["is_wrong"] and said in ("PASS", "FAIL"):
            taken[line["kind"]] += 1
            gate[line["kind"]] += said == "FAIL"
    kinds = [kind for kind in KINDS if totals[kind]]
    height = TOP + ROW * len(kinds) + BOTTOM
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-label="Share of wrong implementations found, by kind">',
            f"<style>{STYLE}</style>",
            f'<text class="title" x="{LEFT}" y="18">Wrong implementations found (%)</text>',
            f'<rect class="ours" x="{LEFT}" y="28" width="12" height="9"/>'
            f'<text x="{LEFT + 18}" y="37">firstlight check</text>',
            f'<rect class="gate" x="{LEFT + 150}" y="28" width="12" height="9"/>'
            f'<text x="{LEFT + 168}" y="37">accuracy a point below the right twin (where it applies)</text>',
            *grid(height),
            *bars(kinds, ours, totals, gate, taken),
            "</svg>\n",
        ]
    )


def grid(height: int) -> Iterator[str]:
    """Yield the lines of the scale."""
    for tick in range(0, 101, 20):
        x = along(tick / 100)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - BOTTOM}"/>'
        yield f'<text x="{x:.1f}" y="{TOP - 10}" text-anchor="middle">{tick}</text>'


def bars(
    kinds: Sequence[str], ours: Counter, totals: Counter, gate: Counter, taken: Counter
) -> Iterator[str]:
    """Yield two bars a kind."""
    for number, kind in enumerate(kinds):
        y = TOP + ROW * number
        yield f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{kind}</text>'
        width = along(ours[kind] / totals[kind]) - LEFT
        yield f'<rect class="ours" x="{LEFT}" y="{y + 2}" width="{width:.1f}" height="10"/>'
        if taken[kind]:
            width = along(gate[kind] / taken[kind]) - LEFT
            yield f'<rect class="gate" x="{LEFT}" y="{y + 13}" width="{width:.1f}" height="7"/>'


def along(part: float) -> float:
    """Return the place of a share on the scale."""
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def page() -> str:
    """Return the page with the tables as they are now, each between its two marks."""
    text = PAGE.read_text(encoding="utf-8")
    parts = text.split(BEGIN)
    if len(parts) != 4:
        sys.exit(f"{PAGE} needs the mark {BEGIN.strip()} three times.")
    made = (table(), unseen(), peers())
    rest = (part.split(END, 1)[1] for part in parts[1:])
    return parts[0] + "".join(f"{BEGIN}{one}{END}{after}" for one, after in zip(made, rest, strict=True))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
