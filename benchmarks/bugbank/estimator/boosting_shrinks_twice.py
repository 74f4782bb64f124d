"""The rate is in the targets of each tree and again in what predict adds up."""

ENTRY = {
    "target": "GradientBoosting",
    "like": "gradient-boosting",
    "args": {},
    "declares": {"role": "regressor"},
    "family": "rate-scale",
    "also": [],
    "component": "rate",
    "first_bad_step": None,
    "source": "catalogue 126",
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

    def fit(self, X, y):
        self.start = np.mean(y)
        self.trees = []
        current = np.full(len(y), self.start)
        for _ in range(self.n_estimators):
            residual = y - current
            tree = DecisionTreeRegressor(max_depth=self.max_depth, random_state=0).fit(
                X, self.learning_rate * residual
            )
            current += self.learning_rate * tree.predict(X)
            self.trees.append(tree)
        return self

    def predict(self, X):
        answer = np.full(len(X), self.start)
        for tree in self.trees:
            answer += self.learning_rate * tree.predict(X)
        return answer
