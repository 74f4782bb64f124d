"""CIFAR's binary reader, by behaviour, against records built by hand and against NumPy's own slicing as oracle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.sources._cifar import read_cifar


def make_records(count: int, *, label_bytes: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    records = rng.integers(0, 256, (count, label_bytes + 3072), dtype=np.uint8)
    for column, classes in enumerate({1: (10,), 2: (20, 100)}[label_bytes]):
        records[:, column] = rng.integers(0, classes, count)
    return records


def write(path: Path, records: np.ndarray) -> Path:
    path.write_bytes(records.tobytes())
    return path


@pytest.mark.parametrize("label_bytes", [1, 2])
@pytest.mark.parametrize("file_count", [1, 3])
def test_images_and_labels_come_in_the_order_of_the_files(
    tmp_path: Path, label_bytes: int, file_count: int
) -> None:
    parts = [make_records(7, label_bytes=label_bytes, seed=seed) for seed in range(file_count)]
    paths = [write(tmp_path / f"{number}.bin", part) for number, part in enumerate(parts)]
    images, labels = read_cifar(paths, label_bytes=label_bytes)
    whole = np.concatenate(parts)
    assert images.dtype == labels.dtype == np.uint8
    assert images.shape == (7 * file_count, 3, 32, 32)
    np.testing.assert_array_equal(images.reshape(len(whole), -1), whole[:, label_bytes:])
    np.testing.assert_array_equal(labels, whole[:, :label_bytes])


def test_pixels_are_whole_planes_row_by_row(tmp_path: Path) -> None:
    record = np.zeros((1, 3073), dtype=np.uint8)
    record[0, 1 + 2 * 1024 + 5 * 32 + 6] = 200  # blue plane, row 5, column 6
    images, _ = read_cifar([write(tmp_path / "one.bin", record)], label_bytes=1)
    assert [tuple(index) for index in np.argwhere(images)] == [(0, 2, 5, 6)]


def test_one_file_is_a_view_and_never_changes_on_disk(tmp_path: Path) -> None:
    path = write(tmp_path / "one.bin", make_records(3, label_bytes=1))
    before = path.read_bytes()
    images, _ = read_cifar([path], label_bytes=1)
    assert images.strides[0] == 3073
    torch.from_numpy(images).zero_()  # warnings are errors here: a read-only array would warn
    assert not images.any()
    assert path.read_bytes() == before


@pytest.mark.parametrize("size", [0, 1, 3072, 3074, 3073 * 2 - 1])
def test_a_size_that_is_no_whole_number_of_records_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "short.bin"
    path.write_bytes(bytes(size))
    with pytest.raises(
        DataCorruptError, match=r"short\.bin has [\d,]+ bytes, which is no whole number of records"
    ):
        read_cifar([path], label_bytes=1)


def test_a_web_page_is_called_one(tmp_path: Path) -> None:
    path = tmp_path / "page.bin"
    path.write_bytes(b"<!DOCTYPE html><html>Not found</html>")
    with pytest.raises(DataCorruptError, match="HTML, a web page"):
        read_cifar([path], label_bytes=1)


@pytest.mark.parametrize(("label_bytes", "column", "label"), [(1, 0, 10), (2, 0, 20), (2, 1, 100)])
def test_a_label_out_of_range_is_named_with_its_record(
    tmp_path: Path, label_bytes: int, column: int, label: int
) -> None:
    records = make_records(5, label_bytes=label_bytes)
    records[3, column] = label
    path = write(tmp_path / "bad.bin", records)
    with pytest.raises(DataCorruptError, match=rf"record 3 has label {label}, where 0 to {label - 1}"):
        read_cifar([path], label_bytes=label_bytes)


def test_the_other_data_set_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "cifar100.bin", make_records(4, label_bytes=2))
    with pytest.raises(DataCorruptError, match="check label_bytes=1"):
        read_cifar([path], label_bytes=1)


def test_a_missing_file_and_senseless_arguments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no CIFAR file at"):
        read_cifar([tmp_path / "none.bin"], label_bytes=1)
    with pytest.raises(UsageError, match="1 for CIFAR-10 and 2 for CIFAR-100; got 3"):
        read_cifar([tmp_path / "none.bin"], label_bytes=3)
    with pytest.raises(UsageError, match="at least one file"):
        read_cifar([], label_bytes=1)
