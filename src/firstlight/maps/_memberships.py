"""How much each two neighbours belong together: UMAP's fuzzy graph, which both layouts go by.

McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and Projection" (arXiv 1802.03426),
section 3.1.
"""

from __future__ import annotations

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from firstlight.neighbours import NeighbourGraph

__all__ = ["memberships"]

_SMALLEST_SIGMA = 1e-3


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
