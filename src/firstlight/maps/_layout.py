"""`lay_out`: points in the plane from features and one graph of neighbours, by the method asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy.typing import NDArray
from scipy import sparse

from firstlight._errors import UsageError
from firstlight._seeds import derived_seed
from firstlight.maps._events import LayoutStep
from firstlight.neighbours import NeighbourGraph

__all__ = ["INITIALISATIONS", "METHODS", "lay_out", "neighbours_for"]

Rows = NDArray[np.float32]
METHODS = ("pca", "tsne", "umap")
INITIALISATIONS = ("pca", "random")
NEIGHBOURS = 15
_AVERAGED_COLUMNS, _AVERAGED_TIMES = 20, 100
_LEAST = {"pca": 3, "tsne": NEIGHBOURS + 1, "umap": NEIGHBOURS + 1}


def neighbours_for(method: str, n: int) -> int:
    """Return how many neighbours of each point the graph holds.

    Raises
    ------
    UsageError
        There are too few images for the method.
    """
    if n < _LEAST[method]:
        raise UsageError(
            f"{method} needs at least {_LEAST[method]} images, as it goes by their neighbours; got {n}."
        )
    return min(NEIGHBOURS, n - 1)


def lay_out(
    method: str,
    features: Float32[Rows, "n m"],
    graph: NeighbourGraph,
    *,
    seed: int,
    initialisation: str,
    tell: Callable[[Any], None],
) -> tuple[Float32[Rows, "n 2"], dict[str, Any]]:
    """Return the points, and what was chosen to get them."""
    if method == "pca":
        return first_two(features), {}
    rows = averaged(features, graph) if initialisation == "pca" else features
    begin = beginning(rows, initialisation, seed=seed)
    step: Callable[[int, int], None] = lambda step, steps: tell(LayoutStep(step, steps))  # noqa: E731
    if method == "tsne":
        from firstlight.maps._tsne import tsne_layout

        return tsne_layout(graph, begin, seed=seed, on_step=step)
    from firstlight.maps._umap import umap_layout

    return umap_layout(graph, begin, seed=seed, on_step=step)


def averaged(features: Float32[Rows, "n m"], graph: NeighbourGraph) -> Float32[Rows, "n p"]:
    """Return principal components of features that were averaged over neighbours again and again.

    What belongs together along the graph begins together, so that fewer classes end in two pieces than from
    the components as they are.
    """
    n, k = graph.indices.shape
    starts = np.arange(0, n * k + 1, k, dtype=np.int32)
    one_sided = sparse.csr_matrix((np.ones(n * k, np.float32), graph.indices.ravel(), starts), shape=(n, n))
    joined = (one_sided + one_sided.T).tocsr()
    walk = sparse.diags(1 / joined.sum(1).A1.astype(np.float32)) @ joined
    rows = features[:, :_AVERAGED_COLUMNS]
    for _ in range(_AVERAGED_TIMES):
        rows = walk @ rows
        rows = rows - rows.mean(0)  # else what is left of the differences drowns in rounding
    directions = np.linalg.eigh(rows.T @ rows)[1][:, ::-1]
    turned: Rows = (rows @ directions).astype(np.float32)
    return turned


def first_two(features: Float32[Rows, "n m"]) -> Float32[Rows, "n 2"]:
    """Return the first two columns; a missing one is 0."""
    points = np.zeros((len(features), 2), np.float32)
    points[:, : features.shape[1]] = features[:, :2]
    return points


def beginning(features: Float32[Rows, "n m"], initialisation: str, *, seed: int) -> Float32[Rows, "n 2"]:
    """Return where points begin, of standard deviation 1 along the first axis.

    A trace of noise parts copies of one image, which else would stay together for ever.
    """
    draw = np.random.default_rng(derived_seed(seed, "initialisation"))
    if initialisation == "random":
        return draw.standard_normal((len(features), 2), np.float32)
    points = first_two(features)
    points /= np.maximum(points[:, 0].std(), np.float32(1e-12))
    return points + np.float32(1e-4) * draw.standard_normal(points.shape, np.float32)
