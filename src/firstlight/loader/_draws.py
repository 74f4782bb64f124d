"""Random numbers for augmentation, one fixed stretch of a stream for each place in the epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Tensor

from firstlight._seeds import derived_seed

__all__ = ["Draws"]


@dataclass(frozen=True)
class Draws:
    """Uniform numbers for the images at certain places of one epoch.

    What an image gets depends on the seed, the epoch and its place in the epoch's order, and on nothing
    else: not on the batch size, the number of shards, the device, or where a resumed epoch began. numpy
    promises the stream.

    Parameters
    ----------
    seed, epoch
        Of the epoch.
    first, count, step
        The places ``first, first + step, ...``, ``count`` of them.
    device
        Where the numbers are wanted. They are always drawn on the CPU, so as to be the same everywhere.
    rows
        Which images of the data set they are; ``None`` takes the places for it.
    """

    seed: int
    epoch: int
    first: int
    count: int
    step: int = 1
    device: torch.device = torch.device("cpu")  # noqa: RUF009 - a device is immutable
    rows: Int64[Tensor, " count"] | None = None

    def uniform(self, purpose: str, per_image: int) -> Float32[Tensor, "count per_image"]:
        """Return numbers in [0, 1), with a stream of its own for every purpose."""
        words = (per_image + 1) // 2
        bits = np.random.PCG64(derived_seed(self.seed, "augment", purpose, self.epoch))
        bits.advance(self.first * words)
        raw = bits.random_raw(self.count * self.step * words).astype("<u8", copy=False).view("<u4")
        mine = raw.reshape(-1, 2 * words)[:: self.step, :per_image]
        # 24 bits are what a float32 holds; all 32 would round up to 1.0 now and then.
        return torch.from_numpy((mine >> 8).astype(np.float32) * np.float32(2**-24)).to(self.device)

    def between(self, purpose: str, low: float, high: float) -> Float32[Tensor, " count"]:
        """Return one number in [low, high) for each image."""
        return low + (high - low) * self.uniform(purpose, 1)[:, 0]

    def of_images(self, purpose: str) -> Float32[Tensor, " count"]:
        """Return one number in [0, 1) for each image, the same in every epoch, wherever the image comes."""
        rows = range(self.first, self.first + self.count * self.step, self.step)
        wanted = np.asarray(rows) if self.rows is None else self.rows.cpu().numpy()
        bits = np.random.PCG64(derived_seed(self.seed, "augment", purpose))
        raw = bits.random_raw(int(wanted.max(initial=-1)) + 1)[wanted]
        return torch.from_numpy((raw >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)).to(
            self.device
        )
