"""The eigenvalues rise, and the first two are taken."""

ENTRY = {
    "target": "EigenPlane",
    "like": "pca",
    "args": {},
    "declares": {},
    "family": "order",
    "also": [],
    "component": "variance",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_eigen_plane.py:EigenPlane",
}

import numpy as np


class EigenPlane:
    def __init__(self, n_components=2):
        self.n_components = n_components

    def fit_transform(self, X, y=None):
        away = X - np.mean(X, axis=0)
        values, vectors = np.linalg.eigh(np.cov(away.T))
        order = np.argsort(values)[: self.n_components]
        return away @ vectors[:, order]
