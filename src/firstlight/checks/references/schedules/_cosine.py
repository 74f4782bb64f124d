"""Cosine annealing without restarts. Loshchilov & Hutter 2017, "SGDR", equation 5 with one cycle.

min_lr + (base_lr - min_lr) (1 + cos(pi t / T)) / 2
"""

from __future__ import annotations

from math import cos, pi
from types import SimpleNamespace

from firstlight.checks.references.schedules._parts import FLOOR_DIALECTS, LAST_STEP, floored
from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["COSINE", "COSINE_SUSPECTS", "wave"]


def wave(part: float, o: SimpleNamespace) -> float:
    """Return the half wave from 1 down to 0, or what a known mistake makes of it."""
    way = o.wave
    if way == "half missing":
        return 1 + cos(pi * part)
    if way == "upside down":
        return (1 - cos(pi * part)) / 2
    if way == "quarter":
        return cos(pi * part / 2)
    if way == "half angle":
        return (1 + cos(pi * part / 2)) / 2
    if way == "whole":
        return (1 + cos(2 * pi * part)) / 2
    if way == "no pi":
        return (1 + cos(part)) / 2
    if way == "unhalved":
        return cos(pi * part)
    if way == "linear":
        return 1 - part
    return (1 + cos(pi * part)) / 2


COSINE_SUSPECTS = (
    ScheduleSuspect("The half before (1 + cos) is missing.", {"wave": "half missing"}),
    ScheduleSuspect("The cosine has the wrong sign: the rate rises.", {"wave": "upside down"}),
    ScheduleSuspect("It is a quarter wave, cos(pi t / 2T).", {"wave": "quarter"}),
    ScheduleSuspect("The angle is half of pi t / T: it stops half-way down.", {"wave": "half angle"}),
    ScheduleSuspect("The angle is twice pi t / T: it comes up again.", {"wave": "whole"}),
    ScheduleSuspect("pi is missing in the angle.", {"wave": "no pi"}),
    ScheduleSuspect("The 1 in (1 + cos) / 2 is missing.", {"wave": "unhalved"}),
    ScheduleSuspect("It falls linearly: there is no cosine.", {"wave": "linear"}),
    ScheduleSuspect("The lowest rate is added on top: it starts above base_lr.", {"floor": "added"}),
    ScheduleSuspect(
        "The lowest rate is not used: it decays to zero.", {"min_lr": 0.0}, family="ignored-option"
    ),
)


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate, at its lowest from ``total`` on."""
    length = max(o.total - (1 if o.last_step == "total - 1" else 0), 1)
    return floored(wave(min(t / length, 1.0), o), o)


COSINE = ScheduleReference(
    "cosine",
    "Loshchilov & Hutter 2017, equation 5; torch's CosineAnnealingLR; optax.cosine_decay_schedule",
    rate,
    {"base_lr": 0.5, "total": 100, "min_lr": 0.0},
    length=lambda o: int(o.total),
    needed=frozenset({"total"}),
    hidden={"wave": "right", "floor": "end", "last_step": "total"},
    dialects=(LAST_STEP, *FLOOR_DIALECTS),
    suspects=COSINE_SUSPECTS,
    settings=(
        {"base_lr": 0.5, "total": 17, "min_lr": 0.05},
        {"base_lr": 0.25, "total": 40, "min_lr": 0.0},
        {"base_lr": 2.0, "total": 12, "min_lr": 0.125},
    ),
    marks=lambda o: {int(o.total): "its end", int(o.total) // 2: "half of it"},
)
