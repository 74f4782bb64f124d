"""Constant: the same rate at each step; or a part of it for some steps first, as torch's ConstantLR."""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleReference

__all__ = ["CONSTANT"]


def rate(t: int, o: SimpleNamespace) -> float:
    """Return base_lr, or factor base_lr in the first ``total`` steps."""
    return float(o.base_lr * (o.factor if t < o.total else 1.0))


CONSTANT = ScheduleReference(
    "constant",
    "torch.optim.lr_scheduler.ConstantLR; optax.constant_schedule",
    rate,
    {"base_lr": 0.5, "factor": 1.0, "total": 0},
    length=lambda o: int(o.total) + 20,
    spellings={"factor": ("factor",)},
    settings=({"base_lr": 0.25, "factor": 0.5, "total": 7},),
    marks=lambda o: {o.total: "the full rate begins"} if o.total else {},
    has_jumps=True,
)
