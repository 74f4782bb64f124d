"""Right small networks behind fit and predict."""

from __future__ import annotations

import numpy as np


class NielsenNetwork:
    """Weights made in the constructor, as in the book; labels one column a class."""

    def __init__(self, sizes=(6, 16, 3), epochs=200, eta=0.5, seed=0):
        random = np.random.RandomState(seed)
        self.sizes, self.epochs, self.eta = sizes, epochs, eta
        self.biases = [random.randn(k) for k in sizes[1:]]
        self.weights = [random.randn(k, d) / np.sqrt(d) for d, k in zip(sizes[:-1], sizes[1:])]

    def fit(self, X, Y):
        for _ in range(self.epochs):
            a, acts = X, [X]
            for w, b in zip(self.weights, self.biases):
                a = 1 / (1 + np.exp(-(a @ w.T + b)))
                acts.append(a)
            delta = (acts[-1] - Y) / len(X) * self.sizes[-1]
            for i in range(len(self.weights) - 1, -1, -1):
                back = (delta @ self.weights[i]) * acts[i] * (1 - acts[i])
                self.weights[i] -= self.eta * delta.T @ acts[i]
                self.biases[i] -= self.eta * delta.sum(0)
                delta = back

    def predict(self, X):
        for w, b in zip(self.weights, self.biases):
            X = 1 / (1 + np.exp(-(X @ w.T + b)))
        return X


class TorchMLP:
    """A torch network behind fit and predict; few epochs, float32."""

    def __init__(self, hidden=32, epochs=30, lr=0.01, batch_size=32, seed=0):
        self.hidden, self.epochs, self.lr, self.batch_size, self.seed = hidden, epochs, lr, batch_size, seed

    def fit(self, X, y):
        import torch

        torch.manual_seed(self.seed)
        X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
        self.net = torch.nn.Sequential(
            torch.nn.Linear(X.shape[1], self.hidden),
            torch.nn.ReLU(),
            torch.nn.Linear(self.hidden, int(y.max()) + 1),
        )
        optimizer = torch.optim.Adam(self.net.parameters(), lr=self.lr)
        for _ in range(self.epochs):
            for rows in torch.randperm(len(X)).split(self.batch_size):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(self.net(X[rows]), y[rows]).backward()
                optimizer.step()
        return self

    def predict_proba(self, X):
        import torch

        with torch.no_grad():
            return self.net(torch.tensor(X, dtype=torch.float32)).softmax(1).numpy()

    def predict(self, X):
        return self.predict_proba(X).argmax(1)
