"""IDX, the format MNIST is published in: a magic number, the dimensions, the numbers, all big-endian.

::

    00 00 08 03   0000ea60   0000001c   0000001c   00 00 00 ...
    magic: type   60,000     28         28         the pixels
    and ndim

A header is only a claim. It is held against the size of the file before anything is allocated.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.sources._sniff import describe_bytes

__all__ = ["idx_header", "read_idx", "write_idx"]

DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MAX_NDIM = 16  # the format allows 255, NumPy 1 stops at 32, no data set has more than 4
MAX_INFLATION = 1032  # deflate's own limit: no stream grows by more than this
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class _Header:
    """What an IDX header claims."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def offset(self) -> int:
        return 4 + 4 * len(self.shape)

    @property
    def file_bytes(self) -> int:
        return self.offset + math.prod(self.shape) * self.dtype.itemsize


def read_idx(path: str | Path, *, expect_ndim: int | None = None) -> np.ndarray:
    """Read an IDX file, memory-mapped where its bytes can be used as they are.

    Bytes (type codes 0x08 and 0x09) are mapped copy-on-write: opening takes microseconds, and writing into
    the array never reaches the file. Wider types and gzip files are decoded into memory. It does not check
    what the numbers mean.

    Parameters
    ----------
    path
        An IDX file, plain or gzip; which of the two is seen from its first bytes, not from its name.
    expect_ndim
        Number of dimensions the file must have, such as 3 for images and 1 for labels; ``None`` takes any.

    Returns
    -------
    numpy.ndarray
        Of the file's shape and type, in the machine's byte order, writable.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataCorruptError
        The file is not IDX, is shorter or longer than its header says, or has another number of dimensions.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open(f"{folder}/labels", "wb") as file:
    ...     write_idx(file, np.array([5, 0, 4], dtype=np.uint8))
    ...     file.close()
    ...     read_idx(f"{folder}/labels").tolist()
    [5, 0, 4]
    """
    path = Path(path)
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise DataMissingError(f"There is no IDX file at {path}.") from error
    with file:
        is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        array = _read_gzip(file, path) if is_gzip else _read_plain(file, path)
    if expect_ndim is not None and array.ndim != expect_ndim:
        raise DataCorruptError(
            f"{path} has {array.ndim} dimension(s), shape {array.shape}, where {expect_ndim} are needed. "
            "Were the files of images and labels exchanged?"
        )
    return array


def _read_plain(file: BinaryIO, path: Path) -> np.ndarray:
    header = _read_header(file, path)
    actual_bytes = os.fstat(file.fileno()).st_size
    if actual_bytes != header.file_bytes:
        _refuse_size(path, header, f"the file has {actual_bytes:,}")
    if math.prod(header.shape) == 0:  # nothing can be mapped
        return np.empty(header.shape, header.dtype.newbyteorder("="))
    # Mapped from the open file, not from the path again: what was checked is what is used.
    mapped = np.memmap(file, header.dtype, mode="c", offset=header.offset, shape=header.shape)
    return np.asarray(mapped.astype(header.dtype.newbyteorder("="), copy=False))


def _read_gzip(file: BinaryIO, path: Path) -> np.ndarray:
    compressed_bytes = os.fstat(file.fileno()).st_size
    try:
        with gzip.GzipFile(fileobj=file) as decoded:
            header = _read_header(decoded, path)  # type: ignore[arg-type]  # a GzipFile reads like any file
            if header.file_bytes > MAX_INFLATION * compressed_bytes:
                _refuse_size(path, header, f"{compressed_bytes:,} bytes of gzip cannot hold that many")
            # One byte too many is asked for, so that a longer stream shows itself. Grows with what comes.
            payload = bytearray()
            wanted = header.file_bytes - header.offset + 1
            while chunk := decoded.read(min(CHUNK_BYTES, wanted - len(payload))):
                payload += chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataCorruptError(f"{path} is a broken gzip file ({error}). Get the file again.") from error
    if len(payload) != wanted - 1:
        held = "more" if len(payload) == wanted else f"{header.offset + len(payload):,}"
        _refuse_size(path, header, f"the gzip holds {held}")
    array = np.frombuffer(payload, header.dtype).reshape(header.shape)
    return array.astype(header.dtype.newbyteorder("="), copy=False)


