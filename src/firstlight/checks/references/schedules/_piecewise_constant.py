"""Piecewise constant: a value for each stretch between boundaries; or an initial value times scales.

torch and optax give the boundary's own step the new value, Keras the old one: both are accepted.
"""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleDialect, ScheduleReference

__all__ = ["PIECEWISE_CONSTANT"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return the value of the stretch that t is in."""
    scales = o.boundaries_and_scales
    if scales:
        value = o.base_lr
        for boundary, scale in scales.items():
            value *= scale if _is_over(t, int(boundary), o) else 1.0
        return float(value)
    return float(o.values[sum(_is_over(t, boundary, o) for boundary in o.boundaries)])


def _is_over(t: int, boundary: int, o: SimpleNamespace) -> bool:
    return t > boundary if o.boundary == "old" else t >= boundary


def _last(o: SimpleNamespace) -> int:
    return max((int(b) for b in (o.boundaries_and_scales or o.boundaries)), default=0)


PIECEWISE_CONSTANT = ScheduleReference(
    "piecewise-constant",
    "optax.piecewise_constant_schedule; keras.optimizers.schedules.PiecewiseConstantDecay",
    rate,
    {"base_lr": 0.5, "boundaries": (30, 80), "values": (0.5, 0.1, 0.02), "boundaries_and_scales": None},
    length=lambda o: _last(o) + 10,
    hidden={"boundary": "new"},
    spellings={
        "boundaries": ("boundaries", "milestones", "steps"),
        "values": ("values", "rates", "lrs", "learning_rates"),
        "boundaries_and_scales": ("boundaries_and_scales",),
    },
    dialects=(ScheduleDialect("boundary", "the boundary's own step has the old value", {"boundary": "old"}),),
    settings=({"boundaries": (4, 9), "values": (0.5, 0.3, 0.2)},),
    has_jumps=True,
)
