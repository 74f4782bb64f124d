"""Linear warm-up, followed by a constant rate, a cosine or a line. Goyal et al. 2017, section 2.2.

The rate rises from ``start_lr`` (0) to ``base_lr`` over ``warmup`` steps; what follows begins there, so that
nothing jumps: its progress is (t - warmup) / (total - warmup).
"""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._cosine import COSINE_SUSPECTS, wave
from firstlight.checks.references.schedules._parts import (
    FLOOR_DIALECTS,
    PROGRESS,
    PROGRESS_DIALECTS,
    WARM,
    WARM_DIALECTS,
    floored,
    progress,
    warming,
)
from firstlight.checks.references.schedules._schedule import ScheduleReference, ScheduleSuspect

__all__ = ["LINEAR_WARMUP", "WARMUP_COSINE", "WARMUP_LINEAR", "WARMUP_POLYNOMIAL"]


def constant_rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of the warm-up, then base_lr."""
    warm = warming(t, o)
    return o.base_lr if warm is None else warm


def cosine_rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of the warm-up, then a half cosine over the remaining steps."""
    warm = warming(t, o)
    return floored(wave(progress(t, o), o), o) if warm is None else warm


def polynomial_rate(t: int, o: SimpleNamespace) -> float:
    """Return the rate of the warm-up, then (1 - progress)^power."""
    warm = warming(t, o)
    return floored((1 - progress(t, o)) ** o.power, o) if warm is None else warm


def _multiplied(t: int, o: SimpleNamespace) -> float:
    """The warm-up's part times a decay that begins at step 0."""
    part = min(t / max(o.total, 1), 1.0)
    decayed = floored(wave(part, o) if "wave" in vars(o) else (1 - part) ** o.power, o)
    return (min(t / o.warmup, 1.0) if o.warmup else 1.0) * decayed


def _multiplied_from_one(t: int, o: SimpleNamespace) -> float:
    part = min(t / max(o.total, 1), 1.0)
    decayed = floored(wave(part, o) if "wave" in vars(o) else (1 - part) ** o.power, o)
    return (min((t + 1) / o.warmup, 1.0) if o.warmup else 1.0) * decayed


def _over_the_total(t: int, o: SimpleNamespace) -> float:
    """After the warm-up, (t - warmup) / total: it ends too early on its way down."""
    warm = warming(t, o)
    part = min(max(t - o.warmup, 0) / max(o.total, 1), 1.0)
    return floored(wave(part, o) if "wave" in vars(o) else (1 - part) ** o.power, o) if warm is None else warm


def _after(t: int, o: SimpleNamespace) -> float:
    """Return what follows the warm-up, whichever of them it is."""
    if "total" not in vars(o) or "stable" in vars(o):
        return float(o.base_lr)
    return cosine_rate(t, o) if "wave" in vars(o) else polynomial_rate(t, o)


def _squared(t: int, o: SimpleNamespace) -> float:
    return o.base_lr * (t / o.warmup) ** 2 if t < o.warmup else constant_rate(t, o)


WARM_SUSPECTS = (
    ScheduleSuspect(
        "The rate falls during the warm-up, from the full rate to zero.",
        rate=lambda t, o: o.base_lr * (1 - t / o.warmup) if t < o.warmup else _after(t, o),
    ),
    ScheduleSuspect("The warm-up never happens.", {"warmup": 0}),
    ScheduleSuspect(
        "The warm-up is over one step late: its last rate is above the full one.",
        rate=lambda t, o: o.base_lr * (t + 1) / o.warmup if t <= o.warmup else o.base_lr,
    ),
    ScheduleSuspect(
        "The first rate of the warm-up is not used: it begins at zero.",
        {"start_lr": 0.0},
        family="ignored-option",
    ),
)
DECAY_SUSPECTS = (
    ScheduleSuspect(
        "The decay goes on during the warm-up: its progress is t / total, not (t - warmup) / (total - "
        "warmup); the rate jumps at the end of the warm-up.",
        hidden={"through": True},
    ),
    ScheduleSuspect(
        "The warm-up multiplies a decay that began at step 0: at the end of the warm-up the rate is not "
        "the full one.",
        rate=_multiplied,
    ),
    ScheduleSuspect(
        "The warm-up multiplies a decay that began at step 0: at the end of the warm-up the rate is not "
        "the full one.",
        rate=_multiplied_from_one,
    ),
    ScheduleSuspect(
        "The decay after the warm-up is stretched over the total: it does not come to its end.",
        rate=_over_the_total,
    ),
)
WARM_SPELLINGS = {
    "start_lr": (
        "start_lr",
        "warmup_start_lr",
        "warmup_init_lr",
        "warmup_lr_init",
        "init_lr",
        "init_value",
        "initial_lr",
        "warmup_lr",
        "lr_start",
        "warmup_init",
        "initial_learning_rate",
        "start_warmup_value",
    ),
    "base_lr": (
        "peak_lr",
        "max_lr",
        "lr_max",
        "peak_value",
        "base_lr",
        "learning_rate",
        "lr",
        "peak_learning_rate",
        "warmup_target",
        "eta_max",
        "peak",
        "base_value",
        "target_lr",
        "max_learning_rate",
        "lr_peak",
        "initial_lr",
        "init_lr",
        "initial_learning_rate",
        "base",
        "lr0",
    ),
}
WARM_SHARES = {
    "start_lr": (
        "base_lr",
        ("warmup_factor", "start_factor", "warmup_start_factor", "warmup_init_factor", "init_factor"),
    ),
}
OPTIONS = {"base_lr": 0.5, "warmup": 10, "start_lr": 0.0}


