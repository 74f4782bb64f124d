"""What a reference of a layer holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.layers._reading import Reading, read_by_shape

__all__ = ["Array", "Input", "LayerReference", "Mistake", "Options", "Shape"]

Array: TypeAlias = Float64[np.ndarray, "..."]
Options: TypeAlias = Mapping[str, Any]
Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Input:
    """A shape that the layer takes, and the options that this shape stands for.

    Attributes
    ----------
    shape
        Of the whole input, rows first.
    change
        Options that hold with this input, such as ``{"is_channels_first": True}``.
    is_fallback
        Whether it is only tried where no other shape was taken.
    below
        For inputs of indices: one more than the highest; 0 for real numbers.
    """

    shape: Shape
    change: Options = field(default_factory=dict)
    is_fallback: bool = False
    below: int = 0


@dataclass(frozen=True)
class Mistake:
    """A known way to get the layer wrong, as options under which the reference makes it too.

    Attributes
    ----------
    cause
        What is wrong, in one sentence.
    family
        A key of `FAMILIES`.
    change
        From the right options to the changed ones; ``None`` where the mistake makes no difference.
    """

    cause: str
    family: str
    change: Callable[[Options], Options | None]


@dataclass(frozen=True)
class LayerReference:
    """A layer in float64.

    Attributes
    ----------
    name
        The word for ``--like``.
    source
        Paper and equation.
    forward
        ``forward(parameters, x, **options)``: the output.
    shapes
        From options to the shape of each parameter.
    inputs
        From options to the inputs that are tried, rows first.
    options
        Names and defaults; ``None`` is a size that has to be given or is inferred.
    absent
        What stands for a parameter that an implementation may leave out: ``{"bias": 0.0}``.
    infer
        From the shapes of an implementation's tensors to the sizes that were not given, likeliest first.
    read
        From an implementation's tensors to this reference's parameters, in all ways that fit.
    free
        Options that implementations settle differently, and the values they take: each is tried where
        nothing declares it, and the one that fits is named as the dialect.
    mistakes
        Tried where nothing right fits, to name the cause.
    variants
        Changed options under which a class is made and compared again, so that none hides behind its default.
    is_random
        Whether its output in training is drawn, so that only evaluation can be compared.
    """

    name: str
    source: str
    forward: Callable[..., Array]
    shapes: Callable[[Options], Mapping[str, Shape]] = lambda _: {}
    inputs: Callable[[Options], Sequence[Input]] = lambda _: ()
    options: Mapping[str, Any] = field(default_factory=dict)
    absent: Mapping[str, float] = field(default_factory=dict)
    infer: Callable[[Sequence[Shape], Options], Iterator[Options]] = lambda _, options: iter([options])
    read: Callable[
        [Mapping[str, Array], Mapping[str, Shape], Mapping[str, float], Options], Iterator[Reading]
    ] = read_by_shape
    free: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    variants: tuple[Options, ...] = ()
    is_random: bool = False
