"""Which mistake explains the values of an activation: the first that fits all points is named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firstlight.checks.activations._recognise import fits
from firstlight.checks.activations._subject import ActivationSubject
from firstlight.checks.references.activations import ACTIVATIONS, ActivationReference
from firstlight.checks.references.activations._activation import Array

__all__ = ["Explanation", "explained"]


@dataclass(frozen=True)
class Explanation:
    """A family, a cause in words, how to fix it, and how sure that is."""

    family: str
    cause: str
    certainty: float
    hint: str = ""


@dataclass(frozen=True)
class _Case:
    """Points, what the target gives at them, and what it should."""

    subject: ActivationSubject
    x: Array
    seen: Array
    expected: Array

    @property
    def reference(self) -> ActivationReference:
        assert self.subject.reference is not None
        return self.subject.reference

    def is_seen(self, other: Array) -> bool:
        """Return whether other values are the target's."""
        return _close(self.subject, self.seen, other)


def explained(subject: ActivationSubject, x: Array, seen: Array, expected: Array) -> Explanation:
    """Name the mistake that gives these values where others were expected."""
    case = _Case(subject, x, seen, expected)
    for ask in (_not_finite, _dead_option, _sign, _mirrored, _slope, _other, _factor, _wrong_options, _side):
        found = ask(case)
        if found is not None:
            return found
    return Explanation("forward", f"The formula is not that of {case.reference.name}.", 0.8)


def _close(subject: ActivationSubject, seen: Array, expected: Array) -> bool:
    return bool((np.abs(seen - expected) <= 10 * subject.tolerance * (1 + np.abs(expected))).all())


def _not_finite(case: _Case) -> Explanation | None:
    if np.isfinite(case.seen).all():
        return None
    bad = case.x[~np.isfinite(case.seen)]
    where = f"between x = {bad.min():.3g} and {bad.max():.3g}"
    return Explanation(
        "numerical-stability",
        f"Not a number or infinite {where}: a division by zero, a root or an overflow.",
        0.8,
    )


def _dead_option(case: _Case) -> Explanation | None:
    """An option that is set and whose change changes nothing, while another value of it would fit."""
    for option, name in case.subject.exposed.names.items():
        value = case.subject.exposed.values[option]
        if isinstance(value, (str, bool)) or not isinstance(value, (int, float)):
            if option == "approximate" and fits(
                case.subject, {**case.subject.exposed.values, option: _opposite(value)}
            ):
                return Explanation("ignored-option", f"{name}={value!r} is not heeded.", 0.9)
            continue
        try:
            changed = case.subject.with_args(**{name: value * 1.5 + 0.1}).at(case.x)
        except Exception:
            continue
        if np.array_equal(changed, case.seen):
            cause = f"{name} is accepted and changes nothing: a constant stands in its place."
            return Explanation("ignored-option", cause, 0.95, f"Use {name} where the constant is.")
    return None


def _opposite(value: object) -> str:
    return "none" if value in ("tanh", True) else "tanh"


def _sign(case: _Case) -> Explanation | None:
    if case.is_seen(-case.expected):
        return Explanation("sign", "The whole function has the wrong sign.", 0.95)
    return None


def _mirrored(case: _Case) -> Explanation | None:
    for mirrored in (case.subject.expected(-case.x), -case.subject.expected(-case.x)):
        if case.is_seen(mirrored) and not _close(case.subject, mirrored, case.expected):
            if case.reference.name in ("leaky-relu", "prelu", "relu"):
                return Explanation("forward", "The two sides are swapped: the slope is that of x > 0.", 0.9)
            return Explanation("sign", "Its argument has the wrong sign: it is mirrored.", 0.9)
    return None


def _slope(case: _Case) -> Explanation | None:
    """Read the slope of the negative side, where that side is a straight line."""
    left = case.x < 0
    if case.reference.name not in ("leaky-relu", "prelu", "relu") or not _close(
        case.subject, case.seen[~left], case.x[~left]
    ):
        return None
    slopes = case.seen[left] / case.x[left]
    if np.ptp(slopes) > 1e-4 * (1 + abs(slopes[0])):
        return None
    slope, wanted = float(slopes[0]), float(case.subject.expected(np.array([-1.0]))[0] * -1)
    if wanted and np.isclose(slope, -wanted, rtol=1e-4):
        return Explanation("sign", f"The slope for x < 0 is {slope:.4g}, its sign is wrong.", 0.95)
    is_set = set(case.subject.exposed.explicit) & {"negative_slope", "weight"}
    family = "ignored-option" if is_set and not set(case.subject.exposed.names) & is_set else "forward"
    return Explanation(family, f"The slope for x < 0 is {slope:.4g} instead of {wanted:.4g}.", 0.85)


def _other(case: _Case) -> Explanation | None:
    """Another activation that gives just these values."""
    for reference in dict.fromkeys(ACTIVATIONS.values()):
        if not reference.is_elementwise or reference is case.reference:
            continue
        for options in (reference.options, *reference.dialects.values()):
            if case.is_seen(reference.value(case.x, **{**reference.options, **options})):
                return Explanation("forward", f"This is {reference.name}, not {case.reference.name}.", 0.9)
    if case.is_seen(case.x):
        return Explanation("forward", "It gives its input back unchanged.", 0.9)
    return None


def _factor(case: _Case) -> Explanation | None:
    big = np.abs(case.expected) > 1e-2
    if not big.any():
        return None
    ratios = case.seen[big] / case.expected[big]
    if np.ptp(ratios) < 1e-4 and case.is_seen(ratios[0] * case.expected):
        return Explanation("forward", f"All values are off by the factor {ratios[0]:.4g}.", 0.9)
    shifts = case.seen - case.expected
    if np.ptp(shifts) < 1e-4:
        return Explanation("forward", f"All values are off by {shifts[0]:.4g}, a constant.", 0.9)
    return None


def _wrong_options(case: _Case) -> Explanation | None:
    """The reference with another value of one option."""
    for option, value in case.subject.exposed.values.items():
        if isinstance(value, (str, bool)):
            continue
        for tried in {case.reference.options[option], -value, 1 / value if value else 0.0, value**2, 1.0}:
            if tried != value and tried and case.is_seen(case.subject.expected(case.x, **{option: tried})):
                family = "ignored-option" if option in case.subject.exposed.explicit else "forward"
                family = "sign" if tried == -value else family
                return Explanation(family, f"It computes with {option} = {tried:.4g}, not {value:.4g}.", 0.9)
    return None


def _side(case: _Case) -> Explanation | None:
    """Only one side of some point differs."""
    wrong = np.abs(case.seen - case.expected) > 10 * case.subject.tolerance * (1 + np.abs(case.expected))
    if not wrong.any() or wrong.all():
        return None
    low, high = case.x[wrong].min(), case.x[wrong].max()
    place = "for x < 0 only" if high < 0 else "for x > 0 only" if low > 0 else f"from {low:.3g} to {high:.3g}"
    return Explanation("forward", f"The formula of {case.reference.name} does not hold {place}.", 0.85)