def _read_header(file: BinaryIO, path: Path) -> _Header:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in DTYPES or not 1 <= magic[3] <= MAX_NDIM:
        _refuse_magic(path, magic + file.read(60))
    ndim = magic[3]
    dimensions = file.read(4 * ndim)
    if len(dimensions) < 4 * ndim:
        raise DataCorruptError(
            f"{path} ends inside its IDX header: {ndim} dimension(s) take {4 + 4 * ndim} bytes, "
            f"the file has {4 + len(dimensions)}. Get the file again."
        )
    header = _Header(np.dtype(DTYPES[magic[2]]), struct.unpack(f">{ndim}I", dimensions))
    # Dimensions of zero hide the others from the product, but not from NumPy.
    if math.prod(size or 1 for size in header.shape) * header.dtype.itemsize >= 2**63:
        raise DataCorruptError(f"{path} claims the impossible shape {header.shape}. Get the file again.")
    return header


def _refuse_magic(path: Path, start: bytes) -> NoReturn:
    if start[:2] == b"\0\0" and len(start) >= 4:
        known = ", ".join(f"0x{code:02x}" for code in DTYPES)
        reason = (
            f"type code 0x{start[2]:02x} with {start[3]} dimension(s); "
            f"known are {known} with 1 to {MAX_NDIM} dimensions"
        )
    else:
        reason = describe_bytes(start)
    raise DataCorruptError(f"{path} is not an IDX file: {reason}.")


def _refuse_size(path: Path, header: _Header, got: str) -> NoReturn:
    raise DataCorruptError(
        f"{path} does not match its IDX header: shape {header.shape} of {header.dtype.name} takes "
        f"{header.file_bytes:,} bytes, {got}. Get the file again."
    )


def write_idx(file: BinaryIO, array: np.ndarray) -> None:
    """Write an array as IDX into an open binary file; `read_idx` gives it back bit for bit.

    It does not close, flush or rename the file, and converts no type: what cannot be told exactly is refused.

    Parameters
    ----------
    file
        Open for writing bytes; anything with ``write``.
    array
        uint8, int8, int16, int32, float32 or float64, of 1 to 16 dimensions, any byte order and layout.

    Raises
    ------
    UsageError
        IDX cannot hold this type or this number of dimensions.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> write_idx(file, np.array([7, 2], dtype=np.uint8))
    >>> file.getvalue().hex(" ")
    '00 00 08 01 00 00 00 02 07 02'
    """
    file.write(idx_header(array.shape, array.dtype))
    if array.size:
        flat = np.ascontiguousarray(array, array.dtype.newbyteorder(">")).reshape(-1)
        file.write(flat.view(np.uint8).data)


def idx_header(shape: tuple[int, ...], dtype: np.dtype[Any] | type[np.generic] = np.uint8) -> bytes:
    """Return the bytes that begin the IDX file of an array of this shape and type.

    Raises
    ------
    UsageError
        IDX cannot hold this type or this number of dimensions.

    Examples
    --------
    >>> idx_header((60000, 28, 28)).hex(" ", 4)
    '00000803 0000ea60 0000001c 0000001c'
    """
    wanted = np.dtype(dtype).newbyteorder(">")
    code = next((code for code, name in DTYPES.items() if np.dtype(name) == wanted), None)
    if code is None:
        raise UsageError(
            f"IDX cannot hold {np.dtype(dtype)}. Convert first, for example array.astype('uint8'); "
            f"possible: {', '.join(np.dtype(name).name for name in DTYPES.values())}."
        )
    if not 1 <= len(shape) <= MAX_NDIM or max(shape) >= 2**32:
        raise UsageError(
            f"IDX holds 1 to {MAX_NDIM} dimensions below 2**32; got shape {shape}. Reshape first."
        )
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
