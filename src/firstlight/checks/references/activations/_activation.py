"""What a reference of an activation holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["ActivationReference", "Array", "Elementwise"]

Array: TypeAlias = Float64[np.ndarray, "..."]
Elementwise: TypeAlias = Callable[..., Array]


@dataclass(frozen=True, eq=False)
class ActivationReference:
    """An activation in float64.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper and equation.
    value, derivative
        Take an array and the options by keyword. Where the activation is not elementwise, the derivative is
        that of the sum of squares of the outputs over two.
    options
        Names and defaults of its options, such as ``{"negative_slope": 0.01}``.
    aliases
        Other names of an option that libraries use.
    kinks
        Where the derivative jumps; gradients are not compared within 1e-3 of them.
    dialects
        Other accepted formulas of the same name, as options that give them.
    also
        Other words for the same activation.
    is_elementwise
        Whether each output depends on one input alone.
    """

    name: str
    source: str
    value: Elementwise
    derivative: Elementwise
    options: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinks: tuple[float, ...] = ()
    dialects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    is_elementwise: bool = True
