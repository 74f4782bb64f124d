"""Right trees, forests and boosting in other people's styles."""

from __future__ import annotations

from collections import Counter

import numpy as np


class Node:
    def __init__(self, feature=None, threshold=None, left=None, right=None, value=None):
        self.feature, self.threshold, self.left, self.right, self.value = (
            feature,
            threshold,
            left,
            right,
            value,
        )


class ScratchTree:
    """Entropy, thresholds at the values themselves, labels by bincount."""

    def __init__(self, min_samples_split=2, max_depth=100, n_features=None, seed=None):
        self.min_samples_split, self.max_depth, self.n_features, self.seed = (
            min_samples_split,
            max_depth,
            n_features,
            seed,
        )

    def fit(self, X, y):
        self._random = np.random.default_rng(self.seed)
        self._many = min(self.n_features or X.shape[1], X.shape[1])
        self.root = self._grow(X, y, 0)

    def _entropy(self, y):
        shares = np.bincount(y) / len(y)
        return -np.sum([p * np.log(p) for p in shares if p > 0])

    def _grow(self, X, y, depth):
        if depth >= self.max_depth or len(np.unique(y)) == 1 or len(y) < self.min_samples_split:
            return Node(value=np.bincount(y).argmax())
        best, split = 1e-12, None
        for feature in self._random.choice(X.shape[1], self._many, replace=False):
            for threshold in np.unique(X[:, feature])[:-1]:
                left = X[:, feature] <= threshold
                after = left.mean() * self._entropy(y[left]) + (~left).mean() * self._entropy(y[~left])
                if self._entropy(y) - after > best:
                    best, split = self._entropy(y) - after, (feature, threshold)
        if split is None:
            return Node(value=np.bincount(y).argmax())
        left = X[:, split[0]] <= split[1]
        return Node(
            *split, self._grow(X[left], y[left], depth + 1), self._grow(X[~left], y[~left], depth + 1)
        )

    def _walk(self, x, node):
        while node.value is None:
            node = node.left if x[node.feature] <= node.threshold else node.right
        return node.value

    def predict(self, X):
        return np.array([self._walk(x, self.root) for x in X])


class ScratchForest:
    """Bootstrap rows, features anew at each split, a majority of trees."""

    def __init__(self, n_trees=8, max_depth=12, min_samples_split=2, n_features=None, seed=0):
        self.n_trees, self.max_depth, self.min_samples_split = n_trees, max_depth, min_samples_split
        self.n_features, self.seed = n_features, seed

    def fit(self, X, y):
        random = np.random.default_rng(self.seed)
        self.trees = []
        many = self.n_features or max(1, int(np.sqrt(X.shape[1])))
        for _ in range(self.n_trees):
            tree = ScratchTree(self.min_samples_split, self.max_depth, many, seed=random.integers(2**31))
            rows = random.choice(len(X), len(X), replace=True)
            tree.fit(X[rows], y[rows])
            self.trees.append(tree)

    def predict(self, X):
        votes = np.array([tree.predict(X) for tree in self.trees]).T
        return np.array([Counter(row).most_common(1)[0][0] for row in votes])


class BoostedStumps:
    """Least-squares boosting of scikit-learn's stumps."""

    def __init__(self, n_estimators=50, learning_rate=0.1, max_depth=2):
        self.n_estimators, self.learning_rate, self.max_depth = n_estimators, learning_rate, max_depth

    def fit(self, X, y):
        from sklearn.tree import DecisionTreeRegressor

        self.start, self.trees = y.mean(), []
        left = y - self.start
        for _ in range(self.n_estimators):
            tree = DecisionTreeRegressor(max_depth=self.max_depth, random_state=0).fit(X, left)
            left = left - self.learning_rate * tree.predict(X)
            self.trees.append(tree)
        return self

    def predict(self, X):
        return self.start + self.learning_rate * sum(tree.predict(X) for tree in self.trees)


class SignAdaBoost:
    """The classic for two classes, labels -1 and 1, stumps that minimise the weighted error."""

    def __init__(self, n_clf=10):
        self.n_clf = n_clf

    def fit(self, X, y):
        n = len(X)
        w = np.full(n, 1 / n)
        self.clfs = []
        for _ in range(self.n_clf):
            best = (np.inf, 0, 0.0, 1)
            for j in range(X.shape[1]):
                for t in np.unique(X[:, j]):
                    guess = np.where(X[:, j] < t, -1, 1)
                    error = w[guess != y].sum()
                    for e, polarity in ((error, 1), (1 - error, -1)):
                        if e < best[0]:
                            best = (e, j, t, polarity)
            error, j, t, polarity = best
            alpha = 0.5 * np.log((1 - error + 1e-10) / (error + 1e-10))
            w *= np.exp(-alpha * y * polarity * np.where(X[:, j] < t, -1, 1))
            w /= w.sum()
            self.clfs.append((alpha, j, t, polarity))

    def predict(self, X):
        total = sum(a * p * np.where(X[:, j] < t, -1, 1) for a, j, t, p in self.clfs)
        return np.sign(total)
