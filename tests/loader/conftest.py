"""Data sets whose every image is different, so that a wrong row cannot pass unseen."""

from __future__ import annotations

import pytest
import torch

from firstlight.datasets import ImageDataset


def _make_dataset(count: int = 1000, channels: int = 1, size: int = 28) -> ImageDataset:
    """Random pixels; the label is the image's row."""
    generator = torch.Generator().manual_seed(0)
    return ImageDataset(
        name="rows",
        split="train",
        images=torch.randint(0, 256, (count, channels, size, size), dtype=torch.uint8, generator=generator),
        labels=torch.arange(count),
        classes=tuple(map(str, range(count))),
        mean=(0.2, 0.4, 0.6)[:channels],
        std=(0.3, 0.25, 0.2)[:channels],
    )


@pytest.fixture(scope="session")
def make_dataset():
    return _make_dataset


@pytest.fixture(scope="session")
def rows_dataset() -> ImageDataset:
    return _make_dataset()


@pytest.fixture(scope="session")
def colour_dataset() -> ImageDataset:
    return _make_dataset(300, 3, 32)
