"""k-means with k-means++."""

ENTRY = {
    "target": "KMeans",
    "like": "kmeans",
    "args": {},
    "declares": {},
}

import numpy as np


class KMeans:
    def __init__(self, n_clusters=8, max_iter=100, random_state=0):
        self.n_clusters = n_clusters
        self.max_iter = max_iter
        self.random_state = random_state

    def _plus_plus(self, X, rng):
        centers = [X[rng.integers(len(X))]]
        while len(centers) < self.n_clusters:
            square = self._squares(X, np.array(centers)).min(axis=1)
            centers.append(X[rng.choice(len(X), p=square / square.sum())])
        return np.array(centers)

    def _squares(self, X, centers):
        return ((X[:, None] - centers[None]) ** 2).sum(axis=2)

    def fit(self, X, y=None):
        rng = np.random.default_rng(self.random_state)
        centers = self._plus_plus(X, rng)
        for _ in range(self.max_iter):
            labels = self._squares(X, centers).argmin(axis=1)
            for c in range(self.n_clusters):
                if (labels == c).any():
                    centers[c] = X[labels == c].mean(axis=0)
        self.cluster_centers_ = centers
        square = self._squares(X, centers)
        self.labels_ = square.argmin(axis=1)
        self.inertia_ = square.min(axis=1).sum()
        return self

    def predict(self, X):
        return self._squares(X, self.cluster_centers_).argmin(axis=1)
