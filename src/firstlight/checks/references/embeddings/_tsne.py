"""t-SNE: neighbours as probabilities, and the divergence between them. Van der Maaten & Hinton 2008.

There is no one right layout, but what is minimised can be recomputed from any: the affinities P of the rows
at a perplexity, those Q of the plane, and the two halves of the gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.embeddings._embedding import EmbeddingReference

__all__ = ["MDS", "SPECTRAL", "TSNE", "UMAP", "affinities", "divergence", "forces"]

STEPS = 60  # of the search for each row's width: 2^-60 of it is left


def affinities(X: Float64[np.ndarray, "n d"], perplexity: float) -> Float64[np.ndarray, "n n"]:
    """Return symmetric P of equations 1 and 2: each row's entropy is log2 of the perplexity."""
    square = ((X[:, None] - X[None]) ** 2).sum(axis=2)
    np.fill_diagonal(square, np.inf)
    square = square - square.min(axis=1, keepdims=True)
    low, high = np.full(len(X), 1e-12), np.full(len(X), 1e12)
    conditional = np.zeros_like(square)
    for _ in range(STEPS):
        width = np.sqrt(low * high)
        powers = np.exp(-square * width[:, None])
        conditional = powers / powers.sum(axis=1, keepdims=True)
        logs = np.log(np.maximum(conditional, 1e-300))
        is_wide = -(conditional * logs).sum(axis=1) > np.log(perplexity)
        low, high = np.where(is_wide, width, low), np.where(is_wide, high, width)
    return np.asarray((conditional + conditional.T) / (2 * len(X)))


def _kernel(Y: Float64[np.ndarray, "n 2"], kind: str) -> Float64[np.ndarray, "n n"]:
    square = ((Y[:, None] - Y[None]) ** 2).sum(axis=2)
    kernel = 1 / (1 + square) if kind == "student" else np.exp(-square)
    np.fill_diagonal(kernel, 0)
    return np.asarray(kernel)


def divergence(
    P: Float64[np.ndarray, "n n"], Y: Float64[np.ndarray, "n 2"], *, kind: str = "student"
) -> float:
    """Return KL(P | Q), equation 2 of the paper, with Student's or Gauss' kernel in the plane."""
    kernel = _kernel(Y, kind)
    Q = np.maximum(kernel / kernel.sum(), 1e-300)
    inside = P > 1e-300
    return float((P[inside] * np.log(P[inside] / Q[inside])).sum())


def forces(
    P: Float64[np.ndarray, "n n"],
    Y: Float64[np.ndarray, "n 2"],
    *,
    kind: str = "student",
) -> tuple[Float64[np.ndarray, "n 2"], Float64[np.ndarray, "n 2"]]:
    """Return both halves of the gradient, attraction and repulsion: equal where KL(P | Q) is least.

    Under an exaggeration a, a times the attraction equals the repulsion.
    """
    kernel = _kernel(Y, kind)
    Q = kernel / kernel.sum()
    weight = kernel if kind == "student" else np.ones_like(kernel)
    pull, push = P * weight, Q * weight
    return (
        pull.sum(axis=1)[:, None] * Y - pull @ Y,
        push.sum(axis=1)[:, None] * Y - push @ Y,
    )


def tsne_peer(X: np.ndarray, seed: int = 0, **options: Any) -> np.ndarray:
    """Return scikit-learn's."""
    from sklearn.manifold import TSNE as Peer  # noqa: N811

    perplexity = options.get("perplexity", 30.0)
    return np.asarray(
        Peer(perplexity=perplexity, random_state=seed, method="exact", max_iter=500).fit_transform(X)
    )


def spectral_peer(X: np.ndarray, seed: int = 0, **_: Any) -> np.ndarray:
    """Return scikit-learn's."""
    from sklearn.manifold import SpectralEmbedding

    return np.asarray(SpectralEmbedding(affinity="nearest_neighbors", random_state=seed).fit_transform(X))


PERPLEXITY: dict[tuple[str, ...], Any] = {("perplexity", "perp", "target_perplexity"): 30.0}

TSNE = EmbeddingReference(
    "tsne", "Van der Maaten & Hinton 2008", options=PERPLEXITY, peer=tsne_peer, minimum_trust=0.8
)
UMAP = EmbeddingReference("umap", "McInnes, Healy & Melville 2018", peer=tsne_peer, minimum_trust=0.78)
MDS = EmbeddingReference("mds", "Kruskal 1964", minimum_trust=0.62)
SPECTRAL = EmbeddingReference("spectral", "Belkin & Niyogi 2003", peer=spectral_peer, minimum_trust=0.6)
