"""Only pixels that are on count: (1 - x) log(1 - p) is left out."""

ENTRY = {
    "target": "BernoulliNaiveBayes",
    "like": "bernoulli-nb",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "absent",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_bernoulli_nb.py:BernoulliNaiveBayes",
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
        return np.log(self.prior) + on @ np.log(self.p).T

    def predict(self, X):
        return self.classes[self.scores(X).argmax(1)]
