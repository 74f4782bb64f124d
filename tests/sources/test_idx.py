"""The IDX reader and writer: round trips (invariance), hand-made bytes (oracle), and lying files (behaviour)."""

from __future__ import annotations

import gzip
import io
import re
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.sources._idx import read_idx, write_idx

TYPES = ["uint8", "int8", "int16", "int32", "float32", "float64"]
arrays = st.sampled_from(TYPES).flatmap(
    lambda name: npst.arrays(
        np.dtype(name), npst.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5), elements=None
    )
)


def header(code: int, *shape: int) -> bytes:
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)


def put(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(array=arrays, byte_order=st.sampled_from("<>"), zipped=st.booleans())
def test_what_is_written_is_read_back_bit_for_bit(
    tmp_path: Path, array: np.ndarray, byte_order: str, zipped: bool
) -> None:
    file = io.BytesIO()
    write_idx(file, array.astype(array.dtype.newbyteorder(byte_order)))
    data = gzip.compress(file.getvalue()) if zipped else file.getvalue()
    back = read_idx(put(tmp_path, data), expect_ndim=array.ndim)
    assert back.dtype == array.dtype
    assert back.dtype.isnative
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()  # bytes, because NaN is not equal to itself
    assert back.flags.writeable


@pytest.mark.parametrize(
    ("code", "payload", "expected"),
    [
        (0x08, "00 ff", [0, 255]),
        (0x09, "7f 80", [127, -128]),
        (0x0B, "0102 8000", [258, -32768]),
        (0x0C, "00000102 80000000", [258, -(2**31)]),
        (0x0D, "3f800000 c0000000", [1.0, -2.0]),
        (0x0E, "3ff0000000000000 c000000000000000", [1.0, -2.0]),
    ],
)
def test_every_type_code_means_what_the_format_says(
    tmp_path: Path, code: int, payload: str, expected: list[float]
) -> None:
    assert read_idx(put(tmp_path, header(code, 2) + bytes.fromhex(payload))).tolist() == expected


def test_a_transposed_array_is_written_in_its_logical_order(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4).transpose(0, 2, 1)
    file = io.BytesIO()
    write_idx(file, array)
    np.testing.assert_array_equal(read_idx(put(tmp_path, file.getvalue())), array)


def test_bytes_are_mapped_and_the_file_never_changes(tmp_path: Path) -> None:
    data = header(0x08, 2, 3) + bytes(range(6))
    path = put(tmp_path, data)
    array = read_idx(path)
    torch.from_numpy(array).fill_(9)  # warnings are errors here: a read-only array would warn
    assert array.tolist() == [[9] * 3] * 2
    assert path.read_bytes() == data


def test_a_large_file_is_not_read_until_used(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(header(0x08, 1 << 30))
        file.truncate(8 + (1 << 30))  # sparse: no disk is used
    assert peak_bytes(path) < 1 << 20
    assert read_idx(path).shape == (1 << 30,)


def peak_bytes(path: Path) -> int:
    """Most memory that reading takes; NumPy reports its arrays to tracemalloc, a mapping is none."""
    tracemalloc.start()
    try:
        read_idx(path)
    except DataCorruptError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    "shape",
    [
        (2**32 - 1,),
        (2**32 - 1, 28, 28),
        (2**32 - 1, 2**32 - 1),  # the product does not fit 64 bits
        (2**32 - 1,) * 8,
        (2**31, 2, 2**32 - 1, 1),
        (60000, 28, 28),
    ],
)
@pytest.mark.parametrize("code", [0x08, 0x0E])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_lying_header_is_refused_before_anything_is_allocated(
    tmp_path: Path, shape: tuple[int, ...], code: int, zipped: bool
) -> None:
    data = header(code, *shape) + bytes(784)
    path = put(tmp_path, gzip.compress(data) if zipped else data)
    with pytest.raises(DataCorruptError, match=r"does not match its IDX header|claims the impossible shape"):
        read_idx(path)
    assert peak_bytes(path) < 1 << 20


def test_a_zero_does_not_hide_an_impossible_shape(tmp_path: Path) -> None:
    path = put(tmp_path, header(0x08, 0, 2**32 - 1, 2**32 - 1, 2**32 - 1))
    with pytest.raises(DataCorruptError, match="claims the impossible shape"):
        read_idx(path)


def test_a_gzip_bomb_is_not_inflated(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(header(0x08, 100) + bytes(64 << 20)))
    with pytest.raises(DataCorruptError, match="the gzip holds more"):
        read_idx(path)
    assert peak_bytes(path) < 4 << 20


@pytest.mark.parametrize("zipped", [False, True])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, zipped: bool) -> None:
    whole = header(0x08, 2, 2, 2) + bytes(range(8))
    for cut in range(len(whole)):
        path = put(tmp_path, gzip.compress(whole[:cut]) if zipped else whole[:cut])
        with pytest.raises(
            DataCorruptError, match=r"not an IDX file|ends inside its IDX header|does not match"
        ):
            read_idx(path)


