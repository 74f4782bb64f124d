"""L10: batch normalisation keeps running statistics that follow the batches at the declared pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped
from firstlight.checks.layers._layer import Array, Layer
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["running_statistics"]

FAMILIES = ("running-statistics", "train-eval-mode", "batch-mixing")
MEANS, VARIANCES = ("mean", "mu", "avg", "loc"), ("var", "sigma2", "sigma", "std")


@dataclass(frozen=True)
class Running:
    """Running mean and variance before and after one batch in training, and that batch's own."""

    names: tuple[str, str]
    before: tuple[Array, Array]
    after: tuple[Array, Array]
    batch: tuple[Array, Array]
    rows: int


def is_batchnorm(subject: LayerSubject) -> bool:
    """Tell whether running statistics are part of what is declared."""
    named = subject.reference is not None and subject.reference.name.startswith("batchnorm")
    return (
        named
        or subject.declared("norm") in ("batch", "batchnorm")
        or isinstance(subject.instance, nn.modules.batchnorm._BatchNorm)
    )


@check_of("L10", "running statistics", families=FAMILIES)
def running_statistics(subject: LayerSubject) -> Outcome:
    """Train on one batch: running mean and variance move a declared part of the way to the batch's."""
    if not is_batchnorm(subject):
        return skipped("no batch normalisation")
    values = subject.known.values
    if (
        values.get("track_running_stats") is False
        or getattr(subject.instance, "track_running_stats", True) is False
    ):
        return skipped("it keeps none, as declared")
    layer = subject.make()
    seen = _seen(subject, layer)
    if isinstance(seen, Outcome):
        return seen
    if getattr(subject.instance, "momentum", 0.1) is None:
        return passed("a cumulative average")
    moved = [after - before for before, after in zip(seen.before, seen.after, strict=True)]
    if not any(np.any(one) for one in moved):
        return failed(
            "running-statistics",
            expected=f"{seen.names[0]} moves towards the batch's mean",
            seen="nothing moves",
            where=f"{seen.names[0]}, first batch in training",
            cause="The running statistics are never updated: the new value is not kept.",
            certainty=0.96,
        )
    return _of_mean(subject, seen)


def _seen(subject: LayerSubject, layer: Layer) -> Running | Outcome:
    layer.mode(True)
    layer(subject.plan.draw(1))
    names = _names(layer)
    if names is None:
        return _without(subject, layer)
    before = layer.values()
    x = subject.plan.draw(2) * 1.7 + 1.1
    layer(x)
    after = layer.values()
    size = before[names[0]].size
    axes = [axis for axis in range(x.ndim) if axis != _feature_axis(x, size, subject)]
    rows = int(np.prod([x.shape[axis] for axis in axes]))
    batch = (x.mean(tuple(axes)), x.var(tuple(axes)))
    if batch[0].size != size:
        return inconclusive(f"{names[0]} has {size} entries, the batch {batch[0].size} features")
    if names[1] not in before:
        return inconclusive("no running variance was found")
    return Running(
        names,
        (before[names[0]].reshape(-1), before[names[1]].reshape(-1)),
        (after[names[0]].reshape(-1), after[names[1]].reshape(-1)),
        batch,
        rows,
    )


def _feature_axis(x: Array, size: int, subject: LayerSubject) -> int:
    if subject.plan.row_axis == 1 and x.ndim == 2:
        return 0
    return 1 if x.shape[1] == size else x.ndim - 1


def _names(layer: Layer) -> tuple[str, str] | None:
    """Find running mean and variance by their names among what does not learn."""
    learnt = {name for name, _ in layer.parameters()}
    held = [one.name for one in layer.held() if one.name not in learnt]

    def ranked(words: tuple[str, ...]) -> list[str]:
        fitting = [name for name in held if any(word in name.rpartition(".")[2].lower() for word in words)]
        first = ("running", "moving", "avg", "ema", "global", "r_", "mov")
        return sorted(fitting, key=lambda name: not any(word in name.lower() for word in first))

    means, variances = ranked(MEANS), ranked(VARIANCES)
    variances = [name for name in variances if name not in means or "var" in name.lower()]
    means = [name for name in means if "var" not in name.lower()]
    return (means[0], variances[0]) if means and variances else None


def _without(subject: LayerSubject, layer: Layer) -> Outcome:
    """Nothing is kept: then evaluation cannot be right, unless it depends on the row alone."""
    x = subject.plan.draw(0)
    layer.mode(False)
    y = layer.again(x)
    other = x.copy()
    other[-1] = 5.0
    if y.shape == x.shape and not np.allclose(layer.again(other)[0], y[0], rtol=1e-6):
        return failed(
            "running-statistics",
            expected="evaluation by running statistics",
            seen="a row's output in evaluation depends on the other rows",
            where="in evaluation",
            cause="No running statistics are kept, and evaluation normalises with the batch.",
            certainty=0.7,
        )
    return inconclusive(
        "its running statistics were not found by name", hint="Usual names: running_mean, running_var."
    )


