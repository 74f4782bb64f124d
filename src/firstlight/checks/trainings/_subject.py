"""A training function that is checked, and the experiments whose results several checks share."""

from __future__ import annotations

import functools
import inspect
import random
import time
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from firstlight._errors import TargetError, UsageError
from firstlight._seeds import derived_seed
from firstlight.checks._given import Given
from firstlight.checks._mnist import Digits, held_out_digits, training_digits
from firstlight.checks._runner import theirs
from firstlight.checks.trainings._watch import Watch, watched

__all__ = ["DECLARES", "SECONDS", "Labels", "TrainSubject", "Trained", "relabelled"]

Labels = NDArray[np.int64]
DECLARES = {"accuracy": (), "random": ("yes", "no"), "shuffles": ("yes", "no")}
SECONDS = 8.0  # of the main training, about


@dataclass
class Trained:
    """What one call of the training function gave.

    Attributes
    ----------
    digits
        What it was given: images and labels.
    predict
        What it returned.
    watch
        What was seen of torch meanwhile.
    is_changed
        Whether the caller's images or labels were changed in place.
    """

    subject: TrainSubject
    digits: Digits
    predict: Any
    seconds: float
    watch: Watch
    is_changed: bool
    arrays: Literal["numpy", "torch"]
    calls: int = 0

    def raw(self, images: NDArray[Any]) -> Any:
        """Return what predict returns."""
        given = _array(self.arrays, images.copy())
        call = self.predict if callable(self.predict) else self.predict.predict
        self.calls += 1
        _disturb(self.calls)
        with theirs():
            return call(given)

    def answers(self, images: NDArray[Any]) -> Labels:
        """Return a label for each image. Raises `ShapeError` where there is not one for each."""
        returned = self.raw(images)
        if hasattr(returned, "detach"):
            returned = returned.detach().cpu().numpy()
        found = np.asarray(returned)
        if found.ndim == 2 and found.shape[1] == 1:
            found = found[:, 0]
        if found.ndim == 2 and found.shape == (len(images), 10):
            found = found.argmax(axis=1)
        if found.shape != (len(images),):
            raise ShapeError(f"{list(np.shape(returned))} for {len(images)} images")
        return found.astype(np.int64)

    def accuracy(self, digits: Digits) -> float:
        """Return the share of right answers."""
        return float((self.answers(digits.images) == digits.labels).mean())


class ShapeError(Exception):
    """predict did not return one label for each image."""


@dataclass
class TrainSubject:
    """Calls the target with arrays of the form that it takes; each experiment is done once."""

    given: Given
    kept: dict[tuple[Any, ...], Trained] = field(default_factory=dict)

    @staticmethod
    def of(given: Given) -> TrainSubject:
        """Refuse what cannot be called."""
        if not callable(given.target):
            raise TargetError(f"{given.name} cannot be called: train(images, labels, seed) -> predict.")
        for name, value in given.declares.items():
            allowed = DECLARES.get(name)
            if allowed is None:
                raise UsageError(f"A training function declares {', '.join(DECLARES)}; got {name!r}.")
            if allowed and value not in allowed:
                raise UsageError(f"--declares {name} is {' or '.join(allowed)}; got {value!r}.")
        return TrainSubject(given)

    def trained(
        self,
        what: str,
        digits: Digits,
        *,
        seed: int = 0,
        noise: int = 0,
        options: tuple[tuple[str, Any], ...] = (),
    ) -> Trained:
        """Train; the global generators begin at ``noise``, which must not matter."""
        key = (what, len(digits), seed, noise, options)
        if key not in self.kept:
            self.kept[key] = self._trained(digits, seed, noise, self.arrays, dict(options))
        return self.kept[key]

    @functools.cached_property
    def options(self) -> dict[str, Any]:
        """The target's own options and their values, as it is called."""
        try:
            parameters = inspect.signature(self.given.target).parameters.values()
        except (TypeError, ValueError):
            return {}
        found = {one.name: one.default for one in list(parameters)[3:] if one.default is not one.empty}
        return {**found, **self.given.args}

    @functools.cached_property
    def arrays(self) -> Literal["numpy", "torch"]:
        """Which arrays it takes: NumPy's, or torch's where those of NumPy raise."""
        digits = relabelled(training_digits(200))
        try:
            with watched(self.given.target):
                self._trained(digits, 0, 0, "numpy").answers(digits.images[:20])
        except Exception:
            try:
                self._trained(digits, 0, 0, "torch").answers(digits.images[:20])
            except Exception:
                return "numpy"
            return "torch"
        return "numpy"

    @functools.cached_property
    def size(self) -> int:
        """How many images the main training gets: as many as it can learn from in some seconds."""
        seconds = self.small.seconds
        return 4000 if 8 * seconds < SECONDS else 1000 if 2 * seconds < SECONDS else 500

    @functools.cached_property
    def held_out(self) -> Digits:
        """2,000 test images, with labels of our own making."""
        return relabelled(held_out_digits(2000))

    @property
    def small(self) -> Trained:
        """Trained on 500 images with seed 0."""
        return self.trained("small", relabelled(training_digits(500)))

    @property
    def main(self) -> Trained:
        """Trained on as many images as there is time for."""
        return self.trained("small" if self.size == 500 else "main", relabelled(training_digits(self.size)))

    @functools.cached_property
    def main_accuracy(self) -> float:
        """Accuracy of the main training on held-out images."""
        return self.main.accuracy(self.held_out)

    def _trained(
        self,
        digits: Digits,
        seed: int,
        noise: int,
        arrays: Literal["numpy", "torch"],
        options: dict[str, Any] | None = None,
    ) -> Trained:
        images, labels = _array(arrays, digits.images.copy()), _array(arrays, digits.labels.copy())
        target, args = self.given.target, {**self.given.args, **(options or {})}
        _disturb(noise)
        started = time.perf_counter()
        with watched(target) as watch, theirs():
            if "seed" in _names(target):
                predict = target(images, labels, seed=seed, **args)
            else:
                predict = target(images, labels, seed, **args)
        seconds = time.perf_counter() - started
        if isinstance(predict, tuple) and predict:
            predict = predict[0]
        if not callable(predict) and not hasattr(predict, "predict"):
            with theirs():
                raise TypeError(
                    f"it returned {type(predict).__name__}; a training function returns a function "
                    "images -> labels"
                )
        is_changed = not (
            np.array_equal(np.asarray(images), digits.images)
            and np.array_equal(np.asarray(labels), digits.labels)
        )
        return Trained(self, digits, predict, seconds, watch, is_changed, arrays)


def relabelled(digits: Digits) -> Digits:
    """Give each class another number: who knows MNIST's own labels is found out."""
    return Digits(digits.images, (3 * digits.labels + 7) % 10)


def _names(target: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(target).parameters)
    except (TypeError, ValueError):
        return ()


def _array(arrays: str, values: NDArray[Any]) -> Any:
    if arrays == "numpy":
        return values
    import torch

    return torch.from_numpy(values)


def _disturb(noise: int) -> None:
    """Set the global generators to a state that nobody knows."""
    import torch

    seed = derived_seed(noise, "noise of trainings")
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
