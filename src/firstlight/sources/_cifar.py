"""CIFAR's binary files: records of one or two label bytes and the planes of red, green and blue.

CIFAR-10 has one label byte, CIFAR-100 a coarse and a fine one. The pickled edition of the same data is never
opened, because a pickle can run code.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.sources._sniff import describe_bytes

__all__ = ["read_cifar"]

IMAGE_SHAPE = (3, 32, 32)
IMAGE_BYTES = 3 * 32 * 32
# Number of classes that each label byte tells apart, by the number of label bytes.
CLASS_COUNTS = {1: (10,), 2: (20, 100)}


def read_cifar(paths: Sequence[str | Path], *, label_bytes: int) -> tuple[np.ndarray, np.ndarray]:
    """Read CIFAR binary files, one after the other, as images and labels.

    One file is mapped copy-on-write and costs no copy: its images are a view with a stride of one record.
    Several files are copied once into memory (about 45 ms for the five of CIFAR-10), because no view can
    reach over two files. It checks labels and sizes, not hashes.

    Parameters
    ----------
    paths
        The ``.bin`` files, in the order in which their images are wanted.
    label_bytes
        1 for CIFAR-10, 2 for CIFAR-100 (coarse, then fine).

    Returns
    -------
    images : numpy.ndarray
        uint8, shape [n, 3, 32, 32].
    labels : numpy.ndarray
        uint8, shape [n, label_bytes].

    Raises
    ------
    DataMissingError
        One of the files is not there.
    DataCorruptError
        A size is not a whole number of records, or a label is out of range.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     record = Path(folder) / "one.bin"
    ...     _ = record.write_bytes(bytes([7]) + bytes(3072))
    ...     images, labels = read_cifar([record], label_bytes=1)
    >>> images.shape, labels.tolist()
    ((1, 3, 32, 32), [[7]])
    """
    if label_bytes not in CLASS_COUNTS:
        raise UsageError(f"label_bytes is 1 for CIFAR-10 and 2 for CIFAR-100; got {label_bytes!r}.")
    if not paths:
        raise UsageError("read_cifar needs at least one file; got none.")
    records = [_map_records(Path(path), label_bytes) for path in paths]
    # Labels are copied in any case: a column of a mapping would keep the whole file's pages busy.
    labels = np.concatenate([part[:, :label_bytes] for part in records])
    views = [part[:, label_bytes:].reshape(-1, *IMAGE_SHAPE) for part in records]
    return (views[0] if len(views) == 1 else np.concatenate(views)), labels


def _map_records(path: Path, label_bytes: int) -> np.ndarray:
    """Map one file as uint8 [n, label_bytes + 3072] and check its labels."""
    record_bytes = label_bytes + IMAGE_BYTES
    try:
        size_bytes = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataMissingError(f"There is no CIFAR file at {path}.") from error
    if size_bytes == 0 or size_bytes % record_bytes:
        with path.open("rb") as file:
            reason = describe_bytes(file.read(64))
        raise DataCorruptError(
            f"{path} has {size_bytes:,} bytes, which is no whole number of records of {record_bytes:,} "
            f"bytes; {reason}. Get the file again, and check label_bytes={label_bytes}."
        )
    records = np.asarray(np.memmap(path, np.uint8, mode="c")).reshape(-1, record_bytes)
    for column, class_count in enumerate(CLASS_COUNTS[label_bytes]):
        worst = int(records[:, column].argmax())
        if records[worst, column] >= class_count:
            raise DataCorruptError(
                f"{path}: record {worst:,} has label {records[worst, column]}, where 0 to {class_count - 1} "
                "are possible. The file is damaged or is not CIFAR's binary edition."
            )
    return records
