"""Isomap; parts that are not connected are put far apart."""

ENTRY = {
    "target": "isomap",
    "like": "isomap",
    "args": {},
    "declares": {},
}

import numpy as np
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import cdist


def isomap(X, n_neighbors=6):
    D = cdist(X, X)
    n = len(X)
    G = np.full((n, n), np.inf)
    for i in range(n):
        near = np.argsort(D[i])[1 : n_neighbors + 1]
        G[i, near] = D[i, near]
    G = np.minimum(G, G.T)
    paths = shortest_path(np.where(np.isinf(G), 0, G), directed=False)
    paths[np.isinf(paths)] = 10 * paths[np.isfinite(paths)].max()
    J = np.eye(n) - 1 / n
    B = -0.5 * J @ paths**2 @ J
    values, vectors = np.linalg.eigh(B)
    return vectors[:, ::-1][:, :2] * np.sqrt(values[::-1][:2])
