"""Flatten and upsample: the same numbers in another shape, and images made larger."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.references.layers._convolve import per_axis
from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
)
from firstlight.checks.references.layers._normalise import change

__all__ = ["FLATTEN", "UPSAMPLE"]


def flattened(_: dict[str, Array], x: Array, *, start_dim: int, end_dim: int, order: str = "rows") -> Array:
    """Return the axes from ``start_dim`` to ``end_dim`` as one, the last one running fastest (row-major)."""
    last = end_dim % x.ndim
    if order == "all":
        return x.reshape(-1)
    if order == "channels last":
        x = np.moveaxis(x, 1, -1)
    elif order == "reversed":
        x = x.transpose(0, *reversed(range(1, x.ndim)))
    return x.reshape(*x.shape[:start_dim], -1, *x.shape[last + 1 :])


def linear_map(size: int, factor: int, *, is_cornered: bool) -> Array:
    """Return the matrix [size * factor, size] of linear interpolation along an axis."""
    target = size * factor
    places = np.arange(target)
    if is_cornered:
        spots = places * (size - 1) / max(target - 1, 1)
    else:
        spots = np.clip((places + 0.5) / factor - 0.5, 0, None)
    low = np.minimum(np.floor(spots).astype(int), size - 1)
    high = np.minimum(low + 1, size - 1)
    share = spots - low
    out = np.zeros((target, size))
    np.add.at(out, (places, low), 1 - share)
    np.add.at(out, (places, high), share)
    return out


def upsampled(
    _: dict[str, Array], x: Array, *, scale_factor: Any, mode: str, align_corners: bool | None
) -> Array:
    """Return images ``scale_factor`` times as large."""
    factors = per_axis(scale_factor, x.ndim - 2)
    for axis, factor in enumerate(factors, start=2):
        if mode in ("bilinear", "linear"):
            matrix = linear_map(x.shape[axis], factor, is_cornered=bool(align_corners))
            x = np.moveaxis(np.tensordot(matrix, x, (1, axis)), 0, axis)
        elif mode == "tiled":
            x = np.concatenate([x] * factor, axis)
        elif mode == "zeros":
            spread = np.zeros((*x.shape[:axis], x.shape[axis], factor, *x.shape[axis + 1 :]))
            spread[(slice(None),) * (axis + 1) + (0,)] = x
            x = spread.reshape(*x.shape[:axis], -1, *x.shape[axis + 1 :])
        else:
            x = np.repeat(x, factor, axis)
    return x


def inputs(_: Options) -> tuple[Input, ...]:
    """Return images."""
    return (Input((3, 2, 5, 4)),)


FLATTEN = LayerReference(
    "flatten",
    "row-major order, as in torch and NumPy",
    flattened,
    inputs=inputs,
    options={"start_dim": 1, "end_dim": -1},
    mistakes=(
        Mistake("The batch is flattened too.", "shape", change(order="all")),
        Mistake("The channels run fastest.", "order", change(order="channels last")),
        Mistake("The axes are flattened in reverse order.", "order", change(order="reversed")),
    ),
)
UPSAMPLE = LayerReference(
    "upsample",
    "nearest neighbour; bilinear: Press et al., Numerical Recipes, 3.6",
    upsampled,
    inputs=inputs,
    options={"scale_factor": 2, "mode": "nearest", "align_corners": None},
    free={"mode": ("nearest", "bilinear"), "align_corners": (False, True)},
    mistakes=(
        Mistake("The image is repeated beside itself, not each pixel.", "order", change(mode="tiled")),
        Mistake("Zeros are put between the pixels.", "forward", change(mode="zeros")),
    ),
)
