"""Optimizers in float64, one file each."""

from __future__ import annotations

from firstlight.checks.references.optimizers._adadelta import ADADELTA
from firstlight.checks.references.optimizers._adagrad import ADAGRAD
from firstlight.checks.references.optimizers._adam import ADAM
from firstlight.checks.references.optimizers._adamax import ADAMAX
from firstlight.checks.references.optimizers._adamw import ADAMW
from firstlight.checks.references.optimizers._amsgrad import AMSGRAD
from firstlight.checks.references.optimizers._asgd import ASGD
from firstlight.checks.references.optimizers._nadam import NADAM
from firstlight.checks.references.optimizers._optimizer import (
    Dialect,
    OptimizerReference,
    OptimizerRule,
    Suspect,
)
from firstlight.checks.references.optimizers._radam import RADAM
from firstlight.checks.references.optimizers._rmsprop import RMSPROP
from firstlight.checks.references.optimizers._rprop import RPROP
from firstlight.checks.references.optimizers._sgd import MOMENTUM, NESTEROV, SGD

__all__ = ["OPTIMIZERS", "Dialect", "OptimizerReference", "OptimizerRule", "Suspect"]

OPTIMIZERS: dict[str, OptimizerReference] = {
    "sgd": SGD,
    "momentum": MOMENTUM,
    "nesterov": NESTEROV,
    "adam": ADAM,
    "amsgrad": AMSGRAD,
    "adamw": ADAMW,
    "nadam": NADAM,
    "radam": RADAM,
    "adamax": ADAMAX,
    "rmsprop": RMSPROP,
    "adagrad": ADAGRAD,
    "adadelta": ADADELTA,
    "asgd": ASGD,
    "rprop": RPROP,
}
