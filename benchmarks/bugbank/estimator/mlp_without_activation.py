"""The activation is missing between the layers: a linear model with more numbers."""

ENTRY = {
    "target": "MLP",
    "like": "mlp",
    "args": {},
    "declares": {},
    "family": "capacity",
    "also": ["forward"],
    "component": "hidden",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}

import numpy as np


class MLP:
    def __init__(self, hidden=24, epochs=400, learning_rate=0.3, seed=0):
        self.hidden = hidden
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.seed = seed

    def fit(self, X, y):
        rng = np.random.default_rng(self.seed)
        self.classes_ = np.unique(y)
        target = (y[:, None] == self.classes_).astype(float)
        self.W1 = rng.normal(0, np.sqrt(2 / X.shape[1]), (X.shape[1], self.hidden))
        self.b1 = np.zeros(self.hidden)
        self.W2 = rng.normal(0, np.sqrt(1 / self.hidden), (self.hidden, len(self.classes_)))
        self.b2 = np.zeros(len(self.classes_))
        for _ in range(self.epochs):
            h, p = self._forward(X)
            delta = (p - target) / len(X)
            back = delta @ self.W2.T
            self.W2 -= self.learning_rate * h.T @ delta
            self.b2 -= self.learning_rate * delta.sum(axis=0)
            self.W1 -= self.learning_rate * X.T @ back
            self.b1 -= self.learning_rate * back.sum(axis=0)
        return self

    def _forward(self, X):
        h = X @ self.W1 + self.b1
        z = h @ self.W2 + self.b2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return h, e / e.sum(axis=1, keepdims=True)

    def predict_proba(self, X):
        return self._forward(X)[1]

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
