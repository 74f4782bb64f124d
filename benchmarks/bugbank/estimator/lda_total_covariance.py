"""The covariance is that of all rows round one mean: what separates the classes counts as noise."""

ENTRY = {
    "target": "LDA",
    "like": "lda",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "covariance",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_lda.py:LDA",
}

import numpy as np


class LDA:
    def fit(self, X, y):
        self.classes_, counts = np.unique(y, return_counts=True)
        self.priors_ = counts / len(y)
        self.means_ = np.stack([X[y == c].mean(axis=0) for c in self.classes_])
        away = X - X.mean(axis=0)
        self.covariance_ = away.T @ away / (len(X) - len(self.classes_))
        return self

    def decision_function(self, X):
        w = np.linalg.solve(self.covariance_, self.means_.T)
        return X @ w - 0.5 * np.sum(self.means_.T * w, axis=0) + np.log(self.priors_)

    def predict(self, X):
        return self.classes_[self.decision_function(X).argmax(axis=1)]
