"""`firstlight` alone: what is here and what to do next, in one screen and without loading torch."""

from __future__ import annotations

import json as json_format
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firstlight._settings import home
from firstlight.cli._output import command

__all__ = ["front_page", "latest_runs"]

LATEST = 5
NEXT_STEPS = (
    ("firstlight train", "train the three-layer network on MNIST, a few seconds"),
    ("firstlight data show mnist", "look at the first ten digits"),
    ("firstlight data list", "all data sets, and which are here"),
    ("firstlight --help", "all commands"),
)


@dataclass(frozen=True)
class RunLine:
    """What the front page tells of a run."""

    folder: Path
    recipe: str
    dataset: str
    test_accuracy: float | None
    finished: str


def front_page(*, version: bool, json: bool, quiet: bool) -> None:
    """Print the front page, or only the version."""
    import firstlight

    with command(json=json, quiet=quiet) as out:
        fields: dict[str, Any] = {"version": firstlight.__version__}
        if version:
            out.print(f"firstlight {firstlight.__version__}")
        out.result(fields)


def latest_runs(folder: Path, *, count: int = LATEST) -> list[RunLine]:
    """Read the newest run.json files, newest first; what cannot be read is left out.

    Examples
    --------
    >>> latest_runs(Path("no/such/folder"))
    []
    """
    files = sorted(folder.glob("*/run.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    lines = (_run_line(file) for file in files[: 2 * count])
    return [line for line in lines if line is not None][:count]


def _run_line(file: Path) -> RunLine | None:
    try:
        record = json_format.loads(file.read_bytes())
        accuracy = record.get("test_accuracy")
        return RunLine(
            folder=file.parent,
            recipe=str(record.get("recipe", "?")),
            dataset=str(record.get("dataset", "?")),
            test_accuracy=float(accuracy) if accuracy is not None else None,
            finished=str(record.get("finished") or "")[:16].replace("T", " "),
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None
