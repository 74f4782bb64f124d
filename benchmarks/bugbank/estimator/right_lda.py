"""Linear discriminant analysis."""

ENTRY = {
    "target": "LDA",
    "like": "lda",
    "args": {},
    "declares": {},
}

import numpy as np


class LDA:
    def fit(self, X, y):
        self.classes_, counts = np.unique(y, return_counts=True)
        self.priors_ = counts / len(y)
        self.means_ = np.stack([X[y == c].mean(axis=0) for c in self.classes_])
        away = X - self.means_[np.searchsorted(self.classes_, y)]
        self.covariance_ = away.T @ away / (len(X) - len(self.classes_))
        return self

    def decision_function(self, X):
        w = np.linalg.solve(self.covariance_, self.means_.T)
        return X @ w - 0.5 * np.sum(self.means_.T * w, axis=0) + np.log(self.priors_)

    def predict(self, X):
        return self.classes_[self.decision_function(X).argmax(axis=1)]
