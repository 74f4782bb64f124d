"""Batch normalisation. Ioffe & Szegedy 2015, algorithms 1 and 2.

Training normalises with the batch's own mean and (biased) variance; evaluation with the running ones. How the
running ones move (momentum's meaning, n or n - 1) is a dialect: it is judged on its own, not here.
"""

from __future__ import annotations

from functools import partial
from typing import Any

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
    scaled,
)

__all__ = ["BATCHNORM", "BATCHNORM1D", "BATCHNORM2D"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    num_features: int,
    eps: float,
    momentum: Any = None,
    affine: bool = True,
    track_running_stats: bool = True,
    training: bool = True,
    axis: int = 1,
    place: str = "inside",
    axes: str = "all but features",
    is_plain: str = "",
    **changes: bool,
) -> Array:
    """Normalise each feature, which lies on ``axis``, over all other axes."""
    del num_features, momentum, affine
    parameters = {name: value for name, value in parameters.items() if name != is_plain}
    features = axis % x.ndim
    if training or not track_running_stats:
        if axes == "rows":
            over: tuple[int, ...] = (0,)
        elif axes == "features":
            over = (features,)
        else:
            over = tuple(one for one in range(x.ndim) if one != features)
        return scaled(normalised(x, over, eps, place=place, **changes), parameters, features)
    form = [1] * x.ndim
    form[features] = -1
    mean, variance = (parameters[f"running_{name}"].reshape(form) for name in ("mean", "var"))
    if place == "outside":
        return scaled((x - mean) / (variance**0.5 + eps), parameters, features)
    return scaled((x - mean) / (variance + eps) ** 0.5, parameters, features)


def shapes(options: Options) -> dict[str, Shape]:
    """Return weight and bias, and in evaluation running mean and variance: all [features]."""
    size = (options["num_features"],)
    known: dict[str, Shape] = {"weight": size, "bias": size} if options["affine"] else {}
    if options.get("training", True) or not options["track_running_stats"]:
        return known
    return {**known, "running_mean": size, "running_var": size}


def inputs(options: Options, *, ranks: tuple[int, ...]) -> tuple[Input, ...]:
    """Return rows, sequences and images, with the features on the second axis, then on the last."""
    width = options["num_features"]
    height, breadth = (8, 9) if width in (4, 5) else (5, 4)
    every = {2: Input((8, width)), 4: Input((6, width, height, breadth)), 3: Input((6, width, height))}
    last = Input((6, height, breadth, width), {"axis": -1}, is_fallback=True)
    column = Input((width, 8), {"axis": 0}, is_fallback=True)
    return (*(every[rank] for rank in ranks), last, column)


def _reference(name: str, ranks: tuple[int, ...]) -> LayerReference:
    return LayerReference(
        name,
        "Ioffe & Szegedy 2015, algorithms 1 and 2",
        forward,
        shapes,
        partial(inputs, ranks=ranks),
        options={
            "num_features": None,
            "eps": 1e-5,
            "momentum": 0.1,
            "affine": True,
            "track_running_stats": True,
        },
        absent={"weight": 1.0, "bias": 0.0},
        infer=infer_features("num_features"),
        free={"eps": EPSILONS, "place": ("inside", "outside")},
        mistakes=(
            Mistake(
                "Evaluation normalises with the batch's own statistics, not with the running ones.",
                "train-eval-mode",
                lambda options: None if options.get("training", True) else {**options, "training": True},
            ),
            Mistake(
                "Statistics are taken over the rows alone: one for each place, not for each feature.",
                "forward",
                change(axes="rows"),
            ),
            Mistake(
                "Statistics are taken over the features of each row: this is layer normalisation.",
                "forward",
                change(axes="features"),
            ),
            *MISTAKES,
        ),
        variants=({"eps": 0.1}, {"affine": False}),
    )


BATCHNORM = _reference("batchnorm", (2, 4, 3))
BATCHNORM1D = _reference("batchnorm1d", (2, 3))
BATCHNORM2D = _reference("batchnorm2d", (4,))
