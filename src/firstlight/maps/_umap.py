"""UMAP's objective from a graph of neighbours, optimised over all edges at once: nothing to compile.

McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and Projection" (arXiv 1802.03426).
The memberships (equations of section 3.1) and the curve 1 / (1 + a d^(2b)) are theirs, with the defaults of
umap-learn: ``min_dist`` 0.1, 5 negative samples an edge, rates that fall from 1 to 0.

Departures, with the reason:

- umap-learn draws edges one by one, each as often as its weight says, in code that numba compiles when it is
  first called. Here every edge pulls at every step with its whole weight, so that a step is a few operations
  on large arrays, and there is nothing to compile or to import.
- All pulls on a point act at once, and their sum can overshoot. The step is therefore that of the exact
  solution for fixed strengths, (1 - exp(-rate c)) / c instead of the rate, c being their sum.
- Each point meets few random others a step, each counted as often as umap-learn would have drawn one.
- It begins at PCA, not at the graph's eigenvectors, whose computation takes longer than the layout.
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
from firstlight.neighbours import NeighbourGraph

__all__ = ["memberships", "umap_layout"]

Rows = NDArray[np.float32]
OnStep = Callable[[int, int], None]

# What umap-learn fits for min_dist 0.1 and spread 1.
CURVE_A, CURVE_B = 1.5769434, 0.8950609
NEGATIVES_AN_EDGE = 5
_DRAWN = 6
_STEPS_FEW, _STEPS_MANY, _MANY = 400, 200, 10_000
_MOST_PUSH = 4.0
_SMALLEST_SIGMA = 1e-3


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
        ``None`` takes 400 up to 10,000 points, and 200 beyond, half of which umap-learn takes.
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
        strength, force = pull(points)
        damped = -torch.expm1(-rate * strength) / strength.clamp(min=1e-12)
        points = points + damped[:, None] * force + rate * push(points)
        on_step(step + 1, steps)
    return points.numpy(), {"steps": steps, "negatives": NEGATIVES_AN_EDGE, "min_dist": 0.1}


def memberships(graph: NeighbourGraph) -> sparse.csr_matrix:
    """Return how much each two points belong together, from 0 to 1, symmetric ``[n, n]``.

    One-sided memberships fall from 1 at the nearest neighbour so fast that they sum to log2(k + 1); two are
    joined as a + b - a b.
    """
    distances = torch.from_numpy(np.ascontiguousarray(graph.distances))
    nearest = torch.where(distances > 0, distances, torch.inf).amin(1)
    nearest = torch.where(nearest.isfinite(), nearest, 0.0)
    beyond = (distances - nearest[:, None]).clamp(min=0)
    sigma = _spread(beyond, float(np.log2(graph.k + 1)))
    floor = torch.where(nearest > 0, distances.mean(1), distances.mean()) * _SMALLEST_SIGMA
    sigma = torch.maximum(sigma, floor).clamp(min=1e-12)
    values = torch.exp(-beyond / sigma[:, None]).flatten().numpy()
    n, k = graph.indices.shape
    starts = np.arange(0, n * k + 1, k, dtype=np.int32)
    one_sided = sparse.csr_matrix((values, graph.indices.ravel(), starts), shape=(n, n))
    other = one_sided.T.tocsr()
    return one_sided + other - one_sided.multiply(other)


def _spread(beyond: Tensor, target: float) -> Tensor:
    """Find by bisection the sigma at which exp(-beyond / sigma) sums to ``target`` along each row."""
    low = torch.zeros(len(beyond))
    high = torch.full((len(beyond),), torch.inf)
    sigma = torch.ones(len(beyond))
    for _ in range(64):
        above = torch.exp(-beyond / sigma[:, None]).sum(1) > target
        high, low = torch.where(above, sigma, high), torch.where(above, low, sigma)
        sigma = torch.where(high.isinf(), sigma * 2, (low + high) / 2)
    return sigma


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
