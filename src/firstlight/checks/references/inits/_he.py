"""He initialisation: variance 2 / fan_in. He et al. 2015, equation 10; of a leaky ReLU, equation 15."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstlight.checks.references.inits._init_reference import InitReference, gain_of

__all__ = ["HE", "HE_NORMAL", "HE_UNIFORM"]


def variance(fan_in: float, fan_out: float, options: Mapping[str, Any]) -> float:
    """Return gain^2 / fan."""
    mode = str(options.get("mode") or "fan_in")
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    return gain_of(options, "leaky_relu") ** 2 / fan


OPTIONS = {"mode": "fan_in", "nonlinearity": "leaky_relu", "a": 0.0, "gain": None}
SOURCE = "He et al. 2015, equation 10"
HE = InitReference("he", SOURCE, variance, options=OPTIONS)
HE_NORMAL = InitReference("he-normal", SOURCE, variance, ("normal", "truncated"), options=OPTIONS)
HE_UNIFORM = InitReference("he-uniform", SOURCE, variance, ("uniform",), options=OPTIONS)
