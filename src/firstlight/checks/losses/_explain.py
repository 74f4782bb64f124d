"""Which mistake explains the losses of several batches: the first that fits all of them is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._mistakes import Mistake, mistakes_of
from firstlight.checks.losses._subject import LossSubject
from firstlight.checks.references.losses._loss import Array

__all__ = ["Explanation", "explained", "named_factor"]

SURE = 0.9


@dataclass(frozen=True)
class Explanation:
    """A family, a cause in words, and how sure that is."""

    family: str
    cause: str
    certainty: float


def explained(subject: LossSubject, batches: Sequence[Batch], seen: Sequence[Array]) -> Explanation:
    """Name the mistake that gives these losses."""
    assert subject.reference is not None
    if not all(np.isfinite(one).all() for one in seen):
        return Explanation("numerical-stability", "Infinite or no number for ordinary outputs.", 0.6)
    expected = [subject.expected(one) for one in batches]
    shaped = _shape(subject, batches, seen, expected)
    if shaped is not None:
        return shaped
    for by_factor in (False, True):
        for mistake in (
            Mistake("reduction", "", subject.expected),
            *mistakes_of(subject.reference, subject.options),
        ):
            found = _fitted(subject, batches, seen, mistake, by_factor=by_factor)
            if found is not None:
                return found
    return Explanation("forward", f"The formula is not that of {subject.reference.name}.", 0.5)


def _shape(
    subject: LossSubject, batches: Sequence[Batch], seen: Sequence[Array], expected: Sequence[Array]
) -> Explanation | None:
    """Tell losses that are reduced where they should not be, or not where they should."""
    if seen[0].size == expected[0].size:
        return None
    asked = subject.options.get("reduction") or "mean"
    if seen[0].size == 1:
        is_option = "reduction" in subject.exposed.names
        family = "ignored-option" if is_option else "reduction"
        return Explanation(family, f"reduction={asked} gives one number instead of one a row.", 0.9)
    if seen[0].shape == (len(batches[0].outputs),) * 2:
        return Explanation("shape", "Rows broadcast against rows: [n] with [n, 1] gives [n, n].", 0.9)
    return Explanation("reduction", f"Losses are not reduced, though the reduction is {asked}.", 0.85)


def _fitted(
    subject: LossSubject,
    batches: Sequence[Batch],
    seen: Sequence[Array],
    mistake: Mistake,
    *,
    by_factor: bool,
) -> Explanation | None:
    try:
        with np.errstate(all="ignore"):
            values = [mistake.value(one) for one in batches]
    except Exception:
        return None
    if any(
        one.size != other.size or not np.isfinite(other).all()
        for one, other in zip(seen, values, strict=True)
    ):
        return None
    if not by_factor:
        if not mistake.cause or not all(
            subject.is_close(one, other) for one, other in zip(seen, values, strict=True)
        ):
            return None
        return Explanation(mistake.family, mistake.cause, mistake.certainty)
    factors = [_ratio(one, other) for one, other in zip(seen, values, strict=True)]
    if any(one is None for one in factors):
        return None
    named = named_factor([one for one in factors if one is not None], batches)
    if named is None:
        return None
    family, words, certainty = named
    if not mistake.cause:
        return Explanation(family, words, certainty)
    return Explanation(mistake.family, f"{mistake.cause} And: {words}", mistake.certainty - 0.1)


def _ratio(seen: Array, value: Array) -> float | None:
    if not (np.abs(value) > 1e-9).all():
        return None
    ratios = (seen.reshape(-1) / value.reshape(-1)).astype(np.float64)
    return float(ratios[0]) if np.ptp(ratios) <= 2e-4 * (1e-3 + abs(ratios[0])) else None


def named_factor(factors: Sequence[float], batches: Sequence[Batch]) -> tuple[str, str, float] | None:
    """Name a factor by which all losses are off: it may depend on the number of rows and classes."""
    sizes = [len(one.outputs) for one in batches]
    k = batches[0].outputs.shape[-1] if batches[0].outputs.ndim == 2 else 1
    known = (
        (lambda _: -1.0, "sign", "The loss has the wrong sign.", 0.95),
        (float, "reduction", "Losses are summed over the batch, not averaged.", 0.95),
        (lambda _: 1 / k, "reduction", f"The mean is taken over the {k} classes too.", 0.95),
        (lambda _: k, "reduction", f"The loss is too large by the number of classes, {k}.", 0.9),
        (lambda n: 1 / n, "reduction", "The mean divides by the number of rows twice.", 0.95),
        (lambda n: n / k, "reduction", "The sum is divided by the classes, not by the rows.", 0.95),
        (lambda n: n * k, "reduction", "Losses are summed over rows and classes.", 0.95),
        (lambda n: n / max(n - 1, 0.5), "reduction", "The sum is divided by one row too few.", 0.95),
        (lambda n: n / (n + 1), "reduction", "The sum is divided by one row too many.", 0.95),
        (lambda _: k / max(k - 1, 0.5), "reduction", "The sum is divided by one class too few.", 0.85),
        (lambda n: -n, "sign", "The loss has the wrong sign, and is summed.", 0.95),
        (lambda _: -1 / k, "sign", "The loss has the wrong sign, and is averaged over classes too.", 0.95),
        (lambda _: 1 / np.log(2), "forward", "Logarithms are those of base 2.", 0.9),
        (lambda _: 1 / np.log(10), "forward", "Logarithms are those of base 10.", 0.9),
        (np.sqrt, "reduction", "The mean is multiplied by the root of the rows.", 0.85),
        (lambda n: 1 / np.sqrt(n), "reduction", "The mean is divided by the root of the rows.", 0.85),
    )
    for value, family, words, certainty in known:
        wanted = [float(value(n)) for n in sizes]
        if np.allclose(factors, wanted, rtol=2e-4) and not np.allclose(wanted, 1.0):
            return family, words, certainty
    by_row = np.asarray(factors) / np.asarray(sizes)
    if len(sizes) > 1 and sizes[0] != sizes[1] and np.ptp(by_row) < 3e-4 * abs(by_row[0]):
        return "reduction", f"The sum is divided by {1 / by_row[0]:.5g}, whatever the number of rows.", 0.92
    if np.ptp(factors) < 3e-4 * abs(factors[0]) and not np.isclose(factors[0], 1.0, rtol=1e-3):
        c = factors[0]
        return "sign" if c < 0 else "reduction", f"The loss is off by the constant factor {c:.5g}.", 0.7
    return None
