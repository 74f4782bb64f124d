"""A pixel that is the same in all images has deviation 0: 0/0 is NaN."""

ENTRY = {
    "target": "StandardScaler",
    "like": "standard-scaler",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "columns",
    "first_bad_step": None,
    "source": "catalogue 127",
    "is_published": False,
    "twin": "right_scaler.py:StandardScaler",
}

import numpy as np


class StandardScaler:
    def fit(self, X):
        self.mean_ = X.mean(axis=0)
        self.scale_ = X.std(axis=0)
        return self

    def transform(self, X):
        return (X - self.mean_) / self.scale_

    def fit_transform(self, X):
        return self.fit(X).transform(X)
