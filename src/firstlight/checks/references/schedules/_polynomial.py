"""Polynomial and linear decay: min_lr + (base_lr - min_lr) (1 - t / T)^power, then held.

Chen et al. 2018, "DeepLab", equation 1 (the "poly" rate); torch's PolynomialLR; Keras' PolynomialDecay.
"""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._parts import FLOOR_DIALECTS, LAST_STEP, floored
from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["LINEAR", "POLYNOMIAL"]


def polynomial_rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate, at its lowest from ``total`` on."""
    return floored((1 - _part(t, o)) ** o.power, o)


def _part(t: int, o: SimpleNamespace) -> float:
    length = max(o.total - (1 if o.last_step == "total - 1" else 0), 1)
    return float(min(t / length, 1.0))


def linear_rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate on a straight line from start_factor base_lr to min_lr."""
    o = SimpleNamespace(**{**vars(o), "base_lr": o.base_lr * o.start_factor})
    return floored(1 - _part(t, o), o)


HIDDEN = {"floor": "end", "last_step": "total"}

POLYNOMIAL = ScheduleReference(
    "polynomial",
    "Chen et al. 2018, equation 1; torch's PolynomialLR; optax.polynomial_schedule",
    polynomial_rate,
    {"base_lr": 0.5, "total": 100, "power": 1.0, "min_lr": 0.0},
    length=lambda o: int(o.total),
    needed=frozenset({"total"}),
    hidden=HIDDEN,
    dialects=(LAST_STEP, *FLOOR_DIALECTS),
    suspects=(
        ScheduleSuspect("power is not used: it falls linearly.", {"power": 1.0}, family="ignored-option"),
        ScheduleSuspect(
            "The power is taken of t / T, not of 1 - t / T.",
            rate=lambda t, o: floored(1 - _part(t, o) ** o.power, o),
        ),
        ScheduleSuspect(
            "The exponent is 1 / power.", rate=lambda t, o: floored((1 - _part(t, o)) ** (1 / o.power), o)
        ),
        ScheduleSuspect(
            "The lowest rate is not used: it decays to zero.", {"min_lr": 0.0}, family="ignored-option"
        ),
        ScheduleSuspect("The lowest rate is added on top.", {"floor": "added"}),
    ),
    settings=(
        {"base_lr": 0.5, "total": 17, "power": 2.0, "min_lr": 0.05},
        {"base_lr": 0.25, "total": 10, "power": 0.5, "min_lr": 0.0},
        {"base_lr": 0.5, "total": 20, "power": 3.0, "min_lr": 0.1},
    ),
    marks=lambda o: {int(o.total): "its end"},
)

LINEAR = ScheduleReference(
    "linear",
    "torch.optim.lr_scheduler.LinearLR; optax.linear_schedule",
    linear_rate,
    {"base_lr": 0.5, "total": 100, "start_factor": 1.0, "min_lr": 0.0},
    length=lambda o: int(o.total) + 3,
    needed=frozenset({"total"}),
    hidden=HIDDEN,
    spellings={
        "start_factor": ("start_factor",),
        "base_lr": (
            "base_lr",
            "lr",
            "learning_rate",
            "initial_lr",
            "init_lr",
            "start_lr",
            "init_value",
            "lr0",
            "initial_learning_rate",
            "max_lr",
            "peak_lr",
            "lr_max",
            "start",
            "base",
            "lr_start",
        ),
        "min_lr": (
            "min_lr",
            "eta_min",
            "lr_min",
            "end_lr",
            "final_lr",
            "end_value",
            "end_learning_rate",
            "lr_end",
            "final_value",
            "end",
            "lrf",
            "stop",
        ),
    },
    shares={"min_lr": ("base_lr", ("end_factor", "min_lr_ratio", "final_factor", "alpha", "min_ratio"))},
    dialects=(LAST_STEP, *FLOOR_DIALECTS),
    suspects=(
        ScheduleSuspect(
            "The last rate is not used: it goes to zero.", {"min_lr": 0.0}, family="ignored-option"
        ),
        ScheduleSuspect("The first factor is not used.", {"start_factor": 1.0}, family="ignored-option"),
        ScheduleSuspect("The lowest rate is added on top.", {"floor": "added"}),
    ),
    settings=(
        {"base_lr": 0.5, "total": 17, "start_factor": 0.5, "min_lr": 0.05},
        {"base_lr": 0.25, "total": 8, "start_factor": 1.0, "min_lr": 0.0},
        {"base_lr": 0.5, "total": 12, "start_factor": 0.25, "min_lr": 0.5},
    ),
    marks=lambda o: {int(o.total): "its end"},
)
