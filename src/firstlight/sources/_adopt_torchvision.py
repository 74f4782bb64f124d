"""Copies left by torchvision: ``<root>/<ClassName>/raw/``, under the roots that people commonly give.

torchvision reads CIFAR from the pickled archive. A pickle can run code, so that copy is never taken; only a
binary archive that happens to lie there is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from firstlight.sources._candidate import Candidate, copies_in, user_home
from firstlight.sources._files import DataFile, Member

__all__ = ["torchvision_copies"]

# Folders below a root, by data set. torchvision's CIFAR has no folder of its own.
FOLDERS = {
    "mnist": ("MNIST/raw",),
    "fashion-mnist": ("FashionMNIST/raw",),
    "kmnist": ("KMNIST/raw",),
    "emnist": ("EMNIST/raw",),
    "qmnist": ("QMNIST/raw",),
    "cifar10": (".", "CIFAR10"),
    "cifar100": (".", "CIFAR100"),
}


def torchvision_copies(file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the copies under ``./data``, ``~/data``, ``TORCH_HOME`` and their like."""
    for root in _roots():
        for folder in FOLDERS.get(file.dataset, ()):
            yield from copies_in(root / folder, "torchvision", file, member)


def _roots() -> Iterator[Path]:
    here, home = Path(), user_home()
    torch_home = os.environ.get("TORCH_HOME")
    cache = Path(torch_home).expanduser() if torch_home else home / ".cache" / "torch"
    # "../data" is what PyTorch's own examples use.
    yield from (here / "data", here / "datasets", here, here / ".." / "data")
    yield from (home / "data", home / "datasets", home / ".torch" / "datasets")
    yield from (cache, cache / "data", cache / "datasets")
