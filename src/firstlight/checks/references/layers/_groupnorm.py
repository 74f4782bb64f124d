"""Group and instance normalisation. Wu & He 2018, equation 7; Ulyanov, Vedaldi & Lempitsky 2016."""

from __future__ import annotations

from functools import partial

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

__all__ = ["GROUPNORM", "INSTANCENORM"]


def forward(
    parameters: dict[str, Array],
    x: Array,
    *,
    num_groups: int,
    num_channels: int,
    eps: float,
    affine: bool = True,
    place: str = "inside",
    is_strided: bool = False,
    over: str = "groups",
    is_plain: str = "",
    is_channels_last: bool = False,
    **changes: bool,
) -> Array:
    """Normalise the channels of each group of each sample together."""
    del affine
    if is_channels_last:
        x = x.transpose(0, 3, 1, 2)
    n, rest = x.shape[0], x.shape[2:]
    size = num_channels // num_groups
    if is_strided:
        parts = x.reshape(n, size, num_groups, *rest)
        axes: tuple[int, ...] = (1, *range(3, parts.ndim))
    else:
        parts = x.reshape(n, num_groups, size, *rest)
        axes = tuple(range(2, parts.ndim))
    if over == "rows too":
        axes = (0, *axes)
    elif over == "channels":
        axes = axes[:1]
    elif over == "places":
        axes = axes[1:]
    out = normalised(parts, axes, eps, place=place, **changes).reshape(x.shape)
    kept = {name: value for name, value in parameters.items() if name != is_plain}
    out = scaled(out, kept, 1)
    return out.transpose(0, 2, 3, 1) if is_channels_last else out


def shapes(options: Options) -> dict[str, Shape]:
    """Return weight and bias of each channel."""
    size = (options["num_channels"],)
    return {"weight": size, "bias": size} if options["affine"] else {}


def inputs(options: Options, *, is_flat: bool) -> tuple[Input, ...]:
    """Return images, and sequences where those are taken too."""
    width = options["num_channels"]
    height, breadth = (9, 10) if width in (5, 7) else (5, 7)
    flat = (Input((3, width, height)),) if is_flat else ()
    last = Input((3, height, breadth, width), {"is_channels_last": True}, is_fallback=True)
    return (
        Input((3, width, height, breadth)),
        Input((3, width, height), is_fallback=True),
        *flat,
        last,
    )


BOTH = (
    Mistake(
        "Statistics mix the rows of the batch.",
        "batch-mixing",
        change(over="rows too"),
    ),
    *MISTAKES,
)

GROUPNORM = LayerReference(
    "groupnorm",
    "Wu & He 2018, equation 7",
    forward,
    shapes,
    partial(inputs, is_flat=False),
    options={"num_groups": None, "num_channels": None, "eps": 1e-5, "affine": True},
    absent={"weight": 1.0, "bias": 0.0},
    infer=infer_features("num_channels"),
    free={"eps": EPSILONS, "place": ("inside", "outside")},
    mistakes=(
        Mistake(
            "Channels are dealt to the groups in turn, instead of neighbours together.",
            "forward",
            change(is_strided=True),
        ),
        Mistake(
            "Each channel is normalised alone: the groups are ignored.",
            "ignored-option",
            lambda options: {**options, "num_groups": options["num_channels"]},
        ),
        Mistake(
            "All channels are normalised together: the groups are ignored.",
            "ignored-option",
            lambda options: {**options, "num_groups": 1},
        ),
        Mistake("The places of an image are not taken together.", "forward", change(over="channels")),
        *BOTH,
    ),
    variants=({"eps": 0.1}, {"affine": False}, {"num_groups": 3, "num_channels": 12}),
)

INSTANCENORM = LayerReference(
    "instancenorm",
    "Ulyanov, Vedaldi & Lempitsky 2016",
    lambda parameters, x, **options: forward(
        parameters, x, **{"num_groups": options["num_channels"], **options}
    ),
    shapes,
    partial(inputs, is_flat=False),
    options={"num_channels": None, "eps": 1e-5, "affine": True},
    absent={"weight": 1.0, "bias": 0.0},
    infer=infer_features("num_channels"),
    free={"eps": EPSILONS, "place": ("inside", "outside")},
    mistakes=(
        Mistake(
            "All channels are normalised together: this is layer normalisation.",
            "forward",
            lambda options: {**options, "num_groups": 1},
        ),
        *BOTH,
    ),
    variants=({"eps": 0.1}, {"affine": False}),
)
