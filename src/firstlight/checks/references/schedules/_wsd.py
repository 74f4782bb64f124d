"""Warm-up, stable, decay (a trapezoid). Hu et al. 2024, "MiniCPM", section 4; Haegele et al. 2024 (1 - sqrt).

Linear up to base_lr, there until ``total - decay``, then down to min_lr: along a line, a cosine, 1 - sqrt,
a square or exponentially.
"""

from __future__ import annotations

from math import cos, pi, sqrt
from types import SimpleNamespace

from firstlight.checks.references.schedules._parts import (
    FLOOR_DIALECTS,
    WARM,
    WARM_DIALECTS,
    floored,
    warming,
)
from firstlight.checks.references.schedules._schedule import (
    ScheduleDialect,
    ScheduleReference,
    ScheduleSuspect,
)
from firstlight.checks.references.schedules._warmup import WARM_SHARES, WARM_SPELLINGS, WARM_SUSPECTS

__all__ = ["WSD"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of the part that t is in."""
    warm = warming(t, o)
    if warm is not None:
        return warm
    begin = o.warmup + o.stable if o.stable is not None else o.total - o.decay
    length = o.decay if o.decay is not None else o.total - begin
    if t < begin:
        return float(o.base_lr)
    less = 1 if o.last_step == "total - 1" else 0
    part = min((t - begin + o.decay_from) / max(length - less, 1), 1.0)
    if o.shape == "exponential" and o.min_lr:
        return float(o.base_lr * (o.min_lr / o.base_lr) ** part)
    left = {
        "cosine": (1 + cos(pi * part)) / 2,
        "1-sqrt": 1 - sqrt(part),
        "square": 1 - part**2,
    }.get(o.shape, 1 - part)
    return floored(left, o)


def _begin(o: SimpleNamespace) -> int:
    return int(o.warmup + o.stable if o.stable is not None else o.total - o.decay)


WSD = ScheduleReference(
    "wsd",
    "Hu et al. 2024, section 4; Haegele et al. 2024",
    rate,
    {
        "base_lr": 0.5,
        "warmup": 10,
        "start_lr": 0.0,
        "stable": None,
        "decay": None,
        "total": None,
        "min_lr": 0.0,
    },
    length=lambda o: int(o.total if o.total is not None else o.warmup + o.stable + o.decay),
    needed=frozenset({"warmup"}),
    hidden={**WARM, "shape": "linear", "floor": "end", "last_step": "total", "decay_from": 0},
    spellings={
        **WARM_SPELLINGS,
        "stable": (
            "stable",
            "stable_steps",
            "num_stable_steps",
            "n_stable",
            "constant_steps",
            "plateau_steps",
        ),
        "decay": (
            "decay",
            "decay_steps",
            "num_decay_steps",
            "cooldown_steps",
            "cooldown",
            "cooldown_iters",
            "n_decay",
        ),
        "total": (
            "total_steps",
            "total",
            "num_training_steps",
            "num_steps",
            "max_steps",
            "total_iters",
            "n_steps",
        ),
    },
    shares={
        **WARM_SHARES,
        "decay": (
            "total",
            (
                "decay_fraction",
                "decay_ratio",
                "cooldown_fraction",
                "cooldown_frac",
                "decay_frac",
                "cooldown_ratio",
            ),
        ),
    },
    dialects=(
        *WARM_DIALECTS,
        *FLOOR_DIALECTS,
        ScheduleDialect("floor", "the lowest rate holds only after the decay", {"floor": "after"}),
        ScheduleDialect("last step", "the lowest rate in the last step", {"last_step": "total - 1"}),
        ScheduleDialect("last step", "the decay begins one step earlier", {"decay_from": 1}),
        *(
            ScheduleDialect("shape", f"the decay's shape is {shape}", {"shape": shape})
            for shape in ("cosine", "1-sqrt", "square", "exponential")
        ),
    ),
    suspects=(
        *WARM_SUSPECTS,
        ScheduleSuspect("It never decays: the rate stays.", rate=lambda t, o: rate(min(t, _begin(o)), o)),
        ScheduleSuspect(
            "It does not stay: the decay begins at the end of the warm-up.",
            rate=lambda t, o: rate(
                t,
                SimpleNamespace(
                    **{**vars(o), "stable": 0, "decay": o.total - o.warmup if o.total else o.decay}
                ),
            ),
        ),
    ),
    settings=(
        {
            "base_lr": 0.5,
            "warmup": 8,
            "stable": 12,
            "decay": 20,
            "total": 40,
            "min_lr": 0.05,
            "start_lr": 0.1,
        },
        {"base_lr": 0.25, "warmup": 4, "stable": 11, "decay": 5, "total": 20, "min_lr": 0.0, "start_lr": 0.0},
    ),
    marks=lambda o: {int(o.warmup): "the end of the warm-up", _begin(o): "the beginning of the decay"},
)
