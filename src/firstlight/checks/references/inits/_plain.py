"""Weights without regard to their fans: normal, uniform, truncated normal, constants.

The truncated normal is cut at a and b, which torch takes as numbers, JAX and TensorFlow as deviations; either
way its own deviation is a little smaller than the one that is given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from firstlight.checks.references.inits._init_reference import Array, InitReference

__all__ = ["CONSTANT", "NORMAL", "ONES", "TRUNC_NORMAL", "UNIFORM", "ZEROS", "truncated_variance"]


def normal_variance(_: float, __: float, options: Mapping[str, Any]) -> float:
    """Return std^2."""
    return float(options["std"]) ** 2


def uniform_variance(_: float, __: float, options: Mapping[str, Any]) -> float:
    """Return (b - a)^2 / 12."""
    return (float(options["b"]) - float(options["a"])) ** 2 / 12.0


def truncated_variance(_: float, __: float, options: Mapping[str, Any]) -> float:
    """Return the variance of what is left between a and b."""
    std, mean = float(options["std"]), float(options["mean"])
    low, high = float(options["a"]), float(options["b"])
    if options.get("unit") != "deviations":
        low, high = (low - mean) / std, (high - mean) / std
    return _cut_variance(low, high) * std**2


def _cut_variance(low: float, high: float) -> float:
    """Return the variance of N(0, 1) between two bounds. Johnson, Kotz & Balakrishnan 1994, 10.1."""
    below, above = (math.exp(-0.5 * one**2) / math.sqrt(2 * math.pi) for one in (low, high))
    share = 0.5 * (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2)))
    return 1 + (low * below - high * above) / share - ((below - above) / share) ** 2


def constant(shape: tuple[int, ...], options: Mapping[str, Any]) -> Array:
    """Return the value everywhere."""
    return np.full(shape, float(options["val"]))


NORMAL = InitReference(
    "normal",
    "N(mean, std^2)",
    normal_variance,
    ("normal",),
    mean=lambda options: float(options["mean"]),
    options={"mean": 0.0, "std": 1.0},
)
UNIFORM = InitReference(
    "uniform",
    "U(a, b)",
    uniform_variance,
    ("uniform",),
    mean=lambda options: (float(options["a"]) + float(options["b"])) / 2,
    options={"a": 0.0, "b": 1.0},
)
TRUNC_NORMAL = InitReference(
    "trunc-normal",
    "Robert 1995, Simulation of truncated normal variables",
    truncated_variance,
    ("truncated", "normal"),
    mean=lambda options: float(options["mean"]),
    options={"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0},
)
ZEROS = InitReference("zeros", "all 0", exact=lambda shape, _: np.zeros(shape))
ONES = InitReference("ones", "all 1", exact=lambda shape, _: np.ones(shape))
CONSTANT = InitReference("constant", "all alike", exact=constant, options={"val": 0.0})
