"""svd gives directions as rows; its columns are taken."""

ENTRY = {
    "target": "pca_plane",
    "like": "pca",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "eigenvectors",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_pca_plane.py:pca_plane",
}

import numpy as np


def pca_plane(X):
    X = X - X.mean(axis=0)
    _, _, Vt = np.linalg.svd(X, full_matrices=False)
    return X @ Vt[:, :2]
