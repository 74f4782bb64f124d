"""Covariances are divided by all rows, not by those that the part is responsible for."""

ENTRY = {
    "target": "GaussianMixture",
    "like": "gmm",
    "args": {},
    "declares": {},
    "family": "objective",
    "also": [],
    "component": "variances",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_gmm.py:GaussianMixture",
}

import numpy as np


class GaussianMixture:
    def __init__(self, n_components=3, n_iter=100, seed=0):
        self.n_components = n_components
        self.n_iter = n_iter
        self.seed = seed

    def _log_joint(self, X):
        out = np.empty((len(X), self.n_components))
        for c in range(self.n_components):
            away = X - self.means_[c]
            square = np.einsum("ni,ij,nj->n", away, np.linalg.inv(self.covariances_[c]), away)
            size = np.linalg.slogdet(2 * np.pi * self.covariances_[c])[1]
            out[:, c] = np.log(self.weights_[c]) - 0.5 * (size + square)
        return out

    def predict_proba(self, X):
        logs = self._log_joint(X)
        own = np.exp(logs - logs.max(axis=1, keepdims=True))
        return own / own.sum(axis=1, keepdims=True)

    def fit(self, X):
        rng = np.random.default_rng(self.seed)
        k, d = self.n_components, X.shape[1]
        self.means_ = X[rng.choice(len(X), k, replace=False)].copy()
        self.covariances_ = np.stack([np.cov(X.T) for _ in range(k)])
        self.weights_ = np.full(k, 1 / k)
        for _ in range(self.n_iter):
            r = self.predict_proba(X)
            mass = r.sum(axis=0)
            self.weights_ = mass / len(X)
            self.means_ = (r.T @ X) / mass[:, None]
            for c in range(k):
                away = X - self.means_[c]
                self.covariances_[c] = (r[:, c, None] * away).T @ away / len(X) + 1e-6 * np.eye(d)
        return self

    def predict(self, X):
        return self._log_joint(X).argmax(axis=1)
