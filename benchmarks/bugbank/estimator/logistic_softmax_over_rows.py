"""predict_proba normalises each class over the rows of the batch."""

ENTRY = {
    "target": "LogisticRegression",
    "like": None,
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": ["batch-mixing"],
    "component": "predict_proba",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_logistic.py:LogisticRegression",
}

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class LogisticRegression:
    def __init__(self, C=1.0, max_iter=3000, learning_rate=0.5):
        self.C = C
        self.max_iter = max_iter
        self.learning_rate = learning_rate

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        target = (y[:, None] == self.classes_).astype(float)
        n = len(X)
        self.coef_ = np.zeros((X.shape[1], len(self.classes_)))
        self.intercept_ = np.zeros(len(self.classes_))
        rate = self.learning_rate / (np.mean((X**2).sum(axis=1)) / 2 + 1 / (self.C * n))
        for _ in range(self.max_iter):
            error = softmax(X @ self.coef_ + self.intercept_) - target
            self.coef_ -= rate * (X.T @ error / n + self.coef_ / (self.C * n))
            self.intercept_ -= rate * error.mean(axis=0)
        return self

    def predict_proba(self, X):
        z = X @ self.coef_ + self.intercept_
        e = np.exp(z - z.max())
        return e / e.sum(axis=0)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
