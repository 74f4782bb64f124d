"""`firstlight compare`: two runs on the same test images, or two recipes or sweeps over the same seeds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firstlight._errors import UsageError
from firstlight._settings import home
from firstlight.cli._output import JsonFlag, Output, QuietFlag, command
from firstlight.cli._run_data import DatasetOption, run_data

if TYPE_CHECKING:
    from firstlight.evaluation import RunComparison, Series, SeriesComparison
    from firstlight.training import Run

__all__ = ["compare", "compare_named"]

Side = Annotated[str, typer.Argument(help="A run (name, folder or `last`); or a recipe or sweep.")]


def compare(
    first: Side,
    second: Side,
    dataset: DatasetOption = None,
    validation: Annotated[
        bool,
        typer.Option(
            "--validation", help="Recipes, sweeps: compare validation accuracies, as one does to choose."
        ),
    ] = False,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Compare two runs, or two recipes or sweeps seed by seed.

    Two runs: the same test images (exact McNemar test), calibration, and where they disagree. Two recipes or
    sweeps: the seeds that both have (paired permutation test). SWEEP:key=value takes a sweep's runs with that
    setting.
    """
    with command(json=json, quiet=quiet) as out:
        compare_named(out, first, second, dataset=dataset, validation=validation)


def compare_named(
    out: Output, first: str, second: str, *, dataset: str | None = None, validation: bool = False
) -> None:
    """Compare two runs, or two series of runs, and print what came out.

    Raises
    ------
    UsageError
        One is a run and the other many, or the two cannot be compared.
    """
    from firstlight.evaluation import find_series

    runs = [name for name in (first, second) if _is_run(name)]
    if len(runs) == 1:
        many = second if runs[0] == first else first
        find_series(many, dataset=dataset)  # a name that nobody knows is told as such
        raise UsageError(
            f"{runs[0]} is one run and {many} is many. "
            "Compare a run with a run, or recipes and sweeps with such."
        )
    if runs and validation:
        raise UsageError("Two runs are compared on the test images; --validation is for recipes and sweeps.")
    if runs:
        _compare_runs(out, first, second, dataset)
    else:
        sides = (find_series(name, dataset=dataset) for name in (first, second))
        _compare_series(out, *sides, validation=validation)


def _is_run(name: str) -> bool:
    places = (Path(name), home() / "runs" / name)
    return name == "last" or any((place / "run.json").is_file() for place in places)


def _compare_runs(out: Output, first: str, second: str, dataset: str | None) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.cli._run_result import canvas
    from firstlight.evaluation import compare_runs
    from firstlight.reports import one_right_drawing, run_comparison_rows, run_verdict
    from firstlight.training import load_run

    one, two = load_run(first), load_run(second)
    train, test = run_data(out, one, dataset)
    result = compare_runs(one, two, train, test)
    out.print(f"first    {one.folder}", f"second   {two.folder}", "")
    rows = run_comparison_rows(result, one, two)
    out.print(aligned(rows, numbers=[1, 2]), "", run_verdict(result))
    reasons = {
        why for side in (result.first, result.second) if side.rescaling and (why := side.rescaling.reason)
    }
    out.say(*(f"No temperature: {reason}" for reason in sorted(reasons)))
    if result.one_right:
        out.print("", one_right_drawing(result.one_right, test, **canvas(out)))
    out.result(_run_fields(one, two, result))


def _compare_series(out: Output, first: Series, second: Series, *, validation: bool) -> None:
    from firstlight.cli._columns import aligned
    from firstlight.evaluation import compare_series
    from firstlight.reports import series_rows, series_verdict

    result = compare_series(first, second, measured="validation" if validation else None)
    rows = series_rows(result, (first.name, second.name))
    out.print(
        f"{result.measured} accuracy on {result.dataset}, {result.train_count:,} training images, "
        f"{len(result.seeds)} seeds that both have",
        "",
        aligned(rows, numbers=range(1, len(rows[0]))),
        "",
        series_verdict(result),
    )
    for series, count in zip((first, second), result.unpaired, strict=True):
        if count:
            out.say(f"{count} seeds of {series.name} have no partner and do not count.")
    if result.measured == "test":
        out.say("Nothing is chosen on the test set: to choose between the two, take --validation.")
    out.result(_series_fields(first, second, result))


def _run_fields(first: Run, second: Run, result: RunComparison) -> dict[str, Any]:
    from firstlight.cli._evaluation_fields import evaluation_fields

    return {
        "kind": "runs",
        "first": first.folder,
        "second": second.folder,
        **vars(result.comparison),
        "difference": result.comparison.difference,
        "evaluations": [evaluation_fields(result.first), evaluation_fields(result.second)],
        "one_right": [asdict(image) for image in result.one_right],
    }


def _series_fields(first: Series, second: Series, result: SeriesComparison) -> dict[str, Any]:
    from firstlight.cli._evaluation_fields import finite

    names = {"kind": "series", "names": [first.name, second.name]}
    return names | dict(finite(asdict(result)))
