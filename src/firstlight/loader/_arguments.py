"""What `batches` was asked for, checked once, before anything moves."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import SupportsIndex

import torch

from firstlight._errors import UsageError
from firstlight._seeds import check_seed

__all__ = ["DTYPES", "Plan", "checked_dtype", "checked_integer", "checked_switch"]

DTYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.uint8)


@dataclass(frozen=True)
class Plan:
    """How an epoch is cut into batches; pure arithmetic, no tensor.

    Parameters
    ----------
    count
        Images in the data set.
    batch_size
        Images in a global batch, over all shards.
    shuffle, seed
        Whether, and from what, each epoch gets its own order.
    drop_last
        Whether a last batch that is not full is left out.
    shard
        ``(i, n)``: this process takes rows i, i + n, i + 2n ... of every global batch.
    """

    count: int
    batch_size: int
    shuffle: bool
    seed: int
    drop_last: bool
    shard: tuple[int, int]

    def __post_init__(self) -> None:
        checked_switch("shuffle", self.shuffle)
        checked_switch("drop_last", self.drop_last)
        check_seed(self.seed)
        _check_shard(self.shard, self.batch_size)
        if self.drop_last and self.count < self.batch_size:
            raise UsageError(
                f"drop_last=True leaves no batch at all: {self.count} images do not fill one batch of "
                f"{self.batch_size}. Use a smaller batch_size or drop_last=False."
            )

    @property
    def batch_count(self) -> int:
        """Batches in an epoch, the same for every shard."""
        full, rest = divmod(self.count, self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    @property
    def image_count(self) -> int:
        """Images in an epoch, over all shards."""
        return min(self.count, self.batch_count * self.batch_size)

    @property
    def local_batch_size(self) -> int:
        """Images of a full batch that belong to this shard."""
        return self.batch_size // self.shard[1]


def checked_integer(name: str, value: SupportsIndex, *, at_least: int, at_most: int | None = None) -> int:
    """Return the value as an int within the bounds; a bool is no number here."""
    wanted = f"{name} is a whole number of at least {at_least}"
    wanted += f" and at most {at_most}" if at_most is not None else ""
    try:
        number = operator.index(value)
    except TypeError:
        raise UsageError(f"{wanted}; got {value!r}.") from None
    if isinstance(value, bool) or number < at_least or (at_most is not None and number > at_most):
        raise UsageError(f"{wanted}; got {value!r}.")
    return number


def checked_switch(name: str, value: bool) -> bool:
    """Return the value if it is True or False."""
    if not isinstance(value, bool):
        raise UsageError(f"{name} is True or False; got {value!r}.")
    return value


def checked_dtype(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype if batches can have it."""
    if dtype not in DTYPES:
        known = ", ".join(str(known) for known in DTYPES)
        raise UsageError(f"Batches cannot have dtype {dtype!r}. Use one of {known}.")
    return dtype


def _check_shard(shard: tuple[int, int], batch_size: int) -> None:
    if not isinstance(shard, tuple) or len(shard) != 2:
        raise UsageError(f"shard is a pair (which, of how many), such as (0, 1); got {shard!r}.")
    shards = checked_integer("the number of shards", shard[1], at_least=1)
    checked_integer("the shard's index", shard[0], at_least=0, at_most=shards - 1)
    if batch_size % shards:
        raise UsageError(
            f"A batch of {batch_size} does not divide evenly among {shards} shards. "
            f"Use a multiple of {shards}, so that the mean over shards is the mean over the batch."
        )
