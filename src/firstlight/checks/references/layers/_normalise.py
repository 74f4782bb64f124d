"""What all normalisations share: mean and variance over some axes, and a scale and shift for each feature."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.layers._layer_reference import Mistake, Options, Shape

__all__ = ["EPSILONS", "MISTAKES", "change", "infer_features", "normalised", "scaled"]

Array: TypeAlias = Float64[np.ndarray, "..."]

# What libraries take where nothing is said: torch, Keras, timm, JAX, BERT, and none at all.
EPSILONS = (1e-5, 1e-3, 1e-6, 1e-8, 1e-12, 1e-4, 1e-7, 1e-10, 0.0)


def normalised(
    x: Array,
    axes: tuple[int, ...],
    eps: float,
    *,
    place: str = "inside",
    is_unbiased: bool = False,
    is_centred: bool = True,
    is_scaled: bool = True,
) -> Array:
    """Return (x - mean) / sqrt(var + eps) over some axes, or what a change of it gives.

    ``place`` says where eps stands: ``"inside"`` the root, ``"outside"`` of it, or ``"maximum"`` of the two.
    """
    mean = x.mean(axes, keepdims=True)
    variance = x.var(axes, keepdims=True)
    if is_unbiased:
        count = int(np.prod([x.shape[axis] for axis in axes]))
        variance = variance * count / max(count - 1, 1)
    centred = x - mean if is_centred else x
    if place == "variance":  # a common slip: the root is forgotten
        return np.asarray(centred / (variance + eps))
    if place == "outside":
        return np.asarray(centred / (np.sqrt(variance) + eps))
    if place == "maximum":
        return np.asarray(centred / np.maximum(np.sqrt(variance), eps))
    return centred / np.sqrt(variance + eps) if is_scaled else centred


def scaled(x: Array, parameters: Mapping[str, Array], axis: int) -> Array:
    """Multiply by the weight and add the bias of each feature, which lie on an axis."""
    form = [1] * x.ndim
    form[axis] = -1
    if "weight" in parameters:
        x = x * parameters["weight"].reshape(form)
    if "bias" in parameters:
        x = x + parameters["bias"].reshape(form)
    return x


def change(**changes: object) -> Callable[[Options], Options | None]:
    """Return a function that changes options, and gives ``None`` where they are so already."""

    def changed(options: Options) -> Options | None:
        same = all(options.get(name) == value for name, value in changes.items())
        return None if same else {**options, **changes}

    return changed


def infer_features(name: str) -> Callable[[Sequence[Shape], Options], Iterator[Options]]:
    """Return a function that takes the number of features from the longest vector."""

    def infer(known: Sequence[Shape], options: Options) -> Iterator[Options]:
        sizes = [int(np.prod(shape)) for shape in known if sum(size > 1 for size in shape) == 1]
        yield {**options, name: max(sizes, default=6)}

    return infer


MISTAKES = (
    Mistake(
        "The spread is taken with n - 1: torch's var and std do so unless told unbiased=False.",
        "forward",
        change(is_unbiased=True),
    ),
    Mistake("It divides by the variance: the square root is missing.", "forward", change(place="variance")),
    Mistake("The mean is not subtracted.", "forward", change(is_centred=False)),
    Mistake("It is not divided by the spread.", "forward", change(is_scaled=False)),
    Mistake("The epsilon that was given is not used.", "epsilon", change(eps=1e-5)),
    Mistake("The epsilon is not used.", "epsilon", change(eps=0.0)),
    Mistake("The scale is not applied.", "forward", change(is_plain="weight")),
    Mistake("The shift is not applied.", "forward", change(is_plain="bias")),
)
