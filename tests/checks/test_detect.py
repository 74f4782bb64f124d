"""The kind of a target is found by what it is, how its arguments are called, and by trying it (behaviour)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from firstlight.checks._detect import detect_kind


class PlainOptimizer:
    def __init__(self, params, lr=0.1):
        self.params, self.lr = params, lr

    def step(self, grads):
        for p, g in zip(self.params, grads, strict=True):
            p -= self.lr * g


class Updating:
    def __init__(self, lr=0.1):
        self.lr = lr

    def update(self, params, grads):
        for p, g in zip(params, grads, strict=True):
            p -= self.lr * g


class Applying:
    def __init__(self, params, rate=0.1):
        self.params, self.rate = params, rate

    def apply_gradients(self, grads):
        for p, g in zip(self.params, grads, strict=True):
            p -= self.rate * g


class Called:
    def __init__(self, lr=0.1):
        self.lr = lr

    def __call__(self, weights, dw):
        weights -= self.lr * dw


class PlainLayer:
    def forward(self, x):
        return x

    def backward(self, grad):
        return grad

    def update(self, grads):
        pass


class Metric:
    def update(self, predictions, labels):
        pass


def sgd_pair(rate=0.1):
    def init(params):
        return ()

    def update(grads, state):
        return [-rate * g for g in grads], state

    return init, update


class Small(nn.Module):
    def __init__(self, hidden=8):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))

    def forward(self, x):
        return self.net(x)


class Smoothed(nn.Module):
    def forward(self, logits, target):
        return nn.functional.cross_entropy(logits, target, label_smoothing=0.1)


class Focal(nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma

    def forward(self, inputs, targets):
        return ((1 - inputs) ** self.gamma).mean() + 0 * targets.sum()


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.weight * x


class Scheduler(torch.optim.lr_scheduler.LambdaLR):
    pass


class Nearest:
    def fit(self, images, y):
        return self

    def predict(self, images):
        return np.zeros(len(images), dtype=int)


class Softsign(nn.Module):
    def forward(self, x):
        return x / (1 + x.abs())


def make_model():
    return Small()


def my_loss(pred, labels):
    return -pred.log_softmax(1)[torch.arange(len(labels)), labels].mean()


def mse_loss(y_pred, y_true):
    return ((y_pred - y_true) ** 2).mean()


def swish(x):
    return x * torch.sigmoid(x)


def numpy_swish(z):
    return z / (1 + np.exp(-z))


def leaky(x, slope=0.01):
    return torch.where(x > 0, x, slope * x)


def xavier_uniform(tensor):
    bound = (6 / sum(tensor.shape)) ** 0.5
    with torch.no_grad():
        return tensor.uniform_(-bound, bound)


def he_normal_(w):
    with torch.no_grad():
        w.normal_(0, (2 / w.shape[1]) ** 0.5)


def cosine(step):
    return 0.5 * (1 + np.cos(np.pi * min(step, 100) / 100))


def warmup(epoch, total=10):
    return min(1.0, epoch / total)


def loaders(train):
    yield torch.zeros(2, 1, 28, 28), torch.zeros(2)


def jitter(images):
    return images + torch.rand(len(images), 1, 1)


def fit_network(images, labels, seed):
    return lambda new: np.zeros(len(new))


def fit_named(x_train, y_train, seed=0):
    return lambda new: np.zeros(len(new))


def accuracy(predict, images, labels):
    return float((predict(images) == labels).mean())


def project(X):
    return X[:, :2]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (torch.optim.AdamW, "optimizer"),
        (PlainOptimizer, "optimizer"),
        (Updating, "optimizer"),
        (Applying, "optimizer"),
        (Called, "optimizer"),
        (sgd_pair, "optimizer"),
        (torch.optim.lr_scheduler.StepLR, "schedule"),
        (Scheduler, "schedule"),
        (cosine, "schedule"),
        (warmup, "schedule"),
        (nn.CrossEntropyLoss, "loss"),
        (nn.CrossEntropyLoss(), "loss"),
        (nn.functional.cross_entropy, "loss"),
        (Smoothed, "loss"),
        (Focal, "loss"),
        (my_loss, "loss"),
        (mse_loss, "loss"),
        (swish, "activation"),
        (numpy_swish, "activation"),
        (leaky, "activation"),
        (torch.relu, "activation"),
        (nn.functional.gelu, "activation"),
        (Softsign, "activation"),
        (nn.GELU, "activation"),
        (nn.GELU(), "activation"),
        (Norm, "layer"),
        (nn.Linear, "layer"),
        (nn.BatchNorm2d, "layer"),
        (nn.Dropout, "layer"),
        (nn.PReLU, "activation"),
        (nn.MaxPool2d(2), "layer"),
        (nn.Softmax(dim=1), "layer"),
        (nn.functional.mse_loss, "loss"),
        (nn.Conv2d(1, 4, 3), "layer"),
        (xavier_uniform, "init"),
        (he_normal_, "init"),
        (nn.init.kaiming_normal_, "init"),
        (Small, "model"),
        (Small(), "model"),
        (make_model, "model"),
        (loaders, "data"),
        (jitter, "augment"),
        (fit_network, "train"),
        (fit_named, "train"),
        (accuracy, "evaluate"),
        (LogisticRegression, "estimator"),
        (LogisticRegression(), "estimator"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "estimator"),
        (KMeans, "estimator"),
        (Nearest, "estimator"),
        (project, "embedding"),
    ],
    ids=lambda one: one if isinstance(one, str) else getattr(one, "__name__", type(one).__name__),
)
def test_kinds(target: Any, kind: str) -> None:
    assert detect_kind(target, {}) == kind


def test_a_factory_of_optax() -> None:
    optax = pytest.importorskip("optax")
    assert detect_kind(optax.adam, {}) == "optimizer"


@pytest.mark.parametrize(
    "target",
    [3, "text", None, print, len, lambda: 3, lambda a, b, c, d: a, PlainLayer, Metric],
    ids=["number", "text", "none", "print", "len", "no-argument", "four-arguments", "plain-layer", "metric"],
)
def test_no_kind(target: Callable[..., Any]) -> None:
    assert detect_kind(target, {}) is None


def test_a_model_that_needs_arguments() -> None:
    class Wide(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, width), nn.Linear(width, 10))

        def forward(self, x):
            return self.net(x)

    assert detect_kind(Wide, {"width": 4}) == "model"
