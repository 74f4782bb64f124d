"""What is audited: one split or both, as one pool of images with places of their own."""

from __future__ import annotations

from functools import cached_property

import torch

from firstlight._errors import UsageError
from firstlight.datasets import ImageDataset

__all__ = ["Subject"]


class Subject:
    """The split, or both, that an audit is about.

    Parameters
    ----------
    train, test
        The data set.
    split
        ``"train"``, ``"test"`` or ``"all"``.

    Attributes
    ----------
    pool
        Everything that networks learn from or judge: train first, then test, as far as they take part.

    Raises
    ------
    UsageError
        Both splits are needed and do not fit together.
    """

    def __init__(self, train: ImageDataset, test: ImageDataset, *, split: str) -> None:
        self.train, self.test, self.split = train, test, split
        if split != "train" and (train.classes, train.image_shape) != (test.classes, test.image_shape):
            raise UsageError(
                f"Train and test must have the same classes and sizes to be judged alike; got "
                f"{len(train.classes)} classes of {list(train.image_shape)} and {len(test.classes)} of "
                f"{list(test.image_shape)}."
            )

    def __len__(self) -> int:
        return len({"train": self.train, "test": self.test}.get(self.split, self.pool))

    @cached_property
    def pool(self) -> ImageDataset:
        """All images that take part."""
        if self.split == "train":
            return self.train
        return self.train.replacing(
            split="all",
            images=torch.cat([self.train.images, self.test.images]),
            labels=torch.cat([self.train.labels, self.test.labels]),
            columns={},
            _reload=None,
        )

    @property
    def name(self) -> str:
        """Name of the data set."""
        return self.train.name

    def spoken(self, place: int) -> tuple[str, int]:
        """Return the split of an image of the pool, and its index there.

        Examples
        --------
        >>> import firstlight as fl
        >>> Subject(*fl.load("mnist"), split="all").spoken(60_007)
        ('test', 7)
        """
        learns = len(self.train)
        return ("train", place) if place < learns else ("test", place - learns)

    def check_known_classes(self) -> None:
        """Refuse test images of a class of which there is nothing to learn from."""
        missing = (self.test.class_counts() > 0) & (self.train.class_counts() == 0)
        if missing.any():
            name = self.train.classes[int(missing.nonzero()[0])]
            raise UsageError(
                f"The test split of {self.name} has images of class {name!r}, and the train split none. "
                "Audit both together: split='all'."
            )
