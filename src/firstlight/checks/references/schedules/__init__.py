"""Learning-rate schedules in float64, one file each."""

from __future__ import annotations

from firstlight.checks.references.schedules._constant import CONSTANT
from firstlight.checks.references.schedules._cosine import COSINE
from firstlight.checks.references.schedules._cosine_restarts import COSINE_RESTARTS
from firstlight.checks.references.schedules._cyclic import CYCLIC
from firstlight.checks.references.schedules._exponential import EXPONENTIAL
from firstlight.checks.references.schedules._inverse_sqrt import INVERSE_SQRT, NOAM
from firstlight.checks.references.schedules._inverse_time import INVERSE_TIME
from firstlight.checks.references.schedules._multi_step import MULTI_STEP
from firstlight.checks.references.schedules._one_cycle import ONE_CYCLE
from firstlight.checks.references.schedules._piecewise_constant import PIECEWISE_CONSTANT
from firstlight.checks.references.schedules._polynomial import LINEAR, POLYNOMIAL
from firstlight.checks.references.schedules._schedule import (
    ScheduleDialect,
    ScheduleReference,
    ScheduleSuspect,
)
from firstlight.checks.references.schedules._step import STEP
from firstlight.checks.references.schedules._warmup import (
    LINEAR_WARMUP,
    WARMUP_COSINE,
    WARMUP_LINEAR,
    WARMUP_POLYNOMIAL,
)
from firstlight.checks.references.schedules._wsd import WSD

__all__ = ["SCHEDULES", "ScheduleDialect", "ScheduleReference", "ScheduleSuspect"]

ALL = (
    CONSTANT,
    COSINE,
    COSINE_RESTARTS,
    CYCLIC,
    EXPONENTIAL,
    INVERSE_SQRT,
    INVERSE_TIME,
    LINEAR,
    LINEAR_WARMUP,
    MULTI_STEP,
    NOAM,
    ONE_CYCLE,
    PIECEWISE_CONSTANT,
    POLYNOMIAL,
    STEP,
    WARMUP_COSINE,
    WARMUP_LINEAR,
    WARMUP_POLYNOMIAL,
    WSD,
)
ALIASES = {
    "cosine-annealing": "cosine",
    "cosine-decay": "cosine",
    "cosine-warm-restarts": "cosine-restarts",
    "cosine-warmup": "warmup-cosine",
    "cyclical": "cyclic",
    "linear-decay": "linear",
    "multistep": "multi-step",
    "onecycle": "one-cycle",
    "piecewise": "piecewise-constant",
    "poly": "polynomial",
    "sgdr": "cosine-restarts",
    "step-decay": "step",
    "trapezoidal": "wsd",
    "triangular": "cyclic",
    "warmup": "linear-warmup",
    "warmup-constant": "linear-warmup",
    "warmup-stable-decay": "wsd",
}
SCHEDULES: dict[str, ScheduleReference] = {reference.name: reference for reference in ALL}
SCHEDULES |= {alias: SCHEDULES[name] for alias, name in ALIASES.items()}
