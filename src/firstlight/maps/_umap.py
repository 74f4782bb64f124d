"""UMAP's objective from a graph of neighbours, optimised over all edges at once: nothing to compile.

McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and Projection" (arXiv 1802.03426).
The memberships and the curve 1 / (1 + a d^(2b)) are theirs, with the defaults of umap-learn:
``min_dist`` 0.1, 5 negative samples an edge, rates that fall from 1 to 0.

Departures, with the reason:

- umap-learn draws edges one by one, each as often as its weight says, in code that numba compiles when it is
  first called. Here every edge pulls at every step with its whole weight, so that a step is a few operations
  on large arrays, and there is nothing to compile or to import.
- All pulls on a point act at once, and their sum can overshoot. The step is therefore that of the exact
  solution for fixed strengths, (1 - exp(-rate c)) / c instead of the rate, c being their sum.
- Each point meets few random others a step, each counted as often as umap-learn would have drawn one.
- Pushes grow from a twentieth to the whole over the first 0.6 of the steps, so that what belongs together
  meets before it is held apart; groups break less, which drawing edges one by one does by its noise.
- It begins at principal components that were averaged along the graph, not at the graph's eigenvectors, whose
  computation takes longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor

from firstlight._seeds import derived_seed
from firstlight.maps._memberships import memberships
from firstlight.neighbours import NeighbourGraph

__all__ = ["umap_layout"]

Rows = NDArray[np.float32]
OnStep = Callable[[int, int], None]

# What umap-learn fits for min_dist 0.1 and spread 1.
CURVE_A, CURVE_B = 1.5769434, 0.8950609
NEGATIVES_AN_EDGE = 5
_DRAWN = 6
_STEPS_FEW, _STEPS_MANY, _MANY = 400, 300, 10_000
_FIRST_PUSH, _WHOLE_PUSH = 0.05, 0.6
_MOST_PUSH = 4.0


def umap_layout(
    graph: NeighbourGraph,
    begin: Float32[Rows, "n 2"],
    *,
    seed: int,
    on_step: OnStep,
    steps: int | None = None,
) -> tuple[Float32[Rows, "n 2"], dict[str, Any]]:
    """Return points that keep the graph's neighbourhoods, and what was chosen.

    Parameters
    ----------
    graph
        The nearest neighbours of each point.
    begin
        Where points begin, of standard deviation about 1.
    seed
        Draws the others that push a point away.
    on_step
        Called with the step and how many there are.
    steps
        ``None`` takes 400 up to 10,000 points, and 300 beyond; umap-learn takes 500 and 200.
    """
    steps = steps or (_STEPS_FEW if len(graph) <= _MANY else _STEPS_MANY)
    points = torch.from_numpy(begin / np.abs(begin).max() * np.float32(10)).contiguous()
    weights = memberships(graph)
    pull, push = (
        _Pull(weights, steps),
        _Push(weights, torch.Generator().manual_seed(derived_seed(seed, "umap"))),
    )
    for step in range(steps):
        rate = 1 - step / steps
        pushed = _FIRST_PUSH + (1 - _FIRST_PUSH) * min(1.0, step / (_WHOLE_PUSH * steps))
        strength, force = pull(points)
        damped = -torch.expm1(-rate * strength) / strength.clamp(min=1e-12)
        points = points + damped[:, None] * force + rate * pushed * push(points)
        on_step(step + 1, steps)
    return points.numpy(), {"steps": steps, "negatives": NEGATIVES_AN_EDGE, "min_dist": 0.1}


class _Pull:
    """What neighbours do to each other: c, the sum of the pulls' strengths, and the force."""

    def __init__(self, weights: sparse.csr_matrix, steps: int) -> None:
        half = sparse.triu(weights, 1).tocsr()
        half.data[half.data < half.data.max() / steps] = 0  # umap-learn would never draw them
        half.eliminate_zeros()
        self.half, self.turned = half, half.T  # the same memory, read by columns
        self.rows = torch.from_numpy(np.repeat(np.arange(half.shape[0]), np.diff(half.indptr)))
        self.columns = torch.from_numpy(half.indices.astype(np.int64))
        # Each edge is met from both its ends.
        self.weights = torch.from_numpy(half.data * np.float32(4 * CURVE_A * CURVE_B / half.data.max()))
        self.strengths = torch.from_numpy(half.data)

    def __call__(self, points: Tensor) -> tuple[Tensor, Tensor]:
        apart = points.index_select(0, self.rows) - points.index_select(0, self.columns)
        squares = apart.square().sum(1).clamp_(min=1e-6)
        powered = squares.pow(CURVE_B)
        torch.div(self.weights * powered, squares * (1 + CURVE_A * powered), out=self.strengths)
        ends = torch.cat([points, torch.ones(len(points), 1)], 1).numpy()
        drawn = torch.from_numpy(self.half @ ends + self.turned @ ends)
        strength = drawn[:, 2]
        return strength, drawn[:, :2] - strength[:, None] * points


class _Push:
    """What random others do to a point: each of a few counts as many."""

    def __init__(self, weights: sparse.csr_matrix, generator: torch.Generator) -> None:
        share = np.asarray(weights.sum(1)).ravel() / weights.data.max()
        self.each = torch.from_numpy(share.astype(np.float32)) * (NEGATIVES_AN_EDGE / _DRAWN)
        self.generator = generator

    def __call__(self, points: Tensor) -> Tensor:
        n = len(points)
        # One shuffle serves all: the other of point i is the one `shift` places on in it.
        shuffled = points[torch.randperm(n, generator=self.generator)]
        shifts = torch.randint(n, (_DRAWN,), generator=self.generator).tolist()
        force = torch.zeros_like(points)
        for shift in shifts:
            apart = points - shuffled.roll(shift, 0)
            squares = apart.square().sum(1)
            strength = 2 * CURVE_B / ((0.001 + squares) * (1 + CURVE_A * squares.pow(CURVE_B)))
            force += (apart * strength[:, None]).clamp_(-_MOST_PUSH, _MOST_PUSH)
        return force * self.each[:, None]
