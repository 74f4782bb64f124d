"""`firstlight sweep`: a recipe from many seeds, with many settings, in many processes or machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight.cli._output import INTERRUPTED, JsonFlag, Output, QuietFlag, command

if TYPE_CHECKING:
    from firstlight.training import SweepResult

__all__ = ["sweep"]

FAILED = 1
FAILURES_TOLD = 5


def sweep(
    recipe: Annotated[str, typer.Argument(help="What to train; `firstlight train list` tells all.")] = "mlp",
    seeds: Annotated[int, typer.Option(help="How many runs, each from a seed of its own.")] = 10,
    first_seed: Annotated[int, typer.Option(help="The first seed; the others follow.")] = 0,
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="A data set's name, or the path of your own.")
    ] = "mnist",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=A,B,C", help="Values to try for a setting; may be given again."),
    ] = None,
    backend: Annotated[
        str, typer.Option(help="loky (processes of this machine), ray, dask or sequential.")
    ] = "loky",
    address: Annotated[str | None, typer.Option(help="Of the Ray head or the Dask scheduler.")] = None,
    jobs: Annotated[
        int | None, typer.Option(help="Runs under way at once; the default takes all cores.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="Threads in each run; the default shares the cores.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, cuda:1 or mps; the default chooses.")] = None,
    name: Annotated[
        str | None, typer.Option(help="Of the sweep's folder; the default names the plan.")
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", help="Keep the sweep below this folder; the default is the home's."),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Make runs again that failed before.")
    ] = False,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Train a recipe from many seeds; show mean and spread.

    Each finished run is kept at once. After Ctrl-C or a crash, the same command makes only what is missing.
    With several values of a setting, training images are held out and judged, and the test set is left alone.
    """
    options = {
        "seeds": seeds, "first_seed": first_seed, "backend": backend, "address": address, "jobs": jobs,
        "threads": threads, "device": device, "name": name,
    }  # fmt: skip
    with command(json=json, quiet=quiet) as out:
        _sweep(out, recipe, dataset, settings or [], options, parent=out_folder, retry_failed=retry_failed)


def _sweep(
    out: Output,
    recipe: str,
    dataset: str,
    settings: list[str],
    options: dict[str, Any],
    *,
    parent: Path | None,
    retry_failed: bool,
) -> None:
    from firstlight.cli._source_progress import drawn_events
    from firstlight.cli._sweep_progress import SweepDrawing
    from firstlight.datasets import load
    from firstlight.recipes import find_recipe
    from firstlight.training import SweepInterrupted, check_sweep, parse_grid, sweep

    options["grid"] = parse_grid(settings)
    check_sweep(find_recipe(recipe), **options)  # before the data: a typing error costs no download
    with drawn_events(out) as on_event:
        load(dataset, on_event=on_event)
    options |= {"dataset": dataset, "out": parent, "retry_failed": retry_failed}
    try:
        with SweepDrawing(out) as drawing:
            result = sweep(recipe, on_event=drawing, **options)
    except SweepInterrupted as stopped:
        _print(out, stopped.result, dataset)
        raise typer.Exit(INTERRUPTED) from None
    _print(out, result, dataset)
    if result.failures:
        raise typer.Exit(FAILED)


def _print(out: Output, result: SweepResult, dataset: str) -> None:
    from firstlight.reports import sweep_table

    out.print(sweep_table(result.groups, seeds=len(result.plan.seeds)), "", *_explained(result))
    for failure in result.failures[:FAILURES_TOLD]:
        out.print(f"Failed    {failure.task.key}: {failure.message}")
    if len(result.failures) > FAILURES_TOLD:
        out.print(
            f"          and {len(result.failures) - FAILURES_TOLD} more; see {result.folder / 'failed'}"
        )
    out.print(
        f"Workers   {result.workers}", f"Sweep     {result.folder}", "", "Next", _next_steps(result, dataset)
    )
    out.result(result.to_json())


def _explained(result: SweepResult) -> list[str]:
    lines = ["Accuracy on the test images. The interval says where the mean over all seeds lies."]
    if result.plan.validates:
        lines = [
            "Accuracy on held-out training images; nobody looked at the test images. Ranked, not chosen: the",
            "first of many is partly luck. Measure your choice on the test set once, with seeds of its own.",
        ]
    if result.missing:
        lines.append(f"Interrupted with {result.missing} runs to go. What is finished is kept.")
    return lines


def _next_steps(result: SweepResult, dataset: str) -> str:
    from firstlight.cli._columns import aligned

    plan = result.plan
    steps = []
    if result.missing:
        steps.append(("the same command", "make what is missing"))
    elif plan.validates:
        words = [
            "firstlight sweep",
            plan.recipe.name,
            *([] if dataset == "mnist" else ["--dataset", dataset]),
        ]
        words += [f"--set {name}={value}" for name, value in result.groups[0].settings]
        steps.append((" ".join([*words, f"--first-seed {plan.seeds[-1] + 1}"]), "test the first row"))
    else:
        steps.append(("the same command with more --seeds", "a narrower interval; these runs count"))
    if result.failures:
        steps.append(("the same command with --retry-failed", "make the failed runs again"))
    if result.runs:
        steps.append((f"firstlight runs {result.runs[0].folder}", "look at one run"))
    return aligned(steps, indent=2)
