"""The mean is subtracted in place, from the caller's rows."""

ENTRY = {
    "target": "pca_plane",
    "like": None,
    "args": {},
    "declares": {},
    "family": "aliasing",
    "also": [],
    "component": "X",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_pca_plane.py:pca_plane",
}

import numpy as np


def pca_plane(X):
    X -= X.mean(axis=0)
    _, _, Vt = np.linalg.svd(X, full_matrices=False)
    return X @ Vt[:2].T
