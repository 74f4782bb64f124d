"""Exponential decay: base_lr gamma^(t / decay_steps), in steps where it is a staircase."""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["EXPONENTIAL"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return base_lr gamma^(t / decay_steps), not below (gamma < 1) or above (gamma > 1) the last rate."""
    power = t // o.decay_steps if o.staircase else t / o.decay_steps
    found = o.base_lr * o.gamma**power
    if o.min_lr:
        found = max(found, o.min_lr) if o.gamma < 1 else min(found, o.min_lr)
    return float(found)


EXPONENTIAL = ScheduleReference(
    "exponential",
    "torch.optim.lr_scheduler.ExponentialLR; optax.exponential_decay; Keras' ExponentialDecay",
    rate,
    {"base_lr": 0.5, "gamma": 0.95, "decay_steps": 1, "staircase": False, "min_lr": 0.0},
    length=lambda o: min(int(o.decay_steps) * 6 + 20, 4000),
    spellings={
        "decay_steps": ("decay_steps", "transition_steps", "step_size", "decay_every", "steps"),
        "staircase": ("staircase",),
    },
    suspects=(
        ScheduleSuspect(
            "It decays by exp(-gamma t).", rate=lambda t, o: o.base_lr * 2.718281828459045 ** (-o.gamma * t)
        ),
        ScheduleSuspect(
            "The step is multiplied by decay_steps instead of divided.",
            rate=lambda t, o: o.base_lr * o.gamma ** (t * o.decay_steps),
        ),
        ScheduleSuspect(
            "It decays by 1 - gamma at each step.",
            rate=lambda t, o: o.base_lr * (1 - o.gamma) ** (t / o.decay_steps),
        ),
        ScheduleSuspect(
            "decay_steps is not used: the rate falls by gamma at each step.",
            rate=lambda t, o: o.base_lr * o.gamma**t,
        ),
        ScheduleSuspect(
            "The exponent is rounded down: a staircase that was not asked for.",
            rate=lambda t, o: o.base_lr * o.gamma ** (t // o.decay_steps),
        ),
        ScheduleSuspect(
            "The staircase that was asked for is missing.",
            rate=lambda t, o: o.base_lr * o.gamma ** (t / o.decay_steps),
        ),
    ),
    settings=(
        {"base_lr": 0.5, "gamma": 0.8, "decay_steps": 1},
        {"base_lr": 0.25, "gamma": 0.5, "decay_steps": 6},
        {"base_lr": 0.5, "gamma": 0.5, "decay_steps": 5, "staircase": True},
    ),
    has_jumps=True,
)
