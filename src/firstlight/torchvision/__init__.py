"""torchvision's small data sets by the same names: change one import line, keep the program.

Examples
--------
>>> from firstlight.torchvision import MNIST
>>> [name for name in ("root", "train", "transform", "download") if name in MNIST.__init__.__annotations__]
['root', 'train', 'transform', 'download']
"""

from __future__ import annotations

from firstlight.torchvision._cifar import CIFAR10, CIFAR100
from firstlight.torchvision._emnist import EMNIST
from firstlight.torchvision._mnist import KMNIST, MNIST, FashionMNIST
from firstlight.torchvision._qmnist import QMNIST

__all__ = ["CIFAR10", "CIFAR100", "EMNIST", "KMNIST", "MNIST", "QMNIST", "FashionMNIST"]
