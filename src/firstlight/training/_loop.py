"""The training loop, on one screen. It yields events; callers draw."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping
from itertools import islice

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from firstlight._device import choose_device
from firstlight._errors import TrainingDivergedError
from firstlight._metrics import accuracy
from firstlight.datasets import ImageDataset
from firstlight.loader import Batches, batches
from firstlight.recipes import Recipe
from firstlight.training._averaging import make_averaging
from firstlight.training._clock import Clock
from firstlight.training._events import EpochDone, Started, StepDone
from firstlight.training._memory import keep_freed_memory
from firstlight.training._optimizer import make_optimizer
from firstlight.training._placement import placed
from firstlight.training._precision import Precision, autocast, choose_precision
from firstlight.training._predict import predict_logits
from firstlight.training._schedule import rate_fraction
from firstlight.training._stages import epoch_aware, prepare_layers
from firstlight.training._state import TrainingState

__all__ = ["count_steps", "fit"]


def fit(
    model: nn.Module,
    train: ImageDataset,
    recipe: Recipe,
    *,
    seed: int = 0,
    device: str | torch.device | None = None,
    validation: ImageDataset | None = None,
    resume: Mapping[str, Tensor] | None = None,
    clock: Clock | None = None,
) -> Generator[Started | StepDone | EpochDone, None, None]:
    """Train a model in place, yielding what happens.

    Does not look at any test set, writes no file, prints nothing.

    Parameters
    ----------
    model
        Takes normalised images, gives logits. Moved to the device.
    train
        The images to learn from.
    recipe
        Epochs, batch size, optimiser, schedule, loss.
    seed
        Decides the order of the images and their augmentation.
    device
        ``None`` takes a GPU if there is one.
    validation
        Held-out images, judged after each epoch; never learnt from.
    resume
        What ``Started.state.tensors()`` gave at some event of the same training, copied there: goes on from
        that event, to the same weights bit for bit (on a CPU, with as many threads). ``None`` begins anew.
    clock
        What counts the seconds; ``None`` starts one now.

    Yields
    ------
    Event
        One `Started`, a `StepDone` for each step, an `EpochDone` for each epoch.

    Raises
    ------
    TrainingDivergedError
        A loss or a weight is no finite number: on a CPU at that step, else when its epoch ends, since a GPU
        would have to be waited for.
    DataCorruptError
        What is to be resumed is no state of this training.
    """
    choice = choose_device(device)
    precision = choose_precision(choice.device)
    if choice.device.type == "cpu":
        keep_freed_memory()
    clock = clock or Clock()
    epoch_steps, steps = count_steps(recipe, len(train))
    placed(model, recipe, choice.device).train()
    if resume is None:
        prepare_layers(model, train, seed=seed, device=choice.device)
    aware = epoch_aware(model)
    optimizer = make_optimizer(model, recipe.optimizer)
    average = make_averaging(model, recipe.averaging)
    state = TrainingState(model, optimizer, average, steps, epoch_steps, clock, choice.device)
    if resume is not None:
        state.restore(resume)
    loader = batches(
        train,
        recipe.batch_size,
        shuffle=True,
        seed=seed,
        epoch=state.step // epoch_steps,
        start_batch=state.step % epoch_steps,
        device=choice.device,
        dtype=precision.dtype,
        augment=recipe.augment,
    )
    targets = _smoothed_targets(len(train.classes), recipe.label_smoothing, choice.device)
    yield Started(steps, sum(p.numel() for p in optimizer.parameters), choice, precision, state)

    yield from _epoch_end(state, validation, precision)
    for images, labels in islice(_forever(loader), steps - state.step):
        for layer in aware:
            layer.epoch_started(state.step // epoch_steps)
        with autocast(choice.device, precision):
            logits = model(images)
            loss = functional.cross_entropy(logits.float(), targets.index_select(0, labels))
        if choice.device.type == "cpu" and not math.isfinite(loss.item()):
            raise TrainingDivergedError(state.step + 1, loss.item())
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step(rate_fraction(recipe.schedule, state.step, steps, epoch=state.step // epoch_steps))
        state.add(loss.detach(), logits.detach(), labels)
        average.after_step(state.step, steps)
        if state.step == steps:
            average.finish()
        yield StepDone(state.step, steps, loss.detach())
        yield from _epoch_end(state, validation, precision)


def count_steps(recipe: Recipe, images: int) -> tuple[int, int]:
    """Return the steps in a whole epoch of that many images, and those of the recipe in all.

    Examples
    --------
    >>> from firstlight.recipes import find_recipe
    >>> count_steps(find_recipe("mlp"), 60000)
    (157, 628)
    """
    epoch_steps = math.ceil(images / recipe.batch_size)
    return epoch_steps, max(1, round(recipe.epochs * epoch_steps))


def _epoch_end(
    state: TrainingState, validation: ImageDataset | None, precision: Precision
) -> Iterator[EpochDone]:
    """Judge an epoch, if one has just ended. Neither this nor what the caller does then is training."""
    if not state.ends_epoch:
        return
    state.check_finite()  # waits for the device
    loss, train_accuracy = state.tally.take()
    with state.clock.paused():
        score = None if validation is None else _validate(state, validation, precision)
        yield EpochDone(state.epochs, state.step, loss, train_accuracy, score, state.clock.seconds)


def _validate(state: TrainingState, validation: ImageDataset, precision: Precision) -> float:
    with state.averaging.applied():
        state.validation_logits = predict_logits(state.model, validation, precision=precision)
    return accuracy(state.validation_logits, validation.labels)


def _forever(loader: Batches) -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        yield from loader


def _smoothed_targets(classes: int, smoothing: float, device: torch.device) -> Float[Tensor, "k k"]:
    """Return the target distribution of each class; Szegedy et al. 2016, arXiv 1512.00567, equation 7 of v3.

    Looked up by label it gives the same loss as ``label_smoothing=``, in fewer passes.
    """
    return torch.eye(classes, device=device) * (1 - smoothing) + smoothing / classes
