"""Linear layer: y = x W^T + b. Rosenblatt 1958; the layout [out, in] of W is torch's, [in, out] a dialect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
    Shape,
)

__all__ = ["LINEAR"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    in_features: int,
    out_features: int,
    bias: bool,
    is_column: bool = False,
) -> Array:
    """Return x W^T + b; with ``is_column`` rows of the batch are columns of x and of the output."""
    del in_features, out_features  # the weight's shape says them
    rows = x.T if is_column else x
    out: Array = rows @ parameters["weight"].T + (parameters["bias"] if bias else 0.0)
    return out.T if is_column else out


def shapes(options: Options) -> dict[str, Shape]:
    """Return weight [out, in] and bias [out]."""
    out = options["out_features"]
    known: dict[str, Shape] = {"weight": (out, options["in_features"])}
    return {**known, "bias": (out,)} if options["bias"] else known


def inputs(options: Options) -> tuple[Input, ...]:
    """Return rows, and rows as columns where rows are not taken."""
    width = options["in_features"]
    return (Input((6, width)), Input((width, 6), {"is_column": True}, is_fallback=True))


def infer(known: Sequence[Shape], options: Options) -> Iterator[Options]:
    """Take the sizes from the only matrix, whichever way it lies."""
    for shape in known:
        if len(shape) == 2 and min(shape) > 1:
            yield {**options, "out_features": shape[0], "in_features": shape[1]}
            yield {**options, "out_features": shape[1], "in_features": shape[0]}


LINEAR = LayerReference(
    "linear",
    "Rosenblatt 1958",
    forward,
    shapes,
    inputs,
    options={"in_features": None, "out_features": None, "bias": True},
    absent={"bias": 0.0},
    infer=infer,
    mistakes=(Mistake("The bias is never added.", "forward", lambda options: {**options, "bias": False}),),
    variants=({"in_features": 5, "out_features": 3}, {"bias": False}),
)
