"""cleanlab as its documentation has it: a classifier in the manner of scikit-learn, cross-validated by it.

The network is the small one that most people would write for MNIST, and the one of cleanlab's own example in
size and settings: two convolutions of 5 x 5 (10 and 20 maps) with dropout, a hidden layer of 50, six epochs
of SGD with batches of 64. Whole batches come from memory, without a DataLoader: nothing is slow on purpose.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from torch import nn
from torch.nn import functional

from firstlight.datasets import ImageDataset

__all__ = ["PlainCNN", "run_cleanlab"]

EPOCHS, BATCH_SIZE, LEARNING_RATE, MOMENTUM = 6, 64, 0.01, 0.5


class PlainCNN(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A plain network with scikit-learn's methods, which is what `CleanLearning` asks for."""

    def __init__(self, epochs: int = EPOCHS, seed: int = 0) -> None:
        self.epochs, self.seed = epochs, seed

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> PlainCNN:  # noqa: ARG002, N803
        """Train from first weights that the seed decides."""
        torch.manual_seed(self.seed)
        self.classes_ = np.unique(y)
        images, labels = torch.as_tensor(X), torch.as_tensor(np.asarray(y))
        self.model_ = _network(len(self.classes_)).train()
        optimizer = torch.optim.SGD(self.model_.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
        for _ in range(self.epochs):
            for rows in torch.randperm(len(labels)).split(BATCH_SIZE):
                optimizer.zero_grad()
                functional.cross_entropy(self.model_(images[rows]), labels[rows]).backward()
                optimizer.step()
        return self

    def predict_proba(self, X: Any) -> Any:  # noqa: N803
        """Return probabilities, in evaluation mode."""
        self.model_.eval()
        with torch.inference_mode():
            parts = [self.model_(part).softmax(1) for part in torch.as_tensor(X).split(1000)]
        return torch.cat(parts).numpy()

    def predict(self, X: Any) -> Any:  # noqa: N803
        """Return the likeliest class."""
        return self.predict_proba(X).argmax(axis=1)


def run_cleanlab(train: ImageDataset, *, epochs: int = EPOCHS, seed: int = 0) -> tuple[Any, float]:
    """Return cleanlab's table of labels (``label_quality``, ``is_label_issue``), and the seconds it took."""
    from cleanlab.classification import CleanLearning

    started = time.perf_counter()
    pixels = train.images.float().div_(255).sub_(train.mean[0]).div_(train.std[0]).numpy()
    finder = CleanLearning(PlainCNN(epochs, seed), seed=seed, verbose=False)
    return finder.find_label_issues(pixels, train.labels.numpy()), time.perf_counter() - started


def _network(classes: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 10, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(10, 20, 5), nn.Dropout2d(), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(320, 50), nn.ReLU(), nn.Dropout(), nn.Linear(50, classes),
    )  # fmt: skip
