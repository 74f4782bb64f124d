"""The mean is not subtracted: the first direction points at it."""

ENTRY = {
    "target": "pca_plane",
    "like": "pca",
    "args": {},
    "declares": {},
    "family": "preprocessing",
    "also": [],
    "component": "mean",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_pca_plane.py:pca_plane",
}

import numpy as np


def pca_plane(X):
    _, _, Vt = np.linalg.svd(X, full_matrices=False)
    return X @ Vt[:2].T
