"""Rows that were right get heavier, not those that were wrong."""

ENTRY = {
    "target": "AdaBoost",
    "like": "adaboost",
    "args": {},
    "declares": {},
    "family": "sign",
    "also": ["state"],
    "component": "weights",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_adaboost.py:AdaBoost",
}

import numpy as np
from sklearn.tree import DecisionTreeClassifier


class AdaBoost:
    def __init__(self, n_estimators=30):
        self.n_estimators = n_estimators

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        k = len(self.classes_)
        weights = np.full(len(X), 1 / len(X))
        self.stumps, self.alphas = [], []
        for _ in range(self.n_estimators):
            stump = DecisionTreeClassifier(max_depth=1, random_state=0).fit(X, y, sample_weight=weights)
            wrong = stump.predict(X) != y
            error = np.clip(weights[wrong].sum() / weights.sum(), 1e-10, 1 - 1e-10)
            alpha = np.log((1 - error) / error) + np.log(k - 1)
            weights = weights * np.exp(-alpha * wrong)
            weights = weights / weights.sum()
            self.stumps.append(stump)
            self.alphas.append(alpha)
        return self

    def predict(self, X):
        votes = np.zeros((len(X), len(self.classes_)))
        for stump, alpha in zip(self.stumps, self.alphas):
            votes += alpha * (stump.predict(X)[:, None] == self.classes_)
        return self.classes_[votes.argmax(axis=1)]
