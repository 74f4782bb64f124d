"""`firstlight runs`: list the runs, look at one, or compare two on the same test images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from pathlib import Path

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
            _compare(out, names[0], names[1])
        else:
            raise typer.BadParameter(f"Give no run, one or two; got {len(names)}.")


def _list(out: Output, top: int) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.training import list_runs

    found = list_runs()[:top]
    if found:
        head = ("run", "recipe", "data set", "seed", "test", "training", "status")
        out.print(aligned([head, *(_row(folder, record) for folder, record in found)], numbers=[3, 4, 5]))
        out.print("", "Compare two: firstlight runs NAME NAME")
    else:
        out.print("No runs yet. Make one with: firstlight train")
    out.result({"runs": [_fields(folder, record) for folder, record in found]})


def _row(folder: Path, record: RunRecord) -> tuple[str, ...]:
    score = "" if record.test_accuracy is None else f"{100 * record.test_accuracy:.2f} %"
    seconds = f"{record.train_seconds:.2f} s"
    return (folder.name, record.recipe, record.dataset, str(record.seed), score, seconds, record.status)


def _fields(folder: Path, record: RunRecord) -> dict[str, Any]:
    keys = (
        "recipe", "dataset", "seed", "status", "test_accuracy", "train_seconds", "epochs", "device",
        "started", "finished", "settings",
    )  # fmt: skip
    return {"run_dir": folder} | {key: getattr(record, key) for key in keys}


def _show(out: Output, name: str) -> None:
    from firstlight.reports import run_summary
    from firstlight.training import load_run

    run = load_run(name)
    assert run.folder is not None, "a loaded run knows its folder"
    record = run.record
    out.print(
        f"{record.recipe} on {record.dataset}, seed {record.seed}, {record.status} {record.finished or ''}"
    )
    out.print(run_summary(run, _evaluation(run)), f"Run             {run.folder}")
    out.result({"run_dir": run.folder, **record.to_json()})


def _evaluation(run: Run) -> Any:
    from firstlight.datasets import load
    from firstlight.evaluation import evaluate

    if run.test_logits is None:
        return None
    _, test = load(run.record.dataset)
    return evaluate(run.test_logits, test.labels)


def _compare(out: Output, first: str, second: str) -> None:
    from firstlight._errors import UsageError
    from firstlight.datasets import load
    from firstlight.evaluation import compare
    from firstlight.training import load_run

    one, two = load_run(first), load_run(second)
    if one.record.dataset != two.record.dataset:
        raise UsageError(
            f"Two runs are compared on the same test images; "
            f"got {one.record.dataset} and {two.record.dataset}."
        )
    for run in (one, two):
        if run.test_logits is None:
            raise UsageError(f"{run.folder} was {run.record.status}: it has no test predictions to compare.")
    assert one.test_logits is not None, "checked above"
    assert two.test_logits is not None, "checked above"
    _, test = load(one.record.dataset)
    result = compare(one.test_logits, two.test_logits, test.labels)
    out.print(
        f"first    {one!r}",
        f"second   {two!r}",
        "",
        f"Both right {result.both:,}; only the first {result.only_first:,}; "
        f"only the second {result.only_second:,}; neither {result.neither:,}.",
        f"Difference {100 * result.difference:+.2f} points; exact McNemar p = {result.p_value:.3g}.",
        _verdict(result.p_value),
    )
    out.result({"first": one.folder, "second": two.folder, **vars(result), "difference": result.difference})


def _verdict(p_value: float) -> str:
    if p_value < 0.01:
        return "These two models differ. Whether their recipes do takes many seeds."
    return "These two models cannot be told apart on these images."
