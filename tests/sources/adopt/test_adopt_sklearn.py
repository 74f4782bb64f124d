"""What scikit-learn leaves of OpenML, by behaviour: the table is built anew from the real bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from firstlight._errors import DataCorruptError
from firstlight.sources import read_idx

TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"
TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"


@pytest.mark.parametrize("name", ["52667.gz", "52667/mnist_784.arff.gz"])
def test_scikit_learn(kit, mnist: dict[str, Path], tmp_path: Path, name: str, arff_table: bytes) -> None:
    path = kit.put(tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download" / name, arff_table)
    for member in (TRAIN_LABELS, TEST_LABELS, TEST_IMAGES):
        (candidate,) = kit.copies("mnist", member)
        assert (candidate.origin.kind, Path(candidate.origin.detail)) == ("sklearn", path)
        assert kit.decoded(candidate) == mnist[member].read_bytes()
    with pytest.raises(DataCorruptError, match="rows that are not 784 pixels"):
        kit.decoded(kit.copies("mnist", TRAIN_IMAGES)[0])  # only its labels are real in this table


@pytest.mark.slow
def test_scikit_learn_gives_all_60000_images_of_train(kit, mnist: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz"
    kit.arff(path, read_idx(mnist[TRAIN_IMAGES]), read_idx(mnist[TRAIN_LABELS]), fill=np.empty(0))
    (candidate,) = kit.copies("mnist", TRAIN_IMAGES)
    assert kit.decoded(candidate) == mnist[TRAIN_IMAGES].read_bytes()


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (b"no table at all", "not an ARFF table"),
        (b"@DATA\n" + b"0," * 10_000, r"has \d+ rows, 70000 are needed"),
        (b"@DATA\n" + b"0,x\n" * 70_000, "cannot be read"),
        (b"@DATA\n" + b"0,3\n" * 69_999, "has 69999 rows, 70000 are needed"),
    ],
)
def test_a_bad_arff_is_refused(kit, tmp_path: Path, table: bytes, match: str) -> None:
    kit.put(
        tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz", gzip.compress(table)
    )
    (candidate,) = kit.copies("mnist", TEST_LABELS)
    with pytest.raises(DataCorruptError, match=match):
        kit.decoded(candidate)


@pytest.mark.parametrize(
    "row",
    ["0," * 783 + "256", "0," * 783 + "x", "0," * 782 + "0", "0," * 784 + "0", "," * 783, "0," * 783 + "1.5"],
)
def test_rows_that_are_not_pixels_are_refused(kit, tmp_path: Path, row: str) -> None:
    table = "@DATA\n" + "0,1\n" * 60_000 + f"{row},7\n" * 10_000
    kit.put(
        tmp_path / "user/scikit_learn_data/openml/openml.org/data/v1/download/52667.gz",
        gzip.compress(table.encode(), 1),
    )
    (candidate,) = kit.copies("mnist", TEST_IMAGES)
    with pytest.raises(DataCorruptError, match="rows that are not 784 pixels of 0 to 255"):
        kit.decoded(candidate)
