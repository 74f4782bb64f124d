"""Verified corrections. Oracle: the published records of votes where they are at hand; else by behaviour."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest
import torch

import firstlight as fl
from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets import verified_corrections
from firstlight.datasets._verified import correct_labels

DISAGREED = {2130, 2654, 3520, 8527, 9679}


@pytest.mark.parametrize(("name", "count"), [("mnist", 15), ("cifar10", 54)])
def test_every_verdict_is_a_label_that_was_not_upheld(name, count):
    verdicts = verified_corrections(name)
    assert len(verdicts) == count
    for verdict in verdicts:
        votes = verdict.votes_given, verdict.votes_guessed, verdict.votes_both, verdict.votes_neither
        assert sum(votes) == 5
        assert verdict.votes_given < 3
        assert 0 <= verdict.index < 10_000
        assert verdict.given != verdict.guessed
        assert {verdict.given, verdict.guessed} <= set(range(10))
        assert verdict.corrected == (verdict.guessed if verdict.votes_guessed >= 3 else None)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_the_table_agrees_with_the_published_votes(name, needs_data):
    folders = [Path(part) / "label-errors" for part in os.environ["FIRSTLIGHT_DATA"].split(os.pathsep)]
    files = [folder / f"{name}_mturk.json" for folder in folders if (folder / f"{name}_mturk.json").exists()]
    if not files:
        pytest.skip("no published votes in FIRSTLIGHT_DATA")
    records = [record for record in json.loads(files[0].read_text()) if record["mturk"]["given"] < 3]
    ours = [(v.index, v.given, v.guessed, v.votes_given, v.votes_guessed) for v in verified_corrections(name)]
    theirs = [
        (
            r["id"],
            r["given_original_label"],
            r["our_guessed_label"],
            r["mturk"]["given"],
            r["mturk"]["guessed"],
        )
        for r in records
    ]
    assert sorted(ours) == sorted(theirs)


def test_corrected_mnist(mnist):
    train, test = fl.load("mnist", corrections="verified")
    published = mnist[1]
    assert torch.equal(train.labels, mnist[0].labels)
    assert len(test) == 10_000 - len(DISAGREED)
    assert set(range(10_000)) - set(test.columns["index"].tolist()) == DISAGREED
    changed = torch.nonzero(test.labels != test.columns["given"]).flatten()
    got = {int(test.columns["index"][place]): int(test.labels[place]) for place in changed}
    assert got == {v.index: v.corrected for v in verified_corrections("mnist") if v.corrected is not None}
    assert len(got) == 10
    assert torch.equal(test.images, published.images[test.columns["index"]])
    assert torch.equal(test.columns["given"], published.labels[test.columns["index"]])


def test_cifar10_is_corrected_by_its_own_table():
    verdicts = verified_corrections("cifar10")
    labels = torch.zeros(10_000, dtype=torch.int64)
    labels[[verdict.index for verdict in verdicts]] = torch.tensor([verdict.given for verdict in verdicts])
    pixels = torch.zeros(10_000, 3, 1, 1, dtype=torch.uint8)
    test = correct_labels(
        fl.ImageDataset("cifar10", "test", pixels, labels, tuple("abcdefghij"), (0.0,) * 3, (1.0,) * 3)
    )
    agreed = [verdict for verdict in verdicts if verdict.corrected is not None]
    assert len(test) == 10_000 - (54 - len(agreed))
    assert int((test.labels != test.columns["given"]).sum()) == len(agreed) == 18


def test_the_split_that_came_in_is_left_alone(mnist):
    before = mnist[1].labels.clone()
    correct_labels(mnist[1])
    assert torch.equal(mnist[1].labels, before)
    assert "given" not in mnist[1].columns


def test_corrections_fit_only_the_published_test_split(mnist):
    with pytest.raises(UsageError, match="whole published test split"):
        correct_labels(mnist[0])
    with pytest.raises(UsageError, match="whole published test split"):
        correct_labels(mnist[1][:9000])
    with pytest.raises(UsageError, match="corrected already"):
        correct_labels(correct_labels(mnist[1]))


def test_only_two_data_sets_have_verdicts():
    with pytest.raises(
        UnknownNameError, match=r"no data set with verified corrections 'kmnist'.*cifar10, mnist"
    ):
        verified_corrections("kmnist")


def test_corrections_is_a_word(mnist):
    with pytest.raises(UsageError, match='"verified", a file or several; got True'):
        fl.load("mnist", corrections=True)


def test_most_disowned_labels_of_mnist_are_fours_to_sixes():
    # A plain fact about the table that a shifted column would break.
    given = Counter(verdict.given for verdict in verified_corrections("mnist"))
    assert given[5] == 4
    assert given[7] == 0
