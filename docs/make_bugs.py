"""Write docs/bugs.md and its curves: ``python docs/make_bugs.py`` (a minute and a half).

Trains docs/bugs/program.py, and the same with each bug of docs/bugs/bugs.toml in it, from three seeds, on the
55,000 images of MNIST's canonical split, and measures on its 5,000 validation images. Figures are kept in
docs/bugs/measured.json; ``--page`` writes the page from them again without training. Which check finds a bug
is read from benchmarks/results/litmus.jsonl. Needs the extra ``maps``, for matplotlib.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch

import firstlight as fl

DOCS = Path(__file__).parent
PAGE, MEASURED = DOCS / "bugs.md", DOCS / "bugs" / "measured.json"
PICTURES = DOCS / "pictures" / "bugs"
BANK = DOCS.parent / "benchmarks" / "bugbank"
FOUND = DOCS.parent / "benchmarks" / "results" / "litmus.jsonl"
PROGRAM = (DOCS / "bugs" / "program.py").read_text(encoding="utf-8")
BEGIN, END = "<!-- made by docs/make_bugs.py -->\n\n", "\n<!-- end -->\n"

SEEDS = (0, 1, 2)
MEASURE_EACH = 40  # steps
THIN = 6  # steps from one drawn loss to the next
RIGHT, WRONG, INK = "#44aa99", "#cc6677", "#7a818c"  # Tol's "muted", and a grey for white and for black


class Bug(NamedTuple):
    """One bug, as in docs/bugs/bugs.toml."""

    name: str
    title: str
    wrong: list[list[str]]
    shown: list[str]
    looks: str
    bank: str
    why: str = ""

    def program(self) -> str:
        """Return the program with this bug in it."""
        text = PROGRAM
        for before, after in self.wrong:
            assert text.count(before) == 1, f"{self.name}: {before!r} does not stand in the program once"
            text = text.replace(before, after)
        return text


class Curve(NamedTuple):
    """What one training looked like."""

    losses: list[float]
    steps: list[int]
    accuracies: list[float]


def bugs() -> list[Bug]:
    """Return every bug."""
    table = tomllib.loads((DOCS / "bugs" / "bugs.toml").read_text(encoding="utf-8"))
    return [Bug(**entry) for entry in table["bug"]]


def curve(program: str, images: int | None = None, *, seed: int) -> Curve:
    """Train by a program, and keep its losses and how well it reads the validation images."""
    learn, held = fl.load("mnist")[0].canonical_split()
    learn = learn[:images] if images else learn
    names: dict[str, Any] = {"MyAdam": bank_adam()}
    exec(compile(program, "program.py", "exec"), names)
    losses, steps, accuracies = [], [], []
    training = names["train"](learn.images, learn.labels, held.images, held.labels, seed)
    for step, loss, model in training:
        losses.append(loss)
        if step % MEASURE_EACH == 0:
            steps.append(step)
            accuracies.append(names["accuracy"](model, held.images, held.labels))
    steps.append(step)
    accuracies.append(names["accuracy"](model, held.images, held.labels))
    return Curve(losses, steps, accuracies)


def bank_adam() -> Any:
    """Return the Adam without bias correction that the checks were measured on."""
    spec = importlib.util.spec_from_file_location("adam", BANK / "optimizer/adam_without_bias_correction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Adam


def draw(right: list[Curve], wrong: list[Curve], path: Path) -> None:
    """Draw loss and accuracy of a bug beside the right ones: every seed, and their mean."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    grey = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
    settings = {"svg.fonttype": "none", "svg.hashsalt": path.stem, "font.size": 9}
    with mpl.rc_context({**settings, **dict.fromkeys(grey, INK)}):
        figure = Figure(figsize=(7.4, 2.5), layout="constrained")
        loss, accuracy = figure.subplots(1, 2)
        for curves, colour, style, name in ((right, RIGHT, "--", "right"), (wrong, WRONG, "-", "wrong")):
            line = {"color": colour, "linestyle": style}
            smooth = [smoothed(one.losses) for one in curves]
            means = [mean(values) for values in zip(*smooth, strict=True)][::THIN]
            loss.plot(range(0, THIN * len(means), THIN), means, lw=1.6, label=name, **line)
            for one in curves:
                accuracy.plot(one.steps, one.accuracies, lw=0.6, alpha=0.5, **line)
            means = [mean(values) for values in zip(*(one.accuracies for one in curves), strict=True)]
            accuracy.plot(curves[0].steps, means, lw=1.6, label=name, **line)
        everything = [value for one in right + wrong for value in smoothed(one.losses)]
        if max(everything) > 10:
            loss.set_yscale("log")
        least = min(value for one in right + wrong for value in one.accuracies[2:])
        accuracy.set_ylim(max(0, min(85, least - 2)), 100)
        loss.set(title="loss, mean of 20 batches", xlabel="step")
        accuracy.set(title="validation accuracy, %", xlabel="step")
        for axes in (loss, accuracy):
            axes.spines[["top", "right"]].set_visible(False)
            axes.grid(color=INK, alpha=0.2)
            axes.legend(frameon=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})


