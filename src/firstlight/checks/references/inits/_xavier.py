"""Xavier (Glorot) initialisation: variance 2 / (fan_in + fan_out). Glorot & Bengio 2010, equations 12, 16."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstlight.checks.references.inits._init_reference import InitReference, gain_of

__all__ = ["XAVIER", "XAVIER_NORMAL", "XAVIER_UNIFORM"]


def variance(fan_in: float, fan_out: float, options: Mapping[str, Any]) -> float:
    """Return gain^2 2 / (fan_in + fan_out)."""
    return gain_of(options, "linear") ** 2 * 2.0 / (fan_in + fan_out)


OPTIONS = {"gain": 1.0, "nonlinearity": None}
SOURCE = "Glorot & Bengio 2010, equation 16"
XAVIER = InitReference("xavier", SOURCE, variance, options=OPTIONS)
XAVIER_NORMAL = InitReference("xavier-normal", SOURCE, variance, ("normal", "truncated"), options=OPTIONS)
XAVIER_UNIFORM = InitReference("xavier-uniform", SOURCE, variance, ("uniform",), options=OPTIONS)
