"""k nearest neighbours by one matrix product."""

import numpy as np


class NearestNeighbours:
    def __init__(self, k=5):
        self.k = k

    def fit(self, X, y):
        self.X, self.y = X, y

    def predict(self, X):
        square = (self.X**2).sum(axis=1) - 2 * X @ self.X.T  # |x|² is the same for all rows and left out
        near = self.y[np.argsort(square, axis=1)[:, : self.k]]
        return np.array([np.bincount(row).argmax() for row in near])
