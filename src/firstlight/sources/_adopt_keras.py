"""Copies left by Keras: ``mnist.npz``, whose arrays become IDX again, and Fashion-MNIST's own ``.gz`` files.

The NPZ is opened as the zip file that it is and its arrays are streamed; nothing in it is ever unpickled.
Keras's CIFAR is the pickled archive and is not taken.
"""

from __future__ import annotations

import math
import os
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np

from firstlight._errors import DataCorruptError
from firstlight.sources._cache import CHUNK_BYTES
from firstlight.sources._candidate import Candidate, copies_in, file_size, user_home
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._idx import idx_header
from firstlight.sources._rows import IdxRows, idx_rows

__all__ = ["keras_copies", "npz_copy"]


def keras_copies(file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the copies under ``KERAS_HOME`` or ``~/.keras``."""
    chosen = os.environ.get("KERAS_HOME")
    folder = (Path(chosen).expanduser() if chosen else user_home() / ".keras") / "datasets"
    if file.dataset == "mnist":
        yield from npz_copy(folder / "mnist.npz", file, member)
    if file.dataset == "fashion-mnist":
        yield from copies_in(folder / "fashion-mnist", "keras", file, member)


def npz_copy(path: Path, file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer one array of an NPZ file with Keras's names: ``x_train``, ``y_train``, ``x_test``, ``y_test``."""
    rows = idx_rows(file, member)
    if rows is not None and file_size(path) is not None:
        yield Candidate(Origin("keras", str(path.absolute())), partial(_stream_array, path, rows))


def _stream_array(path: Path, rows: IdxRows, out: BinaryIO) -> None:
    key = f"{'y' if rows.is_labels else 'x'}_{rows.split}"
    with zipfile.ZipFile(path) as archive, archive.open(f"{key}.npy") as array:
        _check_array_header(array, rows, f"{path} ({key})")
        out.write(idx_header(rows.shape))
        # The zip's directory says how long the array is; it is believed no further than the shape goes.
        left = math.prod(rows.shape)
        while chunk := array.read(min(CHUNK_BYTES, left)):
            out.write(chunk)
            left -= len(chunk)


def _check_array_header(array: IO[bytes], rows: IdxRows, name: str) -> None:
    """Read the header of an ``.npy`` stream and refuse all but the bytes wanted, in C order."""
    version = np.lib.format.read_magic(array)
    if version != (1, 0):  # later ones are for headers of up to 4 GB, which no plain array needs
        raise DataCorruptError(f"{name} is an array of format version {version}, not (1, 0)")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(array)
    if (shape, is_fortran, dtype) != (rows.shape, False, np.dtype(np.uint8)):
        raise DataCorruptError(f"{name} is {dtype} of shape {shape}, not uint8 of shape {rows.shape}")