def _marks(o: SimpleNamespace) -> dict[int, str]:
    return {int(o.warmup): "the end of the warm-up", int(getattr(o, "total", 0)): "its end"}


LINEAR_WARMUP = ScheduleReference(
    "linear-warmup",
    "Goyal et al. 2017, section 2.2; Hugging Face's constant schedule with warm-up",
    constant_rate,
    OPTIONS,
    length=lambda o: int(o.warmup) + 20,
    needed=frozenset({"warmup"}),
    hidden=WARM,
    spellings={
        **WARM_SPELLINGS,
        "warmup": (
            "warmup",
            "warmup_steps",
            "num_warmup_steps",
            "warmup_iters",
            "warmup_epochs",
            "n_warmup_steps",
            "warmup_t",
            "warmup_period",
            "warm_up",
            "n_warmup",
            "total_iters",
            "total_steps",
            "num_steps",
            "total",
        ),
    },
    shares=WARM_SHARES,
    dialects=WARM_DIALECTS,
    suspects=(*WARM_SUSPECTS, ScheduleSuspect("The warm-up is quadratic.", rate=_squared)),
    settings=(
        {"base_lr": 0.5, "warmup": 7, "start_lr": 0.1},
        {"base_lr": 0.25, "warmup": 12, "start_lr": 0.0},
        {"base_lr": 2.0, "warmup": 4, "start_lr": 0.5},
    ),
    marks=_marks,
)

WARMUP_COSINE = ScheduleReference(
    "warmup-cosine",
    "Goyal et al. 2017, section 2.2; Loshchilov & Hutter 2017, equation 5",
    cosine_rate,
    {**OPTIONS, "total": 100, "min_lr": 0.0},
    length=lambda o: int(o.total),
    needed=frozenset({"warmup", "total"}),
    hidden={**WARM, **PROGRESS, "floor": "end", "wave": "right"},
    spellings=WARM_SPELLINGS,
    shares=WARM_SHARES,
    dialects=(*WARM_DIALECTS, *PROGRESS_DIALECTS, *FLOOR_DIALECTS),
    suspects=(*DECAY_SUSPECTS, *WARM_SUSPECTS, *COSINE_SUSPECTS),
    settings=(
        {"base_lr": 0.5, "warmup": 8, "start_lr": 0.1, "total": 40, "min_lr": 0.05},
        {"base_lr": 0.25, "warmup": 4, "start_lr": 0.0, "total": 20, "min_lr": 0.0},
        {"base_lr": 2.0, "warmup": 12, "start_lr": 0.0, "total": 32, "min_lr": 0.25},
    ),
    marks=_marks,
)

LINE_OPTIONS = {**OPTIONS, "total": 100, "min_lr": 0.0, "power": 1.0}
LINE_HIDDEN = {**WARM, **PROGRESS, "floor": "end"}

WARMUP_LINEAR = ScheduleReference(
    "warmup-linear",
    "Devlin et al. 2019, appendix A.2; Hugging Face's linear schedule with warm-up",
    polynomial_rate,
    {**OPTIONS, "total": 100, "min_lr": 0.0},
    length=lambda o: int(o.total),
    needed=frozenset({"warmup", "total"}),
    hidden={**LINE_HIDDEN, "power": 1.0},
    spellings=WARM_SPELLINGS,
    shares=WARM_SHARES,
    dialects=(*WARM_DIALECTS, *PROGRESS_DIALECTS, *FLOOR_DIALECTS),
    suspects=(*DECAY_SUSPECTS, *WARM_SUSPECTS),
    settings=WARMUP_COSINE.settings,
    marks=_marks,
)

WARMUP_POLYNOMIAL = ScheduleReference(
    "warmup-polynomial",
    "Hugging Face's polynomial decay with warm-up",
    polynomial_rate,
    LINE_OPTIONS,
    length=lambda o: int(o.total),
    needed=frozenset({"warmup", "total"}),
    hidden=LINE_HIDDEN,
    spellings=WARM_SPELLINGS,
    shares=WARM_SHARES,
    dialects=(*WARM_DIALECTS, *PROGRESS_DIALECTS, *FLOOR_DIALECTS),
    suspects=(*DECAY_SUSPECTS, *WARM_SUSPECTS),
    settings=tuple({**one, "power": 2.0} for one in WARMUP_COSINE.settings),
    marks=_marks,
)
