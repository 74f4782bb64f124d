"""What a reference of an initialisation holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["Array", "InitReference", "fans", "gain_of"]

Array: TypeAlias = Float64[np.ndarray, "..."]
GAINS = {
    "linear": 1.0,
    "identity": 1.0,
    "sigmoid": 1.0,
    "conv1d": 1.0,
    "conv2d": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
}


@dataclass(frozen=True)
class InitReference:
    """An initialisation: the distribution of one weight, or the very weights.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper and equation.
    variance
        ``variance(fan_in, fan_out, options)`` of one weight; ``None`` where they are not drawn one by one.
    distributions
        ``"normal"``, ``"uniform"``, ``"truncated"``: those that the name allows.
    exact
        ``exact(shape, options)``: the weights themselves, where nothing is drawn.
    is_orthogonal
        Whether the rows or columns are orthogonal, times the gain.
    mean
        From options to the mean.
    options
        Names and defaults.
    """

    name: str
    source: str
    variance: Callable[[float, float, Mapping[str, Any]], float] | None = None
    distributions: tuple[str, ...] = ("normal", "uniform", "truncated")
    exact: Callable[[tuple[int, ...], Mapping[str, Any]], Array] | None = None
    is_orthogonal: bool = False
    mean: Callable[[Mapping[str, Any]], float] = lambda _: 0.0
    options: Mapping[str, Any] = field(default_factory=dict)


def fans(shape: tuple[int, ...], *, layout: str = "out_in") -> tuple[int, int]:
    """Return how many inputs and outputs each unit has: torch's [out, in, ...], or Keras' [..., in, out].

    Examples
    --------
    >>> fans((64, 32, 3, 3)), fans((3, 3, 32, 64), layout="in_out")
    ((288, 576), (288, 576))
    """
    if len(shape) < 2:
        return shape[0], shape[0]
    if layout == "in_out":
        field_size = math.prod(shape[:-2])
        return shape[-2] * field_size, shape[-1] * field_size
    field_size = math.prod(shape[2:])
    return shape[1] * field_size, shape[0] * field_size


def gain_of(options: Mapping[str, Any], usual: str) -> float:
    """Return the gain: given, or that of the nonlinearity. He et al. 2015 for (leaky) ReLU."""
    if options.get("gain") is not None:
        return float(options["gain"])
    kind = str(options.get("nonlinearity") or usual)
    if kind == "leaky_relu":
        slope = options.get("a")
        return math.sqrt(2.0 / (1.0 + float(0.0 if slope is None else slope) ** 2))
    return GAINS.get(kind, 1.0)