def _of_mean(subject: LayerSubject, seen: Running) -> Outcome:
    """Read the pace from the mean, then hold the variance against it."""
    gap = seen.batch[0] - seen.before[0]
    pace = (seen.after[0] - seen.before[0]) / np.where(gap == 0, 1, gap)
    tolerance = 1e-5 if subject.is_double else 2e-2
    rate = float(np.median(pace))
    where = f"{seen.names[0]}, second batch in training"
    if np.ptp(pace) > tolerance * max(1.0, abs(rate)) * 10:
        return failed(
            "running-statistics",
            expected="each feature moves the same part of the way to the batch's mean",
            seen=f"between {pace.min():.4g} and {pace.max():.4g} of it",
            where=where,
            cause="What the running mean follows is not the batch's mean of each feature.",
            certainty=0.8,
        )
    dialects: list[str] = []
    for outcome in (
        _pace(subject, rate, tolerance, where, dialects),
        _variance(seen, rate, tolerance, dialects),
    ):
        if outcome is not None:
            return outcome
    return passed(f"moves {rate:.4g} of the way", dialect="; ".join(dialects) or None)


def _pace(
    subject: LayerSubject, rate: float, tolerance: float, where: str, dialects: list[str]
) -> Outcome | None:
    momentum: Any = subject.known.values.get("momentum", getattr(subject.instance, "momentum", None))
    is_given = "momentum" in subject.known.given or "momentum" in subject.given.args
    convention = subject.declared("momentum_convention")
    is_torch = isinstance(subject.instance, nn.modules.batchnorm._BatchNorm)

    def fails(cause: str, expected: str, certainty: float) -> Outcome:
        return failed(
            "running-statistics",
            expected=expected,
            seen=f"{rate:.4g} of the way",
            where=where,
            cause=cause,
            certainty=certainty,
        )

    if not -tolerance <= rate <= 1 + tolerance or abs(rate) <= tolerance:
        return fails(
            "The running mean moves away or does not move.", "a part of the way, between 0 and 1", 0.85
        )
    if not isinstance(momentum, int | float) or isinstance(momentum, bool):
        if rate > 0.5:
            return fails(
                "The batch replaces most of the running mean: the momentum is inverted.",
                "a small part of the way",
                0.8,
            )
        return None
    as_torch, as_keras = abs(rate - momentum) <= 2 * tolerance, abs(rate - (1 - momentum)) <= 2 * tolerance
    if convention in ("torch", "keras") and not (as_torch if convention == "torch" else as_keras):
        wanted = momentum if convention == "torch" else 1 - momentum
        return fails(f"The momentum is not used in {convention}'s sense.", f"{wanted:.4g} of the way", 0.95)
    if not (as_torch or as_keras):
        return fails(
            "The pace is not the momentum's.",
            f"{momentum:g} of the way, or {1 - momentum:g} in Keras' sense",
            0.85,
        )
    if rate > 0.5 and not is_torch and not (is_given and as_torch):
        return fails(
            "The momentum is inverted: each batch replaces most of the running statistics.",
            f"{min(momentum, 1 - momentum):.4g} of the way",
            0.95,
        )
    if as_keras and not as_torch:
        dialects.append("momentum is the share that is kept, as in Keras")
    return None


def _variance(seen: Running, rate: float, tolerance: float, dialects: list[str]) -> Outcome | None:
    biased = seen.batch[1]
    unbiased = biased * seen.rows / max(seen.rows - 1, 1)
    for target, word in ((unbiased, ""), (biased, "running variance with n, as in Keras")):
        expected = (1 - rate) * seen.before[1] + rate * target
        if np.allclose(seen.after[1], expected, rtol=max(1e-6, tolerance), atol=1e-9):
            dialects += [word] if word else []
            return None
    roots = (
        (1 - rate) * seen.before[1] + rate * np.sqrt(biased),
        (1 - rate) * seen.before[1] + rate * np.sqrt(unbiased),
    )
    if any(np.allclose(seen.after[1], one, rtol=1e-4) for one in roots):
        if "std" in seen.names[1].lower() or "sigma" in seen.names[1].lower():
            return None
        cause = "The deviation is kept where the variance should be."
    elif np.array_equal(seen.after[1], seen.before[1]):
        cause = "The running variance is never updated."
    elif np.allclose(seen.after[1], rate * seen.before[1] + (1 - rate) * biased, rtol=1e-4) or np.allclose(
        seen.after[1], rate * seen.before[1] + (1 - rate) * unbiased, rtol=1e-4
    ):
        cause = "The variance moves at one minus the mean's pace."
    else:
        cause = "What the running variance follows is not the batch's variance of each feature."
    expected = (1 - rate) * seen.before[1] + rate * unbiased
    return failed(
        "running-statistics",
        expected=f"{seen.names[1]}[0] = {expected[0]:.6g}",
        seen=f"{seen.after[1][0]:.6g}",
        where=f"{seen.names[1]}, second batch in training",
        cause=cause,
        certainty=0.9,
    )
