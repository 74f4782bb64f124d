"""Step decay: the rate falls by a factor every so many steps: base_lr gamma^floor(t / step_size)."""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["STEP"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return base_lr gamma^floor(t / step_size)."""
    return float(max(o.base_lr * o.gamma ** (t // o.step_size), o.min_lr))


STEP = ScheduleReference(
    "step",
    "torch.optim.lr_scheduler.StepLR",
    rate,
    {"base_lr": 0.5, "step_size": 30, "gamma": 0.1, "min_lr": 0.0},
    length=lambda o: int(o.step_size) * 4 + 2,
    needed=frozenset({"step_size"}),
    suspects=(
        ScheduleSuspect(
            "The rate falls at each step instead of every step_size steps.",
            rate=lambda t, o: o.base_lr * o.gamma**t,
        ),
        ScheduleSuspect(
            "The rate falls smoothly: t / step_size is not rounded down.",
            rate=lambda t, o: o.base_lr * o.gamma ** (t / o.step_size),
        ),
        ScheduleSuspect(
            "The rate falls once only.", rate=lambda t, o: o.base_lr * o.gamma ** min(t // o.step_size, 1)
        ),
        ScheduleSuspect(
            "The factor is subtracted: base_lr (1 - gamma)^k.",
            rate=lambda t, o: o.base_lr * (1 - o.gamma) ** (t // o.step_size),
        ),
        ScheduleSuspect(
            "The rate falls by k times gamma, not by gamma^k.",
            rate=lambda t, o: o.base_lr * (o.gamma * (t // o.step_size) or 1.0),
        ),
    ),
    settings=(
        {"base_lr": 0.5, "step_size": 7, "gamma": 0.5},
        {"base_lr": 0.25, "step_size": 4, "gamma": 0.8},
        {"base_lr": 0.5, "step_size": 3, "gamma": 0.1, "min_lr": 0.02},
    ),
    marks=lambda o: {o.step_size * k: f"fall {k}" for k in (1, 2, 3, 4)},
    has_jumps=True,
)
