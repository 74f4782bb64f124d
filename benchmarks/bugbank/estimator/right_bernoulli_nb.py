"""Bernoulli naive Bayes on binarised pixels."""

ENTRY = {
    "target": "BernoulliNaiveBayes",
    "like": "bernoulli-nb",
    "args": {},
    "declares": {},
}

import numpy as np


class BernoulliNaiveBayes:
    def __init__(self, alpha=1.0, binarize=0.0):
        self.alpha = alpha
        self.binarize = binarize

    def fit(self, X, y):
        on = X > self.binarize
        self.classes = np.unique(y)
        self.prior = np.array([np.mean(y == c) for c in self.classes])
        self.p = np.array(
            [(on[y == c].sum(0) + self.alpha) / (np.sum(y == c) + 2 * self.alpha) for c in self.classes]
        )

    def scores(self, X):
        on = (X > self.binarize).astype(float)
        return np.log(self.prior) + on @ np.log(self.p).T + (1 - on) @ np.log(1 - self.p).T

    def predict(self, X):
        return self.classes[self.scores(X).argmax(1)]
