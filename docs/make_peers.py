"""Write the table of other tools into the README: ``python docs/make_peers.py``.

Every figure comes from the newest measurement that benchmarks/results keeps, of the same run and machine as
its peer's. What was not measured has no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS, PAGE = ROOT / "benchmarks" / "results", ROOT / "README.md"
MACHINE = "amd-epyc-2-cores"
BEGIN, END = "<!-- made by docs/make_peers.py -->\n\n", "\n<!-- end -->\n"


def measured(name: str, folder: Path | None = None) -> dict[str, Any] | None:
    """Return the newest results of a benchmark, or None where there are none."""
    for path in sorted(((folder or RESULTS) / MACHINE).glob("*.json"), reverse=True):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if name in kept:
            results: dict[str, Any] = kept[name]["results"]
            return results
    return None


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield peer, what was asked of both, ours, theirs, and the command that measures it."""
    if loader := measured("loader"):
        ours, theirs = (loader["timings"][name]["mean"] for name in ("firstlight", torchvision_name(loader)))
        asked = "one epoch of MNIST in batches of 64, shuffled and normalised"
        yield "torchvision", asked, f"{1000 * ours:.0f} ms", f"{theirs:.1f} s with DataLoader", "loader"
    if whole := measured("whole_process"):
        ours, theirs = (whole[name]["mean"] for name in ("firstlight train", "article"))
        asked = "a network of three layers, trained and tested, the whole process"
        yield (
            "torchvision",
            asked,
            f"{ours:.1f} s",
            f"{theirs:.1f} s for the article's program",
            "whole_process",
        )
    if keras := measured("against_keras"):
        asked = "a network of three layers, from data in memory to the last test prediction"
        ours, theirs = (trained(keras, name) for name in ("firstlight", "keras"))
        yield (
            "Keras on torch",
            asked,
            f"{ours}, recipe `mlp-fast`",
            f"{theirs}, the article's",
            "against_keras",
        )
    if audit := measured("audit cleanlab"):
        asked = f"{audit['ours']['planted']:,} wrong labels planted among MNIST's 60,000"
        yield "cleanlab", asked, found(audit["ours"]), found(audit["cleanlab"]), "audit cleanlab"
    if maps := measured("maps"):
        asked = "a map of 70,000 digits, first one of a process"
        one, other = maps["umap"]["our_umap"], maps["umap"]["umap_learn"]
        yield "umap-learn", asked, mapped(one), mapped(other), "maps"
        one, other = maps["tsne"]["our_tsne"], maps["tsne"]["open_tsne"]
        yield "openTSNE", asked.replace("a map", "a t-SNE map"), mapped(one), mapped(other), "maps"
    yield from litmus_rows()


def torchvision_name(loader: dict[str, Any]) -> str:
    """Return what the loader's benchmark calls torchvision's way."""
    return next(name for name in loader["timings"] if name.startswith("torchvision"))


def trained(results: dict[str, Any], name: str) -> str:
    """Return how long a training took, and what it reached."""
    return f"{results[name]['mean']:.1f} s: {100 * results['accuracy'][name]:.2f} %"


def found(one: dict[str, Any]) -> str:
    """Return how well planted labels were found, and how fast."""
    precision, recall = 100 * one["precision"], 100 * one["recall"]
    return f"{recall:.1f} % found, {precision:.1f} % of suspects wrong, {one['seconds']:.0f} s"


def mapped(one: dict[str, Any]) -> str:
    """Return how long a map took, and how well ten neighbours on it tell the digit."""
    return f"{one['seconds'][0]:.0f} s, {100 * one['accuracy']:.1f} % by neighbours"


def litmus_rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what a tool finds of the wrong implementations that it takes, and what we find of those."""
    answers = newest("litmus-peers.jsonl")
    ours = {line["name"] for line in newest("litmus.jsonl") if line["verdict"] == "FAIL"}
    tools = {"torchtest2": "torchtest2", "accuracy gate": "an accuracy gate of one point"}
    for tool, told in tools.items():
        taken = [line for line in answers if line["says"].get(tool) in ("PASS", "FAIL")]
        theirs = sum(line["says"][tool] == "FAIL" for line in taken)
        seen = sum(line["name"] in ours for line in taken)
        if taken:
            asked = f"{len(taken)} wrong implementations that it has a place for"
            yield told, asked, f"{seen} found", f"{theirs} found", "litmus --peers"


def newest(file: str) -> list[dict[str, Any]]:
    """Return the last line on each wrong implementation."""
    path = RESULTS / file
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in map(json.loads, lines) if line["is_wrong"]]
    return list({line["name"]: line for line in kept}.values())


def table() -> str:
    """Return the table in Markdown."""
    lines = ["| beside | what | firstlight | the other | `python -m benchmarks.` |", "|" + " --- |" * 5]
    lines += ["| " + " | ".join((*cells[:4], f"`{cells[4]}`")) + " |" for cells in rows()]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return the README, with the table between its two marks."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
