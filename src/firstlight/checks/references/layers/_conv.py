"""Convolution over one or two axes. LeCun et al. 1989; arithmetic: Dumoulin & Visin 2016.

What deep learning calls a convolution does not flip the kernel; an implementation that does is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from firstlight.checks.references.layers._convolve import convolve, per_axis
from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
    Shape,
)

__all__ = ["CONV1D", "CONV2D", "DEPTHWISE_CONV2D", "MISTAKES"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    in_channels: int,
    out_channels: int,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    bias: bool,
    padding_mode: str = "zeros",
    is_flipped: bool = False,
    is_channels_last: bool = False,
) -> Array:
    """Return the convolution of [n, c, ...], or of [n, ..., c] with ``is_channels_last``."""
    del in_channels, out_channels, kernel_size  # the weight's shape says them
    weight = parameters["weight"]
    axes = tuple(range(2, weight.ndim))
    planes = np.moveaxis(x, -1, 1) if is_channels_last else x
    out = convolve(
        planes,
        np.flip(weight, axes) if is_flipped else weight,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    if bias:
        out = out + parameters["bias"].reshape(-1, *(1 for _ in axes))
    return np.moveaxis(out, 1, -1) if is_channels_last else out


def shapes(options: Options, *, axes: int) -> dict[str, Shape]:
    """Return weight [out, in / groups, ...] and bias [out]."""
    out, groups = options["out_channels"], options["groups"]
    kernel = per_axis(options["kernel_size"], axes)
    known: dict[str, Shape] = {"weight": (out, options["in_channels"] // groups, *kernel)}
    return {**known, "bias": (out,)} if options["bias"] else known


def inputs(options: Options, *, axes: int) -> tuple[Input, ...]:
    """Return images whose sides differ from each other and from the channels."""
    channels = options["in_channels"]
    reach = max(
        rate * (k - 1) + 1
        for k, rate in zip(
            per_axis(options["kernel_size"], axes), per_axis(options["dilation"], axes), strict=True
        )
    )
    size = reach + 7
    sizes = tuple(side for side in range(size, size + 5) if side != channels)[:axes]
    return (
        Input((2, channels, *sizes)),
        Input((2, *sizes, channels), {"is_channels_last": True}, is_fallback=True),
    )


def infer(known: Sequence[Shape], options: Options, *, axes: int) -> Iterator[Options]:
    """Take the sizes from the only tensor with axes enough."""
    groups = options["groups"] or 1
    for shape in known:
        if len(shape) != axes + 2:
            continue
        first = {"out_channels": shape[0], "in_channels": shape[1] * groups, "kernel_size": shape[2:]}
        last = {"out_channels": shape[-1], "in_channels": shape[-2] * groups, "kernel_size": shape[:axes]}
        for found in (first, last):
            yield {**options, **{key: value for key, value in found.items() if options.get(key) is None}}


def _shifted(name: str, by: int) -> Callable[[Options], Options | None]:
    def change(options: Options) -> Options | None:
        value = options[name]
        return {**options, name: value + by} if isinstance(value, int) and value + by >= 0 else None

    return change


def _set(name: str, value: Any) -> Callable[[Options], Options | None]:
    return lambda options: None if options[name] in (value, (value, value)) else {**options, name: value}


MISTAKES = (
    Mistake(
        "The kernel is flipped: this is the convolution of mathematics, not of deep learning.",
        "forward",
        lambda options: {**options, "is_flipped": True},
    ),
    Mistake("The bias is never added.", "forward", _set("bias", False)),
    Mistake("The stride is ignored.", "ignored-option", _set("stride", 1)),
    Mistake("The padding is ignored.", "ignored-option", _set("padding", 0)),
    Mistake("The dilation is ignored.", "ignored-option", _set("dilation", 1)),
    Mistake("The padding is one too wide on each side.", "shape", _shifted("padding", 1)),
    Mistake("The padding is one too narrow on each side.", "shape", _shifted("padding", -1)),
    Mistake("The dilation is one too large.", "shape", _shifted("dilation", 1)),
)

OPTIONS = {
    "in_channels": None,
    "out_channels": None,
    "kernel_size": None,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "groups": 1,
    "bias": True,
    "padding_mode": "zeros",
}


def _reference(name: str, axes: int, **options: Any) -> LayerReference:
    return LayerReference(
        name,
        "Dumoulin & Visin 2016",
        forward,
        partial(shapes, axes=axes),
        partial(inputs, axes=axes),
        options={**OPTIONS, **options},
        absent={"bias": 0.0},
        infer=partial(infer, axes=axes),
        free={"padding": (0, 1, "same", 2, "causal"), "stride": (1, 2), "dilation": (1, 2)},
        mistakes=MISTAKES,
        variants=(
            {"stride": 2},
            {"padding": 1},
            {"padding": 2, "stride": 3},
            {"dilation": 2},
            {"kernel_size": 2, "padding": 1, "dilation": 3, "stride": 2},
            {"bias": False},
            *([{"kernel_size": (3, 2)}, {"stride": (2, 1), "padding": (0, 2)}] if axes == 2 else []),
            {"groups": 2, "in_channels": 4, "out_channels": 6},
        ),
    )


def depthwise_shapes(options: Options) -> dict[str, Shape]:
    """Return one kernel [c, 1, ...] for each channel."""
    return shapes(_depthwise(options), axes=2)


def _depthwise(options: Options) -> Options:
    channels = options["in_channels"]
    return {**options, "out_channels": options["out_channels"] or channels, "groups": channels}


def depthwise_infer(known: Sequence[Shape], options: Options) -> Iterator[Options]:
    """Take the number of channels from the kernels."""
    for shape in known:
        if len(shape) == 4:
            yield _depthwise(
                {**options, "in_channels": options["in_channels"] or shape[0], "kernel_size": shape[2:]}
            )


CONV1D = _reference("conv1d", 1)
CONV2D = _reference("conv2d", 2)
DEPTHWISE_CONV2D = LayerReference(
    "depthwise-conv2d",
    "Sifre 2014; Chollet 2017, Xception",
    lambda parameters, x, **options: forward(parameters, x, **_depthwise(options)),
    depthwise_shapes,
    partial(inputs, axes=2),
    options={**OPTIONS, "groups": 1},
    absent={"bias": 0.0},
    infer=depthwise_infer,
    free=CONV2D.free,
    mistakes=MISTAKES,
    variants=({"stride": 2}, {"padding": 1}, {"dilation": 2}),
)
