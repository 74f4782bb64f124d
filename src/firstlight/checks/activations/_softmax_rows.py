"""L13: softmax and log-softmax are taken over the declared axis, by rows that do not know each other."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.activations._recognise import matrix
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations import ACTIVATIONS
from firstlight.checks.references.activations._activation import Array

__all__ = ["rows_are_distributions"]


@check_of("L13", "softmax over its axis", families=("softmax", "forward", "shape", "numerical-stability"))
def rows_are_distributions(subject: ActivationSubject) -> Outcome:
    """Hold a softmax of a matrix against the reference, then small, single and shifted rows."""
    if subject.reference is None or subject.reference.is_elementwise:
        return skipped("it is a function of single elements") if subject.reference else _unknown(subject)
    axis = int(subject.exposed.values.get("axis", -1))
    for x, what in ((matrix(), "7 rows of 5"), (matrix()[:1], "one row"), (matrix()[:5], "5 rows of 5")):
        seen = subject.values(x)
        expected = subject.expected(x)
        if seen.shape != expected.shape:
            return failed(
                "shape",
                expected=f"shape {expected.shape}",
                seen=f"shape {seen.shape}",
                where=what,
                cause="It changes the shape.",
                certainty=0.8,
            )
        if not np.allclose(seen, expected, rtol=1e-4, atol=20 * subject.tolerance):
            return _wrong(subject, x, seen, expected, what, axis)
    return passed("3 matrices", dialect=subject.dialect)


def _unknown(subject: ActivationSubject) -> Outcome:
    """Without a reference, tell only what fits exactly: a softmax over the whole array."""
    seen = subject.values(matrix())
    if seen.shape == matrix().shape and np.allclose(seen, _whole(matrix()), atol=1e-6):
        return failed(
            "softmax",
            expected="rows that sum to 1",
            seen=f"the whole array sums to {seen.sum():.6g}",
            where="the axis",
            cause="Softmax is taken over all elements together.",
            certainty=0.8,
        )
    return skipped("no reference: --like names one")


def _whole(x: Array) -> Array:
    e = np.exp(x - x.max())
    return np.asarray(e / e.sum())


def _wrong(
    subject: ActivationSubject, x: Array, seen: Array, expected: Array, what: str, axis: int
) -> Outcome:
    family, cause, certainty = _cause(subject, x, seen, expected, axis)
    first = tuple(int(i) for i in np.argwhere(~np.isclose(seen, expected, rtol=1e-4, atol=1e-5))[0])
    return failed(
        family,
        expected=f"{expected[first]:.6g} at {list(first)}, sums along axis {axis} as a distribution's",
        seen=f"{seen[first]:.6g}",
        where=f"{what}, element {list(first)}",
        cause=cause,
        certainty=certainty,
    )


def _cause(
    subject: ActivationSubject, x: Array, seen: Array, expected: Array, axis: int
) -> tuple[str, str, float]:
    reference = subject.reference
    assert reference is not None
    is_log = reference.name == "log-softmax"
    soft = ACTIVATIONS["softmax"].value
    p, whole = soft(x, axis=axis), _whole(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    known = [
        (
            reference.value(x, axis=1 - axis % 2),
            "softmax",
            f"It is taken over axis {1 - axis % 2}, not {axis}.",
        ),
        (
            np.log(whole) if is_log else whole,
            "softmax",
            "It is taken over all elements together, not row by row.",
        ),
        (
            p if is_log else np.log(p),
            "softmax",
            "The logarithm is " + ("missing." if is_log else "too much."),
        ),
        (soft(p, axis=axis), "softmax", "Softmax is taken twice."),
        (np.exp(x), "softmax", "It is not divided by the sum."),
        (e, "softmax", "It is not divided by the sum."),
        (x / x.sum(axis=axis, keepdims=True), "softmax", "It divides without taking exponentials."),
        (soft(-x, axis=axis), "sign", "The exponents have the wrong sign."),
        (-expected, "sign", "The result has the wrong sign."),
        (1 / (1 + np.exp(-x)), "softmax", "This is a sigmoid of each element."),
    ]
    for other, family, cause in known:
        if np.allclose(seen, other, rtol=1e-4, atol=1e-6):
            return family, cause, 0.95
    if not np.isfinite(seen).all():
        return "numerical-stability", "It gives infinite numbers or none.", 0.8
    sums = (np.exp(seen) if is_log else seen).sum(axis=axis)
    if not np.allclose(sums, 1.0, atol=1e-4):
        return "softmax", f"Its rows sum to {sums.reshape(-1)[0]:.4g}, not to 1.", 0.8
    return "forward", f"Its rows sum to 1, and are not those of {reference.name}.", 0.7
