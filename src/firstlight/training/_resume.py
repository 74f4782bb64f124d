"""`resume`: go on with a run that was killed or interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets import ImageDataset, load
from firstlight.recipes import AnyRecipe, rebuilt_recipe
from firstlight.training._beginning import check_resumable
from firstlight.training._events import Event
from firstlight.training._folder import find_run, read_record
from firstlight.training._keeper import CHECKPOINT_SECONDS
from firstlight.training._plan import TrainingPlan
from firstlight.training._run import Run, RunRecord
from firstlight.training._train import carry_out

__all__ = ["ResumableRun", "resumable_run", "resume"]


class ResumableRun(NamedTuple):
    """A run that was cut off: where it lies, how far it came, what it trains."""

    folder: Path
    record: RunRecord
    recipe: AnyRecipe


def resume(
    run: str | Path = "last",
    *,
    recipe: AnyRecipe | None = None,
    dataset: tuple[ImageDataset, ImageDataset] | None = None,
    device: str | torch.device | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    on_event: Callable[[Event], None] | None = None,
) -> Run:
    """Go on with a run that was killed or interrupted, from its last checkpoint to the end.

    On a CPU with the same number of threads and the same versions, the weights are those of a run that was
    never cut off, bit for bit. Where device, precision, threads, processor or versions have changed, it goes
    on all the same; the `Resumed` event and the record say what has changed. A run that was killed before its
    first checkpoint begins anew.

    Parameters
    ----------
    run
        A folder, or the name of one below the home's ``runs``, or ``"last"``, the newest.
    recipe
        Of a run whose recipe is your own: that recipe. ``None`` rebuilds it from the record.
    dataset
        The data it was trained on, as `load` gave it; ``None`` loads it by the name in the record.
    device
        ``None`` takes what it was trained on.
    checkpoint_seconds, on_event
        As `train` takes them.

    Returns
    -------
    Run
        Finished, and kept in its folder.

    Raises
    ------
    UnknownNameError, DataMissingError
        There is no such run.
    UsageError
        It is finished, another process is training it, or recipe or data are not those it began with.
    DataCorruptError
        Its checkpoint is damaged or of another format; nothing was changed.
    """
    folder, record, chosen = resumable_run(run, recipe=recipe)
    images, test = dataset or load(record.dataset)
    images, validation = images.canonical_split() if record.validation_count else (images, None)
    place = device or record.device or None
    plan = TrainingPlan(chosen, images, validation, test, record.seed, place, on_event or (lambda _: None))
    return carry_out(plan, folder, checkpoint_seconds=checkpoint_seconds, resumes=True)


def resumable_run(run: str | Path = "last", *, recipe: AnyRecipe | None = None) -> ResumableRun:
    """Look up a run that can be resumed; reads its record, and neither data nor checkpoint.

    Raises
    ------
    UnknownNameError, DataMissingError
        There is no such run.
    UsageError
        It has come to its end, or its recipe is another one by now.
    """
    folder = find_run(run)
    record = read_record(folder)
    check_resumable(record, folder)
    return ResumableRun(folder, record, recipe or _recipe(record, folder))


def _recipe(record: RunRecord, folder: Path) -> AnyRecipe:
    try:
        return rebuilt_recipe(record.recipe, record.settings)
    except UnknownNameError as error:
        raise UsageError(
            f"{folder} was trained by {record.recipe!r}, a recipe of your own. Resume it in Python: "
            "firstlight.training.resume(run, recipe=...)"
        ) from error
