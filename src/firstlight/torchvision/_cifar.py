"""CIFAR-10 and CIFAR-100, from the binary archives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from firstlight.datasets import dataset_classes
from firstlight.sources import read_cifar
from firstlight.torchvision._folder import RootFolder
from firstlight.torchvision._items import Items
from firstlight.torchvision._peers import Cifar10Peer, Cifar100Peer, VisionDataset

__all__ = ["CIFAR10", "CIFAR100"]

NOT_FOUND = "Dataset not found or corrupted. You can use download=True to download it"


class CIFAR10(Items, Cifar10Peer):
    """Small photographs of ten kinds, as ``torchvision.datasets.CIFAR10`` gives them.

    The files are those of the *binary* archive, under ``root/cifar-10-batches-bin``: torchvision's own are
    pickles, which can run code when they are read, and are never opened here.

    Parameters
    ----------
    root
        Folder of all data sets.
    train
        The 50,000 train images, or the 10,000 test images.
    transform
        Applied to each PIL image.
    target_transform
        Applied to each target.
    download
        Obtain what is not there, from firstlight's cache, folders or places.

    Attributes
    ----------
    data : numpy.ndarray
        uint8, shape (n, 32, 32, 3).
    targets : list of int
        One for each image.

    Raises
    ------
    RuntimeError
        The files are not there, are not right, or cannot be had.
    """

    base_folder = "cifar-10-batches-bin"
    _dataset: ClassVar[str] = "cifar10"
    _train_files: ClassVar[tuple[str, ...]] = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
    _test_files: ClassVar[tuple[str, ...]] = ("test_batch.bin",)
    _label_bytes: ClassVar[int] = 1
    data: np.ndarray
    targets: list[int]

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
        files = self._train_files if train else self._test_files
        self._folder.require(self._train_files + self._test_files, files, otherwise=NOT_FOUND)
        images, labels = read_cifar(
            [self._folder.path / name for name in files], label_bytes=self._label_bytes
        )
        self.data = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
        self.targets = labels[:, -1].tolist()
        self.classes = list(dataset_classes(self._dataset))
        self.class_to_idx = {name: target for target, name in enumerate(self.classes)}

    def download(self) -> None:
        """Put what is not there, or not right, into ``root/<base_folder>``.

        Raises
        ------
        RuntimeError
            No source has it.
        CacheError
            The folder cannot be written.
        """
        self._folder.fill(self._train_files + self._test_files)

    def extra_repr(self) -> str:
        """Return the line about the split."""
        return f"Split: {'Train' if self.train is True else 'Test'}"

    @property
    def _folder(self) -> RootFolder:
        return RootFolder(Path(self.root) / self.base_folder, self._dataset)

    def _check_integrity(self) -> bool:
        return not self._folder.lacks(self._train_files + self._test_files)


class CIFAR100(CIFAR10, Cifar100Peer):
    """Small photographs of a hundred kinds, as ``torchvision.datasets.CIFAR100`` gives them.

    Else as `CIFAR10`. The targets are the fine classes. The files lie under ``root/cifar-100-binary``.
    """

    base_folder = "cifar-100-binary"
    _dataset = "cifar100"
    _train_files = ("train.bin",)
    _test_files = ("test.bin",)
    _label_bytes = 2
