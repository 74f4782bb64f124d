"""The loader: one uint8 tensor on the device, batches cut from converted chunks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import torch
from jaxtyping import Int64, Num, UInt8
from torch import Tensor

from firstlight._device import choose_device
from firstlight._errors import UsageError
from firstlight.loader._arguments import Plan, checked_dtype, checked_integer, checked_switch
from firstlight.loader._augment import Augment, apply_augment, check_augment
from firstlight.loader._draws import Draws
from firstlight.loader._order import epoch_order
from firstlight.loader._pixels import PixelScale

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset

__all__ = ["Batches", "batches"]

# Bytes of float32 converted at once. On a CPU a chunk should still lie in the cache when its batches are
# used; on a GPU few large kernels are better.
_CPU_CHUNK_BYTES = 2 * 2**20
_GPU_CHUNK_BYTES = 64 * 2**20

Batch = tuple[Num[Tensor, "b c h w"], Int64[Tensor, " b"]]


class Batches:
    """The batches of a data set, epoch after epoch; made by `batches`, which says what the arguments mean.

    Every ``iter()`` is one epoch, and the next ``iter()`` is the next epoch, in an order of its own if the
    batches are shuffled. ``len()`` is the number of batches in an epoch. Batches share no memory with each
    other or with the data set, so they may be kept and written into. (They may lie side by side in one larger
    block, which stays as long as any of them is kept.)
    """

    def __init__(
        self,
        images: UInt8[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        *,
        plan: Plan,
        pixels: PixelScale,
        augment: Augment | None,
        epoch: int,
        start_batch: int,
    ) -> None:
        self._images, self._labels = images, labels
        self._plan, self._pixels = plan, pixels
        self._augment = None if augment is None or augment.is_identity else augment
        self._epoch, self._batch = epoch, start_batch
        # The iterator that runs now: only the newest one moves our place forward.
        self._running: object | None = None

    def __len__(self) -> int:
        return self._plan.batch_count

    def __repr__(self) -> str:
        plan = self._plan
        order = f"shuffled from seed {plan.seed}" if plan.shuffle else "in the data set's order"
        shard = f", shard {plan.shard[0]} of {plan.shard[1]}" if plan.shard[1] > 1 else ""
        augment = f", {self._augment}" if self._augment else ""
        return (
            f"Batches({len(self)} x {plan.batch_size} of {plan.count} images, {order}{shard}{augment}, "
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
        """Return where we are, as plain numbers; resuming goes on after the last batch handed out.

        Examples
        --------
        >>> import firstlight as fl
        >>> train, test = fl.load("mnist")
        >>> loader = fl.batches(test[:10], 4)
        >>> images, labels = next(iter(loader))
        >>> again = fl.batches(test[:10], 4)
        >>> again.load_state_dict(loader.state_dict())
        >>> [labels.tolist() for _, labels in again]
        [[4, 1, 4, 9], [5, 9]]
        """
        return {"epoch": self._epoch, "batch": self._batch, **self._fingerprint()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to where `state_dict` was taken; the next ``iter()`` runs the rest of that epoch.

        The number of shards and the device may differ: order and augmentation do not depend on them.

        Raises
        ------
        UsageError
            The state is not one of ours, or belongs to batches that were cut otherwise.
        """
        here = self._fingerprint()
        if missing := [key for key in ("epoch", "batch", *here) if key not in state]:
            raise UsageError(f"This is no state of Batches: it lacks {', '.join(missing)}.")
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
            "augment": self._augment.to_dict() if self._augment else None,
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
            images, labels = self._chunk(rows[first : first + step], epoch, first)
            yield from zip(_pieces(images, size), _pieces(labels, size), strict=True)
        # A shard may get nothing of a short last batch; it takes the step all the same, as the others do.
        if start < plan.batch_count and len(rows) <= (plan.batch_count - 1) * size:
            yield self._chunk(rows[:0], epoch, 0)

    def _shard_rows(self, epoch: int) -> Int64[Tensor, " m"]:
        """Rows of the data set that this shard sees, in order."""
        plan = self._plan
        which, shards = plan.shard
        if plan.shuffle:
            order = torch.from_numpy(epoch_order(plan.count, seed=plan.seed, epoch=epoch))
        else:
            order = torch.arange(plan.count)
        return order[: plan.image_count][which::shards].to(self.device)

    def _chunk(self, rows: Int64[Tensor, " b"], epoch: int, first: int) -> Batch:
        """Gather, augment and convert some rows; ``first`` is their place in this shard's epoch."""
        images = self._images.index_select(0, rows)
        if self._augment and len(rows):
            which, shards = self._plan.shard
            place = which + shards * first
            draws = Draws(self._plan.seed, epoch, place, len(rows), shards, self.device, rows)
            images = apply_augment(images, self._augment, draws)
        return self._pixels(images), self._labels.index_select(0, rows)

    def _chunk_batches(self) -> int:
        """Batches that are converted in one go."""
        target = _CPU_CHUNK_BYTES if self.device.type == "cpu" else _GPU_CHUNK_BYTES
        image_bytes = 4 * self._images[:1].numel()
        return max(1, target // max(1, self._plan.local_batch_size * image_bytes))


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
    augment: Augment | None = None,
    shard: tuple[int, int] = (0, 1),
    start_batch: int = 0,
) -> Batches:
    """Cut a data set into batches on the device, at memory speed.

    The images are moved to the device once, as uint8, and stay there as long as the result does. Order and
    augmentation follow from the seed and the epoch alone: not from the device, the number of shards, torch's
    version or torch's global random state, which is left alone.

    Parameters
    ----------
    dataset
        Anything with ``images`` (uint8 ``[n, c, h, w]``), ``labels`` (int64 ``[n]``), ``mean`` and ``std``.
    batch_size
        Images in a batch, at least 1; over all shards together.
    shuffle
        Whether every epoch gets an order of its own.
    seed
        Of the order and of the augmentation, in [0, 2**63).
    epoch
        Number of the first epoch, at least 0.
    device
        Where the batches shall be; ``None`` takes a GPU if there is one.
    dtype
        ``float32``, ``float16``, ``bfloat16`` or ``float64``; ``uint8`` gives the raw bytes, not normalised.
    normalize
        Give ``(x / 255 - mean) / std`` by channel, with the data set's stored statistics; else ``x / 255``.
    drop_last
        Leave out a last batch that is not full.
    augment
        How the images are varied; ``None`` not at all.
    shard
        ``(which, of how many)``: this process gets rows which, which + n, ... of every batch. All shards make
        the same number of steps; of a last batch that is not full, one shard may get one image more than
        another, or none.
    start_batch
        The first batch of the first epoch, from 0 up to ``len()``, to go on in the middle of an epoch.

    Returns
    -------
    Batches
        Pairs of images ``[b, c, h, w]`` and int64 labels ``[b]``.

    Raises
    ------
    UsageError
        An argument that cannot mean anything; nothing has been moved yet.

    Examples
    --------
    >>> import firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> loader = fl.batches(test[:10], 4, shuffle=True, seed=0)
    >>> for epoch in range(2):
    ...     print([labels.tolist() for images, labels in loader])
    [[0, 9, 9, 5], [7, 2, 1, 1], [4, 4]]
    [[0, 5, 9, 9], [1, 2, 4, 7], [1, 4]]
    """
    _check_dataset(dataset)
    batch_size = checked_integer("batch_size", batch_size, at_least=1)
    plan = Plan(len(dataset.images), batch_size, shuffle, seed, drop_last, shard)
    checked_dtype(dtype)
    checked_switch("normalize", normalize)
    epoch = checked_integer("epoch", epoch, at_least=0)
    start_batch = checked_integer("start_batch", start_batch, at_least=0, at_most=plan.batch_count)
    if augment is not None:
        check_augment(augment, height=dataset.images.shape[2], width=dataset.images.shape[3])
    place = choose_device(device).device
    return Batches(
        dataset.images.to(place),
        dataset.labels.to(place),
        plan=plan,
        pixels=PixelScale.of(dataset, normalize=normalize, dtype=dtype, device=place),
        augment=augment,
        epoch=epoch,
        start_batch=start_batch,
    )


def _pieces(chunk: Tensor, size: int) -> list[Tensor]:
    """Cut a chunk into views of ``size`` rows, the last one perhaps shorter; quicker than `torch.split`."""
    whole = len(chunk) // size * size
    pieces = list(chunk[:whole].view(-1, size, *chunk.shape[1:]).unbind())
    return pieces if whole == len(chunk) else [*pieces, chunk[whole:]]


def _check_dataset(dataset: ImageDataset) -> None:
    if isinstance(dataset, tuple):
        raise UsageError("batches() takes one data set; got a tuple. Write train, test = fl.load(...) first.")
    if lacking := [name for name in ("images", "labels", "mean", "std") if not hasattr(dataset, name)]:
        raise UsageError(
            f"batches() takes an ImageDataset, such as fl.load(...) gives; got {type(dataset).__name__}, "
            f"which has no {', '.join(lacking)}."
        )
