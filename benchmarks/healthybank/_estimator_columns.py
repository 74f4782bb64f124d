"""Right transformers in other people's styles: principal components and scalers."""

from __future__ import annotations

import numpy as np


class EighPCA:
    """Eigenvectors of the covariance, columns as directions."""

    def __init__(self, n_components=2):
        self.n_components = n_components

    def fit(self, X):
        self.mean = np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(np.cov((X - self.mean).T))
        self.components = vectors[:, np.argsort(values)[::-1][: self.n_components]]

    def transform(self, X):
        return np.dot(X - self.mean, self.components)


class SvdPCA:
    """Singular vectors, rows as directions; fit gives itself back."""

    def __init__(self, n_components=None):
        self.n_components = n_components

    def fit(self, X, y=None):
        self.mean_ = X.mean(0)
        _, s, Vt = np.linalg.svd(X - self.mean_, full_matrices=False)
        self.components_ = Vt[: self.n_components]
        self.explained_variance_ = s**2 / (len(X) - 1)
        return self

    def transform(self, X):
        return (X - self.mean_) @ self.components_.T

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)


class UnbiasedScaler:
    """As pandas does it: n - 1."""

    def fit(self, X):
        self.m, self.s = X.mean(0), X.std(0, ddof=1)
        self.s = np.where(self.s == 0, 1, self.s)
        return self

    def transform(self, X):
        return (X - self.m) / self.s


class EpsilonScaler:
    """A small number below the line."""

    def fit(self, X):
        self.mu, self.sigma = X.mean(axis=0), X.std(axis=0)

    def transform(self, X):
        return (X - self.mu) / (self.sigma + 1e-8)
