"""Run folders: ``run.json``, ``model.safetensors``, ``predictions.safetensors``; made, read, listed.

While a run trains, and after it was killed or interrupted, ``checkpoint.safetensors`` lies there too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from firstlight._atomic import explained, write_file
from firstlight._errors import DataCorruptError, DataMissingError, UnknownNameError
from firstlight._settings import home
from firstlight.models import Ensemble
from firstlight.recipes import AnyRecipe, find_recipe
from firstlight.training._placement import placed
from firstlight.training._run import Run, RunRecord

__all__ = [
    "CHECKPOINT",
    "RECORD",
    "find_run",
    "list_runs",
    "load_run",
    "new_run_folder",
    "read_record",
    "runs_folder",
    "save_run",
    "spoken_name",
    "write_record",
]

RECORD, WEIGHTS, PREDICTIONS = "run.json", "model.safetensors", "predictions.safetensors"
CHECKPOINT = "checkpoint.safetensors"
LOGITS = ("test_logits", "validation_logits", "member_test_logits")


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
        Finished, interrupted or diverged.
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
    logits = {name: value.contiguous() for name in LOGITS if (value := getattr(run, name)) is not None}
    if logits:
        write_file(place / PREDICTIONS, save_tensors(logits))
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


def load_run(name: str | Path, *, recipe: AnyRecipe | None = None) -> Run:
    """Read a saved run, its model with the saved weights in it, on the CPU.

    `predict_logits` with ``run.precision`` then gives ``run.test_logits`` to the last bit, on the same
    machine with as many threads, if it was trained on a CPU.

    Parameters
    ----------
    name
        A folder, or the name of one below the home's ``runs``, or ``"last"``.
    recipe
        Makes the model; ``None`` looks it up by the name in the record.

    Raises
    ------
    UnknownNameError
        No such run; says the nearest name.
    DataMissingError, DataCorruptError
        A file of it is missing or damaged.
    """
    folder = find_run(name)
    record = read_record(folder)
    if record.status == "running" and not (folder / WEIGHTS).exists():
        raise DataMissingError(
            f"{folder} has no model yet: it is still being trained, or was killed. If it was killed, go on "
            f"with: firstlight train --resume {spoken_name(folder)}"
        )
    weights = _read_tensors(folder / WEIGHTS)
    chosen = recipe or find_recipe(record.recipe)
    model = chosen.model(record.image_shape, len(record.classes))
    if isinstance(model, Ensemble):  # of one that was interrupted, the members so far
        del model.members[len(record.members) :]
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise DataCorruptError(
            f"{folder / WEIGHTS} does not fit recipe {record.recipe!r}: {error}"
        ) from error
    placed(model, chosen, torch.device("cpu"))
    has_logits = record.test_count or (folder / PREDICTIONS).exists()
    logits = _read_tensors(folder / PREDICTIONS) if has_logits else {}
    return Run(model, record, folder=folder, **{name: logits.get(name) for name in LOGITS})


def spoken_name(folder: Path) -> str:
    """Return what names this run on the command line: its name below the home, else its path."""
    return folder.name if folder.parent == runs_folder() else str(folder)


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
