"""Transposed convolution: the gradient of a convolution by its input. Dumoulin & Visin 2016, chapter 4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from firstlight.checks.references.layers._convolve import per_axis
from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
    Shape,
)

__all__ = ["CONV_TRANSPOSE2D"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    in_channels: int,
    out_channels: int,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    dilation: Any,
    groups: int,
    bias: bool,
    is_flipped: bool = False,
) -> Array:
    """Put a kernel of [in, out / groups, k, k], scaled, at every place of [n, in, h, w]; crop the padding."""
    del in_channels, out_channels, kernel_size  # the weight's shape says them
    weight = np.flip(parameters["weight"], (2, 3)) if is_flipped else parameters["weight"]
    kernel = weight.shape[2:]
    strides, pads, rates, extra = (
        per_axis(value, 2) for value in (stride, padding, dilation, output_padding)
    )
    n = x.shape[0]
    sizes = [
        (side - 1) * s - 2 * p + rate * (k - 1) + e + 1
        for side, s, p, rate, k, e in zip(x.shape[2:], strides, pads, rates, kernel, extra, strict=True)
    ]
    whole = np.zeros(
        (n, groups, weight.shape[1], *(size + 2 * p for size, p in zip(sizes, pads, strict=True)))
    )
    parts = x.reshape(n, groups, x.shape[1] // groups, *x.shape[2:])
    kernels = weight.reshape(groups, -1, *weight.shape[1:])
    for offset in np.ndindex(*kernel):
        spots: Any = tuple(
            slice(o * rate, o * rate + s * (side - 1) + 1, s)
            for o, rate, s, side in zip(offset, rates, strides, x.shape[2:], strict=True)
        )
        place: Any = (..., *spots)
        kernel_place: Any = (..., *offset)
        whole[place] += np.einsum("ngc...,gco->ngo...", parts, kernels[kernel_place])
    inside: Any = (..., *(slice(p, p + size) for size, p in zip(sizes, pads, strict=True)))
    out: Array = whole[inside].reshape(n, -1, *sizes)
    return np.asarray(out + parameters["bias"].reshape(-1, 1, 1)) if bias else out


def shapes(options: Options) -> dict[str, Shape]:
    """Return weight [in, out / groups, k, k] and bias [out]."""
    out = options["out_channels"]
    kernel = per_axis(options["kernel_size"], 2)
    known: dict[str, Shape] = {"weight": (options["in_channels"], out // options["groups"], *kernel)}
    return {**known, "bias": (out,)} if options["bias"] else known


def inputs(options: Options) -> tuple[Input, ...]:
    """Return small images."""
    return (Input((2, options["in_channels"], 5, 6)),)


def infer(known: Sequence[Shape], options: Options) -> Iterator[Options]:
    """Take the sizes from the kernels."""
    for shape in known:
        if len(shape) == 4:
            found = {"in_channels": shape[0], "out_channels": shape[1], "kernel_size": shape[2:]}
            yield {**options, **{key: value for key, value in found.items() if options[key] is None}}


CONV_TRANSPOSE2D = LayerReference(
    "conv-transpose2d",
    "Dumoulin & Visin 2016",
    forward,
    shapes,
    inputs,
    options={
        "in_channels": None,
        "out_channels": None,
        "kernel_size": None,
        "stride": 1,
        "padding": 0,
        "output_padding": 0,
        "dilation": 1,
        "groups": 1,
        "bias": True,
    },
    absent={"bias": 0.0},
    infer=infer,
    free={"stride": (1, 2), "padding": (0, 1, 2), "output_padding": (0, 1)},
    mistakes=(
        Mistake("The kernel is flipped.", "forward", lambda options: {**options, "is_flipped": True}),
        Mistake("The bias is never added.", "forward", lambda options: {**options, "bias": False}),
        Mistake("The padding is ignored.", "ignored-option", lambda options: {**options, "padding": 0}),
        Mistake("The stride is ignored.", "ignored-option", lambda options: {**options, "stride": 1}),
        Mistake(
            "The padding is not cropped but added.",
            "shape",
            lambda options: (
                {**options, "padding": -options["padding"]}
                if isinstance(options["padding"], int) and options["padding"]
                else None
            ),
        ),
    ),
    variants=(
        {"stride": 2},
        {"padding": 1},
        {"stride": 2, "padding": 1, "output_padding": 1},
        {"bias": False},
    ),
)
