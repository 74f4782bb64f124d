"""Optimizers in float64, one file each."""

from __future__ import annotations

from firstlight.checks.references.optimizers._adam import ADAM
from firstlight.checks.references.optimizers._optimizer import (
    Dialect,
    OptimizerReference,
    OptimizerRule,
    Suspect,
)

__all__ = ["OPTIMIZERS", "Dialect", "OptimizerReference", "OptimizerRule", "Suspect"]

OPTIMIZERS: dict[str, OptimizerReference] = {
    "adam": ADAM,
}
