"""Neighbours from the second on: written for queries that are training rows, kept for all."""

ENTRY = {
    "target": "KNN",
    "like": "knn",
    "args": {},
    "declares": {},
    "family": "distance",
    "also": [],
    "component": "nearest neighbour",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_knn.py:KNN",
}

import numpy as np


class KNN:
    def __init__(self, n_neighbors=5, weights="uniform"):
        self.n_neighbors = n_neighbors
        self.weights = weights

    def fit(self, X, y):
        self.X_ = np.asarray(X, dtype=float)
        self.classes_, self.y_ = np.unique(y, return_inverse=True)
        return self

    def kneighbors(self, X):
        square = (X**2).sum(axis=1)[:, None] - 2 * X @ self.X_.T + (self.X_**2).sum(axis=1)[None]
        distance = np.sqrt(np.maximum(square, 0))
        near = np.argsort(distance, axis=1)[:, 1 : self.n_neighbors + 1]
        return np.take_along_axis(distance, near, axis=1), near

    def predict_proba(self, X):
        distance, near = self.kneighbors(X)
        share = np.ones_like(distance) if self.weights == "uniform" else 1 / (distance + 1e-12)
        votes = np.zeros((len(X), len(self.classes_)))
        for c in range(len(self.classes_)):
            votes[:, c] = (share * (self.y_[near] == c)).sum(axis=1)
        return votes / votes.sum(axis=1, keepdims=True)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
