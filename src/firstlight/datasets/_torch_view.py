"""A data set as PyTorch's own `DataLoader` likes it best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float32, UInt8
from torch import Tensor
from torch.utils.data import Dataset

__all__ = ["TorchView"]

Item = tuple[Any, int]


class TorchView(Dataset[Item]):
    """Images as networks want them, one by one or many at once; made by `ImageDataset.as_torch`."""

    def __init__(self, dataset: Dataset[Any], transform: Callable[[Tensor], Any] | None) -> None:
        self.dataset: Any = dataset
        self.transform = transform

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> Item:
        image, label = self.dataset[index]
        return (self.transform(image) if self.transform else self._normalised(image[None])[0]), label

    def __getitems__(self, indices: Sequence[int]) -> list[Item]:
        """Return many items at once; without a transform they are gathered and normalised in one go."""
        if self.transform:
            return [(self.transform(image), label) for image, label in self.dataset.__getitems__(indices)]
        chosen = torch.as_tensor(indices)
        images = self._normalised(self.dataset.images[chosen])
        return list(zip(images.unbind(), self.dataset.labels[chosen].tolist(), strict=True))

    def _normalised(self, images: UInt8[Tensor, "b c h w"]) -> Float32[Tensor, "b c h w"]:
        mean, std = (torch.tensor(part).view(1, -1, 1, 1) for part in (self.dataset.mean, self.dataset.std))
        return images.float().div_(255).sub_(mean).div_(std)
