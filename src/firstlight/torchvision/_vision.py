"""What torchvision's classes inherit from, for machines that have no torchvision."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch.utils.data import Dataset

__all__ = ["StandardTransform", "VisionDataset"]

Transform = Callable[[Any], Any]


class VisionDataset(Dataset[Any]):
    """A data set with a root folder and transforms, that prints itself as torchvision's do.

    Parameters
    ----------
    root
        Folder of the data; a leading ``~`` is expanded in a string.
    transforms
        Applied to (image, target) together; not possible along with either of the other two.
    transform, target_transform
        Applied to the image and to the target.
    """

    def __init__(
        self,
        root: str | Path,
        transforms: Callable[[Any, Any], Any] | None = None,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        # A Path would turn "./data/" into "data"; torchvision keeps it.
        self.root = os.path.expanduser(root) if isinstance(root, str) else root  # noqa: PTH111
        apart = transform is not None or target_transform is not None
        if transforms is not None and apart:
            raise ValueError("Only transforms or transform/target_transform can be passed as argument")
        self.transform, self.target_transform = transform, target_transform
        self.transforms = StandardTransform(transform, target_transform) if apart else transforms

    def __len__(self) -> int:
        raise NotImplementedError

    def __repr__(self) -> str:
        lines = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            lines.append(f"Root location: {self.root}")
        lines += self.extra_repr().splitlines()
        if self.transforms is not None:
            lines.append(repr(self.transforms))
        return "\n    ".join([f"Dataset {type(self).__name__}", *lines])

    def extra_repr(self) -> str:
        """Return further lines for ``repr()``."""
        return ""


class StandardTransform:
    """The two transforms as one."""

    def __init__(self, transform: Transform | None, target_transform: Transform | None) -> None:
        self.transform, self.target_transform = transform, target_transform

    def __call__(self, image: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __repr__(self) -> str:
        parts = [("Transform: ", self.transform), ("Target transform: ", self.target_transform)]
        return "\n".join(
            [type(self).__name__]
            + [
                head + repr(part).replace("\n", "\n" + " " * len(head))
                for head, part in parts
                if part is not None
            ]
        )
