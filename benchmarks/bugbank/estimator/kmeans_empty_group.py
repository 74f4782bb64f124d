"""A group without rows gets the mean of nothing: NaN, and it never comes back."""

ENTRY = {
    "target": "KMeans",
    "like": "kmeans",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "centre",
    "first_bad_step": None,
    "source": "catalogue 129",
    "is_published": False,
    "twin": "right_kmeans.py:KMeans",
}

import numpy as np


class KMeans:
    def __init__(self, n_clusters=8, max_iter=100, random_state=0):
        self.n_clusters = n_clusters
        self.max_iter = max_iter
        self.random_state = random_state

    def _begin(self, X, rng):
        return rng.uniform(X.min(axis=0), X.max(axis=0), (self.n_clusters, X.shape[1]))

    def _squares(self, X, centers):
        return ((X[:, None] - centers[None]) ** 2).sum(axis=2)

    def fit(self, X, y=None):
        rng = np.random.default_rng(self.random_state)
        centers = self._begin(X, rng)
        for _ in range(self.max_iter):
            labels = self._squares(X, centers).argmin(axis=1)
            for c in range(self.n_clusters):
                centers[c] = X[labels == c].mean(axis=0)
        self.cluster_centers_ = centers
        square = self._squares(X, centers)
        self.labels_ = square.argmin(axis=1)
        self.inertia_ = square.min(axis=1).sum()
        return self

    def predict(self, X):
        return self._squares(X, self.cluster_centers_).argmin(axis=1)
