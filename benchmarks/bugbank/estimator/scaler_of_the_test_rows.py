"""transform computes mean and deviation of the rows it is given."""

ENTRY = {
    "target": "StandardScaler",
    "like": None,
    "args": {},
    "declares": {},
    "family": "batch-mixing",
    "also": ["preprocessing", "leakage"],
    "component": "row",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_scaler.py:StandardScaler",
}

import numpy as np


class StandardScaler:
    def fit(self, X):
        self.mean_ = X.mean(axis=0)
        self.scale_ = X.std(axis=0)
        self.scale_[self.scale_ == 0] = 1.0
        return self

    def transform(self, X):
        return (X - X.mean(axis=0)) / np.where(X.std(axis=0) == 0, 1, X.std(axis=0))

    def fit_transform(self, X):
        return self.fit(X).transform(X)
