"""What a reference of an activation holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["ActivationReference", "Elementwise"]

Elementwise: TypeAlias = Callable[..., Float64[np.ndarray, "..."]]


@dataclass(frozen=True)
class ActivationReference:
    """An activation in float64.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper and equation.
    value, derivative
        Take an array and the options by keyword.
    options
        Names and defaults of its options, such as ``{"negative_slope": 0.01}``.
    kinks
        Where the derivative jumps; gradients are not compared within 1e-3 of them.
    dialects
        Other accepted formulas of the same name, as options that give them.
    """

    name: str
    source: str
    value: Elementwise
    derivative: Elementwise
    options: Mapping[str, float] = field(default_factory=dict)
    kinks: tuple[float, ...] = ()
    dialects: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
