"""Oracles: scipy and scikit-learn."""

from __future__ import annotations

import math
from statistics import fmean

import pytest
import torch
from scipy import stats
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix as sklearn_confusion

from firstlight._errors import UsageError
from firstlight._metrics import accuracy, confusion_matrix, exact_mcnemar, t_interval, wilson_interval


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


@pytest.mark.parametrize("count", [2, 3, 4, 5, 10, 20, 101, 1000])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_t_interval_is_scipys(count: int, confidence: float) -> None:
    values = torch.randn(count, generator=torch.Generator().manual_seed(count), dtype=torch.float64).tolist()
    oracle = stats.t.interval(confidence, count - 1, loc=fmean(values), scale=stats.sem(values))
    assert t_interval(values, confidence=confidence) == pytest.approx(oracle, rel=1e-9)


def test_t_interval_of_equal_values_and_of_one_value() -> None:
    assert t_interval([0.5, 0.5, 0.5]) == (0.5, 0.5)
    assert all(map(math.isnan, t_interval([0.5])))


@pytest.mark.parametrize(("values", "confidence"), [([], 0.95), ([1.0, 2.0], 1.0), ([1.0, 2.0], 0.0)])
def test_t_interval_refuses_what_has_no_answer(values: list[float], confidence: float) -> None:
    with pytest.raises(UsageError, match=f"got {len(values)} values and confidence {confidence}"):
        t_interval(values, confidence=confidence)
