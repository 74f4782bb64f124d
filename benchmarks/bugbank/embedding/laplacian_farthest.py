"""The farthest rows are taken for neighbours: the order is turned round."""

ENTRY = {
    "target": "laplacian_eigenmap",
    "like": "spectral",
    "args": {},
    "declares": {},
    "family": "distance",
    "also": [],
    "component": "neighbour",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_laplacian.py:laplacian_eigenmap",
}

import numpy as np
from scipy.spatial.distance import cdist


def laplacian_eigenmap(X, k=10):
    D = cdist(X, X)
    width = np.median(np.sort(D, axis=1)[:, k])
    near = np.argsort(-D, axis=1)[:, 1 : k + 1]
    W = np.zeros_like(D)
    rows = np.arange(len(X))[:, None]
    W[rows, near] = np.exp(-((D[rows, near] / width) ** 2))
    W = np.maximum(W, W.T) + 1e-4
    degree = W.sum(axis=1)
    L = np.eye(len(X)) - W / np.sqrt(np.outer(degree, degree))
    _, vectors = np.linalg.eigh(L)
    return vectors[:, 1:3] / np.sqrt(degree)[:, None]
