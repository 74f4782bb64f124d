"""The loop over features ends one too early: the last one is never looked at."""

ENTRY = {
    "target": "DecisionTree",
    "like": None,
    "args": {},
    "declares": {},
    "family": "capacity",
    "also": [],
    "component": "feature",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_decision_tree.py:DecisionTree",
}

import numpy as np


def gini(y, classes):
    shares = np.bincount(y, minlength=classes) / len(y)
    return 1 - np.sum(shares**2)


class DecisionTree:
    def __init__(self, max_depth=None, min_samples_split=2):
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split

    def fit(self, X, y):
        self.classes_, y = np.unique(y, return_inverse=True)
        self.tree_ = self._grow(X, y, 0)
        return self

    def _best_split(self, X, y):
        best_score, best = np.inf, None
        for feature in range(X.shape[1] - 1):
            values = np.unique(X[:, feature])
            for threshold in (values[1:] + values[:-1]) / 2:
                left = X[:, feature] <= threshold
                k = len(self.classes_)
                score = left.mean() * gini(y[left], k) + (1 - left.mean()) * gini(y[~left], k)
                if score < best_score:
                    best_score, best = score, (feature, threshold)
        return best

    def _grow(self, X, y, depth):
        is_deep = self.max_depth is not None and depth >= self.max_depth
        if is_deep or len(y) < self.min_samples_split or len(np.unique(y)) == 1:
            return np.bincount(y).argmax()
        split = self._best_split(X, y)
        if split is None:
            return np.bincount(y).argmax()
        left = X[:, split[0]] <= split[1]
        return (*split, self._grow(X[left], y[left], depth + 1), self._grow(X[~left], y[~left], depth + 1))

    def predict(self, X):
        answers = []
        for x in X:
            node = self.tree_
            while isinstance(node, tuple):
                node = node[2] if x[node[0]] <= node[1] else node[3]
            answers.append(node)
        return self.classes_[np.array(answers)]
