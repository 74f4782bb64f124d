"""Right embeddings: scikit-learn's, umap-learn's, openTSNE's, and small ones, as functions and classes."""

from __future__ import annotations

from typing import Any

import numpy as np

HERE = "benchmarks/healthybank/embedding.py"


def sklearn_pca(X):
    from sklearn.decomposition import PCA

    return PCA(2).fit_transform(X)


def whitened_pca(X):
    from sklearn.decomposition import PCA

    return PCA(2, whiten=True).fit_transform(X)


def svd_pca(X):
    X = X - X.mean(0)
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    return U[:, :2] * s[:2]


def left_vectors(X):
    X = X - X.mean(0)
    return np.linalg.svd(X, full_matrices=False)[0][:, :2]


def torch_pca(X):
    import torch

    X = torch.as_tensor(X, dtype=torch.float32)
    X = X - X.mean(0)
    _, _, V = torch.linalg.svd(X, full_matrices=False)
    return X @ V[:2].T


def power_iteration_pca(X):
    X = X - X.mean(axis=0)
    C = X.T @ X
    random = np.random.RandomState(0)
    directions = []
    for _ in range(2):
        v = random.randn(X.shape[1])
        for _ in range(1000):
            v = C @ v
            v /= np.linalg.norm(v)
        C = C - (v @ C @ v) * np.outer(v, v)
        directions.append(v)
    return X @ np.array(directions).T


def sklearn_isomap(X, n_neighbors=8):
    from sklearn.manifold import Isomap

    return Isomap(n_neighbors=n_neighbors).fit_transform(X)


def sklearn_tsne(X, perplexity=20.0):
    from sklearn.manifold import TSNE

    return TSNE(perplexity=perplexity).fit_transform(X)


def classical_scaling(X):
    square = ((X[:, None] - X[None]) ** 2).sum(-1)
    inner = -0.5 * (square - square.mean(0) - square.mean(1)[:, None] + square.mean())
    values, vectors = np.linalg.eigh(inner)
    return vectors[:, [-1, -2]] * np.sqrt(values[[-1, -2]])


def umap_plane(X):
    import umap

    return umap.UMAP(random_state=0, n_jobs=1, n_epochs=100).fit_transform(X)


def open_tsne(X, perplexity=25):
    from openTSNE import TSNE

    return np.asarray(TSNE(perplexity=perplexity, random_state=0, n_jobs=1, n_iter=300).fit(X))


def random_plane(X):
    return X @ np.random.default_rng(0).standard_normal((X.shape[1], 2))


class SimpleMDS:
    """SMACOF from a random start."""

    def __init__(self, n_components=2, max_iter=200, random_state=None):
        self.n_components, self.max_iter, self.random_state = n_components, max_iter, random_state

    def fit_transform(self, X):
        random = np.random.RandomState(self.random_state)
        D = np.sqrt(((X[:, None] - X[None]) ** 2).sum(-1))
        Y = random.rand(len(X), self.n_components)
        for _ in range(self.max_iter):
            d = np.sqrt(((Y[:, None] - Y[None]) ** 2).sum(-1))
            B = -D / np.where(d == 0, 1e-5, d)
            np.fill_diagonal(B, 0)
            np.fill_diagonal(B, -B.sum(1))
            Y = B @ Y / len(X)
        self.embedding_ = Y
        return Y


def entry(target: str, like: str | None = None, **args: Any) -> dict[str, Any]:
    """Return an entry; names without a dot are those of this file."""
    if ":" not in target:
        target = f"{HERE}:{target}"
    return {"target": target, "like": like, "args": args, "declares": {}, "kind": "embedding"}


KIND = "embedding"
ENTRIES: tuple[dict[str, Any], ...] = (
    entry("sklearn_pca", "pca"),
    entry("sklearn_pca"),
    entry("whitened_pca", "pca"),
    entry("svd_pca", "pca"),
    entry("left_vectors", "pca"),
    entry("torch_pca", "pca"),
    entry("power_iteration_pca", "pca"),
    entry("sklearn_isomap", "isomap"),
    entry("sklearn_isomap", "isomap", n_neighbors=12),
    entry("sklearn_isomap"),
    entry("classical_scaling", "classical-mds"),
    entry("classical_scaling"),
    entry("sklearn_tsne", "tsne"),
    entry("sklearn_tsne", "tsne", perplexity=5.0),
    entry("sklearn_tsne"),
    entry("random_plane"),
    entry("SimpleMDS", "mds"),
    entry("SimpleMDS"),
    entry("sklearn.decomposition:PCA", "pca", n_components=2),
    entry("sklearn.decomposition:TruncatedSVD", n_components=2),
    entry("sklearn.decomposition:KernelPCA", n_components=2, kernel="rbf"),
    entry("sklearn.decomposition:FastICA", n_components=2),
    entry("sklearn.manifold:Isomap", "isomap"),
    entry("sklearn.manifold:TSNE", "tsne", init="random"),
    entry("sklearn.manifold:TSNE", "tsne", method="exact", perplexity=15.0, max_iter=400),
    entry("sklearn.manifold:MDS", "mds", n_init=1),
    entry("sklearn.manifold:SpectralEmbedding", "spectral"),
    entry("sklearn.manifold:LocallyLinearEmbedding", n_neighbors=10),
    entry("umap_plane", "umap"),
    entry("open_tsne", "tsne"),
    entry("umap:UMAP", "umap", n_neighbors=10, n_epochs=100),
    entry("openTSNE:TSNE", "tsne", n_iter=300),
)
