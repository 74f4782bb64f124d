"""Find an input that a layer takes where nothing says it: images, sequences, rows, indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from firstlight.checks.layers._layer import Array, Layer

__all__ = ["Plan", "probe"]

MOST_WIDTHS = 10


@dataclass(frozen=True)
class Plan:
    """An input: its shape, one more than its highest index (0: real numbers), and the axis of its rows."""

    shape: tuple[int, ...]
    below: int = 0
    row_axis: int = 0

    def draw(self, seed: int, *, rows: int | None = None) -> Array:
        """Draw one: off-centre numbers, and one row of small ones, so that an epsilon shows."""
        rng = np.random.default_rng([seed, 7])
        shape = list(self.shape)
        if rows is not None:
            shape[self.row_axis] = rows
        if self.below:
            return rng.integers(0, self.below, shape)
        x = 0.3 + 1.5 * rng.standard_normal(shape)
        picked = [slice(None)] * len(shape)
        picked[self.row_axis] = slice(0, 1)
        x[tuple(picked)] *= 0.05
        return x

    def with_rows(self, rows: int) -> Plan:
        """Return the same with another number of rows."""
        shape = list(self.shape)
        shape[self.row_axis] = rows
        return replace(self, shape=tuple(shape))


def probe(
    layer: Layer, args: Mapping[str, Any], takes: Callable[[Layer, Plan], bool], row_axis: int
) -> Plan | None:
    """Return the first input of the usual kinds that the layer takes."""
    for shape, below in _candidates(layer, args):
        axis = row_axis if len(shape) == 3 else 0
        plan = Plan(shape, below, axis)
        if takes(layer, plan):
            return plan
    return None


def _candidates(layer: Layer, args: Mapping[str, Any]) -> Iterator[tuple[tuple[int, ...], int]]:
    shapes = [one.shape for one in layer.values().values()]
    widths = _widths(shapes, args)
    ranks = {len(shape) for shape in shapes}
    if 4 in ranks or (not shapes and layer.is_module):
        kinds: tuple[str, ...] = ("image", "sequence", "row")
    elif layer.is_module:
        kinds = ("sequence", "row", "image")
    else:  # plain classes are written for rows
        kinds = ("row", "sequence", "image")
    if 3 in ranks and 4 not in ranks:
        kinds = ("signal", *kinds)
    for width in widths:
        for kind in (*kinds, "signal", "large", "last"):
            yield (
                {
                    "image": (4, width, 9, 8),
                    "sequence": (4, 5, width),
                    "row": (4, width),
                    "signal": (4, width, 11),
                    "large": (2, width, 32, 32),
                    "last": (4, 9, 8, width),
                }[kind],
                0,
            )
    below = min([shape[0] for shape in shapes if len(shape) == 2], default=0)
    if below > 1:
        yield (4, 5), below
        yield (4,), below
    for side in _sides(args):
        yield (2, 3, side, side), 0
        yield (2, 1, side, side), 0
    yield (2, 3, 224, 224), 0


def _widths(shapes: list[tuple[int, ...]], args: Mapping[str, Any]) -> list[int]:
    numbers = [value for value in args.values() if isinstance(value, int) and not isinstance(value, bool)]
    of_shapes = [shape[1] for shape in shapes if len(shape) >= 3]
    of_shapes += [side for shape in shapes if len(shape) == 2 for side in shape[::-1]]
    of_shapes += [shape[0] for shape in shapes if len(shape) == 1]
    of_shapes += [max(shape) for shape in shapes if shape]
    tuples = [
        value[-1]
        for value in args.values()
        if isinstance(value, tuple | list) and value and isinstance(value[-1], int)
    ]
    every = dict.fromkeys([*numbers[:3], *of_shapes, *numbers[3:], *tuples, 4, 3, 1])
    return [width for width in every if 0 < width <= 4096][:MOST_WIDTHS]


def _sides(args: Mapping[str, Any]) -> list[int]:
    named = [value for name, value in args.items() if "size" in name and isinstance(value, int)]
    return [side for side in named if 4 <= side <= 512]
