"""torchvision's own classes where torchvision can be imported, else a stand-in for each.

Our classes inherit from these only to *be* instances of them, for ``isinstance`` and for
``torchvision.datasets.wrap_dataset_for_transforms_v2``; no torchvision code reads, fetches or checks data.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from firstlight.torchvision import _vision

__all__ = [
    "Cifar10Peer",
    "Cifar100Peer",
    "EmnistPeer",
    "FashionMnistPeer",
    "KmnistPeer",
    "MnistPeer",
    "QmnistPeer",
    "VisionDataset",
]


def _torchvision_datasets() -> ModuleType | None:
    try:
        from torchvision import datasets
    except Exception:  # a torchvision built for another torch fails with a RuntimeError
        return None
    module: ModuleType = datasets
    return module


if TYPE_CHECKING:
    from firstlight.torchvision._vision import VisionDataset as Cifar10Peer
    from firstlight.torchvision._vision import VisionDataset as Cifar100Peer
    from firstlight.torchvision._vision import VisionDataset as EmnistPeer
    from firstlight.torchvision._vision import VisionDataset as FashionMnistPeer
    from firstlight.torchvision._vision import VisionDataset as KmnistPeer
    from firstlight.torchvision._vision import VisionDataset as MnistPeer
    from firstlight.torchvision._vision import VisionDataset as QmnistPeer
    from firstlight.torchvision._vision import VisionDataset as VisionDataset
else:
    # Once, because an import that failed half-way may fail otherwise the next time.
    _datasets = _torchvision_datasets()

    def _peer(name: str) -> type:
        return getattr(_datasets, name) if _datasets else _vision.VisionDataset

    VisionDataset = _peer("VisionDataset")
    MnistPeer, FashionMnistPeer, KmnistPeer = _peer("MNIST"), _peer("FashionMNIST"), _peer("KMNIST")
    EmnistPeer, QmnistPeer = _peer("EMNIST"), _peer("QMNIST")
    Cifar10Peer, Cifar100Peer = _peer("CIFAR10"), _peer("CIFAR100")
