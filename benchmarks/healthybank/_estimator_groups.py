"""Right groupings in other people's styles: k-means and a mixture."""

from __future__ import annotations

import numpy as np


class LloydKMeans:
    """Random rows to begin with, the global generator, centroids by their usual name."""

    def __init__(self, k=5, max_iters=100):
        self.k, self.max_iters = k, max_iters

    def fit(self, X):
        self.centroids = X[np.random.choice(len(X), self.k, replace=False)].copy()
        for _ in range(self.max_iters):
            labels = self.predict(X)
            new = np.array(
                [X[labels == c].mean(0) if (labels == c).any() else self.centroids[c] for c in range(self.k)]
            )
            if np.allclose(new, self.centroids):
                break
            self.centroids = new
        return self

    def predict(self, X):
        return np.array([np.argmin([np.linalg.norm(x - c) for c in self.centroids]) for x in X])


class PlusPlusKMeans:
    """k-means++ with a seed of its own, labels_ and inertia_."""

    def __init__(self, n_clusters=8, max_iter=100, random_state=0):
        self.n_clusters, self.max_iter, self.random_state = n_clusters, max_iter, random_state

    def fit(self, X, y=None):
        random = np.random.RandomState(self.random_state)
        centers = [X[random.randint(len(X))]]
        while len(centers) < self.n_clusters:
            square = np.min([((X - c) ** 2).sum(1) for c in centers], axis=0)
            centers.append(X[random.choice(len(X), p=square / square.sum())])
        centers = np.array(centers)
        for _ in range(self.max_iter):
            square = ((X[:, None] - centers) ** 2).sum(2)
            labels = square.argmin(1)
            centers = np.stack(
                [X[labels == c].mean(0) if (labels == c).any() else centers[c] for c in range(len(centers))]
            )
        square = ((X[:, None] - centers) ** 2).sum(2)
        self.cluster_centers_, self.labels_, self.inertia_ = centers, square.argmin(1), square.min(1).sum()
        return self

    def predict(self, X):
        return ((X[:, None] - self.cluster_centers_) ** 2).sum(2).argmin(1)

    def fit_predict(self, X, y=None):
        return self.fit(X).labels_


class NumpyGMM:
    """Expectation and maximisation with whole covariances."""

    def __init__(self, n_components=3, n_iter=100, seed=0):
        self.n_components, self.n_iter, self.seed = n_components, n_iter, seed

    def _joint(self, X):
        logs = []
        for pi, mu, cov in zip(self.pi, self.mu, self.sigma):
            away = X - mu
            square = (away @ np.linalg.inv(cov) * away).sum(1)
            logs.append(
                np.log(pi) - 0.5 * (square + np.linalg.slogdet(cov)[1] + X.shape[1] * np.log(2 * np.pi))
            )
        return np.stack(logs, 1)

    def predict_proba(self, X):
        logs = self._joint(X)
        own = np.exp(logs - logs.max(1, keepdims=True))
        return own / own.sum(1, keepdims=True)

    def fit(self, X):
        random = np.random.default_rng(self.seed)
        k, d = self.n_components, X.shape[1]
        self.mu = X[random.choice(len(X), k, replace=False)]
        self.sigma = np.stack([np.cov(X.T) + 1e-6 * np.eye(d)] * k)
        self.pi = np.full(k, 1 / k)
        for _ in range(self.n_iter):
            r = self.predict_proba(X)
            mass = r.sum(0)
            self.pi, self.mu = mass / len(X), (r.T @ X) / mass[:, None]
            self.sigma = np.stack(
                [((X - m).T * r[:, c]) @ (X - m) / mass[c] + 1e-6 * np.eye(d) for c, m in enumerate(self.mu)]
            )
        return self

    def predict(self, X):
        return self._joint(X).argmax(1)
