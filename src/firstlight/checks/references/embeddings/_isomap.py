"""Isomap: shortest paths along neighbours, laid out by classical scaling.

Tenenbaum, de Silva & Langford 2000, "A global geometric framework for nonlinear dimensionality reduction".

Classical scaling alone (Torgerson 1952) is the same with the distances themselves.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.embeddings._embedding import EmbeddingReference
from firstlight.checks.references.estimators import Mistake

__all__ = ["CLASSICAL_MDS", "ISOMAP", "scaled_plane"]


def scaled_plane(
    distances: Float64[np.ndarray, "n n"],
    *,
    squared: bool = True,
    centring: str = "both",
    rooted: str = "root",
    order: str = "falling",
) -> Float64[np.ndarray, "n 2"]:
    """Return two columns whose distances come nearest to those given; all options are wrong ways."""
    n = len(distances)
    centre = np.eye(n) - 1 / n
    inner = distances**2 if squared else distances
    inner = {"both": centre @ inner @ centre, "one": centre @ inner, "none": inner}[centring]
    inner = -0.5 * (inner + inner.T) / 2
    values, vectors = np.linalg.eigh(inner)
    if order == "falling":
        values, vectors = values[::-1], vectors[:, ::-1]
    lengths = {"root": np.sqrt(np.abs(values[:2])), "none": 1.0, "value": np.abs(values[:2])}[rooted]
    return np.asarray(vectors[:, :2] * lengths)


def isomap(
    X: Float64[np.ndarray, "n d"],
    *,
    n_neighbors: int = 5,
    more: int = 0,
    mutual: bool = False,
    hops: bool = False,
    direct: bool = False,
    **options: object,
) -> Float64[np.ndarray, "n 2"]:
    """Return classical scaling of the shortest paths."""
    from scipy.sparse.csgraph import shortest_path

    lengths = _distances(X)
    if direct:
        return scaled_plane(lengths, **options)  # type: ignore[arg-type]
    near = np.argsort(lengths, axis=1, kind="stable")[:, 1 : n_neighbors + more + 1]
    graph = np.zeros_like(lengths)
    rows = np.arange(len(X))[:, None]
    graph[rows, near] = 1.0 if hops else lengths[rows, near]
    graph = np.minimum(graph, graph.T) if mutual else np.maximum(graph, graph.T)
    paths = shortest_path(graph, directed=False)
    if not np.isfinite(paths).all():
        raise ValueError("the neighbours do not connect all rows")
    return scaled_plane(paths, **options)  # type: ignore[arg-type]


def classical(X: Float64[np.ndarray, "n d"], **options: object) -> Float64[np.ndarray, "n 2"]:
    """Return classical scaling of the distances themselves."""
    return scaled_plane(_distances(X), **options)  # type: ignore[arg-type]


def _distances(X: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n n"]:
    return np.asarray(np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2)))


SCALING = (
    Mistake("distance", "Distances are not squared before they are centred.", {"squared": False}),
    Mistake("forward", "Squared distances are not centred on both sides.", {"centring": "none"}),
    Mistake("forward", "Squared distances are centred on one side only.", {"centring": "one"}),
    Mistake(
        "forward", "Eigenvectors are not multiplied by the root of their eigenvalues.", {"rooted": "none"}
    ),
    Mistake(
        "forward", "Eigenvectors are multiplied by the eigenvalue, not by its root.", {"rooted": "value"}
    ),
    Mistake("order", "The smallest eigenvalues are taken, not the largest.", {"order": "rising"}),
)

ISOMAP = EmbeddingReference(
    "isomap",
    "Tenenbaum et al. 2000",
    isomap,
    options={("n_neighbors", "k", "n_neighbours", "neighbors"): 5},
    dialects={
        "neighbours in both directions only": {"mutual": True},
        "each row counts as its own first neighbour": {"more": -1},
    },
    mistakes=(
        Mistake("distance", "One neighbour too many is taken.", {"more": 1}),
        Mistake("distance", "Paths are counted in steps, not in length.", {"hops": True}),
        Mistake(
            "distance",
            "Distances go through the air: the paths along neighbours are not used.",
            {"direct": True},
        ),
        *SCALING,
    ),
)

CLASSICAL_MDS = EmbeddingReference("classical-mds", "Torgerson 1952", classical, mistakes=SCALING)
