"""The data of a sweep: loaded once by each process, and the same bytes everywhere."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from firstlight._errors import DataCorruptError
from firstlight.datasets import ImageDataset, load

__all__ = ["DatasetSource", "SplitPair", "data_digest", "portable_source", "sweep_data"]

SplitPair = tuple[ImageDataset, ImageDataset]
DatasetSource = str | Path | SplitPair


def data_digest(pair: SplitPair) -> str:
    """Return the SHA-256 of everything in two splits that a run can see: images, labels, statistics.

    Examples
    --------
    >>> from firstlight import load
    >>> len(data_digest(load("mnist")))
    64
    """
    digest = hashlib.sha256()
    for split in pair:
        facts = (tuple(split.images.shape), split.classes, split.mean, split.std)
        digest.update(repr(facts).encode())
        digest.update(split.images.contiguous().numpy().data)
        digest.update(split.labels.contiguous().numpy().data)
    return digest.hexdigest()


def portable_source(source: DatasetSource, pair: SplitPair) -> DatasetSource:
    """Return what a worker shall load; a path in full, since a cluster's workers start in other folders."""
    is_own = any(part.origin.startswith("own data") for part in pair[0].provenance)
    return source if isinstance(source, tuple) or not is_own else Path(source).expanduser().absolute()


def sweep_data(source: DatasetSource, *, sha256: str) -> SplitPair:
    """Return the splits for a run, loading them on the first call of this process.

    Raises
    ------
    DataError
        They cannot be had on this machine.
    DataCorruptError
        They are other data than the sweep was planned with.
    """
    return source if isinstance(source, tuple) else _loaded(source, sha256)


@lru_cache(maxsize=1)
def _loaded(source: str | Path, sha256: str) -> SplitPair:
    pair = load(source)
    found = data_digest(pair)
    if found != sha256:
        raise DataCorruptError(
            f"{source} holds other data here than where the sweep was started: SHA-256 {found[:12]}... "
            f"in place of {sha256[:12]}... Bring the same files to every machine."
        )
    return pair
