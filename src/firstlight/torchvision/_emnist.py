"""EMNIST in its six splits."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from firstlight.torchvision._choice import check_choice
from firstlight.torchvision._mnist import MNIST
from firstlight.torchvision._peers import EmnistPeer

__all__ = ["EMNIST"]

_MERGED = [*digits, *ascii_uppercase, *"abdefghnqrt"]


class EMNIST(MNIST, EmnistPeer):
    """Handwritten letters and digits, as ``torchvision.datasets.EMNIST`` gives them.

    Images are transposed, as the files hold them; ``firstlight.load("emnist-letters")`` gives them upright.
    The targets of ``letters`` run from 1. Only the files of one split and part are looked for and obtained.

    Parameters
    ----------
    root
        Folder of all data sets; the files lie under ``root/EMNIST/raw``.
    split
        ``"byclass"``, ``"bymerge"``, ``"balanced"``, ``"letters"``, ``"digits"`` or ``"mnist"``.
    **kwargs
        ``train``, ``transform``, ``target_transform``, ``download``, as `MNIST` takes them.

    Raises
    ------
    ValueError
        There is no such split.
    RuntimeError
        The files are not there, are not right, or cannot be had.
    """

    splits = ("byclass", "bymerge", "balanced", "letters", "digits", "mnist")
    classes_split_dict = {  # noqa: RUF012
        "byclass": [*digits, *ascii_uppercase, *ascii_lowercase],
        "bymerge": _MERGED,
        "balanced": _MERGED,
        "letters": ["N/A", *ascii_lowercase],
        "digits": [*digits],
        "mnist": [*digits],
    }
    _dataset = "emnist"

    def __init__(self, root: str | Path, split: str, **kwargs: Any) -> None:
        self.split = check_choice(split, "split", self.splits)
        super().__init__(root, **kwargs)
        self.classes = self.classes_split_dict[split]

    @property
    def images_file(self) -> str:
        """Where the images lie."""
        return str(self._folder.path / self._read[0])

    @property
    def labels_file(self) -> str:
        """Where the labels lie."""
        return str(self._folder.path / self._read[1])

    @property
    def _needed(self) -> tuple[str, ...]:
        return self._read

    @property
    def _read(self) -> tuple[str, str]:
        part = f"emnist-{self.split}-{'train' if self.train else 'test'}"
        return f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
