"""Cosine annealing with warm restarts. Loshchilov & Hutter 2017, "SGDR", equation 5.

Cycle i takes T_i = T_0 T_mult^i steps; the first step of each cycle has the highest rate (times decay^i).
"""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._cosine import COSINE_SUSPECTS, wave
from firstlight.checks.references.schedules._parts import FLOOR_DIALECTS, floored
from firstlight.checks.references.schedules._schedule import (
    ScheduleDialect,
    ScheduleReference,
    ScheduleSuspect,
)

__all__ = ["COSINE_RESTARTS", "restarts_of"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of step t in its cycle."""
    cycle, length = 0, o.period
    while t >= length + (1 if o.cycle_end == "one more" else 0):
        t -= length + (1 if o.cycle_end == "one more" else 0)
        cycle += 1
        length = {
            "power": length * o.multiplier,
            "times": o.period * (cycle * o.multiplier if o.multiplier > 1 else 1),
            "same": o.period,
        }[o.growth]
    steps = max(length - (1 if o.cycle_end == "lowest" else 0), 1)
    o = SimpleNamespace(**{**vars(o), "base_lr": o.base_lr * o.decay**cycle})
    return floored(wave(t / steps, o), o)


def restarts_of(o: SimpleNamespace) -> list[int]:
    """Return the steps at which the first three new cycles begin."""
    found: list[int] = []
    length = o.period
    for _ in range(3):
        found.append((found[-1] if found else 0) + int(length))
        length *= o.multiplier
    return found


COSINE_RESTARTS = ScheduleReference(
    "cosine-restarts",
    "Loshchilov & Hutter 2017, equation 5; torch's CosineAnnealingWarmRestarts; Keras' CosineDecayRestarts",
    rate,
    {"base_lr": 0.5, "period": 20, "multiplier": 1, "min_lr": 0.0, "decay": 1.0},
    length=lambda o: min(restarts_of(o)[-1] + 2, 5000),
    needed=frozenset({"period"}),
    hidden={"wave": "right", "floor": "end", "cycle_end": "restart", "growth": "power"},
    spellings={
        "period": (
            "T_0",
            "t_0",
            "T0",
            "t0",
            "period",
            "first_decay_steps",
            "cycle_length",
            "cycle_steps",
            "first_cycle_steps",
            "cycle_len",
            "t_initial",
            "T_i",
            "restart_every",
            "restart_period",
            "T_max",
            "cycle",
        ),
        "multiplier": (
            "T_mult",
            "t_mult",
            "t_mul",
            "cycle_mult",
            "mult",
            "multiplier",
            "cycle_mul",
            "factor",
        ),
        "decay": ("m_mul", "gamma", "decay", "cycle_decay", "restart_decay"),
    },
    dialects=(
        ScheduleDialect("cycle", "the last step of a cycle has the lowest rate", {"cycle_end": "lowest"}),
        *FLOOR_DIALECTS,
    ),
    suspects=(
        ScheduleSuspect("Each restart comes one step late.", {"cycle_end": "one more"}),
        ScheduleSuspect("Cycle i takes i T_mult T_0 steps, not T_0 T_mult^i.", {"growth": "times"}),
        ScheduleSuspect(
            "T_mult is not used: all cycles are equally long.", {"growth": "same"}, family="ignored-option"
        ),
        *COSINE_SUSPECTS,
    ),
    settings=(
        {"base_lr": 0.5, "period": 7, "multiplier": 2, "min_lr": 0.05, "decay": 1.0},
        {"base_lr": 0.25, "period": 5, "multiplier": 1, "min_lr": 0.0, "decay": 1.0},
        {"base_lr": 0.5, "period": 3, "multiplier": 3, "min_lr": 0.02, "decay": 1.0},
    ),
    marks=lambda o: {step: f"restart {k + 1}" for k, step in enumerate(restarts_of(o))},
    has_jumps=True,
)
