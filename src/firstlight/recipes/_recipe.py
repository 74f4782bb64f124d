"""What a recipe is made of. Pure settings: nothing here trains."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import nn

from firstlight._errors import UsageError
from firstlight.loader import Augment

__all__ = ["AdamWSettings", "Claim", "ModelFactory", "Recipe", "adjusted"]


class ModelFactory(Protocol):
    """Makes a fresh model for images of a shape."""

    def __call__(
        self, image_shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None
    ) -> nn.Module:
        """Return a model that takes ``[b, c, h, w]`` and gives logits ``[b, classes]``."""
        ...


@dataclass(frozen=True)
class AdamWSettings:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2).

    Attributes
    ----------
    learning_rate
        The highest rate of the schedule.
    betas
        Decay of the running mean of the gradient and of its square, each in [0, 1).
    eps
        Added to the root of the second moment.
    weight_decay
        Each step shrinks the weights by the rate times this.
    """

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check_number("learning_rate", self.learning_rate, above=0.0)
        _check_number("weight_decay", self.weight_decay, at_least=0.0)
        _check_number("eps", self.eps, above=0.0)
        for beta in self.betas:
            _check_number("each of betas", beta, at_least=0.0, below=1.0)


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
    """A model, how it is trained, and what that was measured to give.

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
    optimizer
        Settings of the optimiser.
    warmup
        Fraction of the steps in which the rate rises from zero; it then falls to zero. Both straight.
    label_smoothing
        Share of the target that is spread evenly over all classes (Szegedy et al. 2016,
        arXiv 1512.00567, section 7).
    augment
        How training images are varied; ``None`` not at all.
    claims
        Measured results, one for each data set.
    """

    name: str
    summary: str
    model: ModelFactory
    epochs: float
    batch_size: int
    optimizer: AdamWSettings
    warmup: float = 0.2
    label_smoothing: float = 0.0
    augment: Augment | None = None
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        _check_number("epochs", self.epochs, above=0.0)
        _check_number("warmup", self.warmup, at_least=0.0, below=1.0)
        _check_number("label_smoothing", self.label_smoothing, at_least=0.0, below=1.0)
        if isinstance(self.batch_size, bool) or not isinstance(self.batch_size, int) or self.batch_size < 1:
            raise UsageError(f"batch_size is a whole number of at least 1; got {self.batch_size!r}.")

    @property
    def settings(self) -> dict[str, Any]:
        """Return everything that decides a result, as plain values for a run's record."""
        return {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.optimizer.learning_rate,
            "betas": list(self.optimizer.betas),
            "eps": self.optimizer.eps,
            "weight_decay": self.optimizer.weight_decay,
            "warmup": self.warmup,
            "label_smoothing": self.label_smoothing,
            "augment": self.augment.to_dict() if self.augment else None,
        }


def adjusted(
    recipe: Recipe,
    *,
    epochs: float | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
) -> Recipe:
    """Return the recipe with some settings changed; ``None`` keeps what is there.

    A changed recipe makes no claims.

    Raises
    ------
    UsageError
        A value that cannot mean anything.

    Examples
    --------
    >>> from firstlight.recipes import find_recipe
    >>> adjusted(find_recipe("mlp"), epochs=1).epochs
    1
    """
    changes: dict[str, Any] = {
        key: value for key, value in [("epochs", epochs), ("batch_size", batch_size)] if value is not None
    }
    if learning_rate is not None:
        changes["optimizer"] = replace(recipe.optimizer, learning_rate=learning_rate)
    return replace(recipe, **changes, claims=()) if changes else recipe


def _check_number(
    name: str,
    value: float,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    below: float = math.inf,
) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and above < value < below and value >= at_least:
        return
    bounds = [
        text
        for limit, text in [
            (above, f"above {above:g}"),
            (at_least, f"at least {at_least:g}"),
            (below, f"below {below:g}"),
        ]
        if math.isfinite(limit)
    ]
    raise UsageError(f"{name} is a number {' and '.join(bounds)}; got {value!r}.")
