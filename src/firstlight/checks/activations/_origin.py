"""L38: at zero, where many inputs lie, value and gradient are numbers; and it bends somewhere."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["at_zero", "is_not_affine"]


@check_of("L38", "value and gradient at zero", families=("numerical-stability", "backward"))
def at_zero(subject: ActivationSubject) -> Outcome:
    """Ask at zero itself, which a ReLU before it gives all the time."""
    zero = np.zeros(subject.width)
    value = subject.at(zero)
    slope = zero
    if subject.framework == "torch" and subject.is_differentiable:
        slope = subject.slope_at(zero)
    if not (np.isfinite(value).all() and np.isfinite(slope).all()):
        return failed(
            "numerical-stability",
            expected="numbers at x = 0",
            seen=f"value {value[0]:g}, gradient {slope[0]:g}",
            where="x = 0",
            cause="It divides by x, |x| or a root that is zero there.",
            certainty=0.85,
        )
    reference = subject.reference
    if reference is None or not reference.is_elementwise or subject.framework != "torch":
        return passed("finite")
    sides = reference.derivative(np.array([-1e-9, 1e-9]), **subject.exposed.values)
    low, high = min(sides.min(), 0.0), max(sides.max(), 0.0)
    if subject.is_differentiable and not (low - 1e-3 <= slope[0] <= high + 1e-3):
        return warned(
            f"Its gradient at x = 0 is {slope[0]:g}; on both sides of it, {sides[0]:g} and {sides[1]:g}."
        )
    return passed("finite")


@check_of("L39", "it is no straight line", families=("forward",))
def is_not_affine(subject: ActivationSubject) -> Outcome:
    """Compare values between two points with the line through them."""
    if subject.reference is not None:
        return skipped("the reference tells")
    x = np.linspace(-3.0, 3.0, 13)
    try:
        y = subject.at(x)
    except Exception:
        return skipped("it does not take single points")
    if y.shape != x.shape or not np.allclose(np.diff(y, 2), 0.0, atol=1e-6):
        return passed("it bends")
    return warned("It is a straight line from -3 to 3: a network with it is linear.")
