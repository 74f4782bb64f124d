"""L9: dropout drops the declared share, makes up for it, and draws anew for every row and call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstlight._errors import TargetError
from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.layers._layer import Array, Layer, seeded
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["dropout_statistics"]

Z = 4.42  # two-sided 1e-5
FAMILIES = ("dropout-scaling", "train-eval-mode", "determinism", "batch-mixing", "shape", "backward")
UNSURE_NAMES = ("p", "prob", "probability", "dropout_p")


@dataclass(frozen=True)
class Drop:
    """What dropout did to ones in training, and what it does to them in evaluation."""

    out: Array
    again: Array
    evaluation: Array

    @property
    def share(self) -> float:
        """Which share is zero."""
        return float((self.out == 0).mean())

    @property
    def scale(self) -> float:
        """What became of a one that was kept."""
        kept = self.out[self.out != 0]
        return float(np.median(kept)) if kept.size else 0.0


@check_of("L9", "dropout statistics", families=FAMILIES, instrument="statistical")
def dropout_statistics(subject: LayerSubject) -> Outcome:
    """Drop a large batch of ones: count zeros, read the scale, compare rows and calls."""
    is_dropout = subject.reference is not None and subject.reference.is_random
    if not is_dropout and not _looks_like_dropout(subject):
        return skipped("no dropout")
    is_spatial = subject.reference is not None and subject.reference.name == "dropout2d"
    first = subject.make()
    if not first.has_modes:
        return skipped("it knows no modes")
    dialects: list[str] = []
    for p, changes in _rates(subject):
        try:
            layer = subject.make(changes)
        except TargetError:
            continue
        found = _judged(subject, layer, p, is_spatial, dialects)
        if found is not None:
            return found
    return passed("share, scale, rows and calls", dialect="; ".join(dict.fromkeys(dialects)) or None)


def _looks_like_dropout(subject: LayerSubject) -> bool:
    """Tell by what it does to ones in training: some are zero, the others all alike."""
    layer = subject.make().mode(True)
    if subject.plan.below or layer.parameters() or not subject.has_plan:
        return False
    x = np.ones(subject.plan.shape)
    y, z = layer.again(x, seed=1), layer.again(x, seed=2)
    kept = y[y != 0]
    return (
        y.shape == x.shape
        and bool(np.any(y != z) and np.any(y == 0))
        and kept.size > 0
        and np.ptp(kept) < 1e-6
    )


def _rates(subject: LayerSubject) -> Iterator[tuple[float | None, Mapping[str, Any]]]:
    """Yield the declared rate, and others where the class takes them: 0.5 hides what 0.2 shows."""
    p = subject.known.values.get("p")
    yield (float(p) if isinstance(p, int | float) else None), {}
    if subject.takes_option("p"):
        for other in (0.2, 0.7, 0.0):
            if other != p:
                yield other, {subject.known.names["p"]: subject.their_value("p", other)}


def _judged(
    subject: LayerSubject, layer: Layer, p: float | None, is_spatial: bool, dialects: list[str]
) -> Outcome | None:
    seen = _drop(layer, is_spatial)
    where = f"in training, p = {p:g}" if p is not None else "in training"
    if p is not None and p <= 0:
        return (
            None
            if np.allclose(seen.out, 1.0) and np.allclose(seen.evaluation, 1.0)
            else _of_zero(seen, where)
        )
    if seen.out.shape != seen.evaluation.shape:
        return None
    if not np.any(seen.out == 0):
        return _never(seen, p, where)
    unit = seen.out[:, :, 0, 0] if is_spatial else seen.out
    for outcome in (
        _maps(seen, where) if is_spatial else None,
        _rows(unit, where),
        _calls(seen, where),
        _share(subject, seen, unit, p, where, dialects),
        _scale(seen, where, dialects),
    ):
        if outcome is not None:
            return outcome
    return None


def _drop(layer: Layer, is_spatial: bool) -> Drop:
    x = np.ones((400, 100, 3, 4) if is_spatial else (400, 500))
    layer.mode(True)
    seeded(101)
    if not is_spatial:
        try:
            out, again = layer(x), layer(x)
        except Exception:
            x = np.ones((40, 100, 5, 10))  # a dropout that takes images only
            out, again = layer(x), layer(x)
    else:
        out, again = layer(x), layer(x)
    return Drop(out, again, layer.mode(False)(x))


def _of_zero(seen: Drop, where: str) -> Outcome:
    return failed(
        "dropout-scaling",
        expected="the input itself for a rate of 0",
        seen=f"{seen.share:.1%} zeros, kept ones are {seen.scale:.6g}",
        where=where,
        cause="A rate of 0 is not the identity: the share is that of keeping, or the scale is another one.",
        certainty=0.8,
    )


def _never(seen: Drop, p: float | None, where: str) -> Outcome | None:
    if p is None or p <= 0:
        return None
    is_swapped = bool(np.any(seen.evaluation == 0))
    return failed(
        "train-eval-mode" if is_swapped else "dropout-scaling",
        expected=f"about {p:.0%} zeros in training",
        seen="none" + (", and some in evaluation" if is_swapped else ""),
        where=where,
        cause="The modes are swapped." if is_swapped else "Nothing is ever dropped.",
        certainty=0.96 if is_swapped else 0.8,
    )


def _maps(seen: Drop, where: str) -> Outcome | None:
    flat = (seen.out == 0).reshape(*seen.out.shape[:2], -1)
    mixed = flat.any(-1) & ~flat.all(-1)
    if not mixed.any():
        return None
    return failed(
        "dropout-scaling",
        expected="each channel dropped whole or not at all",
        seen=f"{mixed.mean():.0%} of the channels are dropped in part",
        where=where,
        cause="Single pixels are dropped: this is no spatial dropout.",
        certainty=0.9,
    )


def _rows(unit: Array, where: str) -> Outcome | None:
    dropped = (unit == 0).reshape(len(unit), -1)
    if dropped.shape[1] < 50 or not (dropped == dropped[:1]).all():
        return None
    return failed(
        "dropout-scaling",
        expected="another mask for every row",
        seen="one mask for all rows",
        where=where,
        cause="The mask is drawn without the batch's axis and broadcast over it.",
        certainty=0.85,
    )


def _calls(seen: Drop, where: str) -> Outcome | None:
    if not np.array_equal(seen.out == 0, seen.again == 0):
        return None
    return failed(
        "determinism",
        expected="another mask in every call",
        seen="the same mask twice",
        where=where,
        cause="The mask is drawn once and kept, or the generator is seeded in every call.",
        certainty=0.85,
    )


def _share(
    subject: LayerSubject, seen: Drop, unit: Array, p: float | None, where: str, dialects: list[str]
) -> Outcome | None:
    if p is None:
        return None
    count, zeros = unit.size, int((unit == 0).sum())
    if _is_likely(zeros, count, p):
        return None
    is_complement = _is_likely(zeros, count, 1 - p)
    name = subject.known.names.get("p", "p").lower()
    is_consistent = abs(seen.scale * (1 - seen.share) - 1) < 0.02
    if is_complement and is_consistent and name in UNSURE_NAMES and "p" not in subject.given.declares:
        dialects.append(f"{name} is the share that is kept")
        return None
    return failed(
        "dropout-scaling",
        expected=f"{p:.1%} zeros, within the band of {count:,} draws",
        seen=f"{zeros / count:.2%}",
        where=where,
        cause="It keeps the share that it should drop."
        if is_complement
        else "Units are dropped at another rate than declared.",
        certainty=0.9,
    )


def _is_likely(zeros: int, count: int, p: float) -> bool:
    p = min(max(p, 0.0), 1.0)
    return abs(zeros / count - p) <= Z * float(np.sqrt(p * (1 - p) / count)) + 1.0 / count


def _scale(seen: Drop, where: str, dialects: list[str]) -> Outcome | None:
    p = seen.share
    kept = seen.out[seen.out != 0]
    in_evaluation = float(np.median(seen.evaluation))
    expected = 1 / (1 - p)
    if np.ptp(kept) > 1e-4 * abs(seen.scale):
        return None  # noise beside the mask: no plain dropout
    if abs(seen.scale - expected) < 0.02 * expected and abs(in_evaluation - 1) < 1e-3:
        return None
    if abs(seen.scale - 1) < 1e-6 and abs(in_evaluation - (1 - p)) < 0.02:
        dialects.append("evaluation is scaled by the kept share, as in the paper")
        return None
    if np.any(seen.evaluation == 0):
        return failed(
            "train-eval-mode",
            expected="the input itself in evaluation",
            seen=f"{float((seen.evaluation == 0).mean()):.0%} zeros",
            where="in evaluation",
            cause="Dropout is active in evaluation.",
            certainty=0.95,
        )
    causes = {
        1.0: "Kept units are not scaled by 1 / (1 - p), in training or in evaluation.",
        1 / p: "Kept units are divided by the rate, not by the share that is kept.",
        1 - p: "Kept units are multiplied by 1 - p, not divided by it.",
        expected**2: "Kept units are scaled twice.",
        p: "Kept units are multiplied by the rate.",
    }
    if abs(seen.scale - expected) < 0.02 * expected:
        cause = "Evaluation is scaled though training makes up for the share already."
    else:
        near = min(causes, key=lambda value: abs(value - seen.scale))
        cause = (
            causes[near]
            if abs(near - seen.scale) < 0.02 * abs(near)
            else "Kept units are scaled by another number."
        )
    return failed(
        "dropout-scaling",
        expected=f"kept units times {expected:.4g} in training, 1 in evaluation",
        seen=f"times {seen.scale:.4g} in training, {in_evaluation:.4g} in evaluation",
        where=where,
        cause=cause,
        certainty=0.93,
    )
