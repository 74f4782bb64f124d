"""Triangular cycles. Smith 2017, "Cyclical learning rates for training neural networks", section 3.

Up from min_lr to base_lr (the highest) over ``up`` steps, down again over ``down``; ``triangular2`` halves
the height after each cycle, ``exp_range`` shrinks it by gamma^t.
"""

from __future__ import annotations

from math import floor
from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["CYCLIC"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of step t."""
    up, down = o.up, o.down or o.up
    cycle = floor(t / (up + down))
    inside = t - cycle * (up + down)
    height = inside / up if inside <= up else 1 - (inside - up) / down
    if o.upside == "down":
        height = 1 - height
    shrink = {
        "triangular": 1.0,
        "triangular2": 0.5 ** (cycle + (1 if o.halved == "at once" else 0)),
        "exp_range": o.gamma ** (cycle if o.shrunk == "by cycle" else t),
    }[o.mode]
    return float(o.min_lr + (o.base_lr - o.min_lr) * height * shrink)


CYCLIC = ScheduleReference(
    "cyclic",
    "Smith 2017, section 3; torch's CyclicLR",
    rate,
    {"base_lr": 0.5, "min_lr": 0.05, "up": 20, "down": None, "mode": "triangular", "gamma": 1.0},
    length=lambda o: min(2 * (int(o.up) + int(o.down or o.up)) + int(o.up), 9000),
    needed=frozenset({"up"}),
    hidden={"upside": "up", "halved": "after", "shrunk": "by step"},
    spellings={
        "base_lr": ("max_lr", "lr_max", "max_rate", "peak_lr", "max_value", "maximal_learning_rate", "high"),
        "min_lr": (
            "base_lr",
            "min_lr",
            "lr_min",
            "base_rate",
            "min_value",
            "initial_learning_rate",
            "low",
            "lr",
        ),
        "up": ("step_size_up", "step_size", "stepsize", "half_cycle", "up_steps", "half_period", "step_up"),
        "down": ("step_size_down", "down_steps", "step_down"),
        "mode": ("mode",),
        "gamma": ("gamma",),
    },
    suspects=(
        ScheduleSuspect("It begins at the top and falls first.", {"upside": "down"}),
        ScheduleSuspect("The height is halved one cycle early.", {"halved": "at once"}),
        ScheduleSuspect("The height shrinks once a cycle, not with each step.", {"shrunk": "by cycle"}),
        ScheduleSuspect(
            "A whole cycle takes step_size steps, not twice as many.",
            rate=lambda t, o: rate(t, SimpleNamespace(**{**vars(o), "up": o.up / 2, "down": None})),
        ),
        ScheduleSuspect(
            "The mode is not used: all cycles are equally high.",
            {"mode": "triangular"},
            family="ignored-option",
        ),
    ),
    settings=(
        {"base_lr": 0.5, "min_lr": 0.1, "up": 6, "down": 4, "mode": "triangular2", "gamma": 1.0},
        {"base_lr": 0.5, "min_lr": 0.05, "up": 5, "down": None, "mode": "exp_range", "gamma": 0.9},
        {"base_lr": 0.25, "min_lr": 0.0, "up": 7, "down": None, "mode": "triangular", "gamma": 1.0},
    ),
    marks=lambda o: {int(o.up): "the top", int(o.up) + int(o.down or o.up): "the second cycle"},
    has_jumps=True,
)
