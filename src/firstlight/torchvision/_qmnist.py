"""QMNIST, with all that is known about each digit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from firstlight.torchvision._choice import check_choice
from firstlight.torchvision._mnist import MNIST, read_tensor
from firstlight.torchvision._peers import QmnistPeer

__all__ = ["QMNIST"]


class QMNIST(MNIST, QmnistPeer):
    """MNIST made anew, as ``torchvision.datasets.QMNIST`` gives it.

    The files of ``what="nist"`` cannot be obtained by firstlight; they are read where they lie already.

    Parameters
    ----------
    root
        Folder of all data sets; the files lie under ``root/QMNIST/raw``.
    what
        ``"train"``, ``"test"`` (all 60,000), ``"test10k"`` (MNIST's), ``"test50k"`` (the others) or
        ``"nist"``; ``None`` leaves it to ``train``.
    compat
        Whether the target is the class only, or all eight columns.
    train
        Train or test, if ``what`` is None.
    **kwargs
        ``transform``, ``target_transform``, ``download``, as `MNIST` takes them.

    Attributes
    ----------
    targets : torch.Tensor
        int64, shape (n, 8): class, series, writer, digit, NIST class, global index, duplicate, unused.

    Raises
    ------
    ValueError
        There is no such ``what``.
    RuntimeError
        The files are not there, are not right, or cannot be had.
    """

    subsets = {  # noqa: RUF012
        "train": "train",
        "test": "test",
        "test10k": "test",
        "test50k": "test",
        "nist": "nist",
    }
    _dataset = "qmnist"

    def __init__(
        self,
        root: str | Path,
        what: str | None = None,
        compat: bool = True,
        train: bool = True,
        **kwargs: Any,
    ) -> None:
        if what is None:
            what = "train" if train else "test"
        self.what = check_choice(what, "what", tuple(self.subsets))
        self.compat = compat
        super().__init__(root, train, **kwargs)

    @property
    def images_file(self) -> str:
        """Where the images lie."""
        return str(self._folder.path / self._read[0])

    @property
    def labels_file(self) -> str:
        """Where the labels lie."""
        return str(self._folder.path / self._read[1])

    def extra_repr(self) -> str:
        """Return the line about the split."""
        return f"Split: {self.what}"

    @property
    def _needed(self) -> tuple[str, ...]:
        return self._read

    @property
    def _read(self) -> tuple[str, str]:
        subset = self.subsets[self.what]
        part = "xnist" if subset == "nist" else f"qmnist-{subset}"
        return f"{part}-images-idx3-ubyte", f"{part}-labels-idx2-int"

    def _load_data(self) -> tuple[Tensor, Tensor]:
        images, labels = (self._folder.path / name for name in self._read)
        data, targets = read_tensor(images, ndim=3), read_tensor(labels, ndim=2).long()
        rows = {"test10k": slice(10_000), "test50k": slice(10_000, None)}.get(self.what, slice(None))
        return data[rows].clone(), targets[rows].clone()

    def _plain_target(self, target: Any) -> Any:
        return int(target[0]) if self.compat else target
