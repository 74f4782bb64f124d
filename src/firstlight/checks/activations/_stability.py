"""L17: large inputs give the right numbers, in float32 too."""

from __future__ import annotations

import numpy as np
import torch

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.activations._gradients import backward_is_derivative
from firstlight.checks.activations._points import at_reference_points
from firstlight.checks.activations._recognise import matrix
from firstlight.checks.activations._softmax_rows import rows_are_distributions
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations._activation import Array

__all__ = ["at_large_inputs"]

SIZES = np.array([30.0, 50.0, 80.0, 89.0, 100.0, 500.0, 710.0, 800.0, 1e4])
POINTS = np.sort(np.concatenate([-SIZES, SIZES, [-1e-30, 0.0, 1e-30]]))
SLOPE_POINTS = np.array([-20.0, -12.0, -5.0, -1e-3, 1e-3, 5.0, 12.0, 20.0])


@check_of("L17", "large inputs", families=("numerical-stability", "backward"))
def at_large_inputs(subject: ActivationSubject) -> Outcome:
    """Hold values up to 10,000 and slopes up to 20 against the reference, in each floating point type."""
    is_rows = subject.reference is not None and not subject.reference.is_elementwise
    for dtype in dict.fromkeys((subject.dtype, torch.float32)):
        found = _rows(subject, dtype) if is_rows else _values(subject, dtype) or _slopes(subject, dtype)
        if found is not None:
            return found
    return _far_slopes(subject) or passed(f"{POINTS.size} points up to 10,000")


def _values(subject: ActivationSubject, dtype: torch.dtype) -> Outcome | None:
    seen = _asked(subject, POINTS, dtype)
    if seen is None or seen.size != POINTS.size:
        return None
    is_known = subject.reference is not None and at_reference_points.run(subject).status == "pass"
    wrong = np.isnan(seen)
    expected = np.full_like(seen, np.nan)
    if is_known:
        expected = subject.expected(POINTS)
        is_close = np.abs(seen - expected) <= 1e-4 * (1 + np.abs(expected))
        wrong = np.isfinite(expected) & ~is_close
    if not wrong.any():
        return None
    first = int(np.flatnonzero(wrong)[np.argmin(np.abs(POINTS[wrong]))])
    return failed(
        "numerical-stability",
        expected=f"f({POINTS[first]:g}) = {expected[first]:.6g}" if is_known else "a number",
        seen=f"{seen[first]:.6g} in {str(dtype).removeprefix('torch.')}",
        where=f"x = {POINTS[first]:g}",
        cause="An exponential overflows, or a difference or quotient of huge numbers is taken.",
        hint="Take exponentials of numbers that are not positive only, or clamp the branch that is not used.",
        certainty=0.9 if is_known else 0.6,
    )


def _slopes(subject: ActivationSubject, dtype: torch.dtype) -> Outcome | None:
    if subject.framework != "torch" or not subject.is_differentiable:
        return None
    try:
        seen = subject.slope_at(SLOPE_POINTS, dtype=dtype)
    except Exception:
        return None
    is_known = subject.reference is not None and backward_is_derivative.run(subject).status == "pass"
    wrong = ~np.isfinite(seen)
    expected = np.full_like(seen, np.nan)
    if is_known and subject.reference is not None and subject.reference.is_elementwise:
        expected = subject.reference.derivative(SLOPE_POINTS, **subject.exposed.values)
        wrong = ~(np.abs(seen - expected) <= 5e-3)
    if not wrong.any():
        return None
    first = int(np.flatnonzero(wrong)[0])
    return failed(
        "numerical-stability" if not np.isfinite(seen[first]) else "backward",
        expected=f"f'({SLOPE_POINTS[first]:g}) = {expected[first]:.6g}" if is_known else "a number",
        seen=f"{seen[first]:.6g} in {str(dtype).removeprefix('torch.')}",
        where=f"gradient at x = {SLOPE_POINTS[first]:g}",
        cause="The derivative overflows, though the value does not.",
        certainty=0.8,
    )


def _far_slopes(subject: ActivationSubject) -> Outcome | None:
    """Tell of gradients that are no numbers far outside, where a branch that is not taken overflows."""
    if subject.framework != "torch" or not subject.is_differentiable:
        return None
    for dtype in dict.fromkeys((torch.float32, subject.dtype)):
        try:
            seen = subject.slope_at(POINTS, dtype=dtype)
        except Exception:
            return None
        if not np.isfinite(seen).all() and seen.size == POINTS.size:
            first = POINTS[~np.isfinite(seen)][0]
            return warned(
                f"Its gradient at x = {first:g} is not a number in {str(dtype).removeprefix('torch.')}.",
                where=f"gradient at x = {first:g}",
                hint="Clamp the branch that is not taken: its overflow reaches the gradient.",
            )
    return None


def _rows(subject: ActivationSubject, dtype: torch.dtype) -> Outcome | None:
    if rows_are_distributions.run(subject).status != "pass":
        return None
    base = matrix()
    cases = {
        "shifted by 1e4": base + 1e4,
        "shifted by -1e4": base - 1e4,
        "up to 1e4": base * 2e3,
        "one at 1e4": np.where(np.arange(base.size).reshape(base.shape) % 7 == 0, 1e4, base),
        "all equal": np.full_like(base, 3.7),
        "all -1e4": np.full_like(base, -1e4),
    }
    for what, x in cases.items():
        seen = _asked(subject, x, dtype, is_flat=False)
        if seen is None:
            continue
        expected = subject.expected(np.asarray(x, dtype=str(dtype).removeprefix("torch.")).astype(np.float64))
        if not np.allclose(seen, expected, rtol=1e-3, atol=1e-3):
            first = tuple(int(i) for i in np.argwhere(~np.isclose(seen, expected, rtol=1e-3, atol=1e-3))[0])
            return failed(
                "numerical-stability",
                expected=f"{expected[first]:.6g}",
                seen=f"{seen[first]:.6g} in {str(dtype).removeprefix('torch.')}",
                where=f"inputs {what}, element {list(first)}",
                cause="The largest input of each row is not subtracted before taking exponentials.",
                hint="Subtract the maximum along the same axis first.",
                certainty=0.9,
            )
    return None


def _asked(subject: ActivationSubject, x: Array, dtype: torch.dtype, *, is_flat: bool = True) -> Array | None:
    """Return values, or ``None`` where it does not take this type."""
    if dtype == subject.dtype:
        return subject.at(x) if is_flat else subject.values(x)
    try:
        return subject.at(x, dtype=dtype) if is_flat else subject.values(x, dtype=dtype)
    except Exception:
        return None