def smoothed(losses: list[float], width: int = 20) -> list[float]:
    """Return the mean of the last ``width`` losses at each step."""
    return [mean(losses[max(0, end - width) : end]) for end in range(1, len(losses) + 1)]


def mean(values: Any) -> float:
    """Return the mean."""
    return statistics.fmean(values)


def measure() -> dict[str, Any]:
    """Train everything, draw the curves, and return what is told of them."""
    torch.set_num_threads(1)
    right = [curve(PROGRAM, seed=seed) for seed in SEEDS]
    figures = {"right": ends(right)}
    for bug in bugs():
        wrong = [curve(bug.program(), seed=seed) for seed in SEEDS]
        draw(right, wrong, PICTURES / f"{bug.name}.svg")
        figures[bug.name] = ends(wrong)
    return {"torch": torch.__version__, "seeds": len(SEEDS), "ends": figures}


def ends(curves: list[Curve]) -> dict[str, list[float]]:
    """Return what is left at the end of each training: accuracy, and the mean loss of the last 20 batches."""
    return {
        "accuracy": [round(one.accuracies[-1], 2) for one in curves],
        "loss": [round(smoothed(one.losses)[-1], 3) for one in curves],
    }


def page(measured: dict[str, Any]) -> str:
    """Return the page, with what was measured between its two marks."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table(measured)}\n{''.join(sections(measured))}{END}{after}"


def loudest_first(measured: dict[str, Any]) -> list[Bug]:
    """Return the bugs by how much accuracy they cost."""
    return sorted(bugs(), key=lambda bug: mean(measured["ends"][bug.name]["accuracy"]))


def table(measured: dict[str, Any]) -> str:
    """Return all bugs in one table."""
    lines = ["| bug | accuracy at the end | loss at the end | found by |", "| --- | --- | --- | --- |"]
    lines.append(f"| none | {told(measured['ends']['right'])} | |")
    for bug in loudest_first(measured):
        family = f"{finding(bug)['diagnosis']}" if bug.bank else "no check"
        link = bug.title.lower().replace(",", "").replace("()", "").replace("(", "").replace(")", "")
        lines.append(
            f"| [{bug.title}](#{link.replace(' ', '-')}) | {told(measured['ends'][bug.name])} | {family} |"
        )
    version, seeds = measured["torch"], measured["seeds"]
    note = f"Validation accuracy in percent, and mean loss of the last 20 batches: mean of {seeds} seeds"
    return "\n".join([*lines, "", f"{note} (standard deviation), torch {version}.", ""])


def told(end: dict[str, list[float]]) -> str:
    """Return mean and spread of accuracy and loss as two cells."""
    accuracy, loss = end["accuracy"], end["loss"]
    return f"{mean(accuracy):.2f} ({statistics.stdev(accuracy):.2f}) | {mean(loss):.3f}"


def sections(measured: dict[str, Any]) -> Iterator[str]:
    """Yield a section for each bug."""
    right = mean(measured["ends"]["right"]["accuracy"])
    for bug in loudest_first(measured):
        lost = mean(measured["ends"][bug.name]["accuracy"]) - right
        before, after = (
            "".join(f"{sign} {line}\n" for line in text.splitlines())
            for sign, text in zip("-+", bug.shown, strict=True)
        )
        yield f"\n## {bug.title}\n\n```diff\n{before}{after}```\n\n"
        yield f"![Loss and accuracy with the bug, beside the right ones](pictures/bugs/{bug.name}.svg)\n\n"
        yield f"{bug.looks} Here: {lost:+.2f} points.\n\n{found_by(bug)}\n"


def found_by(bug: Bug) -> str:
    """Return which check says what of the bug, as measured on the bank."""
    if not bug.bank:
        return f"**No check finds it**: {bug.why}"
    row = finding(bug)
    return (
        f"**Found by** `firstlight check --kind {row['kind']}`, family {row['diagnosis']}, "
        f"by {', '.join(row['failed'])} ([a file that has it](../benchmarks/bugbank/{bug.bank}))."
    )


def finding(bug: Bug) -> dict[str, Any]:
    """Return what the litmus test said of the bug's file in the bank."""
    for line in FOUND.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if row["name"].split(":")[0] == bug.bank:
            assert row["verdict"] == "FAIL"
            return row
    raise LookupError(f"{bug.bank} is not in {FOUND.name}")


def main() -> None:
    """Measure, unless only the page is wanted, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--page", action="store_true", help="write the page again, from what was measured")
    if not parser.parse_args().page:
        MEASURED.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(MEASURED.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
