"""What an IDX member of the MNIST family holds, told from its name and its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firstlight.sources._files import DataFile, Member

__all__ = ["IdxRows", "idx_rows"]

TRAIN_COUNT = 60_000
IMAGE_SHAPE = (28, 28)
# Other people's tables of these data sets hold train and test in the published order, in 28 x 28 pixels.
IN_ORDER = frozenset({"mnist", "fashion-mnist"})


@dataclass(frozen=True)
class IdxRows:
    """The rows of a table that make up one member: images or labels of one split."""

    split: Literal["train", "test"]
    is_labels: bool
    count: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the IDX array."""
        return (self.count,) if self.is_labels else (self.count, *IMAGE_SHAPE)

    @property
    def start(self) -> int:
        """First row, where test follows train in one table."""
        return 0 if self.split == "train" else TRAIN_COUNT


def idx_rows(file: DataFile, member: Member) -> IdxRows | None:
    """Say which rows a member is made of; None where no other program's table of them is known.

    A rebuilt member can be trusted only by the hash of its decoded bytes, so one without it is None too.
    """
    if file.dataset not in IN_ORDER or member.sha256 is None:
        return None
    split: Literal["train", "test"] = "train" if member.name.startswith("train-") else "test"
    return IdxRows(split, "labels" in member.name, TRAIN_COUNT if split == "train" else 10_000)
