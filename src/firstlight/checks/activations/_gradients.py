"""L1: the backward pass is the derivative of the values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import theirs
from firstlight.checks.activations._points import at_reference_points
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations._activation import Array

__all__ = ["Slopes", "backward_is_derivative", "numeric_slopes"]

POINTS = np.sort(np.concatenate([np.linspace(-6.013, 6.029, 86), [-9.7, -12.3, 8.9, 13.1]]))


@dataclass(frozen=True)
class Slopes:
    """The derivative by differences, and at which points it can be trusted."""

    values: Array
    is_smooth: Array


@check_of("L1", "the backward pass is the derivative", families=("backward",))
def backward_is_derivative(subject: ActivationSubject) -> Outcome:
    """Hold gradients, with an upstream gradient that is not one, against differences of the own values."""
    x = subject._rows(POINTS)
    if subject.values(x).shape != x.shape:
        return skipped("its output has another shape than its input")
    if subject.framework == "array":
        return _own_derivative(subject)
    slopes = numeric_slopes(subject, x)
    if not subject.is_differentiable:
        return _cut_off(subject, slopes)
    upstream = np.random.default_rng(3).normal(size=x.shape) + 2.0
    with theirs():
        seen = subject.gradient(x, upstream)
    if slopes is None:
        return _rows(subject, x, upstream, seen)
    return _compared(subject, x, upstream, seen, slopes)


def numeric_slopes(subject: ActivationSubject, x: Array) -> Slopes | None:
    """Return differences of the values, element by element; ``None`` where elements depend on each other."""
    if subject.reference is not None and not subject.reference.is_elementwise:
        return None
    h = 1e-5 if subject.is_double else 1e-2
    here, up, down = (subject.values(x + step) for step in (0.0, h, -h))
    half_up, half_down = (subject.values(x + step) for step in (h / 2, -h / 2))
    right, left = (up - here) / h, (here - down) / h
    middle = (up - down) / (2 * h)
    finer = (half_up - half_down) / h
    bend = 1e-3 if subject.is_double else 3e-2
    is_smooth = (np.abs(right - left) < bend * (1 + np.abs(middle))) & (
        np.abs(finer - middle) < 0.1 * bend * (1 + np.abs(middle))
    )
    if not _is_elementwise(subject, x, here):
        return None
    return Slopes(middle, is_smooth & np.isfinite(middle))


def _is_elementwise(subject: ActivationSubject, x: Array, here: Array) -> bool:
    if subject.reference is not None:
        return True
    moved = x.copy()
    moved[0, 0] += 0.37
    rest = np.abs(subject.values(moved) - here)
    rest[0, 0] = 0
    return bool((rest <= 1e-6).all())


def _cut_off(subject: ActivationSubject, slopes: Slopes | None) -> Outcome:
    if subject.given.declares.get("gradient") == "none":
        return skipped("it declares that it has no gradient")
    if slopes is not None and not (np.abs(slopes.values[slopes.is_smooth]) > 1e-6).any():
        return warned("no gradient: it is constant between steps")
    return failed(
        "backward",
        expected="an output through which gradients flow",
        seen="an output that needs no gradient, of an input that does",
        where="the output's requires_grad",
        cause="The graph is cut: by detach, .data, .item, numpy, torch.no_grad or torch.tensor.",
        hint="Compute with the tensor itself.",
        certainty=0.95,
    )


def _compared(subject: ActivationSubject, x: Array, upstream: Array, seen: Array, slopes: Slopes) -> Outcome:
    tolerance = 2e-4 if subject.is_double else 2e-2
    if subject.reference is not None and at_reference_points.run(subject).status == "pass":
        expected = subject.reference.derivative(x, **subject.exposed.values)
        tolerance = 1e-5 if subject.is_double else 1e-3
    else:
        expected = slopes.values
    away = slopes.is_smooth & np.isfinite(expected)
    for kink in subject.reference.kinks if subject.reference else ():
        away &= np.abs(x - kink) > 2e-2
    wrong = away & ~(np.abs(seen - expected * upstream) <= tolerance * (1 + np.abs(expected * upstream)))
    if not wrong.any():
        return _parameters(subject, x, upstream) or passed(f"{int(away.sum())} points, away from kinks")
    if (
        subject.given.declares.get("gradient") == "straight-through"
        or not (np.abs(slopes.values[slopes.is_smooth]) > 1e-6).any()
    ):
        return warned("its backward pass is not the derivative of its steps: a straight-through gradient")
    first = tuple(np.argwhere(wrong)[0])
    return failed(
        "backward",
        expected=f"f'({x[first]:.4g}) = {expected[first]:.6g}",
        seen=f"{seen[first] / upstream[first]:.6g}; {int(wrong.sum())} of {int(away.sum())} points differ",
        where=f"gradient at x = {x[first]:.4g}",
        cause=_cause(subject, x, upstream, seen, expected, wrong),
        certainty=0.9,
    )


def _cause(
    subject: ActivationSubject, x: Array, upstream: Array, seen: Array, expected: Array, wrong: Array
) -> str:
    """Name the mistake that gives these gradients, where one fits."""

    def same(other: Array) -> bool:
        return bool((np.abs(seen - other)[wrong] <= 1e-3 * (1 + np.abs(other[wrong]))).all())

    y = subject.values(x)
    if np.isnan(seen[wrong]).any():
        return "The gradient is not a number there."
    if same(np.zeros_like(seen)):
        return "No gradient flows back there."
    if same(expected):
        return "The backward pass does not multiply by the gradient that comes in."
    if same(-expected * upstream):
        return "The gradient has the wrong sign."
    if same(upstream):
        return "The gradient is passed on unchanged: its derivative is taken as 1."
    if subject.reference is not None and same(
        subject.reference.derivative(y, **subject.exposed.values) * upstream
    ):
        return "The derivative is taken at the output instead of the input."
    if same(y * upstream):
        return "The value is used as the derivative."
    sides = x[wrong]
    where = "for x < 0" if (sides < 0).all() else "for x > 0" if (sides > 0).all() else "on both sides of 0"
    return f"The backward pass is not the derivative of the forward pass {where}."


def _rows(subject: ActivationSubject, x: Array, upstream: Array, seen: Array) -> Outcome:
    """Compare where outputs depend on several inputs: along random directions."""
    if not subject.is_double:
        return skipped("it computes in float32, and its elements depend on each other")
    if not np.allclose(subject.values(x), subject.values(x), rtol=1e-9, atol=1e-12, equal_nan=True):
        return skipped("two calls with the same input differ")
    random = np.random.default_rng(5)
    for number in range(12):
        direction = random.normal(size=x.shape)
        h = 1e-6
        change = (
            (subject.values(x + h * direction) - subject.values(x - h * direction)) * upstream
        ).sum() / (2 * h)
        along = float((seen * direction).sum())
        if not abs(along - change) <= 1e-3 * (1 + abs(change)):
            return failed(
                "backward",
                expected=f"{change:.6g} along direction {number}, by differences of the values",
                seen=f"{along:.6g}",
                where="the gradient of the input",
                cause="The backward pass is not the derivative of the forward pass.",
                certainty=0.7,
            )
    return passed("12 directions")


def _parameters(subject: ActivationSubject, x: Array, upstream: Array) -> Outcome | None:
    """Compare the gradients of its own weights with differences."""
    import torch

    module = subject.instance
    if not isinstance(module, torch.nn.Module) or not subject.is_double:
        return None
    named = [(name, one) for name, one in module.named_parameters() if one.requires_grad]
    if not named or sum(one.numel() for _, one in named) > 64:
        return None
    module.zero_grad()
    subject.gradient(x, upstream)
    found = [torch.zeros_like(one) if one.grad is None else one.grad.clone() for _, one in named]
    for (name, one), gradient in zip(named, found, strict=True):
        for index in np.ndindex(tuple(one.shape)):
            values = []
            for step in (1e-6, -1e-6):
                with torch.no_grad():
                    one[index] += step
                    values.append(float((subject.values(x) * upstream).sum()))
                    one[index] -= step
            change = (values[0] - values[1]) / 2e-6
            if not abs(float(gradient[index]) - change) <= 1e-3 * (1 + abs(change)):
                return failed(
                    "backward",
                    expected=f"{change:.6g} for {name}{list(index)}, by differences",
                    seen=f"{float(gradient[index]):.6g}",
                    where=f"the gradient of {name}",
                    cause=f"The weight {name} gets a wrong gradient, or none.",
                    certainty=0.8,
                )
    return None


def _own_derivative(subject: ActivationSubject) -> Outcome:
    """Ask a derivative that the target brings along; it may take the input or the output."""
    x = subject._rows(POINTS)
    slopes = numeric_slopes(subject, x) if subject.own_derivatives else None
    if slopes is None:
        return skipped("a function of arrays: it has no backward pass")
    first_answer = None
    for derivative in subject.own_derivatives:
        for given in (x, subject.values(x)):
            answer = _answer(derivative, given)
            if answer is None:
                continue
            wrong = slopes.is_smooth & ~(np.abs(answer - slopes.values) <= 1e-3 * (1 + np.abs(slopes.values)))
            if not wrong.any():
                return passed(f"{int(slopes.is_smooth.sum())} points, by its own derivative")
            first_answer = first_answer or (answer, wrong)
    if first_answer is None:
        return skipped("its derivative takes or gives something else than an array of its input's shape")
    answer, wrong = first_answer
    first = tuple(np.argwhere(wrong)[0])
    return failed(
        "backward",
        expected=f"f'({x[first]:.4g}) = {slopes.values[first]:.6g}",
        seen=f"{answer[first]:.6g}; taken at the output it is wrong too",
        where=f"derivative at x = {x[first]:.4g}",
        cause="Its own derivative is not that of its values.",
        certainty=0.85,
    )


def _answer(derivative: Callable[[Any], Any], given: Array) -> Array | None:
    try:
        answer = np.asarray(derivative(given.copy()), dtype=np.float64)
    except Exception:
        return None
    return answer if answer.shape == given.shape else None
