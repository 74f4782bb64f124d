"""Convolution as deep learning writes it (a cross-correlation), over any number of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["convolve", "output_size", "per_axis", "sides"]

Array: TypeAlias = Float64[np.ndarray, "..."]

PADDING: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def per_axis(value: Any, axes: int) -> tuple[int, ...]:
    """Return one number for each axis.

    Examples
    --------
    >>> per_axis(3, 2), per_axis((1, 2), 2)
    ((3, 3), (1, 2))
    """
    if isinstance(value, Sequence | np.ndarray):
        return tuple(int(one) for one in value) if len(value) == axes else (int(value[0]),) * axes
    return (int(value),) * axes


def sides(
    padding: Any, kernel: Sequence[int], dilation: Sequence[int], *, is_left_longer: bool = False
) -> tuple[tuple[int, int], ...]:
    """Return the zeros before and after each axis; ``"same"`` puts the odd one behind, as torch does."""
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding in ("same", "causal"):
        whole = [rate * (size - 1) for size, rate in zip(kernel, dilation, strict=True)]
        if padding == "causal":
            return tuple((total, 0) for total in whole)
        short = [(total // 2, total - total // 2) for total in whole]
        return tuple(pair[::-1] for pair in short) if is_left_longer else tuple(short)
    return tuple((one, one) for one in per_axis(padding, len(kernel)))


def output_size(size: int, kernel: int, stride: int, before: int, after: int, dilation: int) -> int:
    """Return how many places a window takes along an axis.

    Examples
    --------
    >>> output_size(28, 3, 2, 1, 1, 1)
    14
    """
    return (size + before + after - dilation * (kernel - 1) - 1) // stride + 1


def convolve(
    x: Array,
    weight: Array,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Array:
    """Return the cross-correlation of images [n, c, ...] with kernels [o, c / groups, ...].

    Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", relationship 6.
    """
    axes = x.ndim - 2
    kernel = weight.shape[2:]
    strides, rates = per_axis(stride, axes), per_axis(dilation, axes)
    pads = sides(padding, kernel, rates)
    padded = np.pad(x, ((0, 0), (0, 0), *pads), mode=PADDING[padding_mode])
    places = [
        output_size(size, k, s, before, after, rate)
        for size, k, s, (before, after), rate in zip(x.shape[2:], kernel, strides, pads, rates, strict=True)
    ]
    if min(places) < 1:
        raise ValueError(f"a kernel of {kernel} does not fit into {x.shape[2:]} with padding {padding}")
    n, channels = x.shape[:2]
    grouped = weight.reshape(groups, -1, *weight.shape[1:])
    out = np.zeros((n, groups, grouped.shape[1], *places))
    for offset in np.ndindex(*kernel):
        window = padded[
            (
                slice(None),
                slice(None),
                *(
                    slice(o * rate, o * rate + s * (count - 1) + 1, s)
                    for o, rate, s, count in zip(offset, rates, strides, places, strict=True)
                ),
            )
        ]
        parts = window.reshape(n, groups, channels // groups, *places)
        out += np.einsum("ngc...,goc->ngo...", parts, grouped[(..., *offset)])
    return out.reshape(n, -1, *places)
