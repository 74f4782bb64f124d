"""The plane of most variance."""

import numpy as np


def plane(X):
    X = X - X.mean(axis=0)
    _, directions = np.linalg.eigh(X.T @ X)
    return X @ directions[:, ::-1][:, :2]
