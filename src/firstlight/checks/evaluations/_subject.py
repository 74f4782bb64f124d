"""An evaluating function that is checked: called with predictors whose accuracy is known."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from firstlight._errors import TargetError, UsageError
from firstlight.checks._given import Given
from firstlight.checks.evaluations._scripted import AnswerForm, Scripted, numbered_images

__all__ = ["Asked", "EvaluateSubject", "Form", "Reading"]

CLASSES = 10
ROUNDED = 5.1e-4  # of a fraction: what rounding to a tenth of a percent does
EXACT = 2e-6  # what float32 does to a share


@dataclass(frozen=True)
class Form:
    """In which arrays images come, and what the predictor answers."""

    arrays: Literal["numpy", "torch"]
    answers: AnswerForm


@dataclass(frozen=True)
class Reading:
    """Where in what is returned the accuracy stands, and what it is a fraction of: 1, or 100 for percent."""

    place: str = ""
    scale: float = 1.0


@dataclass(frozen=True)
class Asked:
    """One call of the evaluating function.

    Attributes
    ----------
    what
        Which experiment it is, in words.
    answers, labels
        ``[n]``: what the predictor says of each image, and what is right.
    returned, error
        What came back; or what it raised.
    calls
        The numbers of the images of each call of the predictor; -1 for an image that is none of ours.
    is_unchanged
        Whether images and labels are afterwards what they were.
    """

    what: str
    answers: NDArray[np.int64]
    labels: NDArray[np.int64]
    returned: Any
    error: Exception | None
    calls: tuple[NDArray[np.int64], ...]
    is_unchanged: bool

    @property
    def truth(self) -> float:
        """The accuracy that is right."""
        return float((self.answers == self.labels).mean())

    def claim(self, reading: Reading) -> float | None:
        """Return the accuracy that it claims, as a fraction; ``None`` where there is no such number."""
        value = dict(_numbers(self.returned)).get(reading.place)
        return None if value is None else value / reading.scale

    def is_right(self, reading: Reading) -> bool:
        """Whether it claims the right accuracy, but for rounding."""
        claim = self.claim(reading)
        return claim is not None and abs(claim - self.truth) <= ROUNDED


FORMS = tuple(Form(arrays, answers) for answers in ("labels", "logits") for arrays in ("numpy", "torch"))


@dataclass
class EvaluateSubject:
    """Calls the target in the form of arrays that it takes; keeps each answer, for several checks use it."""

    given: Given
    kept: dict[str, Asked] = field(default_factory=dict)
    mistakes: list[Any] = field(default_factory=list)  # what explains the numbers, once it is known

    @staticmethod
    def of(given: Given) -> EvaluateSubject:
        """Refuse what cannot be called."""
        if not callable(given.target):
            raise TargetError(f"{given.name} cannot be called: evaluate(predict, images, labels).")
        if given.declares:
            raise UsageError(f"An evaluating function declares nothing; got {sorted(given.declares)}.")
        return EvaluateSubject(given)

    def ask(
        self, what: str, answers: NDArray[np.int64], labels: NDArray[np.int64], *, again: int = 0
    ) -> Asked:
        """Return what it says of a predictor with these answers; each experiment is done once."""
        name = f"{what}, again" if again else what
        if name not in self.kept:
            self.kept[name] = self._asked(what, answers, labels, self.form)
        return self.kept[name]

    @functools.cached_property
    def form(self) -> Form:
        """The form in which it is right about an easy case; else one in which it says anything at all."""
        return self._found[0]

    @functools.cached_property
    def reading(self) -> Reading:
        """How its answers are to be read."""
        return self._found[1]

    @functools.cached_property
    def error(self) -> Exception | None:
        """What it raises in every form, where it never answers."""
        return self._found[2]

    @functools.cached_property
    def _found(self) -> tuple[Form, Reading, Exception | None]:
        tried = [(form, self._trial(form, 0.6), self._trial(form, 0.3)) for form in FORMS]
        for form, first, second in tried:
            for place, _ in _numbers(first.returned):
                for scale in (1.0, 100.0):
                    reading = Reading(place, scale)
                    if first.is_right(reading) and second.is_right(reading):
                        return form, reading, None
        for form, first, _ in tried:
            if first.error is None:
                return form, self._guessed(form), None
        return FORMS[0], Reading(), tried[0][1].error

    def _guessed(self, form: Form) -> Reading:
        """Take the first number for the accuracy, in percent where a perfect predictor gets about 100."""
        perfect = self._trial(form, 1.0)
        for place, value in _numbers(perfect.returned):
            return Reading(place, 100.0 if 1.5 < value <= 100.5 else 1.0)
        return Reading()

    def _trial(self, form: Form, share: float) -> Asked:
        """Ask about 1,280 images, of which that share is right; 1,280 is a multiple of most batch sizes."""
        random = np.random.default_rng(3)
        labels = random.integers(0, CLASSES, 1280)
        is_right = random.permutation(1280) < round(1280 * share)
        return self._asked("trial", np.where(is_right, labels, (labels + 3) % CLASSES), labels, form)

    def _asked(self, what: str, answers: NDArray[np.int64], labels: NDArray[np.int64], form: Form) -> Asked:
        predictor = Scripted(answers, form.answers)
        images = numbered_images(len(labels))
        given_images, given_labels = _arrays(form, images.copy(), labels.copy())
        returned, error = None, None
        try:
            returned = self.given.target(predictor, given_images, given_labels, **self.given.args)
        except Exception as raised:
            error = raised
        is_unchanged = bool(
            np.array_equal(np.asarray(given_images), images)
            and np.array_equal(np.asarray(given_labels), labels)
        )
        return Asked(what, answers, labels, returned, error, tuple(predictor.calls), is_unchanged)


def _arrays(form: Form, images: NDArray[Any], labels: NDArray[Any]) -> tuple[Any, Any]:
    if form.arrays == "numpy":
        return images, labels
    import torch

    return torch.from_numpy(images), torch.from_numpy(labels)


def _numbers(returned: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Yield all numbers in what was returned, with their places; what is called accuracy comes first."""
    if isinstance(returned, Mapping):
        named = sorted(returned.items(), key=lambda item: "acc" not in str(item[0]).lower())
        for name, value in named:
            yield from _numbers(value, f"{place}[{name!r}]")
    elif isinstance(returned, list | tuple):
        for number, value in enumerate(returned[:6]):
            yield from _numbers(value, f"{place}[{number}]")
    elif hasattr(returned, "accuracy") and not callable(returned.accuracy):
        yield from _numbers(returned.accuracy, f"{place}.accuracy")
    else:
        try:
            value = float(returned)
        except (TypeError, ValueError, RuntimeError):
            return
        if math.isfinite(value):
            yield place, value
