"""I1: weights come in the shape that was asked for; I2: constants, identities, orthogonal weights."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.inits._subject import InitSubject
from firstlight.checks.references.inits._init_reference import Array

__all__ = ["exact_weights", "filled"]


@check_of("I1", "filled and finite", families=("shape", "initialisation"))
def filled(subject: InitSubject) -> Outcome:
    """Draw weights of several shapes: every one is written, and finite."""
    for sample in subject.samples:
        bad = ~np.isfinite(sample.whole)
        if bad.any():
            return failed(
                "initialisation",
                expected="finite weights",
                seen=f"{bad.mean():.1%} are not",
                where=sample.name,
                cause="The scale divides by zero or takes the root of a negative number.",
                certainty=0.8,
            )
        untouched = sample.draws[0] == 123.25
        if untouched.any() and not (subject.reference and subject.reference.exact):
            return failed(
                "initialisation",
                expected="every weight written",
                seen=f"{untouched.mean():.1%} are as they were",
                where=sample.name,
                cause="The new weights never get into the tensor: fill it in place, or return them.",
                certainty=0.85,
            )
    return passed(", ".join(sample.name for sample in subject.samples[:6]))


@check_of("I2", "exact weights", families=("initialisation",))
def exact_weights(subject: InitSubject) -> Outcome:
    """Hold weights that are not drawn one by one against what they have to be."""
    reference = subject.reference
    if reference is None or not (reference.exact or reference.is_orthogonal):
        return skipped("weights are drawn one by one")
    if subject.is_module:
        places = [(sample.name, sample.draws[0]) for sample in subject.samples]
    else:
        places = []
        for shape in _shapes(reference.name):
            try:
                places.append((f"shape {shape}", subject.draws(shape, 1)[0]))
            except (TargetBroke, TypeError, ValueError):
                continue
    for name, weights in places:
        outcome = (
            _orthogonal(subject, name, weights) if reference.is_orthogonal else _equal(subject, name, weights)
        )
        if outcome is not None:
            return outcome
    return passed(", ".join(name for name, _ in places)) if places else skipped("it takes none of the shapes")


def _shapes(name: str) -> tuple[tuple[int, ...], ...]:
    if name == "dirac":
        return (6, 4, 3, 3), (4, 6, 3, 3)
    return (9, 5), (5, 9), (6, 6)


def _equal(subject: InitSubject, name: str, weights: Array) -> Outcome | None:
    assert subject.reference is not None
    assert subject.reference.exact is not None
    if subject.reference.name == "identity" and weights.ndim != 2:
        return None
    expected = subject.reference.exact(weights.shape, subject.options)
    if np.allclose(weights, expected, atol=1e-7):
        return None
    first = np.unravel_index(int(np.argmax(np.abs(weights - expected))), weights.shape)
    return failed(
        "initialisation",
        expected=f"{expected[first]:g}",
        seen=f"{weights[first]:.6g}",
        where=f"{name}, weight [{', '.join(str(int(one)) for one in first)}]",
        cause=f"The weights are not those of {subject.like}.",
        certainty=0.85,
    )


def _orthogonal(subject: InitSubject, name: str, weights: Array) -> Outcome | None:
    gain = float(subject.options.get("gain") or 1.0)
    best = float("inf")
    found = 0.0
    for matrix in (weights.reshape(len(weights), -1), weights.reshape(-1, weights.shape[-1])):
        short = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
        product = short @ short.T
        off = float(np.abs(product - np.diag(np.diag(product))).max())
        spread = float(np.abs(np.diag(product) - gain**2).max())
        if max(off, spread) < best:
            best, found = max(off, spread), float(np.sqrt(np.diag(product).mean()))
        if max(off, spread) <= 1e-4 * gain**2:
            return None
    is_gain = abs(found - gain) > 1e-3 and best > 0 and _is_orthogonal_up_to_gain(weights)
    return failed(
        "initialisation",
        expected=f"orthogonal rows or columns of length {gain:g}",
        seen=f"off by {best:.3g}, length {found:.4g}",
        where=name,
        cause=f"The gain is {found:.4g}, not {gain:g}." if is_gain else "Rows or columns are not orthogonal.",
        certainty=0.9,
    )


def _is_orthogonal_up_to_gain(weights: Array) -> bool:
    matrix = weights.reshape(len(weights), -1)
    short = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    product = short @ short.T
    return bool(np.allclose(product, np.eye(len(product)) * product[0, 0], atol=1e-4 * abs(product[0, 0])))
