"""Behaviour: the parts of a comparison of runs are those of its runs, and agree with each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firstlight import ImageDataset, Run, load, train
from firstlight._errors import UsageError
from firstlight.evaluation import compare, compare_runs, evaluate_run, one_right

Pair = tuple[ImageDataset, ImageDataset]


@pytest.fixture(scope="module")
def pair() -> Pair:
    images, test = load("mnist")
    return images[:2000], test[:2000]


@pytest.fixture(scope="module")
def runs(pair: Pair) -> tuple[Run, Run]:
    one, two = (train("mlp-fast", dataset=pair, epochs=epochs, device="cpu") for epochs in (2, 1))
    return one, two


def test_the_parts_agree(runs: tuple[Run, Run], pair: Pair) -> None:
    result = compare_runs(*runs, *pair)
    assert result.first.accuracy == evaluate_run(runs[0], *pair).accuracy == runs[0].test_accuracy
    counts = result.comparison
    assert counts == compare(runs[0].test_logits, runs[1].test_logits, pair[1].labels)
    assert counts.difference == pytest.approx(result.first.accuracy - result.second.accuracy)
    assert len(result.one_right) == counts.only_first + counts.only_second > 0
    assert sum(image.first == image.label for image in result.one_right) == counts.only_first
    for image in result.one_right:
        assert image.label == int(pair[1].labels[image.index])
        assert (image.first == image.label) != (image.second == image.label)
    clear = [
        sum(float(run.test_logits[i.index].softmax(0).max().log()) for run in runs) for i in result.one_right
    ]
    assert clear == sorted(clear, reverse=True)
    swapped = one_right(runs[1].test_logits, runs[0].test_logits, pair[1].labels)
    assert [(i.first, i.second) for i in swapped] == [(i.second, i.first) for i in result.one_right]


def test_a_run_and_itself(runs: tuple[Run, Run], pair: Pair) -> None:
    result = compare_runs(runs[0], runs[0], *pair)
    assert result.one_right == ()
    assert (result.comparison.p_value, result.comparison.difference) == (1.0, 0.0)


def test_runs_on_other_images_are_refused(runs: tuple[Run, Run], pair: Pair) -> None:
    other = replace(runs[1], record=replace(runs[1].record, dataset="kmnist"))
    with pytest.raises(UsageError, match="same test images; got mnist and kmnist"):
        compare_runs(runs[0], other, *pair)
    with pytest.raises(UsageError, match="before it looked at the test set"):
        compare_runs(runs[0], replace(runs[1], test_logits=None), *pair)
