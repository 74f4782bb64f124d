"""A loss that is checked, behind one way to call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from firstlight._errors import UsageError
from firstlight.checks._exposed import Exposed, exposed_names
from firstlight.checks._given import Given
from firstlight.checks._runner import theirs
from firstlight.checks.losses._batches import Batch, batch
from firstlight.checks.losses._calling import Answer, Caller, Framework, Inputs, made
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._loss import Array, Form

__all__ = ["LossSubject"]

DECLARED = {
    "input": ("logits", "log-probabilities", "probabilities", "values"),
    "reduction": ("mean", "sum", "none", "batchmean"),
    "labels": ("integers", "one-hot"),
    "order": ("outputs-first", "labels-first"),
    "smoothing": ("uniform", "others"),
    "eval": ("smoothed", "plain"),
    "weighted_mean": ("weights", "rows"),
    "classes": None,
}
ATTEMPTS: tuple[tuple[Framework, torch.dtype], ...] = (
    ("torch", torch.float64),
    ("torch", torch.float32),
    ("array", torch.float64),
    ("array", torch.float32),
)
CLASS_WORDS = ("num_classes", "n_classes", "classes", "n_class", "num_class", "C", "K", "k")


@dataclass
class LossSubject:
    """Calls the target with batches, and the reference with the same.

    Attributes
    ----------
    given
        As it was handed over.
    caller
        How it is called.
    form
        How it wants its targets.
    reference, exposed, options
        What it is held against; the options that it has; those of the reference that are used, with
        ``reduction``, ``ignore_index`` and ``mean_over`` beside them.
    dialect
        Which accepted form was recognised.
    is_declared
        Whether the reference was named by ``--like``.
    named
        The reference that its own name speaks of, where none was named and none fits.
    """

    given: Given
    caller: Caller
    form: Form = "labels"
    reference: LossReference | None = None
    exposed: Exposed = field(default_factory=Exposed)
    options: dict[str, Any] = field(default_factory=dict)
    dialect: str | None = None
    is_declared: bool = False
    named: LossReference | None = None

    @staticmethod
    def of(given: Given) -> LossSubject:
        """Make, try out and recognise what was given."""
        from firstlight.checks.losses._recognise import recognised

        _refuse_unknown(given.declares)
        return recognised(given)

    @property
    def classes(self) -> int:
        """Return the number of classes that it wants: 10 unless an argument says another."""
        for source in (self.given.declares, self.given.args):
            for word in CLASS_WORDS:
                if str(source.get(word, "")).isdigit():
                    return int(source[word])
        sizes = [len(one) for one in self.given.args.values() if isinstance(one, (list, tuple))]
        sizes += [
            one.numel() for one in self.given.args.values() if isinstance(one, torch.Tensor) and one.ndim
        ]
        defaults = exposed_names(self.given.target)
        named = [defaults[word] for word in CLASS_WORDS if isinstance(defaults.get(word), int)]
        return next((one for one in (*sizes, *named) if one > 1), 10)

    @property
    def accepts_mean_of_rows(self) -> bool:
        """Whether a weighted mean may divide by the number of rows: torch's does not, and Keras' does."""
        declared = self.given.declares.get("weighted_mean")
        return declared == "rows" if declared else self.given.peer is None

    def batch(self, **options: Any) -> Batch:
        """Draw a batch in the form that it wants."""
        return batch(self.form, **{"k": self.classes, **options})

    def answer(self, given: Batch, *, needs_gradient: bool = True) -> Answer:
        """Call the target; what it raises counts as its failure."""
        with theirs():
            return self.caller(given, needs_gradient=needs_gradient and self.caller.framework == "torch")

    def value(self, given: Batch) -> Array:
        """Return the loss alone."""
        return self.answer(given, needs_gradient=False).value

    def with_args(self, **changed: Any) -> LossSubject:
        """Return the same target with some arguments changed."""
        given = replace(self.given, args={**self.given.args, **changed})
        with theirs():
            function, instance = made(
                given.target,
                given.args,
                framework=self.caller.framework,
                dtype=self.caller.dtype,
                name=given.name,
            )
        return replace(self, given=given, caller=replace(self.caller, function=function, instance=instance))

    def expected(self, given: Batch, **changed: Any) -> Array:
        """Return what the reference gives, with the target's options."""
        from firstlight.checks.losses._reduce import reference_value

        assert self.reference is not None
        return reference_value(self.reference, given, {**self.options, **changed})

    def expected_gradient(self, given: Batch, **changed: Any) -> Array:
        """Return the reference's gradient by the outputs, by central differences in float64."""
        gradient = np.zeros_like(given.outputs)
        h = 1e-5
        for index in np.ndindex(given.outputs.shape):
            sides = []
            for step in (h, -h):
                moved = given.outputs.copy()
                moved[index] += step
                sides.append(float(self.expected(given.with_outputs(moved), **changed).sum()))
            gradient[index] = (sides[0] - sides[1]) / (2 * h)
        return gradient

    @property
    def is_double(self) -> bool:
        """Whether it computes in float64."""
        return self.caller.dtype == torch.float64

    def is_close(self, seen: Array, expected: Array, *, factor: float = 1.0) -> bool:
        """Return whether values agree to 1e-4: a small constant in a logarithm does not matter."""
        if seen.shape != expected.shape:
            return seen.size == expected.size and self.is_close(seen.reshape(-1), expected.reshape(-1))
        return bool((np.abs(seen - expected) <= factor * 1e-4 * (1 + np.abs(expected))).all())


def callers(given: Given, inputs: Inputs, *, is_binary: bool, is_swapped: bool) -> list[Caller]:
    """Return all ways to call a target with these inputs; those that it cannot be made for are left out."""
    found, error = [], None
    for framework, dtype in ATTEMPTS:
        try:
            function, instance = made(
                given.target, given.args, framework=framework, dtype=dtype, name=given.name
            )
        except Exception as reason:
            error = error or reason
            continue
        found.append(
            Caller(function, instance, framework, dtype, inputs, is_binary=is_binary, is_swapped=is_swapped)
        )
    if not found and error is not None:
        raise error
    return found


def _refuse_unknown(declares: Mapping[str, str]) -> None:
    for key, value in declares.items():
        if key not in DECLARED:
            raise UsageError(f"A loss declares {', '.join(DECLARED)}; got {key!r}.")
        allowed = DECLARED[key]
        if allowed is not None and str(value) not in allowed:
            raise UsageError(f"{key} is {' or '.join(allowed)}; got {value!r}.")
        if key == "classes" and not str(value).isdigit():
            raise UsageError(f"classes is a whole number, such as 10; got {value!r}.")
