"""Read the tensors of an implementation as the parameters of a reference, in every way that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, permutations, product
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["Reading", "layouts", "read_by_shape"]

Array: TypeAlias = Float64[np.ndarray, "..."]
Reading: TypeAlias = tuple[str, dict[str, Array]]

MOST = 400  # readings that are tried of one layer
WORDS: dict[str, tuple[str, ...]] = {
    "weight": ("weight", "gamma", "scale", "kernel", "filter", "w", "g", "embedding", "table"),
    "bias": ("bias", "beta", "shift", "offset", "b"),
    "running_mean": ("mean", "mu", "avg"),
    "running_var": ("var", "sigma", "std"),
}


def layouts(tensor: Array, shape: tuple[int, ...]) -> Iterator[tuple[str, Array]]:
    """Yield each way of laying out a tensor in a shape: as it is, axes swapped, axes of length one dropped.

    Examples
    --------
    >>> [name for name, _ in layouts(np.zeros((3, 5)), (5, 3))]
    ['transposed']
    """
    if tensor.shape == shape:
        yield "", tensor
    if tensor.ndim == len(shape) >= 2:
        for order in permutations(range(tensor.ndim)):
            if order == tuple(range(tensor.ndim)):
                continue
            if tuple(tensor.shape[axis] for axis in order) == shape:
                yield "transposed", tensor.transpose(order)
    if tensor.ndim != len(shape) and tensor.size == int(np.prod(shape)):
        squeezed = tuple(size for size in shape if size != 1)
        if tuple(size for size in tensor.shape if size != 1) == squeezed:
            yield "", tensor.reshape(shape)


def read_by_shape(
    tensors: Mapping[str, Array],
    shapes: Mapping[str, tuple[int, ...]],
    absent: Mapping[str, float],
    _: Mapping[str, Any],
) -> Iterator[Reading]:
    """Yield every assignment of tensors to parameters of the same shape, best names first.

    A parameter of ``absent`` is filled with its value where no tensor of its shape bears its name.
    """
    choices: list[list[tuple[str | None, str, Array]]] = []
    for name, shape in shapes.items():
        fitting: list[tuple[str | None, str, Array]] = [
            (own, layout, array)
            for own, tensor in sorted(tensors.items(), key=lambda item: _distance(name, item[0]))
            for layout, array in layouts(tensor, shape)
        ]
        is_there = any(own is not None and _distance(name, own) == 0 for own, _, _ in fitting)
        if name in absent and not is_there:
            fitting.append((None, f"no {name}", np.full(shape, absent[name])))
        if not fitting:
            return
        choices.append([*fitting])
    choices = _named(list(shapes), choices)
    found = (chosen for chosen in product(*choices) if _is_injective(chosen))
    ranked = sorted(islice(found, 5000), key=lambda chosen: sum(own is None for own, _, _ in chosen))
    for chosen in ranked[:MOST]:
        notes = ", ".join(dict.fromkeys(layout for _, layout, _ in chosen if layout))
        yield notes, {name: array for name, (_, _, array) in zip(shapes, chosen, strict=True)}


def _named(
    names: list[str], choices: list[list[tuple[str | None, str, Array]]]
) -> list[list[tuple[str | None, str, Array]]]:
    """Keep to the names where they leave no doubt: a scale that is added is no other dialect."""
    kept = []
    for name, fitting in zip(names, choices, strict=True):
        own = [one for one in fitting if one[0] is not None and _distance(name, one[0]) == 0]
        if len({one[0] for one in own}) != 1:
            return choices
        kept.append(own)
    return kept


def _is_injective(chosen: tuple[tuple[str | None, str, Array], ...]) -> bool:
    owners = [own for own, _, _ in chosen if own is not None]
    return len(owners) == len(set(owners))


def _distance(name: str, own: str) -> int:
    """Return 0 where an implementation's name means the parameter, 1 where it means none, 2 another one."""
    last = own.rpartition(".")[2].lower()
    words = WORDS.get(name, (name,))
    if any(word in last if len(word) > 1 else word == last for word in words):
        return 0
    others = (word for other, those in WORDS.items() if other != name for word in those)
    return 2 if any(word in last for word in others if len(word) > 2) else 1
