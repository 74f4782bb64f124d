"""A convolutional network as most people would write it first, as the peer of `cnn-fast` and `cnn`.

Whole batches from memory already (no DataLoader, which would cost more than the training), float32,
channels_last, BatchNorm, AdamW, a warm-up and a straight decline: nothing is slow on purpose.
"""

from __future__ import annotations

import time

import torch
from torch import nn
from torch.nn import functional

from firstlight.datasets import ImageDataset

__all__ = ["run_naive"]

BATCH_SIZE, LEARNING_RATE, LABEL_SMOOTHING, WARMUP = 256, 0.01, 0.05, 0.2


def run_naive(
    train: ImageDataset, test: ImageDataset, seed: int, *, epochs: int, shift: int
) -> tuple[float, float]:
    """Train and test once; return accuracy, and seconds from data in memory to the last test prediction."""
    torch.manual_seed(seed)
    started = time.perf_counter()
    images, labels = _pixels(train), train.labels
    model = _network().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.0, fused=True)
    steps = epochs * -(-len(labels) // BATCH_SIZE)
    step = 0
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(BATCH_SIZE):
            place = (step + 0.5) / steps
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * min(place / WARMUP, (1 - place) / (1 - WARMUP))
            batch = _shifted(images[rows], shift) if shift else images[rows]
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(batch), labels[rows], label_smoothing=LABEL_SMOOTHING)
            loss.backward()
            optimizer.step()
            step += 1
    model.eval()
    with torch.inference_mode():
        answers = torch.cat([model(part).argmax(1) for part in _pixels(test).split(1000)])
    return int((answers == test.labels).sum()) / len(test), time.perf_counter() - started


def _pixels(images: ImageDataset) -> torch.Tensor:
    return images.images.float().div_(255).sub_(images.mean[0]).div_(images.std[0])


def _shifted(batch: torch.Tensor, most: int) -> torch.Tensor:
    """Move each image by whole pixels of its own."""
    count, _, height, width = batch.shape
    padded = functional.pad(batch, (most,) * 4, value=float(batch.min()))
    down, right = torch.randint(2 * most + 1, (2, count))
    rows = (down[:, None] + torch.arange(height))[:, :, None]
    columns = (right[:, None] + torch.arange(width))[:, None, :]
    return padded[torch.arange(count)[:, None, None], 0, rows, columns][:, None]


def _network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.Flatten(), nn.Linear(64 * 49, 10),
    )  # fmt: skip
