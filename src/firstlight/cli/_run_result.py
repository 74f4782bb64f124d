"""What `firstlight train` says when a run has ended: the result, the report, what to do next."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from firstlight.cli._output import Output

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset
    from firstlight.training import Run, RunRecord

__all__ = ["canvas", "tell_result"]

MIXUPS_DRAWN = 3


def tell_result(out: Output, run: Run, images: ImageDataset, test: ImageDataset) -> None:
    """Write the report, print the result, say what to do next."""
    from firstlight.evaluation import evaluate_run
    from firstlight.reports import confusion_table, mixup_drawing, run_summary, write_run_page

    assert run.folder is not None, "the run was saved"
    evaluation = None if run.test_logits is None else evaluate_run(run, images, test)
    page = write_run_page(run, evaluation, test, run.folder / "report.html")
    if evaluation is None:
        out.say("Interrupted. The best weights so far are kept; the test set was not looked at.")
    out.print("", run_summary(run, evaluation), *_members(run.record), "")
    if evaluation is not None:
        out.print(confusion_table(evaluation, test.classes), "")
        for mixup in evaluation.worst_mixups(MIXUPS_DRAWN):
            out.print(mixup_drawing(mixup, evaluation, test, **canvas(out)), "")
    out.print(f"Run       {run.folder}", f"Report    {page}", "")
    out.print("Next", _next_steps(run))
    out.result(_fields(run))


def _members(record: RunRecord) -> list[str]:
    scores = [member.test_accuracy for member in record.members if member.test_accuracy is not None]
    if not scores:
        return []
    marks = (min(scores), max(scores), sum(scores) / len(scores))
    low, high, middle = (f"{100 * mark:.2f}" for mark in marks)
    return [f"Members         {len(scores)}, each alone {low} to {high} %, mean {middle} %"]


def _next_steps(run: Run) -> str:
    from firstlight.cli._columns import aligned
    from firstlight.training import spoken_name

    assert run.folder is not None, "the run was saved"
    steps = []
    if run.record.status == "interrupted":
        steps = [(f"firstlight train --resume {spoken_name(run.folder)}", "go on where it stopped")]
    steps += [
        ("open the report", "curves, confusion and the surest mistakes, in a browser"),
        *((words, "see how much another seed changes") for words in _another_seed(run.record)),
        ("firstlight runs", "list and compare your runs"),
        ("firstlight train list", "all recipes"),
    ]
    return aligned(steps, indent=2)


def _another_seed(record: RunRecord) -> list[str]:
    """Return the command for it, if recipe and data go by a name."""
    from firstlight.datasets import list_datasets
    from firstlight.recipes import RECIPES

    if record.recipe not in RECIPES or record.dataset not in {info.name for info in list_datasets()}:
        return []
    words = ["firstlight train", *([record.recipe] if record.recipe != "mlp" else [])]
    words += ["--dataset", record.dataset] if record.dataset != "mnist" else []
    return [" ".join([*words, "--seed", str(record.seed + 1)])]


def _fields(run: Run) -> dict[str, Any]:
    record = run.record
    keys = (
        "recipe", "dataset", "seed", "status", "test_accuracy", "test_correct", "test_count", "train_seconds",
        "test_seconds", "epochs", "parameters", "device", "device_reason", "precision", "settings",
        "resumes",
    )  # fmt: skip
    members = [asdict(member) for member in record.members]
    return {key: getattr(record, key) for key in keys} | {"members": members, "run_dir": run.folder}


def canvas(out: Output) -> dict[str, Any]:
    """Return how images can be drawn where the answer goes."""
    colour = out.has_blocks and out.has_colour
    return {"width": out.stdout.width, "colour": colour, "ascii_only": not out.has_blocks}
