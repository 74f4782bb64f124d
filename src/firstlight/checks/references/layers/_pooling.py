"""Pooling: the maximum or mean of each window. Fukushima 1980; LeCun et al. 1998; global: Lin et al. 2013."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from firstlight.checks.references.layers._convolve import output_size, per_axis
from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
)
from firstlight.checks.references.layers._normalise import change

__all__ = ["AVGPOOL", "GLOBAL_AVGPOOL", "MAXPOOL"]


def windows(
    x: Array, kernel: Any, stride: Any, padding: Any, dilation: Any, fill: float, is_ceil: bool
) -> Array:
    """Return [windows' places..., places within], with ``fill`` outside of the images."""
    axes = x.ndim - 2
    sizes, pads, rates = per_axis(kernel, axes), per_axis(padding, axes), per_axis(dilation, axes)
    strides = per_axis(kernel if stride is None else stride, axes)
    counts = []
    for size, k, s, p, rate in zip(x.shape[2:], sizes, strides, pads, rates, strict=True):
        count = output_size(size, k, s, p, p, rate)
        if is_ceil:
            larger = -(-(size + 2 * p - rate * (k - 1) - 1) // s) + 1
            count = larger if (larger - 1) * s < size + p else larger - 1
        counts.append(count)
    if min(counts) < 1:
        raise ValueError(f"a window of {sizes} does not fit into {x.shape[2:]}")
    more = [
        max(0, (count - 1) * s + rate * (k - 1) + 1 - size - 2 * p)
        for count, s, rate, k, size, p in zip(counts, strides, rates, sizes, x.shape[2:], pads, strict=True)
    ]
    whole = ((0, 0), (0, 0), *((p, p + m) for p, m in zip(pads, more, strict=True)))
    padded = np.pad(x, whole, constant_values=fill)
    parts = [
        padded[
            (
                slice(None),
                slice(None),
                *(
                    slice(o * rate, o * rate + s * (count - 1) + 1, s)
                    for o, rate, s, count in zip(offset, rates, strides, counts, strict=True)
                ),
            )
        ]
        for offset in np.ndindex(*sizes)
    ]
    return np.stack(parts, -1)


def maximum(
    _: dict[str, Array],
    x: Array,
    *,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    fill: float = -np.inf,
    is_channels_last: bool = False,
) -> Array:
    """Return the maximum of each window; what lies outside of the image never wins."""
    planes = np.moveaxis(x, -1, 1) if is_channels_last else x
    out: Array = windows(planes, kernel_size, stride, padding, dilation, fill, ceil_mode).max(-1)
    return np.moveaxis(out, 1, -1) if is_channels_last else out


def mean(
    _: dict[str, Array],
    x: Array,
    *,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    is_sum: bool = False,
    is_channels_last: bool = False,
) -> Array:
    """Return the mean of each window; zeros outside of the image count with ``count_include_pad``."""
    planes = np.moveaxis(x, -1, 1) if is_channels_last else x
    total = windows(planes, kernel_size, stride, padding, 1, 0.0, ceil_mode).sum(-1)
    ones = np.ones_like(planes)
    if count_include_pad:
        pads = per_axis(padding, x.ndim - 2)
        ones = np.pad(ones, ((0, 0), (0, 0), *((p, p) for p in pads)), constant_values=1.0)
        counts = windows(ones, kernel_size, stride, 0, 1, 0.0, ceil_mode).sum(-1)
        counts = counts[(..., *(slice(0, size) for size in total.shape[2:]))]
    else:
        counts = windows(ones, kernel_size, stride, padding, 1, 0.0, ceil_mode).sum(-1)
    out = total if is_sum else total / counts
    return np.moveaxis(out, 1, -1) if is_channels_last else out


def whole_mean(
    _: dict[str, Array],
    x: Array,
    *,
    is_kept: bool = False,
    is_channels_last: bool = False,
    over: str = "places",
) -> Array:
    """Return the mean of each channel: [n, c], or [n, c, 1, 1] with ``is_kept``."""
    axes = tuple(range(1, x.ndim - 1)) if is_channels_last else tuple(range(2, x.ndim))
    if over == "maximum":
        return np.asarray(x.max(axes, keepdims=is_kept))
    if over == "sum":
        return np.asarray(x.sum(axes, keepdims=is_kept))
    if over == "last":
        axes = (x.ndim - 1,)
    return np.asarray(x.mean(axes, keepdims=is_kept))


def inputs(options: Options) -> tuple[Input, ...]:
    """Return images, else sequences."""
    reach = max(per_axis(options.get("kernel_size") or 2, 2))
    height, breadth = reach * 2 + 3, reach * 2 + 4
    return (
        Input((2, 3, height, breadth)),
        Input((2, 3, height), is_fallback=True),
        Input((2, height, breadth, 3), {"is_channels_last": True}, is_fallback=True),
    )


def _one_off(name: str, by: int) -> Callable[[Options], Options | None]:
    def changed(options: Options) -> Options | None:
        value = options[name]
        return (
            {**options, name: value + by}
            if isinstance(value, int) and value + by >= (name != "padding")
            else None
        )

    return changed


SHAPES = (
    Mistake("The stride is ignored.", "ignored-option", change(stride=1)),
    Mistake("The stride is ignored: it is always the window's size.", "ignored-option", change(stride=None)),
    Mistake("The padding is ignored.", "ignored-option", change(padding=0)),
    Mistake("The window is one too large.", "shape", _one_off("kernel_size", 1)),
    Mistake("The window is one too small.", "shape", _one_off("kernel_size", -1)),
    Mistake("The padding is one too wide.", "shape", _one_off("padding", 1)),
    Mistake("The last window is counted though it hangs over.", "shape", change(ceil_mode=True)),
)
VARIANTS = (
    {"kernel_size": 3, "stride": 2},
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": 2, "stride": 1},
)

MAXPOOL = LayerReference(
    "maxpool",
    "LeCun et al. 1998",
    maximum,
    inputs=inputs,
    options={"kernel_size": None, "stride": None, "padding": 0, "dilation": 1, "ceil_mode": False},
    infer=lambda _, options: iter([{**options, "kernel_size": size} for size in (2, 3)]),
    free={"stride": (None, 2, 1), "padding": (0, 1)},
    mistakes=(
        Mistake("Images are padded with zeros, which win over negative values.", "forward", change(fill=0.0)),
        *SHAPES,
    ),
    variants=VARIANTS,
)
AVGPOOL = LayerReference(
    "avgpool",
    "LeCun et al. 1998",
    mean,
    inputs=inputs,
    options={
        "kernel_size": None,
        "stride": None,
        "padding": 0,
        "ceil_mode": False,
        "count_include_pad": True,
    },
    infer=lambda _, options: iter([{**options, "kernel_size": size} for size in (2, 3)]),
    free={"stride": (None, 2, 1), "padding": (0, 1), "count_include_pad": (True, False)},
    mistakes=(Mistake("Windows are summed, not averaged.", "forward", change(is_sum=True)), *SHAPES),
    variants=VARIANTS,
)
GLOBAL_AVGPOOL = LayerReference(
    "global-avgpool",
    "Lin, Chen & Yan 2013",
    whole_mean,
    inputs=inputs,
    free={"is_kept": (False, True)},
    mistakes=(
        Mistake("The maximum is taken.", "forward", change(over="maximum")),
        Mistake("Places are summed, not averaged.", "forward", change(over="sum")),
        Mistake("Only the last axis is averaged.", "shape", change(over="last")),
    ),
)
