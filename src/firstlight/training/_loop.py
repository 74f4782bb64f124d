"""The training loop, on one screen. It yields events; callers draw."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from time import perf_counter

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from firstlight._device import choose_device
from firstlight._metrics import accuracy
from firstlight.datasets import ImageDataset
from firstlight.loader import Batches, batches
from firstlight.recipes import Recipe
from firstlight.training._averaging import make_averaging
from firstlight.training._events import EpochDone, Event, Started, StepDone
from firstlight.training._optimizer import make_optimizer
from firstlight.training._precision import Precision, autocast, choose_precision
from firstlight.training._predict import predict_logits
from firstlight.training._schedule import rate_fraction

__all__ = ["fit"]


def fit(
    model: nn.Module,
    train: ImageDataset,
    recipe: Recipe,
    *,
    seed: int = 0,
    device: str | torch.device | None = None,
    validation: ImageDataset | None = None,
) -> Iterator[Event]:
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

    Yields
    ------
    Event
        One `Started`, a `StepDone` for each step, an `EpochDone` for each epoch.
    """
    choice = choose_device(device)
    precision = choose_precision(choice.device)
    started = perf_counter()
    loader = batches(
        train,
        recipe.batch_size,
        shuffle=True,
        seed=seed,
        device=choice.device,
        dtype=precision.dtype,
        augment=recipe.augment,
    )
    targets = _smoothed_targets(len(train.classes), recipe.label_smoothing, choice.device)
    steps = max(1, round(recipe.epochs * len(loader)))
    _placed(model, choice.device, channels_last=recipe.channels_last).train()
    optimizer = make_optimizer(model, recipe.optimizer)
    average = make_averaging(model, recipe.averaging)
    parameters = sum(parameter.numel() for parameter in optimizer.parameters)
    yield Started(steps, parameters, choice, precision)

    paused = 0.0
    tally = _Tally(choice.device)
    for step, (images, labels) in enumerate(islice(_forever(loader), steps), start=1):
        with autocast(choice.device, precision):
            logits = model(images)
            loss = functional.cross_entropy(logits.float(), targets.index_select(0, labels))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        epoch = (step - 1) // len(loader)
        optimizer.step(rate_fraction(recipe.schedule, step - 1, steps, epoch=epoch))
        average.after_step(step, steps)
        tally.add(loss.detach(), logits.detach(), labels)
        if step == steps:
            average.finish()
        yield StepDone(step, steps, loss.detach())

        if step % len(loader) == 0 or step == steps:
            mean_loss, train_accuracy = tally.take()  # waits for the device
            stopped = perf_counter()
            with average.applied():
                score = None if validation is None else _validate(model, validation, precision)
            yield EpochDone(
                step / len(loader), step, mean_loss, train_accuracy, score, stopped - started - paused
            )
            paused += perf_counter() - stopped


def _forever(loader: Batches) -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        yield from loader


def _smoothed_targets(classes: int, smoothing: float, device: torch.device) -> Float[Tensor, "k k"]:
    """Return the target distribution of each class; Szegedy et al. 2016, arXiv 1512.00567, equation 7 of v3.

    Looked up by label it gives the same loss as ``label_smoothing=``, in fewer passes.
    """
    return torch.eye(classes, device=device) * (1 - smoothing) + smoothing / classes


def _placed(model: nn.Module, device: torch.device, *, channels_last: bool) -> nn.Module:
    model.to(device)
    # By keyword alone: torch's type hints know no other way.
    return model.to(memory_format=torch.channels_last) if channels_last else model  # type: ignore[call-overload]


def _validate(model: nn.Module, validation: ImageDataset, precision: Precision) -> float:
    return accuracy(predict_logits(model, validation, precision=precision), validation.labels)


class _Tally:
    """Sums over one epoch, kept on the device so that no step waits for it."""

    def __init__(self, device: torch.device) -> None:
        self._loss = torch.zeros((), device=device)
        self._correct = torch.zeros((), dtype=torch.int64, device=device)
        self._count = 0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        self._loss.add_(loss, alpha=len(labels))
        self._correct.add_((logits.argmax(dim=1) == labels).sum())
        self._count += len(labels)

    def take(self) -> tuple[float, float]:
        """Return mean loss and accuracy, and start anew."""
        loss, share = self._loss.item() / self._count, self._correct.item() / self._count
        self._loss.zero_()
        self._correct.zero_()
        self._count = 0
        return loss, share
