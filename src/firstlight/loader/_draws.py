"""Random numbers for augmentation, one fixed stretch of a stream for each place in the epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float32, Int64
from numpy.typing import NDArray
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
        mine = self._words(purpose, per_image).view("<u4")[:, :per_image]
        # 24 bits are what a float32 holds; all 32 would round up to 1.0 now and then.
        return torch.from_numpy((mine >> 8).astype(np.float32) * np.float32(2**-24)).to(self.device)

    def signed(self, purpose: str, per_image: int) -> Float32[Tensor, "count per_image"]:
        """Return numbers in [-1, 1): exactly twice what `uniform` gives, minus one, in fewer passes."""
        words = self._words(purpose, per_image).view("<i4").astype(np.int32, copy=False)
        mine = torch.from_numpy(words)[:, :per_image]
        # With its highest bit turned over, a signed number is the unsigned one minus 2 ** 31.
        return mine.bitwise_xor(-(2**31)).bitwise_right_shift_(8).float().mul_(2**-23).to(self.device)

    def between(self, purpose: str, low: float, high: float) -> Float32[Tensor, " count"]:
        """Return one number in [low, high) for each image; ``low`` itself if both are equal."""
        if low == high:
            return torch.full((self.count,), float(low), device=self.device)
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

    def part(self, start: int, stop: int) -> Draws:
        """Return the draws for some of these images, as a slice counts them."""
        within = range(self.count)[start:stop]
        return replace(
            self,
            first=self.first + start * self.step,
            count=len(within),
            rows=None if self.rows is None else self.rows[start:stop],
        )

    def _words(self, purpose: str, per_image: int) -> NDArray[np.uint64]:
        """Return a row of random bits for each image, at least 32 for each number wanted."""
        words = (per_image + 1) // 2
        bits = np.random.PCG64(derived_seed(self.seed, "augment", purpose, self.epoch))
        bits.advance(self.first * words)
        raw = bits.random_raw(self.count * self.step * words).astype("<u8", copy=False)
        return raw.reshape(-1, words)[:: self.step]
