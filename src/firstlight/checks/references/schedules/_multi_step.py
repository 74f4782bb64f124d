"""Multi-step decay: the rate falls by a factor at each milestone; its own step has the new rate."""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["MULTI_STEP"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return base_lr gamma^(number of milestones that are reached)."""
    return float(o.base_lr * o.gamma ** sum(t >= m for m in o.milestones))


def late(t: int, o: SimpleNamespace) -> float:
    """The mistake of > where >= is meant."""
    return float(o.base_lr * o.gamma ** sum(t > m for m in o.milestones))


MULTI_STEP = ScheduleReference(
    "multi-step",
    "torch.optim.lr_scheduler.MultiStepLR; He et al. 2016, section 4.2",
    rate,
    {"base_lr": 0.5, "milestones": (30, 80), "gamma": 0.1},
    length=lambda o: int(max(o.milestones, default=0)) + 10,
    needed=frozenset({"milestones"}),
    suspects=(
        ScheduleSuspect(
            "The rate falls one step after each milestone: > stands where >= is meant.", rate=late
        ),
        ScheduleSuspect(
            "Only the first milestone counts.",
            rate=lambda t, o: o.base_lr * o.gamma ** (t >= min(o.milestones)),
        ),
        ScheduleSuspect(
            "The rate falls only at the milestone itself and comes back.",
            rate=lambda t, o: o.base_lr * o.gamma ** (t in o.milestones),
        ),
        ScheduleSuspect(
            "The rate falls at each step after a milestone again.",
            rate=lambda t, o: o.base_lr * o.gamma ** sum(max(t - m + 1, 0) for m in o.milestones),
        ),
    ),
    settings=(
        {"base_lr": 0.5, "milestones": (5, 9, 10), "gamma": 0.5},
        {"base_lr": 0.25, "milestones": (3, 12), "gamma": 0.1},
    ),
    marks=lambda o: {int(m): f"milestone {m}" for m in o.milestones},
    has_jumps=True,
)
