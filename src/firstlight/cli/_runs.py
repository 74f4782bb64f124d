"""`firstlight runs`: list the runs, look at one, or compare two on the same test images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._compare import compare_named
from firstlight.cli._output import JsonFlag, Output, QuietFlag, command
from firstlight.cli._run_data import run_data
from firstlight.cli._run_status import resume_hint, status_words

if TYPE_CHECKING:
    from pathlib import Path

    from firstlight.evaluation import Evaluation
    from firstlight.training import Run, RunRecord

__all__ = ["runs"]


def runs(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="None lists all runs; one shows it; two compares them. `last` is the newest."),
    ] = None,
    top: Annotated[int, typer.Option(help="How many to list, the newest first.")] = 20,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """List, show or compare the runs that `firstlight train` kept."""
    with command(json=json, quiet=quiet) as out:
        if not names:
            _list(out, top)
        elif len(names) == 1:
            _show(out, names[0])
        elif len(names) == 2:
            compare_named(out, names[0], names[1])
        else:
            raise typer.BadParameter(f"Give no run, one or two; got {len(names)}.")


def _list(out: Output, top: int) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.training import list_runs

    found = list_runs()[:top]
    if found:
        head = ("run", "recipe", "data set", "seed", "test", "training", "status")
        out.print(aligned([head, *(_row(folder, record) for folder, record in found)], numbers=[3, 4, 5]))
        out.print("", "Compare two: firstlight compare NAME NAME")
        if hint := next(filter(None, (resume_hint(*each) for each in found)), None):
            out.print(f"Go on with one that was cut off: {hint}")
    else:
        out.print("No runs yet. Make one with: firstlight train")
    out.result({"runs": [_fields(folder, record) for folder, record in found]})


def _row(folder: Path, record: RunRecord) -> tuple[str, ...]:
    score = "" if record.test_accuracy is None else f"{100 * record.test_accuracy:.2f} %"
    seconds = f"{record.train_seconds:.2f} s"
    status = status_words(folder, record)
    return (folder.name, record.recipe, record.dataset, str(record.seed), score, seconds, status)


def _fields(folder: Path, record: RunRecord) -> dict[str, Any]:
    keys = (
        "recipe", "dataset", "seed", "status", "test_accuracy", "train_seconds", "epochs", "step", "steps",
        "device", "started", "finished", "settings",
    )  # fmt: skip
    return {"run_dir": folder, "resume": resume_hint(folder, record)} | {
        key: getattr(record, key) for key in keys
    }


def _show(out: Output, name: str) -> None:
    from firstlight.reports import run_summary
    from firstlight.training import load_run

    run = load_run(name)
    assert run.folder is not None, "a loaded run knows its folder"
    record = run.record
    out.print(
        f"{record.recipe} on {record.dataset}, seed {record.seed}, {record.status} {record.finished or ''}"
    )
    out.print(run_summary(run, _evaluation(out, run)), f"Run             {run.folder}")
    out.result({"run_dir": run.folder, **record.to_json()})


def _evaluation(out: Output, run: Run) -> Evaluation | None:
    from firstlight._errors import UsageError
    from firstlight.evaluation import evaluate_run

    if run.test_logits is None:
        return None
    try:
        return evaluate_run(run, *run_data(out, run))
    except UsageError as error:  # the run can be shown without its images
        out.say(str(error))
        return None
