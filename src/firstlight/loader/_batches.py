"""The loader: one uint8 tensor on the device, batches cut from converted chunks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import torch
from jaxtyping import Int64, Num, UInt8
from torch import Tensor

from firstlight._device import choose_device
from firstlight._errors import UsageError
from firstlight.loader._arguments import Plan, checked_dtype, checked_integer
from firstlight.loader._order import epoch_order
from firstlight.loader._pixels import PixelScale

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset

__all__ = ["Batches", "batches"]

# Bytes of float32 converted at once. On a CPU a chunk should still lie in the cache when its batches are
# used; on a GPU few large kernels are better.
_CPU_CHUNK_BYTES = 4 * 2**20
_GPU_CHUNK_BYTES = 64 * 2**20

Batch = tuple[Num[Tensor, "b c h w"], Int64[Tensor, " b"]]


class Batches:
    """The batches of a data set, epoch after epoch; made by `batches`, which documents the arguments.

    Every ``iter()`` is one epoch, and the next ``iter()`` is the next epoch, in an order of its own if the
    batches are shuffled. ``len()`` is the number of batches in an epoch.

    Examples
    --------
    >>> import torch
    >>> from types import SimpleNamespace
    >>> images, labels = torch.zeros(10, 1, 2, 2, dtype=torch.uint8), torch.arange(10)
    >>> data = SimpleNamespace(name="tiny", images=images, labels=labels, mean=(0.0,), std=(1.0,))
    >>> loader = batches(data, 4, device="cpu")
    >>> [labels.tolist() for _, labels in loader]
    [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    """

    def __init__(
        self,
        images: UInt8[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        *,
        plan: Plan,
        pixels: PixelScale,
        epoch: int,
        start_batch: int,
    ) -> None:
        self._images, self._labels = images, labels
        self._plan, self._pixels = plan, pixels
        self._epoch, self._batch = epoch, start_batch
        self._running: object | None = None

    def __len__(self) -> int:
        return self._plan.batch_count

    def __repr__(self) -> str:
        plan = self._plan
        order = f"shuffled from seed {plan.seed}" if plan.shuffle else "in the data set's order"
        shard = f", shard {plan.shard[0]} of {plan.shard[1]}" if plan.shard[1] > 1 else ""
        return (
            f"Batches({len(self)} x {plan.batch_size} of {plan.count} images, {order}{shard}, "
            f"{self._pixels.dtype}, {self.device})"
        )

    @property
    def device(self) -> torch.device:
        """Where the batches come out."""
        return self._images.device

    @property
    def epoch(self) -> int:
        """The epoch that is running, or the one that the next ``iter()`` will run."""
        return self._epoch

    def __iter__(self) -> Iterator[Batch]:
        if self._running is not None:
            self._epoch, self._batch = self._epoch + 1, 0
        token = self._running = object()
        return self._run(token, self._epoch, self._batch)

    def state_dict(self) -> dict[str, Any]:
        """Return where we are, as plain numbers; resuming goes on after the last batch handed out."""
        return {"epoch": self._epoch, "batch": self._batch, **self._fingerprint()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to where `state_dict` was taken; the next ``iter()`` runs the rest of that epoch.

        The number of shards may differ, since the order does not depend on it.

        Raises
        ------
        UsageError
            The state is not one of ours, or belongs to batches that were cut otherwise.
        """
        here = self._fingerprint()
        wrong = [key for key in ("epoch", "batch", *here) if key not in state]
        if wrong:
            raise UsageError(f"This is no state of Batches: it lacks {', '.join(wrong)}.")
        for key, value in here.items():
            if state[key] != value:
                raise UsageError(
                    f"The state was taken with {key}={state[key]!r}, these batches have {key}={value!r}. "
                    "Make them with the same arguments to resume."
                )
        epoch = checked_integer("the state's epoch", state["epoch"], at_least=0)
        batch = checked_integer("the state's batch", state["batch"], at_least=0, at_most=len(self))
        self._epoch, self._batch, self._running = epoch, batch, None

    def _fingerprint(self) -> dict[str, Any]:
        """What must be the same for a state to mean the same batches."""
        plan = self._plan
        return {
            "image_count": plan.count,
            "batch_size": plan.batch_size,
            "shuffle": plan.shuffle,
            "seed": plan.seed,
            "drop_last": plan.drop_last,
        }

    def _run(self, token: object, epoch: int, start: int) -> Iterator[Batch]:
        for number, batch in enumerate(self._epoch_batches(epoch, start), start + 1):
            if self._running is token:
                self._batch = number
            yield batch
        if self._running is token:
            self._epoch, self._batch, self._running = epoch + 1, 0, None

    def _epoch_batches(self, epoch: int, start: int) -> Iterator[Batch]:
        plan = self._plan
        rows = self._shard_rows(epoch)
        size = plan.local_batch_size
        step = self._chunk_batches() * size
        for first in range(start * size, len(rows), step):
            chunk = rows[first : first + step]
            images = self._pixels(self._images.index_select(0, chunk))
            labels = self._labels.index_select(0, chunk)
            yield from zip(torch.split(images, size), torch.split(labels, size), strict=True)
        # A shard may get nothing of a short last batch; it takes the step all the same, to stay with the others.
        if start < plan.batch_count and len(rows) <= (plan.batch_count - 1) * size:
            yield self._pixels(self._images[:0]), self._labels[:0]

    def _shard_rows(self, epoch: int) -> Int64[Tensor, " m"]:
        """Rows of the data set that this shard sees, in order."""
        plan = self._plan
        which, shards = plan.shard
        if plan.shuffle:
            order = torch.from_numpy(epoch_order(plan.count, seed=plan.seed, epoch=epoch))
        else:
            order = torch.arange(plan.count)
        return order[: plan.image_count][which::shards].to(self.device)

    def _chunk_batches(self) -> int:
        """Batches that are converted in one go."""
        target = _CPU_CHUNK_BYTES if self.device.type == "cpu" else _GPU_CHUNK_BYTES
        batch_bytes = 4 * self._plan.local_batch_size * self._images[:1].numel()
        return max(1, target // max(1, batch_bytes))


def batches(
    dataset: ImageDataset,
    batch_size: int = 64,
    *,
    shuffle: bool = False,
    seed: int = 0,
    epoch: int = 0,
    device: str | torch.device | None = None,
    dtype: torch.dtype = torch.float32,
    normalize: bool = True,
    drop_last: bool = False,
    shard: tuple[int, int] = (0, 1),
    start_batch: int = 0,
) -> Batches:
    """Cut a data set into batches on the device, in an order that the seed and the epoch alone decide."""
    plan = Plan(len(dataset.images), batch_size, shuffle, seed, drop_last, shard)
    place = choose_device(device).device
    dtype = checked_dtype(dtype)
    checked_integer("start_batch", start_batch, at_least=0, at_most=plan.batch_count)
    pixels = (
        PixelScale.normalising(dataset.mean, dataset.std, dtype=dtype, device=place)
        if normalize
        else PixelScale(dtype)
    )
    return Batches(
        dataset.images.to(place),
        dataset.labels.to(place),
        plan=plan,
        pixels=pixels,
        epoch=checked_integer("epoch", epoch, at_least=0),
        start_batch=start_batch,
    )
