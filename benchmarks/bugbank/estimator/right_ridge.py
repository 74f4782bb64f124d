"""Ridge regression by the normal equations, the bias being free."""

ENTRY = {
    "target": "RidgeRegression",
    "like": "ridge",
    "args": {},
    "declares": {},
}

import numpy as np


class RidgeRegression:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def fit(self, X, y):
        X = np.hstack([np.ones((len(X), 1)), X])
        penalty = self.alpha * np.eye(X.shape[1])
        penalty[0, 0] = 0
        self.w = np.linalg.solve(X.T @ X + penalty, X.T @ y)
        return self

    def predict(self, X):
        return np.hstack([np.ones((len(X), 1)), X]) @ self.w
