"""Quadratic discriminant analysis."""

ENTRY = {
    "target": "QDA",
    "like": "qda",
    "args": {},
    "declares": {},
}

import numpy as np


class QDA:
    def fit(self, X, y):
        self.labels = sorted(set(y.tolist()))
        self.parts = []
        for c in self.labels:
            rows = X[y == c]
            cov = np.cov(rows, rowvar=False)
            self.parts.append(
                (rows.mean(axis=0), np.linalg.inv(cov), np.linalg.slogdet(cov)[1], len(rows) / len(X))
            )

    def predict(self, X):
        scores = []
        for mean, precision, logdet, prior in self.parts:
            away = X - mean
            scores.append(np.log(prior) - 0.5 * logdet - 0.5 * ((away @ precision) * away).sum(axis=1))
        return np.array(self.labels)[np.argmax(scores, axis=0)]
