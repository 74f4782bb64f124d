"""The penalty is built and a plain least-squares solver called."""

ENTRY = {
    "target": "RidgeRegression",
    "like": "ridge",
    "args": {},
    "declares": {},
    "family": "ignored-option",
    "also": [],
    "component": "alpha",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_ridge.py:RidgeRegression",
}

import numpy as np


class RidgeRegression:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def fit(self, X, y):
        X = np.hstack([np.ones((len(X), 1)), X])
        penalty = self.alpha * np.eye(X.shape[1])
        penalty[0, 0] = 0
        self.w = np.linalg.lstsq(X, y, rcond=None)[0]
        return self

    def predict(self, X):
        return np.hstack([np.ones((len(X), 1)), X]) @ self.w
