"""Oracles: scipy and scikit-learn."""

from __future__ import annotations

import pytest
import torch
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix as sklearn_confusion

from firstlight._metrics import accuracy, confusion_matrix, exact_mcnemar, wilson_interval


@pytest.mark.parametrize(("correct", "count"), [(0, 10), (10, 10), (9742, 10000), (1, 2), (7, 9)])
def test_wilson_interval_is_scipys(correct: int, count: int) -> None:
    oracle = binomtest(correct, count).proportion_ci(0.95, method="wilson")
    assert wilson_interval(correct, count) == pytest.approx((oracle.low, oracle.high), abs=1e-6)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (5, 5), (0, 10), (12, 31), (400, 380)])
def test_mcnemar_is_the_exact_binomial_test(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert exact_mcnemar(first, second) == pytest.approx(expected)


def test_confusion_matrix_is_scikit_learns() -> None:
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 7, (500,), generator=generator)
    predictions = torch.randint(0, 7, (500,), generator=generator)
    expected = sklearn_confusion(labels, predictions, labels=range(7))
    assert confusion_matrix(predictions, labels, classes=7).tolist() == expected.tolist()


def test_accuracy_is_an_exact_fraction() -> None:
    logits = torch.eye(3).repeat(1001, 1)
    labels = torch.arange(3).repeat(1001)
    labels[0] = 2
    assert accuracy(logits, labels) == 3002 / 3003
