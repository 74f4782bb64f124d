"""Right linear models in other people's styles."""

from __future__ import annotations

import numpy as np


class NumpyRidge:
    """The normal equations, with columns centred first."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def fit(self, X, y):
        middle, height = X.mean(0), y.mean()
        centred = X - middle
        self.coef = np.linalg.solve(
            centred.T @ centred + self.alpha * np.eye(X.shape[1]), centred.T @ (y - height)
        )
        self.bias = height - middle @ self.coef

    def predict(self, X):
        return X @ self.coef + self.bias


class MeanLossRidge:
    """Gradient descent on the mean of squares; no penalty on the bias."""

    def __init__(self, lam=0.1, lr=0.05, n_iters=4000):
        self.lam, self.lr, self.n_iters = lam, lr, n_iters

    def fit(self, X, y):
        self.w, self.b = np.zeros(X.shape[1]), 0.0
        for _ in range(self.n_iters):
            error = X @ self.w + self.b - y
            self.w -= self.lr * (2 * X.T @ error / len(X) + 2 * self.lam * self.w)
            self.b -= self.lr * 2 * error.mean()
        return self

    def predict(self, X):
        return X @ self.w + self.b


class BinaryLogistic:
    """The two-class classic of every course: zeros and ones, gradient descent, a threshold."""

    def __init__(self, lr=0.1, n_iters=1000):
        self.lr = lr
        self.n_iters = n_iters
        self.weights = None
        self.bias = None

    def fit(self, X, y):
        n_samples, n_features = X.shape
        self.weights = np.zeros(n_features)
        self.bias = 0
        for _ in range(self.n_iters):
            y_predicted = 1 / (1 + np.exp(-(np.dot(X, self.weights) + self.bias)))
            self.weights -= self.lr * np.dot(X.T, (y_predicted - y)) / n_samples
            self.bias -= self.lr * np.sum(y_predicted - y) / n_samples

    def predict(self, X):
        y_predicted = 1 / (1 + np.exp(-(np.dot(X, self.weights) + self.bias)))
        return [1 if i > 0.5 else 0 for i in y_predicted]


class SoftmaxRegression:
    """Labels 0 .. k-1 only; one-hot inside; mean loss with an L2 penalty on the weights."""

    def __init__(self, lr=0.5, epochs=3000, l2=0.001):
        self.lr, self.epochs, self.l2 = lr, epochs, l2

    def fit(self, X, y):
        k = int(y.max()) + 1
        onehot = np.eye(k)[y]
        self.W, self.b = np.zeros((X.shape[1], k)), np.zeros(k)
        for _ in range(self.epochs):
            error = (self.predict_proba(X) - onehot) / len(X)
            self.W -= self.lr * (X.T @ error + self.l2 * self.W)
            self.b -= self.lr * error.sum(0)
        return self

    def predict_proba(self, X):
        z = X @ self.W + self.b
        e = np.exp(z - z.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    def predict(self, X):
        return self.predict_proba(X).argmax(1)


class SignPerceptron:
    """Labels -1 and 1."""

    def __init__(self, learning_rate=0.01, n_iter=50, random_state=1):
        self.learning_rate, self.n_iter, self.random_state = learning_rate, n_iter, random_state

    def fit(self, X, y):
        rgen = np.random.RandomState(self.random_state)
        self.w_ = rgen.normal(scale=0.01, size=X.shape[1])
        self.b_ = 0.0
        for _ in range(self.n_iter):
            for xi, target in zip(X, y):
                update = self.learning_rate * (target - self.predict(xi))
                self.w_ += update * xi
                self.b_ += update
        return self

    def predict(self, X):
        return np.where(X @ self.w_ + self.b_ >= 0.0, 1, -1)


class PegasosSVM:
    """Hinge loss by subgradients, signs as labels."""

    def __init__(self, lambda_param=0.01, n_iters=300, learning_rate=0.01):
        self.lambda_param, self.n_iters, self.learning_rate = lambda_param, n_iters, learning_rate

    def fit(self, X, y):
        signs = np.where(y <= 0, -1, 1)
        self.w, self.b = np.zeros(X.shape[1]), 0.0
        for _ in range(self.n_iters):
            for x, s in zip(X, signs):
                if s * (x @ self.w - self.b) >= 1:
                    self.w -= self.learning_rate * 2 * self.lambda_param * self.w
                else:
                    self.w -= self.learning_rate * (2 * self.lambda_param * self.w - s * x)
                    self.b -= self.learning_rate * s

    def predict(self, X):
        return np.sign(X @ self.w - self.b)
