"""`train`: data set, recipe, loop and the one look at the test set, composed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import torch

from firstlight._atomic import explained
from firstlight._device import choose_device
from firstlight._errors import RunNotKeptError, TrainingDivergedError, UsageError
from firstlight._seeds import check_seed
from firstlight.datasets import ImageDataset, load
from firstlight.recipes import AnyRecipe, EnsembleRecipe, EstimatorRecipe, adjusted, find_recipe
from firstlight.training._events import Event
from firstlight.training._folder import RECORD
from firstlight.training._keeper import CHECKPOINT_SECONDS, Keeper
from firstlight.training._plan import TrainingPlan
from firstlight.training._run import Run
from firstlight.training._run_lock import run_lock
from firstlight.training._train_ensemble import train_ensemble
from firstlight.training._train_estimator import train_estimator
from firstlight.training._train_network import train_network

__all__ = ["carry_out", "train"]


def train(
    recipe: str | AnyRecipe = "mlp",
    *,
    dataset: str | Path | tuple[ImageDataset, ImageDataset] = "mnist",
    seed: int = 0,
    epochs: float | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    weight_decay: float | None = None,
    label_smoothing: float | None = None,
    validate: bool = False,
    device: str | torch.device | None = None,
    folder: str | Path | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    on_event: Callable[[Event], None] | None = None,
) -> Run:
    """Train a recipe on a data set and look at the test set once, at the end.

    Writes nothing to disk, unless a folder is given. Does not choose anything on the test set: the weights of
    the last step are the result.

    Parameters
    ----------
    recipe
        A name, or a `Recipe`, `EnsembleRecipe` or `EstimatorRecipe` of your own.
    dataset
        What `load` takes, or the pair that it gives.
    seed
        Decides the first weights, the order of the images and their augmentation.
    epochs, batch_size, learning_rate, weight_decay, label_smoothing
        Change these settings of the recipe; ``None`` keeps them. Of an ensemble, every member's.
    validate
        Hold out the canonical validation images (5,000 of MNIST's 60,000), judge them after each epoch,
        and train on the rest. For choosing settings; the default trains on everything.
    device
        ``None`` takes a GPU if there is one.
    folder
        Keeps the run there, from the start: killed, it can be resumed (`resume`). Made if it is not there.
    checkpoint_seconds
        Writes a checkpoint to the folder at least so often, but never at more than 2 % of the time; 0 writes
        one at each step, whatever that costs.
    on_event
        Called with each event, to draw progress.

    Returns
    -------
    Run
        ``.test_accuracy``, ``.train_seconds``, ``.model``, ``.history``, ``.record``.

    Raises
    ------
    UnknownNameError
        No such recipe or data set.
    UsageError
        A setting that cannot mean anything.
    DataError
        The data cannot be had.
    TrainingInterrupted
        Ctrl-C; its ``run`` holds the best weights so far.
    TrainingDivergedError
        A loss or a weight is no finite number; its ``run`` holds the last good weights.
    CacheError
        The folder cannot be written to. If that is seen only when the run has ended, it is a
        `RunNotKeptError`, whose ``run`` holds everything.

    Examples
    --------
    >>> import firstlight as fl
    >>> run = fl.train("mlp-fast", dataset="mnist", seed=0)
    >>> run.test_accuracy > 0.965
    True
    """
    chosen = adjusted(
        find_recipe(recipe) if isinstance(recipe, str) else recipe,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        label_smoothing=label_smoothing,
    )
    check_seed(seed)
    choose_device(device)  # before the data: an impossible device costs no download
    place = None if folder is None else _new_folder(Path(folder))
    images, test = dataset if isinstance(dataset, tuple) else load(dataset)
    images, validation = images.canonical_split() if validate else (images, None)
    plan = TrainingPlan(chosen, images, validation, test, seed, device, on_event or (lambda _: None))
    return carry_out(plan, place, checkpoint_seconds=checkpoint_seconds)


def carry_out(
    plan: TrainingPlan, folder: Path | None, *, checkpoint_seconds: float, resumes: bool = False
) -> Run:
    """Train as planned, the way that kind of recipe is trained; keep the run in a folder, if there is one."""
    if not checkpoint_seconds >= 0:
        raise UsageError(f"checkpoint_seconds is a number of at least 0; got {checkpoint_seconds!r}.")
    keeper = Keeper(folder, plan.images, seconds=checkpoint_seconds, resumes=resumes, tell=plan.on_event)
    with run_lock(folder) if folder else nullcontext():
        try:
            return _trained(plan, keeper)
        except (RunNotKeptError, TrainingDivergedError):
            raise
        except Exception:
            keeper.forget()
            raise


def _trained(plan: TrainingPlan, keeper: Keeper) -> Run:
    if isinstance(plan.recipe, EnsembleRecipe):
        return train_ensemble(plan, keeper)
    if not isinstance(plan.recipe, EstimatorRecipe):
        return train_network(plan, keeper)
    keeper.begin(plan.first_record())
    run = train_estimator(
        plan.recipe,
        plan.images,
        plan.test,
        seed=plan.seed,
        on_event=plan.on_event,
        validation=plan.validation,
    )
    return keeper.end(run)


def _new_folder(folder: Path) -> Path:
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if (folder / RECORD).exists():
        raise UsageError(f"{folder} holds a run already. Give another folder, or resume that run.")
    return folder