def test_a_gzip_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(header(0x08, 2, 2, 2) + bytes(range(8)), mtime=0)
    for cut in range(2, len(whole)):
        with pytest.raises(DataCorruptError, match="broken gzip"):
            read_idx(put(tmp_path, whole[:cut]))


def test_a_gzip_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(header(0x08, 64) + bytes(range(64)), mtime=0))
    whole[-6] ^= 1  # in the checksum
    with pytest.raises(DataCorruptError, match="broken gzip"):
        read_idx(put(tmp_path, bytes(whole)))


def test_trailing_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataCorruptError, match=r"takes 12 bytes, the file has 13"):
        read_idx(put(tmp_path, header(0x08, 4) + bytes(5)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (
            gzip.compress(gzip.compress(header(0x08, 0), mtime=0), mtime=0),
            "this is gzip: decompress it first",
        ),
        (b"<!DOCTYPE html><title>404</title>", "this is HTML, a web page"),
        (b"\n  <html><body>sign in</body></html>", "this is HTML, a web page"),
        (b"PAR1" + bytes(20), "this is a Parquet file"),
        (b"PK\x03\x04" + bytes(20), "this is a zip or NPZ file"),
        (b"\x93NUMPY\x01\x00", r"numpy\.load"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS pointer"),
        (b"\x80\x04\x95" + bytes(20), "pickle, which can run code and is never opened"),
        (b"hello", "the file begins with 68 65 6c 6c"),
        (b"\x03\x08\x00\x00" + bytes(8), "the file begins with 03 08 00 00"),
        (header(0x0A, 1) + b"x", "type code 0x0a with 1 dimension"),
        (bytes([0, 0, 8, 0]), r"type code 0x08 with 0 dimension"),
        (bytes([0, 0, 8, 255]) + bytes(1020), r"type code 0x08 with 255 dimension"),
    ],
)
def test_another_kind_of_file_is_called_what_it_is(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(DataCorruptError, match=rf"file is not an IDX file: .*{reason}"):
        read_idx(put(tmp_path, data))


def test_exchanged_files_are_noticed_by_their_dimensions(tmp_path: Path) -> None:
    path = put(tmp_path, header(0x08, 3) + bytes(3))
    with pytest.raises(DataCorruptError, match=re.escape("shape (3,), where 3 are needed")):
        read_idx(path, expect_ndim=3)


def test_a_missing_file_and_a_folder_are_missing(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(DataMissingError, match="no IDX file at"):
            read_idx(path)


@pytest.mark.parametrize("name", ["int64", "bool", "uint16", "complex64"])
def test_types_that_idx_cannot_hold_are_refused(name: str) -> None:
    file = io.BytesIO()
    with pytest.raises(UsageError, match=rf"IDX cannot hold {name}.*possible: uint8, int8"):
        write_idx(file, np.zeros(2, dtype=name))
    assert file.getvalue() == b""


def test_a_number_without_dimensions_is_refused() -> None:
    with pytest.raises(UsageError, match=r"1 to 16 dimensions.*got shape \(\)"):
        write_idx(io.BytesIO(), np.zeros((), np.uint8))
