"""What a recipe is made of. Pure settings: nothing here trains."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Protocol

import torch
from torch import nn

from firstlight.loader import Augment
from firstlight.recipes._averaging import AveragingSettings
from firstlight.recipes._numbers import check_count, check_number
from firstlight.recipes._optimizers import OptimizerSettings
from firstlight.recipes._schedules import ScheduleSettings, Triangle

__all__ = ["Claim", "ModelFactory", "Recipe"]


class ModelFactory(Protocol):
    """Makes a fresh model for images of a shape."""

    def __call__(
        self, image_shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None
    ) -> nn.Module:
        """Return a model that takes ``[b, c, h, w]`` and gives logits ``[b, classes]``."""
        ...


@dataclass(frozen=True)
class Claim:
    """What a recipe was measured to reach: a mean over seeds, and on which machine.

    Attributes
    ----------
    dataset
        Data set whose test split was used, once a seed.
    accuracy_percent, sd_percent, seeds
        Mean and standard deviation of the test accuracy over that many seeds.
    train_seconds
        Mean training time.
    machine, versions, date
        Where and with what it was measured.
    """

    dataset: str
    accuracy_percent: float
    sd_percent: float
    seeds: int
    train_seconds: float
    machine: str
    versions: str
    date: str

    def __str__(self) -> str:
        return (
            f"{self.dataset}: {self.accuracy_percent:.2f} % (sd {self.sd_percent:.2f}, {self.seeds} seeds) "
            f"in {self.train_seconds:.2f} s on {self.machine}, {self.versions}, {self.date}"
        )


@dataclass(frozen=True)
class Recipe:
    """A network, how it is trained, and what that was measured to give.

    Attributes
    ----------
    name, summary
        The name on the command line, and one line about it.
    model
        Makes a fresh model.
    epochs
        Passes over the training images; fractions are allowed.
    batch_size
        Images in each step.
    optimizer, schedule
        How each step is made, and how its rate changes on the way.
    label_smoothing
        Share of the target that is spread evenly over all classes (Szegedy et al. 2016,
        arXiv 1512.00567, section 7).
    augment
        How training images are varied; ``None`` not at all.
    averaging
        How the weights are averaged along the way; ``None`` keeps those of the last step.
    channels_last
        Keep the channels of a pixel side by side in memory, which convolutions like.
    claims
        Measured results, one for each data set.
    """

    name: str
    summary: str
    model: ModelFactory
    epochs: float
    batch_size: int
    optimizer: OptimizerSettings
    schedule: ScheduleSettings = field(default_factory=Triangle)
    label_smoothing: float = 0.0
    augment: Augment | None = None
    averaging: AveragingSettings | None = None
    channels_last: bool = False
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        check_number("epochs", self.epochs, above=0.0)
        check_number("label_smoothing", self.label_smoothing, at_least=0.0, below=1.0)
        check_count("batch_size", self.batch_size)

    @property
    def settings(self) -> dict[str, Any]:
        """Return everything that decides a result, as plain values for a run's record."""
        return {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "optimizer": _plain(self.optimizer),
            "schedule": _plain(self.schedule),
            "label_smoothing": self.label_smoothing,
            "augment": self.augment.to_dict() if self.augment else None,
            "averaging": _plain(self.averaging) if self.averaging else None,
            "channels_last": self.channels_last,
        }


def _plain(settings: Any) -> dict[str, Any]:
    """Return a settings object as plain values, its kind first."""
    values = {part.name: getattr(settings, part.name) for part in fields(settings)}
    return {"kind": type(settings).__name__.removesuffix("Settings").lower()} | {
        name: _plain(value) if is_dataclass(value) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
