"""fit_transform forgets to subtract the mean that transform subtracts."""

ENTRY = {
    "target": "PCA",
    "like": None,
    "args": {},
    "declares": {},
    "family": "preprocessing",
    "also": [],
    "component": "fit_transform",
    "first_bad_step": None,
    "source": "catalogue 125",
    "is_published": False,
    "twin": "right_pca.py:PCA",
}

import numpy as np


class PCA:
    def __init__(self, n_components=None):
        self.n_components = n_components

    def fit(self, X, y=None):
        self.mean_ = X.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(X - self.mean_, rowvar=False))
        order = np.argsort(values)[::-1]
        self.explained_variance_ = values[order][: self.n_components]
        self.components_ = vectors[:, order].T[: self.n_components]
        return self

    def transform(self, X):
        return (X - self.mean_) @ self.components_.T

    def fit_transform(self, X, y=None):
        self.fit(X)
        return X @ self.components_.T
