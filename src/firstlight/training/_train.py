"""`train`: data set, recipe, loop and the one look at the test set, composed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from firstlight._device import choose_device
from firstlight._seeds import check_seed, generator
from firstlight.datasets import ImageDataset, load
from firstlight.recipes import AnyRecipe, EstimatorRecipe, adjusted, find_recipe
from firstlight.training._events import EpochDone, Event, Started
from firstlight.training._loop import fit
from firstlight.training._run import Run, RunRecord, TrainingInterrupted
from firstlight.training._run_record import first_record, now, tested_run
from firstlight.training._train_estimator import train_estimator

__all__ = ["train"]


def train(
    recipe: str | AnyRecipe = "mlp",
    *,
    dataset: str | Path | tuple[ImageDataset, ImageDataset] = "mnist",
    seed: int = 0,
    epochs: float | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    validate: bool = False,
    device: str | torch.device | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> Run:
    """Train a recipe on a data set and look at the test set once, at the end.

    Writes nothing to disk; `save_run` does. Does not choose anything on the test set: the weights of the last
    step are the result.

    Parameters
    ----------
    recipe
        A name or a `Recipe` of your own.
    dataset
        What `load` takes, or the pair that it gives.
    seed
        Decides the first weights, the order of the images and their augmentation.
    epochs, batch_size, learning_rate
        Change these settings of the recipe; ``None`` keeps them.
    validate
        Hold out the canonical validation images (5,000 of MNIST's 60,000), judge them after each epoch,
        and train on the rest. For choosing settings; the default trains on everything.
    device
        ``None`` takes a GPU if there is one.
    on_event
        Called with each event of the loop, to draw progress.

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

    Examples
    --------
    >>> import firstlight as fl
    >>> run = fl.train("mlp-fast", dataset="mnist", seed=0)
    >>> run.test_accuracy > 0.965
    True
    """
    chosen = find_recipe(recipe) if isinstance(recipe, str) else recipe
    chosen = adjusted(chosen, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)
    check_seed(seed)
    choose_device(device)  # before the data: an impossible device costs no download
    images, test = dataset if isinstance(dataset, tuple) else load(dataset)
    images, validation = images.canonical_split() if validate else (images, None)
    if isinstance(chosen, EstimatorRecipe):
        return train_estimator(chosen, images, test, seed=seed, on_event=on_event, validation=validation)
    model = chosen.model(images.image_shape, len(images.classes), generator=generator(seed, "weights"))
    record = first_record(chosen, images, test, seed, validation=validation)

    watch = _Watch(model, record, on_event)
    try:
        for event in fit(model, images, chosen, seed=seed, device=device, validation=validation):
            watch(event)
    except KeyboardInterrupt as error:
        raise TrainingInterrupted(watch.interrupted()) from error
    return tested_run(model, watch.finished(), test)


class _Watch:
    """Keeps the record and the best weights up to date while events go by."""

    def __init__(self, model: nn.Module, record: RunRecord, on_event: Callable[[Event], None] | None) -> None:
        self.record = record
        self._model, self._on_event = model, on_event
        self._losses: list[Tensor] = []
        self._best: dict[str, Tensor] | None = None
        self._best_rank = (float("-inf"), float("-inf"))

    def __call__(self, event: Event) -> None:
        if isinstance(event, Started):
            self.record = replace(
                self.record,
                parameters=event.parameters,
                device=str(event.device.device),
                device_reason=event.device.reason,
                precision=event.precision.name,
                precision_reason=event.precision.reason,
            )
        elif isinstance(event, EpochDone):
            self.record = replace(
                self.record,
                epochs=event.epoch,
                train_seconds=event.seconds,
                history=(*self.record.history, event),
            )
            self._keep_if_best(event)
        else:
            self._losses.append(event.loss)
        if self._on_event is not None:
            self._on_event(event)

    def interrupted(self) -> Run:
        """Return the best so far: of an epoch that was finished, else as the weights are now."""
        if self._best is not None:
            self._model.load_state_dict(self._best)
        return Run(self._model, replace(self.finished(), status="interrupted", finished=now()))

    def finished(self) -> RunRecord:
        """Return the record with the curve of the loss in it."""
        return replace(self.record, loss_curve=_curve(self._losses))

    def _keep_if_best(self, event: EpochDone) -> None:
        score = float("-inf") if event.validation_accuracy is None else event.validation_accuracy
        rank = (score, -event.loss)
        if rank > self._best_rank:
            self._best_rank = rank
            self._best = {name: value.clone() for name, value in self._model.state_dict().items()}


def _curve(losses: list[Tensor], points: int = 100) -> tuple[float, ...]:
    if not losses:
        return ()
    stretches = torch.stack(losses).float().tensor_split(min(points, len(losses)))
    return tuple(float(stretch.mean()) for stretch in stretches)
