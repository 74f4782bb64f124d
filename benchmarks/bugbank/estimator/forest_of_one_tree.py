"""The generator is made inside the loop: all trees are the same one."""

ENTRY = {
    "target": "RandomForest",
    "like": "random-forest",
    "args": {},
    "declares": {},
    "family": "determinism",
    "also": ["capacity", "ignored-option"],
    "component": "tree",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_random_forest.py:RandomForest",
}

import numpy as np


class Node:
    """One tree that draws features anew at each split."""

    def __init__(self, max_features, rng, max_depth):
        self.max_features, self.rng, self.max_depth = max_features, rng, max_depth

    def fit(self, X, y, depth=0):
        self.value = np.bincount(y).argmax()
        self.children = None
        if len(np.unique(y)) == 1 or depth >= self.max_depth:
            return self
        best = (np.inf, None, None)
        features = self.rng.choice(X.shape[1], self.max_features, replace=False)
        for j in features:
            order = np.argsort(X[:, j])
            x, labels = X[order, j], np.eye(y.max() + 1)[y[order]]
            low = labels.cumsum(axis=0)[:-1]
            high = labels.sum(axis=0) - low
            n = np.arange(1, len(y))
            impurity = n - (low**2).sum(1) / n + (len(y) - n) - (high**2).sum(1) / (len(y) - n)
            impurity[x[1:] == x[:-1]] = np.inf
            if len(impurity) and impurity.min() < best[0]:
                i = impurity.argmin()
                best = (impurity[i], j, (x[i] + x[i + 1]) / 2)
        if best[1] is None:
            return self
        _, self.feature, self.threshold = best
        left = X[:, self.feature] <= self.threshold
        self.children = [
            Node(self.max_features, self.rng, self.max_depth).fit(X[s], y[s], depth + 1)
            for s in (left, ~left)
        ]
        return self

    def predict(self, X):
        if self.children is None:
            return np.full(len(X), self.value)
        left = X[:, self.feature] <= self.threshold
        return np.where(left, self.children[0].predict(X), self.children[1].predict(X))


class RandomForest:
    def __init__(self, n_estimators=20, max_features="sqrt", max_depth=20, random_state=0):
        self.n_estimators = n_estimators
        self.max_features = max_features
        self.max_depth = max_depth
        self.random_state = random_state

    def fit(self, X, y):
        rng = np.random.default_rng(self.random_state)
        self.classes_, y = np.unique(y, return_inverse=True)
        many = int(np.sqrt(X.shape[1])) if self.max_features == "sqrt" else self.max_features
        self.trees = []
        for _ in range(self.n_estimators):
            rng = np.random.default_rng(self.random_state)
            rows = rng.integers(0, len(X), len(X))
            self.trees.append(Node(many, rng, self.max_depth).fit(X[rows], y[rows]))
        return self

    def predict_proba(self, X):
        votes = np.stack([tree.predict(X) for tree in self.trees])
        return np.stack([(votes == c).mean(axis=0) for c in range(len(self.classes_))], axis=1)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
