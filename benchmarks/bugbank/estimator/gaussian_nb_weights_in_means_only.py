"""Sample weights enter the means and not the variances and shares."""

ENTRY = {
    "target": "GaussianNB",
    "like": "gaussian-nb",
    "args": {},
    "declares": {},
    "family": "sample-weight",
    "also": [],
    "component": "weights",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_gaussian_nb.py:GaussianNB",
}

import numpy as np


class GaussianNB:
    def __init__(self, var_smoothing=1e-9):
        self.var_smoothing = var_smoothing

    def fit(self, X, y, sample_weight=None):
        w = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.classes_ = np.unique(y)
        self.theta_, self.var_, self.prior_ = [], [], []
        for c in self.classes_:
            rows, part = X[y == c], w[y == c]
            mean = np.average(rows, axis=0, weights=part)
            self.theta_.append(mean)
            self.var_.append(((rows - mean) ** 2).mean(axis=0))
            self.prior_.append(len(rows) / len(X))
        self.theta_, self.var_, self.prior_ = map(np.array, (self.theta_, self.var_, self.prior_))
        total = np.average(X, axis=0, weights=w)
        self.var_ = self.var_ + self.var_smoothing * np.average((X - total) ** 2, axis=0, weights=w).max()
        return self

    def _joint(self, X):
        away = (X[:, None, :] - self.theta_) ** 2 / self.var_
        return np.log(self.prior_) - 0.5 * np.log(2 * np.pi * self.var_).sum(axis=1) - 0.5 * away.sum(axis=2)

    def predict_proba(self, X):
        joint = self._joint(X)
        shares = np.exp(joint - joint.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict(self, X):
        return self.classes_[self._joint(X).argmax(axis=1)]
