"""Steps that differ from the right ones by a factor: find it, and name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.optimizers._hypotheses import Named
from firstlight.checks.optimizers._tape import Trajectory

__all__ = ["StepRatio", "named_ratio", "step_ratio"]

CLOSE = 2e-6


@dataclass(frozen=True)
class StepRatio:
    """Steps of the target over steps of the reference.

    Attributes
    ----------
    constant
        The same for all entries and steps; ``None`` if there is no such number.
    by_step
        The same for all entries of each step; ``None`` where that is not so.
    by_tensor
        The same for all entries and steps of each tensor; ``None`` where that is not so.
    sizes
        Numbers of entries of these tensors.
    """

    constant: float | None
    by_step: Float64[np.ndarray, " steps"] | None
    by_tensor: tuple[float, ...] | None
    sizes: tuple[int, ...] = ()


def step_ratio(theirs: Trajectory, ours: Trajectory, *, close: float = CLOSE) -> StepRatio:
    """Return which of the ratios exist. Entries that hardly move are left out."""
    ratios = [
        _ratios(np.stack(a), np.stack(b))
        for a, b in zip(zip(*theirs, strict=True), zip(*ours, strict=True), strict=True)
    ]
    moving = [r for r in ratios if np.isfinite(r).any()]
    if not moving:
        return StepRatio(None, None, None)
    flat = np.concatenate([r.reshape(len(r), -1) for r in moving], axis=1)
    constant = _common(flat, close)
    by_step = [_common(row, close) for row in flat if np.isfinite(row).any()]
    by_tensor = [_common(r, close) for r in moving]
    return StepRatio(
        constant,
        None if None in by_step else np.array([c for c in by_step if c is not None]),
        None if None in by_tensor else tuple(c for c in by_tensor if c is not None),
        tuple(r[0].size for r in moving),
    )


def _ratios(
    theirs: Float64[np.ndarray, "steps ..."], ours: Float64[np.ndarray, "steps ..."]
) -> Float64[np.ndarray, "steps ..."]:
    moved, right = np.diff(theirs, axis=0), np.diff(ours, axis=0)
    # Small differences of large weights have lost their digits.
    exact = np.abs(right) > 1e-8 * (1e-3 + np.abs(ours[1:]))
    with np.errstate(all="ignore"):
        return np.where(exact, moved / right, np.nan)


def _common(ratios: Float64[np.ndarray, ...], close: float) -> float | None:
    known = ratios[~np.isnan(ratios)]
    if not known.size or not np.isfinite(known).all():
        return None
    middle = float(np.median(known))
    return middle if np.all(np.abs(known - middle) <= close * abs(middle)) and middle else None


def named_ratio(ratio: StepRatio, options: Mapping[str, Any]) -> Named | None:
    """Return what a ratio says, if there is one that says something."""
    if ratio.constant is not None:
        if abs(ratio.constant - 1) < CLOSE:
            return None
        return _named_constant(ratio.constant, options)
    if ratio.by_step is not None and len(ratio.by_step) > 3:
        return _named_series(ratio.by_step, options)
    if ratio.by_tensor is not None:
        whole = np.array(ratio.by_tensor) * np.array(ratio.sizes)
        if np.allclose(whole, whole[0], rtol=1e-5):
            return Named("rate-scale", "Each tensor's steps are divided by its number of entries.", 0.9)
        words = ", ".join(f"{one:.6g}" for one in ratio.by_tensor)
        return Named(
            "shape", f"The steps are right up to a factor that each tensor has of its own: {words}.", 0.7
        )
    return None


def _named_constant(constant: float, options: Mapping[str, Any]) -> Named:
    if abs(constant + 1) < 1e-5:
        return Named("sign", "Each step is the right one with the opposite sign: it goes uphill.", 0.97)
    meaning = next(
        (words for words, value in _known_factors(options) if abs(constant / value - 1) < 1e-5), ""
    )
    family = "rate-scale"
    if constant < 0:
        return Named(
            "sign", f"Each step goes uphill, {abs(constant):.6g} times as far as the right one.", 0.9
        )
    is_said = f", which is {meaning}" if meaning else ""
    return Named(
        family,
        f"Equivalent to lr x {constant:.6g}{is_said}: all steps differ by it, and no accuracy can see that.",
        0.9,
    )


def _known_factors(options: Mapping[str, Any]) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for name in ("momentum", "beta1", "beta2", "alpha", "rho", "dampening"):
        value = options.get(name)
        if isinstance(value, float) and 0 < value < 1:
            found += [(f"1 - {name}", 1 - value), (f"1 / (1 - {name})", 1 / (1 - value)), (name, value)]
            found += [(f"1 / {name}", 1 / value), (f"1 + {name}", 1 + value)]
            found += [
                (f"sqrt(1 - {name})", (1 - value) ** 0.5),
                (f"1 / sqrt(1 - {name})", (1 - value) ** -0.5),
            ]
    rate = options.get("lr")
    if isinstance(rate, float) and rate > 0:
        found += [("lr: it is multiplied in twice", rate), ("1 / lr: the rate is missing", 1 / rate)]
    return found


def _named_series(series: Float64[np.ndarray, " steps"], options: Mapping[str, Any]) -> Named | None:
    """Return the correction for starting at zero that is missing or double, or that the steps drift."""
    t = np.arange(1, len(series) + 1)
    for name, power in (("beta1", 1.0), ("beta2", 0.5), ("alpha", 0.5), ("rho", 0.5), ("momentum", 1.0)):
        value = options.get(name)
        if not isinstance(value, float) or not 0 < value < 1:
            continue
        corrected = (1 - value**t) ** power
        for factor, words in ((corrected, "not corrected"), (1 / corrected, "corrected once too often")):
            if np.allclose(series, factor, rtol=1e-5):
                return Named(
                    "bias-correction",
                    f"The running average of {name} is {words} for its start at zero.",
                    0.95,
                )
    for power in (0.5, 1.0):
        if np.allclose(series, t**-power, rtol=1e-5) or np.allclose(series, (t + 1.0) ** -power, rtol=1e-5):
            return Named("rate-scale", f"The rate falls with t^-{power:g}, which no option asks for.", 0.9)
    first, last = series[0], series[-1]
    return Named(
        "bias-correction" if "beta1" in options else "rate-scale",
        f"All entries of a step differ by one factor: {first:.6g} in the first step, {last:.6g} in the last.",
        0.55,
    )
