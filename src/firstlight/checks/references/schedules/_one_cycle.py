"""One cycle: up to the highest rate, down to far below the first. Smith & Topin 2018, "Super-convergence".

max_lr / div_factor -> max_lr over pct_start of the steps, then down to the first rate / final_div_factor;
in three phases it comes down to the first rate over as many steps, then further. torch has the highest rate
in step pct_start total - 1 and the lowest in the last step; optax and fastai in int(pct_start total) and
after the last.
"""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi
from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import (
    ScheduleDialect,
    ScheduleReference,
    ScheduleSuspect,
)

__all__ = ["ONE_CYCLE"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate between the turning points beside t."""
    points = turning_points(o)
    for (left, before), (right, after) in pairwise(points):
        if t <= right:
            part = (t - left) / (right - left) if right > left else 1.0
            return between(before, after, part, o)
    return points[-1][1]


def between(before: float, after: float, part: float, o: SimpleNamespace) -> float:
    """Return the rate at a part of the way, along a half cosine or a line."""
    if o.anneal == "linear":
        return float(before + (after - before) * part)
    return float(after + (before - after) * (1 + cos(pi * part)) / 2)


def turning_points(o: SimpleNamespace) -> list[tuple[float, float]]:
    """Return (step, rate) of the beginning, the top, the return (of three phases) and the end."""
    first = o.base_lr / o.div_factor
    last = (o.base_lr if o.final_of == "max" else first) / o.final_div_factor
    less = 1 if o.turn == "last step" else 0
    top = o.pct_start * o.total
    top = int(top) if o.turn == "rounded" else top
    back = [(2 * top - 2 * less, first)] if o.three_phase else []
    return [(0, first), (top - less, o.base_lr), *back, (o.total - less, last)]


ONE_CYCLE = ScheduleReference(
    "one-cycle",
    "Smith & Topin 2018; torch's OneCycleLR; optax.cosine_onecycle_schedule",
    rate,
    {
        "base_lr": 0.5,
        "total": 100,
        "pct_start": 0.3,
        "div_factor": 25.0,
        "final_div_factor": 1e4,
        "anneal": "cos",
        "three_phase": False,
    },
    length=lambda o: int(o.total),
    needed=frozenset({"total"}),
    hidden={"turn": "last step", "final_of": "first"},
    spellings={
        "base_lr": (
            "max_lr",
            "peak_value",
            "lr_max",
            "peak_lr",
            "max_rate",
            "base_lr",
            "lr",
            "learning_rate",
        ),
        "pct_start": ("pct_start", "warmup_fraction", "warmup_pct", "warmup_ratio"),
        "div_factor": ("div_factor", "div", "div_start"),
        "final_div_factor": ("final_div_factor", "div_final", "final_div"),
        "anneal": ("anneal_strategy", "anneal"),
        "three_phase": ("three_phase",),
    },
    dialects=(
        ScheduleDialect(
            "turn", "the turning points are a whole number of steps after the first", {"turn": "rounded"}
        ),
        ScheduleDialect("turn", "the turning points are one step later than torch's", {"turn": "after"}),
        ScheduleDialect("final", "the last rate is max_lr / final_div_factor", {"final_of": "max"}),
        ScheduleDialect("anneal", "along lines", {"anneal": "linear"}),
    ),
    suspects=(
        ScheduleSuspect(
            "It begins at the highest rate: div_factor is not used.",
            {"div_factor": 1.0},
            family="ignored-option",
        ),
        ScheduleSuspect(
            "The rate only falls to the first one: final_div_factor is not used.", {"final_div_factor": 1.0}
        ),
        ScheduleSuspect(
            "Up and down take equally long: pct_start is not used.",
            {"pct_start": 0.5},
            family="ignored-option",
        ),
        ScheduleSuspect(
            "The parts are swapped: it rises for 1 - pct_start.",
            rate=lambda t, o: rate(t, SimpleNamespace(**{**vars(o), "pct_start": 1 - o.pct_start})),
        ),
    ),
    settings=(
        {"base_lr": 0.5, "total": 40, "pct_start": 0.25, "div_factor": 10.0, "final_div_factor": 5.0},
        {"base_lr": 0.25, "total": 20, "pct_start": 0.4, "div_factor": 4.0, "final_div_factor": 100.0},
    ),
    marks=lambda o: {int(o.total * o.pct_start): "the top", int(o.total): "its end"},
    has_jumps=True,
)
