"""A reader: a trained network together with all that is needed to ask it about bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float32, UInt8
from torch import Tensor, nn

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets import Statistics, dataset_statistics, load
from firstlight.models import PRETRAINED, load_pretrained

if TYPE_CHECKING:
    from firstlight.training import Run

__all__ = ["Reader", "load_reader"]

DIGIT_SHAPE = (1, 28, 28)
AT_ONCE = 500  # images


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads images of 28 x 28 bytes.

    Attributes
    ----------
    name
        What was trained, such as ``"cnn on mnist"``.
    model
        Takes normalised images, gives logits; in evaluation mode, on the CPU.
    classes
        Name of each class, in the order of the logits.
    dataset
        What it learnt from.
    mean, std
        How its images were normalised: ``(x / 255 - mean) / std``.
    temperature
        By what its logits are divided so that probabilities mean what they say; 1 where nobody fitted it.
    is_calibrated
        Whether the temperature was fitted on images that the network had not learnt from.
    """

    name: str
    model: nn.Module
    classes: tuple[str, ...]
    dataset: str
    mean: float
    std: float
    temperature: float = 1.0
    is_calibrated: bool = False

    def probabilities(self, images: UInt8[Tensor, "n 1 28 28"]) -> Float32[Tensor, "n k"]:
        """Return the probability of each class for each image."""
        with torch.inference_mode():
            parts = [self._logits(part) for part in torch.split(images, AT_ONCE)]
        return (torch.cat(parts) / self.temperature).softmax(dim=1)

    def _logits(self, images: UInt8[Tensor, "n 1 28 28"]) -> Float32[Tensor, "n k"]:
        logits: Tensor = self.model((images.float() / 255 - self.mean) / self.std)
        return logits.float()


def load_reader(run: str | Path | Run | Reader | None = None) -> Reader:
    """Make a reader out of a run, or of the network that comes with firstlight.

    Parameters
    ----------
    run
        ``None`` or ``"pretrained"``: the network in the package, which needs no training and no network. A
        run, its folder or its name, or ``"last"``.

    Raises
    ------
    UnknownNameError
        No such run.
    UsageError
        The run's images are not grey ones of 28 x 28 pixels, or what it learnt is not known any more.
    DataError
        A file of the run is missing or damaged.

    Examples
    --------
    >>> load_reader().classes[:3]
    ('0', '1', '2')
    """
    if isinstance(run, Reader):
        return run
    if run is None or run == "pretrained":
        return _pretrained_reader(PRETRAINED[0])
    return _run_reader(run)


@cache
def _pretrained_reader(name: str) -> Reader:
    shipped = load_pretrained(name)
    return Reader(
        name=f"pretrained {name}",
        model=shipped.model,
        classes=shipped.classes,
        dataset=shipped.dataset,
        mean=shipped.mean[0],
        std=shipped.std[0],
        temperature=shipped.temperature,
        is_calibrated=True,
    )


def _run_reader(given: str | Path | Run) -> Reader:
    from firstlight.training import load_run  # here, since the shipped network needs nothing of it

    run = load_run(given) if isinstance(given, str | Path) else given
    record = run.record
    if record.image_shape != DIGIT_SHAPE:
        raise UsageError(
            f"{record.recipe} on {record.dataset} reads images of {list(record.image_shape)}; pictures are "
            f"brought to {list(DIGIT_SHAPE)}. Take a run on mnist, emnist-digits, qmnist or the like."
        )
    mean, std = _normalisation(record.dataset)
    temperature, is_calibrated = _temperature(run)
    return Reader(
        name=f"{record.recipe} on {record.dataset}",
        model=run.model.cpu().eval(),
        classes=record.classes,
        dataset=record.dataset,
        mean=mean,
        std=std,
        temperature=temperature,
        is_calibrated=is_calibrated,
    )


def _normalisation(dataset: str) -> tuple[float, float]:
    """Return what `batches` took away and divided by: known for the usual data sets, else computed anew."""
    try:
        known = dataset_statistics(dataset)
    except UnknownNameError:
        known = None
    if known is None:
        images, _ = load(dataset)
        known = Statistics(images.mean, images.std)
    return known.mean[0], known.std[0]


def _temperature(run: Run) -> tuple[float, bool]:
    """Fit the temperature where the run kept its answers to images held out from its training."""
    if run.validation_logits is None:
        return 1.0, False
    from firstlight.evaluation import fit_temperature

    _, validation = load(run.record.dataset)[0].canonical_split()
    try:
        return fit_temperature(run.validation_logits, validation.labels).value, True
    except UsageError:  # it read every one of them right
        return 1.0, False
