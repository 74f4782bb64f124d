"""QMNIST: MNIST made anew from NIST's own files, with the 50,000 test digits that were lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from firstlight.datasets._card import DataCard
from firstlight.datasets._columns import QMNIST_COLUMNS, read_qmnist_columns
from firstlight.datasets._layout import OnEvent, Split, SplitArrays, provenance
from firstlight.datasets._spec import DatasetSpec
from firstlight.sources import member_path, read_idx

__all__ = ["QMNIST"]


@dataclass(frozen=True)
class QmnistLayout:
    """Images in IDX, labels in the first of the eight columns of a table in IDX."""

    dataset: ClassVar[str] = "qmnist"
    column_names: ClassVar[tuple[str, ...]] = QMNIST_COLUMNS

    def members(self, split: Split) -> tuple[str, ...]:
        """Names of the decoded files that a split needs."""
        return f"qmnist-{split}-images-idx3-ubyte", f"qmnist-{split}-labels-idx2-int"

    def read(self, split: Split, on_event: OnEvent) -> SplitArrays:
        """Obtain the files of a split if need be, and map them."""
        name, _ = self.members(split)
        images = read_idx(member_path(self.dataset, name, on_event=on_event), expect_ndim=3)
        columns, sources = read_qmnist_columns(split, on_event)
        files = (*provenance(self.dataset, (name,)), *sources)
        images = images.reshape(len(images), 1, *images.shape[1:])
        return SplitArrays(images, columns["class"], files, columns)


QMNIST = DatasetSpec(
    name="qmnist",
    aliases=(),
    classes=tuple("0123456789"),
    image_shape=(1, 28, 28),
    sizes=(60_000, 60_000),
    train_counts=(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    test_counts=(5952, 6791, 6026, 6084, 5780, 5454, 5957, 6231, 5890, 5835),
    layout=QmnistLayout(),
    card=DataCard(
        title="QMNIST",
        homepage="https://github.com/facebookresearch/qmnist",
        licence="BSD-style (the licence file of its repository)",
        citation="""@incollection{yadav2019cold,
  author    = {Yadav, Chhavi and Bottou, L{\\'e}on},
  title     = {Cold Case: The Lost {MNIST} Digits},
  booktitle = {Advances in Neural Information Processing Systems 32},
  publisher = {Curran Associates, Inc.},
  year      = {2019}
}""",
        description=(
            "MNIST's digits, made again from NIST Special Database 19: 60,000 for training, the 10,000 of "
            "MNIST's test split, and 50,000 more that were meant for it and were lost for twenty years. Each "
            "digit is traced to its writer."
        ),
        oddities=(
            "The images are close to MNIST's but not the same bytes: pixels differ by a few grey levels, and "
            "147 train digits lie one pixel aside.",
            "No SHA-256 of the two image files is published; the first copy is checked by MD5, then pinned.",
        ),
    ),
)
