"""Inverse square root decay after a linear warm-up. Vaswani et al. 2017, section 5.3, in two forms.

``noam``: scale d_model^-0.5 min(s^-0.5, s warmup^-1.5) of the step s counted from 1.
``inverse-sqrt``: linear to base_lr, then base_lr sqrt(timescale / (t - warmup + timescale)); the timescale is
the warm-up's length where none is given.
"""

from __future__ import annotations

from math import sqrt
from types import SimpleNamespace

from firstlight.checks.references.schedules._parts import WARM, WARM_DIALECTS, warming
from firstlight.checks.references.schedules._schedule import (
    ScheduleDialect,
    ScheduleReference,
    ScheduleSuspect,
)
from firstlight.checks.references.schedules._warmup import WARM_SHARES, WARM_SPELLINGS

__all__ = ["INVERSE_SQRT", "NOAM"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of the warm-up, then the inverse square root of the step."""
    warm = warming(t, o)
    if warm is not None:
        return warm
    timescale = o.timescale or max(o.warmup, 1)
    after = t - o.warmup + timescale + o.decay_from
    return float(max(o.base_lr * sqrt(timescale / after), o.min_lr))


def _counted(t: int, o: SimpleNamespace) -> int:
    return {"one": t + 1, "zero": t, "at least one": max(t, 1)}[o.count]


def noam_rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of the (t + 1)-th step, or of what a dialect counts instead."""
    s = _counted(t, o)
    falling = s**-0.5 if s else float("inf")
    return float(o.base_lr * o.d_model**-0.5 * min(falling, s * o.warmup**-1.5))


INVERSE_SQRT = ScheduleReference(
    "inverse-sqrt",
    "Vaswani et al. 2017, section 5.3; fairseq's and Hugging Face's inverse_sqrt",
    rate,
    {"base_lr": 0.5, "warmup": 10, "start_lr": 0.0, "timescale": None, "min_lr": 0.0},
    length=lambda o: int(o.warmup) * 4 + 40,
    needed=frozenset({"warmup"}),
    hidden={**WARM, "decay_from": 0},
    spellings={**WARM_SPELLINGS, "timescale": ("timescale", "shift")},
    shares=WARM_SHARES,
    dialects=(
        *WARM_DIALECTS,
        ScheduleDialect("count", "the decay counts steps from 1", {"decay_from": 1}),
    ),
    suspects=(
        ScheduleSuspect(
            "The decay is base_lr / sqrt(t), without the warm-up's length: the rate jumps where the warm-up "
            "ends.",
            rate=lambda t, o: rate(t, o) if t < o.warmup else o.base_lr / sqrt(max(t, 1)),
        ),
        ScheduleSuspect(
            "The root is missing: it falls by warmup / t.",
            rate=lambda t, o: rate(t, o) if t < o.warmup else o.base_lr * o.warmup / t,
        ),
        ScheduleSuspect("The warm-up never happens.", {"warmup": 0}),
        ScheduleSuspect(
            "The decay counts from the end of the warm-up: base_lr / sqrt(t - warmup + 1).",
            rate=lambda t, o: rate(t, o) if t < o.warmup else o.base_lr / sqrt(t - o.warmup + 1),
        ),
    ),
    settings=(
        {"base_lr": 0.5, "warmup": 7, "start_lr": 0.1},
        {"base_lr": 0.25, "warmup": 12, "start_lr": 0.0},
    ),
    marks=lambda o: {int(o.warmup): "the end of the warm-up"},
)

NOAM = ScheduleReference(
    "noam",
    "Vaswani et al. 2017, section 5.3, equation 3",
    noam_rate,
    {"base_lr": 1.0, "d_model": 512, "warmup": 4000},
    length=lambda o: min(int(o.warmup) * 4 + 40, 3000),
    needed=frozenset({"d_model", "warmup"}),
    hidden={"count": "one"},
    spellings={
        "d_model": ("d_model", "model_size", "dim", "model_dim", "hidden_size", "dim_embed", "d"),
        "base_lr": (
            "factor",
            "scale",
            "scale_factor",
            "lr_mul",
            "base_lr",
            "lr",
            "learning_rate",
            "init_lr",
            "k",
        ),
    },
    dialects=(
        ScheduleDialect("count", "steps counted from 0, the first has rate 0", {"count": "zero"}),
        ScheduleDialect("count", "steps counted from 0, the first as the second", {"count": "at least one"}),
    ),
    suspects=(
        ScheduleSuspect(
            "max stands where min is meant.",
            rate=lambda t, o: (
                o.base_lr * o.d_model**-0.5 * max(_counted(t, o) ** -0.5, _counted(t, o) * o.warmup**-1.5)
            ),
        ),
        ScheduleSuspect(
            "The model's size is not used.",
            rate=lambda t, o: o.base_lr * min(_counted(t, o) ** -0.5, _counted(t, o) * o.warmup**-1.5),
        ),
        ScheduleSuspect(
            "d_model is taken to the power 0.5, not -0.5.",
            rate=lambda t, o: (
                o.base_lr * o.d_model**0.5 * min(_counted(t, o) ** -0.5, _counted(t, o) * o.warmup**-1.5)
            ),
        ),
        ScheduleSuspect(
            "The warm-up's power is -0.5, not -1.5.",
            rate=lambda t, o: (
                o.base_lr * o.d_model**-0.5 * min(_counted(t, o) ** -0.5, _counted(t, o) * o.warmup**-0.5)
            ),
        ),
    ),
    settings=({"base_lr": 1.0, "d_model": 64, "warmup": 9}, {"base_lr": 2.0, "d_model": 16, "warmup": 20}),
    marks=lambda o: {int(o.warmup): "the end of the warm-up"},
)
