"""Parts and folds: invariances for any labels, the published sequence of splitmix64, and pinned hashes."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from firstlight._errors import UsageError
from firstlight.datasets import canonical_indices, fold_indices, part_indices, stratified_order
from firstlight.datasets._splits import GOLDEN, _mix

LABELS = st.lists(st.integers(0, 4), min_size=1, max_size=120).map(torch.tensor)


def digest(indices: torch.Tensor) -> str:
    return hashlib.sha256(indices.numpy().astype("<i8").tobytes()).hexdigest()


def test_the_hash_is_splitmix64():
    # The first three numbers of splitmix64 with the state 1234567, as its authors' C code prints them.
    states = np.array([1234567], dtype=np.uint64) + np.arange(3, dtype=np.uint64) * GOLDEN
    assert _mix(states).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@settings(deadline=None)
@given(LABELS, st.integers(0, 2**63 - 1))
def test_the_order_is_a_permutation_whose_prefixes_are_stratified(labels, seed):
    order = stratified_order(labels, seed=seed)
    assert sorted(order.tolist()) == list(range(len(labels)))
    total = torch.bincount(labels).double()
    for size in range(1, len(labels) + 1):
        counts = torch.bincount(labels[order[:size]], minlength=len(total))
        assert ((counts - size * total / len(labels)).abs() <= len(total)).all()
        assert (counts <= torch.ceil(total * size / len(labels)) + 1).all()


@settings(deadline=None)
@given(LABELS.filter(lambda labels: len(labels) >= 3), st.integers(0, 99))
def test_parts_share_nothing_and_leave_nothing(labels, seed):
    parts = part_indices(labels, [1, 1], seed=seed)
    assert sorted(torch.cat(parts).tolist()) == list(range(len(labels)))
    assert [len(part) for part in parts] == [1, 1, len(labels) - 2]
    assert all(part.tolist() == sorted(part.tolist()) for part in parts)


def test_each_class_is_within_one_image_of_its_share():
    labels = torch.cat([torch.full((count,), label) for label, count in enumerate([5923, 892, 17, 640])])
    for part, share in zip(part_indices(labels, [0.5, 0.3]), [0.5, 0.3, 0.2], strict=True):
        counts = torch.bincount(labels[part], minlength=4)
        assert ((counts - share * torch.bincount(labels)).abs() <= 1).all()


@settings(deadline=None)
@given(st.integers(2, 6), st.integers(0, 99))
def test_folds_share_nothing_and_leave_nothing(count, seed):
    labels = torch.arange(60) % 7
    folds = fold_indices(labels, count, seed=seed)
    assert sorted(torch.cat(folds).tolist()) == list(range(60))
    assert max(map(len, folds)) - min(map(len, folds)) <= 1
    per_class = torch.stack([torch.bincount(labels[fold], minlength=7) for fold in folds])
    assert (per_class.amax(0) - per_class.amin(0) <= 1).all()


def test_another_seed_gives_another_cut():
    labels = torch.arange(1000) % 10
    cuts = {digest(part_indices(labels, [0.5], seed=seed)[0]) for seed in range(20)}
    assert len(cuts) == 20
    assert digest(part_indices(labels, [0.5], seed=7)[0]) in cuts


@pytest.mark.parametrize(
    ("shares", "sizes"),
    [
        ([0.9], [90, 10]),
        ([0.1] * 10, [10] * 10),
        ([1 / 3, 1 / 3, 1 / 3], [33, 34, 33]),
        ([1.0], [100]),
        ([100], [100]),
        ([60, 40], [60, 40]),
        ([60, 30], [60, 30, 10]),
    ],
)
def test_sizes(shares, sizes):
    assert [len(part) for part in part_indices(torch.arange(100) % 3, shares)] == sizes


@pytest.mark.parametrize(
    ("shares", "match"),
    [
        ([], "numbers of images or fractions"),
        (["a"], "numbers of images or fractions"),
        ([True], "numbers of images or fractions"),
        ([0.5, 10], "all whole numbers of images or all fractions"),
        ([0.8, 0.4], "sum to 1 at most"),
        ([0], "Each part needs an image"),
        ([-5, 10], "Each part needs an image"),
        ([0.001], "Each part needs an image"),
        ([101], "there are 100"),
    ],
)
def test_shares_that_mean_nothing_are_refused(shares, match):
    with pytest.raises(UsageError, match=match):
        part_indices(torch.arange(100) % 3, shares)


@pytest.mark.parametrize("count", [1, 0, 11, 2.0])
def test_numbers_of_folds_that_mean_nothing_are_refused(count):
    with pytest.raises(UsageError, match="from 2 to 10, the smallest class"):
        fold_indices(torch.arange(30) % 3, count)


def test_a_seed_that_is_none_is_refused():
    with pytest.raises(UsageError, match="A seed is an integer"):
        stratified_order(torch.arange(3), seed=-1)


# These hashes are a promise: what is measured on one machine can be compared with another's, years later.
ORDER_0 = "2519b8f8186a7eab39fe4ca5f01198a20aa6e0f33f2bd3483b5e8273f51b5ae2"
ORDER_12345 = "9e3078babb1ed9ca610f97ef5f4e79bd203618b2718cf2710a864dda98004211"
CANONICAL_MNIST = "1e89a95f0149987f8f0524923a6966f516e12c5ba88ae6c9ebf059e9f0cde1da"


def test_the_order_never_changes():
    assert digest(stratified_order(torch.arange(1000) % 10, seed=0)) == ORDER_0
    assert digest(stratified_order(torch.arange(1000) % 10, seed=12345)) == ORDER_12345


def test_the_canonical_split_never_changes(mnist):
    train, validation = canonical_indices(mnist[0].labels)
    assert (len(train), len(validation)) == (55_000, 5_000)
    assert torch.bincount(mnist[0].labels[validation]).tolist() == [
        493,
        562,
        496,
        511,
        487,
        452,
        493,
        522,
        488,
        496,
    ]
    assert digest(validation) == CANONICAL_MNIST


@pytest.mark.parametrize(("size", "validation"), [(50_000, 5_000), (1_000, 100), (124_800, 5_000)])
def test_the_canonical_validation_is_a_tenth_or_five_thousand(size, validation):
    assert len(canonical_indices(torch.arange(size) % 10)[1]) == validation
