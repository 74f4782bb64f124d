"""LeCun initialisation: variance 1 / fan_in. LeCun et al. 1998, "Efficient backprop", section 4.6.

torch's own layers begin with a third of the variance: uniform between -1 and 1, divided by sqrt(fan_in).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstlight.checks.references.inits._init_reference import InitReference

__all__ = ["LECUN", "LECUN_NORMAL", "LECUN_UNIFORM", "TORCH_DEFAULT"]


def variance(fan_in: float, _: float, options: Mapping[str, Any]) -> float:
    """Return gain^2 / fan_in."""
    return float(options.get("gain") or 1.0) ** 2 / fan_in


SOURCE = "LeCun et al. 1998, section 4.6"
LECUN = InitReference("lecun", SOURCE, variance, options={"gain": None})
LECUN_NORMAL = InitReference(
    "lecun-normal", SOURCE, variance, ("normal", "truncated"), options={"gain": None}
)
LECUN_UNIFORM = InitReference("lecun-uniform", SOURCE, variance, ("uniform",), options={"gain": None})
TORCH_DEFAULT = InitReference(
    "torch-default", "torch.nn.Linear.reset_parameters", lambda fan_in, *_: 1.0 / (3.0 * fan_in), ("uniform",)
)
