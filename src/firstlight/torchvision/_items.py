"""How an item is made of pixels and a target: the same way one by one and many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

__all__ = ["Items"]


class Items:
    """Items as (PIL image, int), after the transforms; for classes with ``data`` and ``targets``."""

    data: Any
    targets: Any
    transform: Callable[[Any], Any] | None
    target_transform: Callable[[Any], Any] | None

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Return image and target at a place, after the transforms."""
        return self._finished(self.data[index], self.targets[index])

    def __getitems__(self, indices: Sequence[int]) -> list[tuple[Any, Any]]:
        """Return many items at once, for `torch.utils.data.DataLoader`; the same as one by one."""
        if type(self).__getitem__ is not Items.__getitem__:
            # A subclass, or torchvision's wrapper for its v2 transforms, makes items in a way of its own.
            return [self[index] for index in indices]
        rows = torch.as_tensor(indices)
        columns = [
            column[rows] if isinstance(column, torch.Tensor) else [column[index] for index in indices]
            for column in (self.data, self.targets)
        ]
        return [self._finished(pixels, target) for pixels, target in zip(*columns, strict=True)]

    def _finished(self, pixels: Any, target: Any) -> tuple[Any, Any]:
        image: Any = Image.fromarray(np.asarray(pixels))
        if self.transform is not None:
            image = self.transform(image)
        target = self._plain_target(target)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def _plain_target(self, target: Any) -> Any:
        return int(target)
