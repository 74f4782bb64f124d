"""Copies left by Hugging Face's libraries: Parquet tables of PNG pictures, and KMNIST's own ``.gz`` files.

The pictures become IDX or CIFAR records again. Without pyarrow (the extra ``parquet``) nothing is offered.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from firstlight._errors import DataCorruptError
from firstlight.sources._candidate import Candidate, copies_in, file_size, user_home
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._idx import idx_header
from firstlight.sources._rows import idx_rows

__all__ = ["huggingface_copies", "parquet_copy"]

ROWS_AT_ONCE = 1000
# A table is refused where its own account of itself says more than this many bytes a row.
MOST_ROW_BYTES = 16_384


@dataclass(frozen=True)
class _Table:
    """A data set as it lies on the Hub: repositories, and the columns that make up a record."""

    repositories: tuple[str, ...]
    image: str = "image"
    labels: tuple[str, ...] = ("label",)
    mode: str = "L"
    size: tuple[int, int] = (28, 28)


TABLES = {
    "mnist": _Table(("ylecun/mnist", "mnist")),
    "fashion-mnist": _Table(("zalando-datasets/fashion_mnist", "fashion_mnist")),
    "cifar10": _Table(("uoft-cs/cifar10", "cifar10"), "img", ("label",), "RGB", (32, 32)),
    "cifar100": _Table(
        ("uoft-cs/cifar100", "cifar100"), "img", ("coarse_label", "fine_label"), "RGB", (32, 32)
    ),
}
RAW_FILES = {"kmnist": "tanganke/kmnist"}


@dataclass(frozen=True)
class _Rows:
    """Which rows of which split make up a member, and what is written of each."""

    split: str
    start: int
    stop: int
    header: bytes
    with_image: bool
    with_labels: bool


def huggingface_copies(file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the copies under ``HF_HUB_CACHE``, ``HF_HOME`` or ``~/.cache/huggingface``."""
    if file.dataset in RAW_FILES:
        for folder in _snapshots(RAW_FILES[file.dataset]):
            yield from copies_in(folder / "raw", "huggingface", file, member)
    table, rows = TABLES.get(file.dataset), _rows(file, member)
    if table is not None and rows is not None:
        for repository in table.repositories:
            for snapshot in _snapshots(repository):
                for folder in sorted({path.parent for path in snapshot.glob(f"**/{rows.split}-*.parquet")}):
                    yield from parquet_copy(sorted(folder.glob(f"{rows.split}-*.parquet")), file, member)


def _snapshots(repository: str) -> Iterator[Path]:
    environ = os.environ
    cache = Path(environ.get("XDG_CACHE_HOME") or user_home() / ".cache") / "huggingface"
    hub = Path(environ.get("HF_HOME") or cache).expanduser() / "hub"
    chosen = environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE")
    folder = Path(chosen or hub).expanduser() / f"datasets--{repository.replace('/', '--')}" / "snapshots"
    yield from sorted(folder.glob("*"))


def parquet_copy(shards: list[Path], file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the rows of a table in one or more Parquet files that make up a member."""
    rows = _rows(file, member)
    if (
        rows is not None
        and shards
        and all(file_size(path) is not None for path in shards)
        and importlib.util.find_spec("pyarrow") is not None
    ):
        stream = partial(_stream_rows, shards, TABLES[file.dataset], rows)
        yield Candidate(Origin("huggingface", str(shards[0].absolute())), stream)


def _rows(file: DataFile, member: Member) -> _Rows | None:
    """Plan which rows are read; None where the member's own hash could not vouch for them."""
    if (idx := idx_rows(file, member)) is not None:
        header = idx_header(idx.shape)
        return _Rows(idx.split, 0, idx.count, header, not idx.is_labels, idx.is_labels)
    if member.sha256 is None or member.size_bytes is None or not file.dataset.startswith("cifar"):
        return None
    batch = re.fullmatch(r"data_batch_([1-5])\.bin|train\.bin|(test(?:_batch)?\.bin)", member.name)
    if batch is None:
        return None
    count = member.size_bytes // (len(TABLES[file.dataset].labels) + 3072)
    start = (int(batch[1]) - 1) * count if batch[1] else 0
    return _Rows("test" if batch[2] else "train", start, start + count, b"", True, True)


def _stream_rows(shards: list[Path], table: _Table, rows: _Rows, out: BinaryIO) -> None:
    out.write(rows.header)
    columns = [*([table.image] if rows.with_image else []), *(table.labels if rows.with_labels else [])]
    done = 0
    for row in islice(_table_rows(shards, columns), rows.start, rows.stop):
        done += 1
        out.write(bytes(row[name] for name in columns if name != table.image))
        if rows.with_image:
            out.write(_pixels((row[table.image] or {}).get("bytes"), table))
    if done != rows.stop - rows.start:
        raise DataCorruptError(f"{shards[0]} has {rows.start + done} rows, {rows.stop} are needed")


def _table_rows(shards: list[Path], columns: list[str]) -> Iterator[dict[str, Any]]:
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        for path in shards:
            with parquet.ParquetFile(path) as file:
                _check_table(file, path)
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=columns):
                    yield from batch.to_pylist()
    except pyarrow.ArrowException as error:
        raise DataCorruptError(f"{shards[0]} is not a readable Parquet table: {error}") from error


def _check_table(file: Any, path: Path) -> None:
    """Refuse a table that says it unpacks to far more than small pictures take."""
    meta = file.metadata
    total = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
    if total > (meta.num_rows + 1) * MOST_ROW_BYTES:
        raise DataCorruptError(f"{path} claims {total:,} bytes for {meta.num_rows:,} small pictures")


def _pixels(png: bytes | None, table: _Table) -> bytes:
    from PIL import Image

    if not isinstance(png, bytes):
        raise DataCorruptError("a row has no picture")
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
            found = (picture.mode, picture.size)
            planes = (
                [plane.tobytes() for plane in picture.split()] if found == (table.mode, table.size) else []
            )
    except (SyntaxError, OSError, Image.DecompressionBombError) as error:
        raise DataCorruptError(f"a picture cannot be decoded: {error}") from error
    if not planes:
        raise DataCorruptError(f"a picture is {found[0]} {found[1]}, not {table.mode} {table.size}")
    return b"".join(planes)
