"""transform subtracts in place: the caller's array changes."""

ENTRY = {
    "target": "StandardScaler",
    "like": None,
    "args": {},
    "declares": {},
    "family": "aliasing",
    "also": [],
    "component": "transform",
    "first_bad_step": None,
    "source": "catalogue 125",
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
        X -= self.mean_
        X /= self.scale_
        return X

    def fit_transform(self, X):
        return self.fit(X).transform(X)
