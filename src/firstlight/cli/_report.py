"""`firstlight report`: write a run's page again, from what the run kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from firstlight.cli._output import JsonFlag, QuietFlag, command
from firstlight.cli._run_data import DatasetOption, run_data

__all__ = ["report"]


def report(
    name: Annotated[str, typer.Argument(help="A run: its name, its folder, or `last`.")] = "last",
    dataset: DatasetOption = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write to this file; the default is the run's report.html.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Write the page of a kept run again, from what it kept.

    The page needs no network and no script: curves, confusion, classes, calibration, disputed labels and the
    surest mistakes. Nothing is trained, and no test image is looked at again.
    """
    with command(json=json, quiet=quiet) as out:
        from firstlight.cli._evaluation_fields import evaluation_fields
        from firstlight.evaluation import evaluate_run
        from firstlight.reports import run_summary, write_run_page
        from firstlight.training import load_run

        run = load_run(name)
        assert run.folder is not None, "a loaded run knows its folder"
        train, test = run_data(out, run, dataset)
        evaluation = None if run.test_logits is None else evaluate_run(run, train, test)
        page = write_run_page(run, evaluation, test, out_file or run.folder / "report.html").resolve()
        out.print(run_summary(run, evaluation), f"Report          {page}")
        if show:
            typer.launch(page.as_uri())
        told = None if evaluation is None else evaluation_fields(evaluation)
        out.result({"run_dir": run.folder, "report": page, "evaluation": told})
