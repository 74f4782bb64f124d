"""The article's program with torchvision, as the peer: importable, and a program of its own."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from benchmarks._torchvision import import_torchvision

__all__ = ["ArticleResult", "prepare", "run_article"]

BATCH_SIZE, EPOCHS, LEARNING_RATE = 64, 5, 0.001


@dataclass(frozen=True)
class ArticleResult:
    """What the article's program reached, and how long its training took."""

    accuracy: float
    train_seconds: float

    def __str__(self) -> str:
        return f"{100 * self.accuracy:.2f} % in {self.train_seconds:.2f} s"


def prepare(root: str) -> tuple[Any, Any]:
    """Return torchvision's train and test MNIST with the usual transforms."""
    import_torchvision()
    from torchvision import datasets, transforms

    usual = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    return datasets.MNIST(root, train=True, transform=usual), datasets.MNIST(
        root, train=False, transform=usual
    )


def run_article(data: tuple[Any, Any], seed: int) -> ArticleResult:
    """Train as the article does, and test once."""
    torch.manual_seed(seed)
    train, test = data
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    loss_function = nn.CrossEntropyLoss()
    loader = DataLoader(train, batch_size=BATCH_SIZE, shuffle=True)
    started = time.perf_counter()
    for _ in range(EPOCHS):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = loss_function(model(images), labels)
            loss.backward()
            optimizer.step()
    seconds = time.perf_counter() - started
    with torch.no_grad():
        batches = DataLoader(test, batch_size=1000)
        correct = sum(int((model(images).argmax(1) == labels).sum()) for images, labels in batches)
    return ArticleResult(correct / len(test), seconds)


if __name__ == "__main__":
    print(run_article(prepare(sys.argv[1]), seed=0))
