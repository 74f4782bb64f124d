"""Run folders: ``run.json``, ``model.safetensors``, ``predictions.safetensors``; made, read, listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from firstlight._atomic import explained, write_file
from firstlight._errors import DataCorruptError, DataMissingError, UnknownNameError
from firstlight._settings import home
from firstlight.recipes import find_recipe
from firstlight.training._run import Run, RunRecord

__all__ = ["list_runs", "load_run", "new_run_folder", "read_record", "runs_folder", "save_run"]

RECORD, WEIGHTS, PREDICTIONS = "run.json", "model.safetensors", "predictions.safetensors"


def runs_folder() -> Path:
    """Where runs are kept: ``runs`` below the home."""
    return home() / "runs"


def new_run_folder(recipe: str, dataset: str, seed: int, *, parent: Path | None = None) -> Path:
    """Make an empty folder for one run, named by time, recipe, data set and seed; never one that exists.

    Raises
    ------
    CacheError
        It cannot be made; says why and what cures it.
    """
    base = (parent or runs_folder()) / f"{datetime.now():%Y%m%d-%H%M%S}-{recipe}-{Path(dataset).name}-{seed}"
    with explained(base):
        base.parent.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            folder = base if number == 1 else base.with_name(f"{base.name}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    raise AssertionError("count() never ends")


def save_run(run: Run, folder: Path | None = None) -> Run:
    """Write a run's files; each appears whole or not at all, ``run.json`` last.

    Parameters
    ----------
    run
        Finished or interrupted.
    folder
        An existing folder; ``None`` makes a new one below the home.

    Returns
    -------
    Run
        The same run, which now knows its folder.

    Raises
    ------
    CacheError
        The disk refuses.
    """
    record = run.record
    place = folder or new_run_folder(record.recipe, record.dataset, record.seed)
    weights = {name: value.cpu().contiguous() for name, value in run.model.state_dict().items()}
    write_file(place / WEIGHTS, save_tensors(weights, {"recipe": record.recipe}))
    if run.test_logits is not None:
        write_file(place / PREDICTIONS, save_tensors({"test_logits": run.test_logits}))
    write_record(record, place)
    return replace(run, folder=place)


def write_record(record: RunRecord, folder: Path) -> None:
    """Write ``run.json``."""
    write_file(folder / RECORD, json.dumps(record.to_json(), indent=1) + "\n")


def read_record(folder: Path) -> RunRecord:
    """Read ``run.json``.

    Raises
    ------
    DataMissingError
        The folder holds no run.
    DataCorruptError
        It is not what we write.
    """
    path = folder / RECORD
    try:
        fields = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise DataMissingError(f"{folder} holds no run: it has no {RECORD}.") from error
    except ValueError as error:
        raise DataCorruptError(f"{path} is damaged: {error}. Train again.") from error
    if not isinstance(fields, dict):
        raise DataCorruptError(f"{path} is no record of a run: it holds a {type(fields).__name__}.")
    return RunRecord.from_json(fields, source=str(path))


def list_runs(parent: Path | None = None) -> tuple[tuple[Path, RunRecord], ...]:
    """Return every readable run below a folder (the home's by default), newest first.

    Folders without a record, or with a damaged one, are left out.
    """
    return tuple(_readable(parent or runs_folder()))


def _readable(parent: Path) -> Iterator[tuple[Path, RunRecord]]:
    folders = sorted(parent.iterdir(), reverse=True) if parent.is_dir() else []
    for folder in folders:
        try:
            yield folder, read_record(folder)
        except (DataMissingError, DataCorruptError, NotADirectoryError):
            continue


def load_run(name: str | Path) -> Run:
    """Read a saved run, its model with the saved weights in it.

    Parameters
    ----------
    name
        A folder, or the name of one below the home's ``runs``, or ``"last"``.

    Raises
    ------
    UnknownNameError
        No such run; says the nearest name.
    DataMissingError, DataCorruptError
        A file of it is missing or damaged.
    """
    folder = find_run(name)
    record = read_record(folder)
    weights = _read_tensors(folder / WEIGHTS)
    model = find_recipe(record.recipe).model(record.image_shape, len(record.classes))
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise DataCorruptError(
            f"{folder / WEIGHTS} does not fit recipe {record.recipe!r}: {error}"
        ) from error
    logits = _read_tensors(folder / PREDICTIONS).get("test_logits") if record.test_count else None
    return Run(model, record, logits, folder)


def find_run(name: str | Path) -> Path:
    """Return the folder of a run given by path, by name, or as ``"last"``."""
    if Path(name).is_dir() and (Path(name) / RECORD).exists():
        return Path(name)
    names = [folder.name for folder, _ in list_runs()]
    if name == "last" and names:
        return runs_folder() / names[0]
    if str(name) not in names:
        if not names:
            raise DataMissingError("There is no run yet. Make one with: firstlight train")
        raise UnknownNameError("run", str(name), names[:20])
    return runs_folder() / str(name)


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_tensors(path.read_bytes())
    except FileNotFoundError as error:
        raise DataMissingError(
            f"{path} is missing. The run was not finished, or the file was moved."
        ) from error
    except SafetensorError as error:
        raise DataCorruptError(f"{path} is damaged: {error}. Train again.") from error
