"""MNIST's columns out of QMNIST's label files. Oracle: what QMNIST's paper says of them, and MNIST's labels."""

from __future__ import annotations

import pytest
import torch

import firstlight as fl
from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets._columns import QMNIST_COLUMNS

pytestmark = pytest.mark.usefixtures("needs_data")


@pytest.fixture(scope="module")
def traced(needs_data) -> tuple[fl.ImageDataset, fl.ImageDataset]:
    return fl.load("mnist", columns=True)


def test_all_columns_are_there(traced):
    for data in traced:
        assert tuple(data.columns) == QMNIST_COLUMNS
        assert all(
            column.dtype == torch.int64 and len(column) == len(data) for column in data.columns.values()
        )


def test_the_class_is_the_label(traced):
    for data in traced:
        assert torch.equal(data.columns["class"], data.labels)
        assert torch.equal(data.columns["nist_class"], data.labels + 30)
        assert int(data.columns["duplicate_of"].abs().max()) == 0


def test_the_writers_of_train_and_test_differ(traced):
    train, test = (set(data.columns["writer"].tolist()) for data in traced)
    assert (len(train), len(test)) == (539, 297)
    assert not train & test


def test_no_digit_occurs_twice(traced):
    both = torch.cat([data.columns["global_index"] for data in traced])
    assert len(both.unique()) == 70_000


def test_half_of_the_test_digits_are_by_students(traced):
    series = traced[1].columns["series"]
    assert torch.bincount(series).tolist()[0] == 4_999
    assert set(series.tolist()) == {0, 4}


def test_columns_come_along_with_a_subset(traced):
    test = traced[1]
    part = test.subset(torch.nonzero(test.columns["writer"] == int(test.columns["writer"][0])).flatten())
    assert len(part.columns["writer"].unique()) == 1


def test_one_column_by_name():
    train, _ = fl.load("mnist", columns=["writer"])
    assert list(train.columns) == ["writer"]
    assert train.provenance[-1].file == "qmnist-train-labels-idx2-int"


def test_without_asking_no_file_is_read_for_columns(mnist):
    assert not mnist[0].columns
    assert len(mnist[0].provenance) == 2


def test_an_unknown_column_is_refused():
    with pytest.raises(UnknownNameError, match=r"no column 'writers'\. Did you mean 'writer'"):
        fl.load("mnist", columns=["writers"])


def test_columns_of_a_data_set_without_any_are_refused():
    with pytest.raises(UsageError, match="fashion-mnist has no columns"):
        fl.load("fashion-mnist", columns=True)


def test_a_bare_name_is_refused():
    with pytest.raises(UsageError, match=r"Write columns=\['writer'\]"):
        fl.load("mnist", columns="writer")


def test_columns_and_corrections_go_together():
    _, test = fl.load("mnist", columns=["writer"], corrections="verified")
    assert list(test.columns) == ["writer", "index", "given"]
    assert len(test) == 9_995
