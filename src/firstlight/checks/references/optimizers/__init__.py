"""Optimizers in float64, one file each."""

from __future__ import annotations

from firstlight.checks.references.optimizers._adabelief import ADABELIEF
from firstlight.checks.references.optimizers._adabound import ADABOUND, AMSBOUND
from firstlight.checks.references.optimizers._adadelta import ADADELTA
from firstlight.checks.references.optimizers._adafactor import ADAFACTOR
from firstlight.checks.references.optimizers._adagrad import ADAGRAD
from firstlight.checks.references.optimizers._adam import ADAM
from firstlight.checks.references.optimizers._adamax import ADAMAX
from firstlight.checks.references.optimizers._adamp import ADAMP, SGDP
from firstlight.checks.references.optimizers._adamw import ADAMW
from firstlight.checks.references.optimizers._adan import ADAN
from firstlight.checks.references.optimizers._adopt import ADOPT
from firstlight.checks.references.optimizers._amsgrad import AMSGRAD
from firstlight.checks.references.optimizers._asgd import ASGD
from firstlight.checks.references.optimizers._lamb import LAMB
from firstlight.checks.references.optimizers._lars import LARS
from firstlight.checks.references.optimizers._lion import LION
from firstlight.checks.references.optimizers._muon import MUON
from firstlight.checks.references.optimizers._nadam import NADAM
from firstlight.checks.references.optimizers._nadamw import NADAMW
from firstlight.checks.references.optimizers._optimizer import (
    Dialect,
    OptimizerReference,
    OptimizerRule,
    Suspect,
)
from firstlight.checks.references.optimizers._radam import RADAM
from firstlight.checks.references.optimizers._rmsprop import RMSPROP
from firstlight.checks.references.optimizers._rprop import RPROP
from firstlight.checks.references.optimizers._schedule_free import SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_SGD
from firstlight.checks.references.optimizers._sgd import MOMENTUM, NESTEROV, SGD
from firstlight.checks.references.optimizers._sign_sgd import SIGN_SGD, TIGER
from firstlight.checks.references.optimizers._sophia import SOPHIA
from firstlight.checks.references.optimizers._yogi import YOGI

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
    "lion": LION,
    "tiger": TIGER,
    "sign-sgd": SIGN_SGD,
    "signsgd": SIGN_SGD,
    "signum": SIGN_SGD,
    "adabelief": ADABELIEF,
    "lamb": LAMB,
    "lars": LARS,
    "yogi": YOGI,
    "adan": ADAN,
    "adopt": ADOPT,
    "adabound": ADABOUND,
    "amsbound": AMSBOUND,
    "schedule-free": SCHEDULE_FREE_SGD,
    "schedule-free-sgd": SCHEDULE_FREE_SGD,
    "schedule-free-adamw": SCHEDULE_FREE_ADAMW,
    "adafactor": ADAFACTOR,
    "sophia": SOPHIA,
    "sophiag": SOPHIA,
    "muon": MUON,
    "nadamw": NADAMW,
    "adamp": ADAMP,
    "sgdp": SGDP,
}
