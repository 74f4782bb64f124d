"""Layer normalisation. Ba, Kiros & Hinton 2016, equation 4: each sample by its own mean and deviation."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.references.layers._layer_reference import (
    Array,
    Input,
    LayerReference,
    Mistake,
    Options,
    Shape,
)
from firstlight.checks.references.layers._normalise import (
    EPSILONS,
    MISTAKES,
    change,
    infer_features,
    normalised,
)

__all__ = ["LAYERNORM"]


def _whole(shape: Any) -> Shape:
    return (int(shape),) if isinstance(shape, int | np.integer) else tuple(int(one) for one in shape)


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    normalized_shape: Any,
    eps: float,
    elementwise_affine: bool = True,
    bias: bool = True,
    is_channels_first: bool = False,
    is_column: bool = False,
    over: str = "features",
    place: str = "inside",
    is_plain: str = "",
    **changes: bool,
) -> Array:
    """Normalise the last axes, or the second one with ``is_channels_first``."""
    del elementwise_affine, bias
    if is_column:
        x = x.T
    rows = np.moveaxis(x, 1, -1) if is_channels_first else x
    count = len(_whole(normalized_shape))
    axes: tuple[int, ...] = tuple(range(-count, 0))
    if over == "rows":
        axes = (0,)
    elif over == "all":
        axes = tuple(range(rows.ndim))
    elif over == "sequence":
        axes = tuple(range(1, rows.ndim))
    out = normalised(rows, axes, eps, place=place, **changes)
    if "weight" in parameters and is_plain != "weight":
        out = out * parameters["weight"]
    if "bias" in parameters and is_plain != "bias":
        out = out + parameters["bias"]
    out = np.moveaxis(out, -1, 1) if is_channels_first else out
    return out.T if is_column else out


def shapes(options: Options) -> dict[str, Shape]:
    """Return weight and bias of the normalised shape."""
    shape = _whole(options["normalized_shape"])
    if not options["elementwise_affine"]:
        return {}
    return {"weight": shape, "bias": shape} if options["bias"] else {"weight": shape}


def inputs(options: Options) -> tuple[Input, ...]:
    """Return rows and sequences; else images with the features on the second axis."""
    shape = _whole(options["normalized_shape"])
    height, breadth = (9, 10) if set(shape) & {3, 4, 5} else (3, 5)
    first = Input((4, *shape, height, breadth), {"is_channels_first": True}, is_fallback=True)
    column = Input((*shape, 4), {"is_column": True}, is_fallback=True)
    more = (first, column) if len(shape) == 1 else ()
    return (Input((4, *shape)), Input((2, height, *shape)), *more)


LAYERNORM = LayerReference(
    "layernorm",
    "Ba, Kiros & Hinton 2016, equation 4",
    forward,
    shapes,
    inputs,
    options={"normalized_shape": None, "eps": 1e-5, "elementwise_affine": True, "bias": True},
    absent={"weight": 1.0, "bias": 0.0},
    infer=infer_features("normalized_shape"),
    free={"eps": EPSILONS, "place": ("inside", "outside")},
    mistakes=(
        Mistake(
            "Statistics are taken over the rows of the batch: each row's output depends on the others.",
            "batch-mixing",
            change(over="rows"),
        ),
        Mistake("One mean and deviation are taken over the whole batch.", "batch-mixing", change(over="all")),
        Mistake(
            "Statistics are taken over all places of a sample, not for each place.",
            "forward",
            change(over="sequence"),
        ),
        *MISTAKES,
    ),
    variants=({"eps": 0.1}, {"elementwise_affine": False}),
)
