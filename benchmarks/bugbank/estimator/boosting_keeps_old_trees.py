"""The list of trees is made in __init__: a second fit adds to the first."""

ENTRY = {
    "target": "GradientBoosting",
    "like": None,
    "args": {},
    "declares": {"role": "regressor"},
    "family": "state",
    "also": [],
    "component": "earlier fit",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_gradient_boosting.py:GradientBoosting",
}

import numpy as np
from sklearn.tree import DecisionTreeRegressor


class GradientBoosting:
    def __init__(self, n_estimators=50, learning_rate=0.1, max_depth=2):
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.max_depth = max_depth
        self.trees = []

    def fit(self, X, y):
        self.start = np.mean(y)
        current = np.full(len(y), self.start)
        for _ in range(self.n_estimators):
            residual = y - current
            tree = DecisionTreeRegressor(max_depth=self.max_depth, random_state=0).fit(X, residual)
            current += self.learning_rate * tree.predict(X)
            self.trees.append(tree)
        return self

    def predict(self, X):
        answer = np.full(len(X), self.start)
        for tree in self.trees:
            answer += self.learning_rate * tree.predict(X)
        return answer
