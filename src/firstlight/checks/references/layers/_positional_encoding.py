"""Sinusoidal positions. Vaswani et al. 2017, section 3.5: PE(t, 2i) = sin(t / 10000^(2i/d)), odd: cosine.

Dialects: sines and cosines in halves instead of in turn (tensor2tensor); the encoding alone, not the sum;
x scaled by sqrt(d) before; rows first or steps first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
)
from firstlight.checks.references.layers._normalise import change

__all__ = ["POSITIONAL_ENCODING"]


def table(
    length: int, width: int, *, base: float, layout: str, exponent: str, start: int, order: str
) -> Array:
    """Return the encoding [length, width]."""
    half = (width + 1) // 2
    steps = np.arange(half)
    power = (2 if exponent == "2i/d" else 1) * steps / width
    angles = (np.arange(length) + start)[:, None] / base**power
    first, second = (np.sin(angles), np.cos(angles)) if order == "sine" else (np.cos(angles), np.sin(angles))
    if order == "sines":
        first = second = np.sin(angles)
    if layout == "halves":
        return np.concatenate([first, second], 1)[:, :width]
    out = np.zeros((length, 2 * half))
    out[:, 0::2], out[:, 1::2] = first, second
    return out[:, :width]


def forward(
    _: dict[str, Array],
    x: Array,
    *,
    d_model: int,
    max_len: Any = None,
    p: Any = None,
    is_batch_first: bool = True,
    output: str = "sum",
    base: float = 10000.0,
    layout: str = "in turn",
    exponent: str = "2i/d",
    start: int = 0,
    order: str = "sine",
    along: str = "steps",
) -> Array:
    """Return x plus the encoding of each step."""
    del max_len, p
    axis = 1 if is_batch_first else 0
    if along == "rows":
        axis = 1 - axis
    encoding = table(
        x.shape[axis], d_model, base=base, layout=layout, exponent=exponent, start=start, order=order
    )
    encoding = encoding[None] if axis == 1 else encoding[:, None]
    if output == "encoding":
        return np.asarray(encoding + np.zeros_like(x))
    if output == "table":
        return encoding
    return np.asarray((x * np.sqrt(d_model) if output == "root" else x) + encoding)


def inputs(options: Options) -> tuple[Input, ...]:
    """Return sequences."""
    width = options["d_model"]
    length = min(7, options["max_len"] or 7)
    return (Input((3, length, width)),)


POSITIONAL_ENCODING = LayerReference(
    "positional-encoding",
    "Vaswani et al. 2017, section 3.5",
    forward,
    inputs=inputs,
    options={"d_model": None, "max_len": None, "p": None, "is_batch_first": None},
    infer=lambda known, options: iter(
        [{**options, "d_model": shape[-1]} for shape in known if len(shape) >= 2][:1]
    ),
    free={
        "is_batch_first": (True, False),
        "output": ("sum", "root", "encoding", "table"),
        "layout": ("in turn", "halves"),
    },
    mistakes=(
        Mistake(
            "The exponent is i/d, where 2i/d is meant: frequencies fall half as fast.",
            "forward",
            change(exponent="i/d"),
        ),
        Mistake("The base is 1,000, not 10,000.", "forward", change(base=1000.0)),
        Mistake("The base is 100,000, not 10,000.", "forward", change(base=100000.0)),
        Mistake("The first position is 1, not 0.", "forward", change(start=1)),
        Mistake("Sine and cosine are swapped.", "forward", change(order="cosine")),
        Mistake("Odd features take the sine too, not the cosine.", "forward", change(order="sines")),
        Mistake("Positions run along the batch, not along the steps.", "batch-mixing", change(along="rows")),
    ),
)
