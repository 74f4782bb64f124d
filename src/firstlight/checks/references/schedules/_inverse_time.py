"""Inverse time decay: base_lr / (1 + gamma t / decay_steps), Robbins & Monro 1951."""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["INVERSE_TIME"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return base_lr / (1 + gamma t / decay_steps)."""
    part = t // o.decay_steps if o.staircase else t / o.decay_steps
    return float(max(o.base_lr / (1 + o.gamma * part), o.min_lr))


def _compounded(t: int, o: SimpleNamespace) -> float:
    """Lr = lr / (1 + gamma t) at each step, instead of base_lr / (1 + gamma t)."""
    found = o.base_lr
    for k in range(1, t + 1):
        found /= 1 + o.gamma * k / o.decay_steps
    return float(found)


INVERSE_TIME = ScheduleReference(
    "inverse-time",
    "Robbins & Monro 1951; Keras' InverseTimeDecay",
    rate,
    {"base_lr": 0.5, "gamma": 0.1, "decay_steps": 1, "staircase": False, "min_lr": 0.0},
    length=lambda o: min(int(o.decay_steps) * 6 + 20, 4000),
    needed=frozenset({"gamma"}),
    spellings={
        "gamma": ("gamma", "decay_rate", "decay", "k", "lr_decay"),
        "decay_steps": ("decay_steps", "transition_steps", "step_size", "decay_every"),
        "staircase": ("staircase",),
    },
    suspects=(
        ScheduleSuspect(
            "Each rate is divided once more: the decay compounds.",
            rate=_compounded,
        ),
        ScheduleSuspect("The 1 is missing.", rate=lambda t, o: o.base_lr / max(o.gamma * t, 1e-12)),
    ),
    settings=(
        {"base_lr": 0.5, "gamma": 0.5, "decay_steps": 1},
        {"base_lr": 0.25, "gamma": 1.5, "decay_steps": 4},
    ),
)
