"""MNIST and the two that have its files' names: Fashion-MNIST and KMNIST."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from firstlight.datasets import dataset_classes
from firstlight.sources import read_idx
from firstlight.torchvision._folder import RootFolder
from firstlight.torchvision._items import Items
from firstlight.torchvision._peers import FashionMnistPeer, KmnistPeer, MnistPeer, VisionDataset

__all__ = ["KMNIST", "MNIST", "NOT_FOUND", "FashionMNIST", "read_tensor"]

NOT_FOUND = "Dataset not found. You can use download=True to download it"


class MNIST(Items, MnistPeer):
    """Handwritten digits, as ``torchvision.datasets.MNIST`` gives them.

    Files are looked for, and with ``download`` put, under ``root/MNIST/raw``, decoded and by their usual
    names. They are verified by SHA-256, which torchvision does not do. Not supported is the ``processed``
    folder that old versions of torchvision wrote.

    Parameters
    ----------
    root
        Folder of all data sets.
    train
        The 60,000 train images, or the 10,000 test images.
    transform
        Applied to each PIL image.
    target_transform
        Applied to each target.
    download
        Obtain what is not there, from firstlight's cache, folders or places.

    Attributes
    ----------
    data : torch.Tensor
        uint8, shape (n, 28, 28).
    targets : torch.Tensor
        int64, shape (n,).

    Raises
    ------
    RuntimeError
        The files are not there, are not right, or cannot be had.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as root:
    ...     data = MNIST(root, train=False, download=True)
    >>> image, target = data[0]
    >>> len(data), image.size, image.mode, target, data.classes[target]
    (10000, (28, 28), 'L', 7, '7 - seven')
    """

    classes = [  # noqa: RUF012 - a list, and the class's own, as torchvision has it
        "0 - zero",
        "1 - one",
        "2 - two",
        "3 - three",
        "4 - four",
        "5 - five",
        "6 - six",
        "7 - seven",
        "8 - eight",
        "9 - nine",
    ]
    _dataset: ClassVar[str] = "mnist"
    data: Tensor
    targets: Tensor

    def __init__(
        self,
        root: str | Path,
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        # Not super(): torchvision's own __init__ would look for the files by its own rules.
        VisionDataset.__init__(self, root, transform=transform, target_transform=target_transform)
        self.train = train
        if download:
            self.download()
        self._folder.require(self._needed, self._read, otherwise=NOT_FOUND)
        self.data, self.targets = self._load_data()

    @property
    def train_data(self) -> Tensor:
        """The old name of ``data``."""
        warnings.warn("train_data has been renamed data", stacklevel=2)
        return self.data

    @property
    def test_data(self) -> Tensor:
        """The old name of ``data``."""
        warnings.warn("test_data has been renamed data", stacklevel=2)
        return self.data

    @property
    def train_labels(self) -> Tensor:
        """The old name of ``targets``."""
        warnings.warn("train_labels has been renamed targets", stacklevel=2)
        return self.targets

    @property
    def test_labels(self) -> Tensor:
        """The old name of ``targets``."""
        warnings.warn("test_labels has been renamed targets", stacklevel=2)
        return self.targets

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The target of each class name."""
        return {name: target for target, name in enumerate(self.classes)}

    @property
    def raw_folder(self) -> str:
        """Where the files lie: ``root/<name of the class>/raw``."""
        return os.path.join(self.root, type(self).__name__, "raw")  # noqa: PTH118 - a str, as torchvision's

    @property
    def processed_folder(self) -> str:
        """Where torchvision put files of its own once; never used."""
        return os.path.join(self.root, type(self).__name__, "processed")  # noqa: PTH118

    def download(self) -> None:
        """Put what is not there, or not right, into `raw_folder`.

        Raises
        ------
        RuntimeError
            No source has it.
        CacheError
            The folder cannot be written.
        """
        self._folder.fill(self._needed)

    def extra_repr(self) -> str:
        """Return the line about the split."""
        return f"Split: {'Train' if self.train is True else 'Test'}"

    @property
    def _folder(self) -> RootFolder:
        return RootFolder(Path(self.raw_folder), self._dataset)

    @property
    def _needed(self) -> tuple[str, ...]:
        """Files that must be there."""
        return tuple(f"{part}-{kind}" for part in ("train", "t10k") for kind in _KINDS)

    @property
    def _read(self) -> tuple[str, str]:
        """Files that are read: images and labels."""
        part = "train" if self.train else "t10k"
        return f"{part}-{_KINDS[0]}", f"{part}-{_KINDS[1]}"

    def _check_exists(self) -> bool:
        return not self._folder.lacks(self._needed)

    def _load_data(self) -> tuple[Tensor, Tensor]:
        images, labels = (self._folder.path / name for name in self._read)
        return read_tensor(images, ndim=3), read_tensor(labels, ndim=1).long()


class FashionMNIST(MNIST, FashionMnistPeer):
    """Articles of clothing, as ``torchvision.datasets.FashionMNIST`` gives them; else as `MNIST`."""

    classes = list(dataset_classes("fashion-mnist"))  # noqa: RUF012
    _dataset = "fashion-mnist"


class KMNIST(MNIST, KmnistPeer):
    """Old Japanese characters, as ``torchvision.datasets.KMNIST`` gives them; else as `MNIST`."""

    classes = list(dataset_classes("kmnist"))  # noqa: RUF012
    _dataset = "kmnist"


_KINDS = ("images-idx3-ubyte", "labels-idx1-ubyte")


def read_tensor(path: Path, *, ndim: int) -> Tensor:
    """Read an IDX file into memory of its own, so that changing the file later changes nothing."""
    return torch.from_numpy(read_idx(path, expect_ndim=ndim).copy())
