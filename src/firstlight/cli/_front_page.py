"""`firstlight` alone: what is here and what to do next, in one screen and without loading torch."""

from __future__ import annotations

import json as json_format
from dataclasses import asdict, dataclass
from pathlib import Path

from firstlight._settings import home
from firstlight.cli._columns import aligned
from firstlight.cli._output import command
from firstlight.cli._sizes import size_text

__all__ = ["front_page", "here", "latest_runs", "print_version"]

LATEST_RUNS = 5


@dataclass(frozen=True)
class Here:
    """How much of a data set lies in the cache."""

    dataset: str
    cached_files: int
    files: int
    size_bytes: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing needs to be fetched."""
        return self.cached_files == self.files


@dataclass(frozen=True)
class RunLine:
    """What the front page tells of a run."""

    run_dir: Path
    recipe: str
    dataset: str
    test_accuracy: float | None
    finished: str


def front_page(*, json: bool = False, quiet: bool = False) -> None:
    """Print which data sets are cached, the latest runs, and what to do next."""
    from firstlight import __version__

    with command(json=json, quiet=quiet) as out:
        folder = home()
        data, runs = here(folder / "datasets"), latest_runs(folder / "runs")
        # By hand: the datasets package would tell, but it waits for torch.
        imported = sorted(file.parent.name for file in folder.glob("imported/[!.]*/dataset.json"))
        out.print(f"firstlight {__version__}: MNIST made a first-class instrument", "")
        out.print(f"Data sets in {folder / 'datasets'}", _data_text(data, imported), "")
        out.print(*(["Latest runs", _runs_text(runs)] if runs else ["No runs yet"]), "")
        out.print("Next", _next_text(data, runs))
        out.result(
            {
                "version": __version__,
                "home": folder,
                "datasets": [{**asdict(line), "is_complete": line.is_complete} for line in data],
                "imported": imported,
                "runs": [asdict(line) for line in runs],
            }
        )


def print_version(*, json: bool = False, quiet: bool = False) -> None:
    """Print the version of firstlight."""
    from firstlight import __version__

    with command(json=json, quiet=quiet) as out:
        out.print(f"firstlight {__version__}")
        out.result({"version": __version__})


def here(folder: Path) -> list[Here]:
    """Count the files of each data set in the cache, by name and size alone: nothing is hashed.

    Examples
    --------
    >>> here(Path("no/such/folder"))[0]
    Here(dataset='mnist', cached_files=0, files=4, size_bytes=0)
    """
    from firstlight.sources import REGISTRY

    lines = []
    for dataset, files in REGISTRY.items():
        paths = [folder / dataset / member.name for file in files for member in file.members]
        sizes = [path.stat().st_size for path in paths if path.is_file()]
        lines.append(Here(dataset, len(sizes), len(paths), sum(sizes)))
    return lines


def latest_runs(folder: Path, *, count: int = LATEST_RUNS) -> list[RunLine]:
    """Read the newest run.json files, newest first; a file that cannot be read is left out.

    Examples
    --------
    >>> latest_runs(Path("no/such/folder"))
    []
    """
    files = sorted(folder.glob("*/run.json"), key=_written, reverse=True)
    lines = (_run_line(file) for file in files[: 2 * count])
    return [line for line in lines if line is not None][:count]


def _written(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:  # removed since the folder was listed
        return 0


def _run_line(file: Path) -> RunLine | None:
    try:
        record = json_format.loads(file.read_bytes())
        accuracy = record.get("test_accuracy")
        return RunLine(
            run_dir=file.parent,
            recipe=str(record.get("recipe", "?")),
            dataset=str(record.get("dataset", "?")),
            test_accuracy=None if accuracy is None else float(accuracy),
            finished=str(record.get("finished") or ""),
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _data_text(lines: list[Here], imported: list[str]) -> str:
    rows = []
    for line in lines:
        part = f"{line.cached_files} of {line.files} files" if line.cached_files else "not here"
        size = size_text(line.size_bytes) if line.cached_files else ""
        rows.append((line.dataset, "ready" if line.is_complete else part, size))
    rows += [(name, "ready", "imported") for name in imported]
    return aligned(rows, indent=2)


def _runs_text(runs: list[RunLine]) -> str:
    rows = []
    for run in runs:
        accuracy = "unfinished" if run.test_accuracy is None else f"{run.test_accuracy:.2%}"
        rows.append((f"{run.recipe} on {run.dataset}", accuracy, run.finished[:16].replace("T", " ")))
    return aligned(rows, numbers=[1], indent=2)


def _next_text(data: list[Here], runs: list[RunLine]) -> str:
    steps = [("firstlight train", "train the three-layer network on MNIST, in seconds")]
    if not any(line.is_complete for line in data):
        steps.insert(0, ("firstlight data get mnist", "fetch MNIST, 12 MB; training does so by itself too"))
    if runs:
        steps.append(("firstlight runs", "list and compare your runs"))
    steps.append(("firstlight data show mnist", "look at the first ten digits"))
    steps.append(("firstlight check my.py:MyAdam --like adam", "is your own implementation right?"))
    steps.append(("firstlight --help", "all commands"))
    return aligned(steps, indent=2)
