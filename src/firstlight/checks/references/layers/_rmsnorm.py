"""Root-mean-square normalisation. Zhang & Sennrich 2019, equation 4: no mean is subtracted."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.layers._layer_reference import (
    Array,
    LayerReference,
    Mistake,
    Options,
    Shape,
)
from firstlight.checks.references.layers._layernorm import inputs
from firstlight.checks.references.layers._normalise import EPSILONS, change, infer_features

__all__ = ["RMSNORM"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    normalized_shape: int,
    eps: float,
    elementwise_affine: bool = True,
    bias: bool = True,
    place: str = "inside",
    is_channels_first: bool = False,
    is_column: bool = False,
    is_one_added: bool = False,
    is_sum: bool = False,
    is_centred: bool = False,
    over: str = "features",
    is_plain: str = "",
) -> Array:
    """Return x / sqrt(mean(x^2) + eps) * weight; ``is_one_added`` multiplies by 1 + weight, as Gemma does."""
    del normalized_shape, elementwise_affine, bias
    rows = np.moveaxis(x, 1, -1) if is_channels_first else x.T if is_column else x
    axes = {"features": -1, "rows": 0}.get(over)
    centred = rows - rows.mean(-1, keepdims=True) if is_centred else rows
    squares = centred**2
    mean = squares.sum(axes, keepdims=True) if is_sum else squares.mean(axes, keepdims=True)
    if place == "outside":
        out = centred / (np.sqrt(mean) + eps)
    elif place == "square":
        out = centred / (mean + eps)
    elif place == "maximum":
        out = centred / np.maximum(np.sqrt(mean), eps)
    else:
        out = centred / np.sqrt(mean + eps)
    if "weight" in parameters and is_plain != "weight":
        out = out * (parameters["weight"] + is_one_added)
    if "bias" in parameters:
        out = out + parameters["bias"]
    out = np.moveaxis(out, -1, 1) if is_channels_first else out
    return np.asarray(out.T if is_column else out)


def shapes(options: Options) -> dict[str, Shape]:
    """Return the weight."""
    size = options["normalized_shape"]
    whole = (size,) if isinstance(size, int) else tuple(size)
    return {"weight": whole} if options["elementwise_affine"] else {}


RMSNORM = LayerReference(
    "rmsnorm",
    "Zhang & Sennrich 2019, equation 4",
    forward,
    shapes,
    lambda options: inputs({"normalized_shape": options["normalized_shape"]}),
    options={"normalized_shape": None, "eps": 1e-6, "elementwise_affine": True},
    absent={"weight": 1.0},
    infer=infer_features("normalized_shape"),
    free={
        "eps": (*EPSILONS, float(np.finfo(np.float64).eps), float(np.finfo(np.float32).eps)),
        "place": ("inside", "outside", "maximum"),
        "is_one_added": (False, True),
    },
    mistakes=(
        Mistake("The mean is subtracted: this is layer normalisation.", "forward", change(is_centred=True)),
        Mistake(
            "It divides by the norm: the root of the sum, not of the mean.", "forward", change(is_sum=True)
        ),
        Mistake("It divides by the mean square: the root is missing.", "forward", change(place="square")),
        Mistake("The mean square is taken over the rows of the batch.", "batch-mixing", change(over="rows")),
        Mistake("The mean square is taken over the whole batch.", "batch-mixing", change(over="all")),
        Mistake("The epsilon that was given is not used.", "epsilon", change(eps=1e-6)),
        Mistake("The epsilon is not used.", "epsilon", change(eps=0.0)),
        Mistake("The scale is not applied.", "forward", change(is_plain="weight")),
    ),
    variants=({"eps": 0.1},),
)
