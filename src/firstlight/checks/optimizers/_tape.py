"""Gradients that are fixed beforehand: both the target and its reference step along the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float64

__all__ = ["FULL_SHAPES", "Shapes", "Tape", "Trajectory", "made_tape"]

Shapes: TypeAlias = tuple[tuple[int, ...], ...]
Trajectory: TypeAlias = list[list[Float64[np.ndarray, "..."]]]

FULL_SHAPES: Shapes = ((), (7,), (5, 3), (4, 3, 3, 3), (7,))  # two of a shape: they must not share a state
STEPS = 25


@dataclass(frozen=True)
class Tape:
    """Starting weights and one gradient a tensor and step; ``None`` where a tensor has none."""

    weights: tuple[Float64[np.ndarray, ...], ...]
    grads: tuple[tuple[Float64[np.ndarray, ...] | None, ...], ...]

    @property
    def shapes(self) -> Shapes:
        """Return the shape of each tensor."""
        return tuple(weight.shape for weight in self.weights)

    def fresh_weights(self) -> list[Float64[np.ndarray, ...]]:
        """Return the starting weights, to be changed."""
        return [weight.copy() for weight in self.weights]

    def first(self, steps: int) -> Tape:
        """Return the beginning of it."""
        return Tape(self.weights, self.grads[:steps])

    def scaled(self, factor: float) -> Tape:
        """Return it with all gradients multiplied."""
        return Tape(self.weights, tuple(tuple(_times(g, factor) for g in step) for step in self.grads))


def made_tape(
    shapes: Sequence[tuple[int, ...]],
    *,
    seed: int,
    steps: int = STEPS,
    is_wide: bool = True,
    without_gradient: bool = False,
) -> Tape:
    """Return a tape of normal gradients of several sizes, zero rows among them.

    Parameters
    ----------
    shapes
        Of the tensors.
    is_wide
        Columns of matrices have gradients of size 1e-6, 1 and 1e3; otherwise 0.1, 1 and 10.
    without_gradient
        Put a tensor at the end that never has a gradient.
    """
    rng = np.random.default_rng(seed)
    sizes = (1e-6, 1.0, 1e3) if is_wide else (0.1, 1.0, 10.0)
    weights = [np.asarray(rng.normal(size=shape)) for shape in shapes]
    grads: list[tuple[Any, ...]] = [
        tuple(_gradient(shape, sizes, step, rng) for shape in shapes) for step in range(steps)
    ]
    if without_gradient:
        weights.append(rng.normal(size=(2, 2)))
        grads = [(*step, None) for step in grads]
    return Tape(tuple(weights), tuple(grads))


def _gradient(
    shape: tuple[int, ...], sizes: tuple[float, ...], step: int, rng: np.random.Generator
) -> Float64[np.ndarray, ...]:
    gradient = np.asarray(rng.normal(size=shape))
    if len(shape) == 1:  # another size in each step: what is kept from large gradients meets small ones
        gradient = gradient * (0.3, 1.0, 3.0)[step % 3]
    if len(shape) == 2:
        gradient = gradient * np.array([sizes[column % 3] for column in range(shape[1])])
    if len(shape) >= 2 and step % 2:
        gradient[0] = 0.0
    if len(shape) >= 2:
        gradient[-1] *= 0.01
    return gradient


def _times(g: Float64[np.ndarray, ...] | None, factor: float) -> Float64[np.ndarray, ...] | None:
    return None if g is None else np.asarray(g * factor)
