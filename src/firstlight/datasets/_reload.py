"""How the pixels of a published split are found again, so that they need not be pickled."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import UInt8
from torch import Tensor

from firstlight._settings import home
from firstlight.datasets._layout import Layout, Split

__all__ = ["Reload"]


@dataclass(frozen=True)
class Reload:
    """A published split's pixels, by where they are read from.

    A worker process that is spawned gets this instead of the pixels, maps the same file and shares its
    pages with everybody else. On another machine the file is found or fetched anew; its hash makes it the
    same.
    """

    layout: Layout
    split: Split

    def holds(self, images: UInt8[Tensor, "n c h w"]) -> bool:
        """Whether the cache has just these pixels; obtains nothing."""
        folder = home() / "datasets" / self.layout.dataset
        if not all((folder / member).is_file() for member in self.layout.members(self.split)):
            return False
        return torch.equal(self.images(), images)

    def images(self) -> UInt8[Tensor, "n c h w"]:
        """Map the pixels again."""
        return torch.from_numpy(self.layout.read(self.split, None).images)
