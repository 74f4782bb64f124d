"""Oracles: scikit-learn for log loss, Brier score and the reliability curve; bins counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.evaluation import brier_score, calibration, negative_log_likelihood


def sampled(count: int = 2000, *, classes: int = 5, sharpness: float = 2.0) -> tuple[Tensor, Tensor]:
    """Logits, and labels drawn from their own probabilities: calibrated by construction."""
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(count, classes, generator=random) * sharpness
    labels = torch.multinomial(logits.softmax(dim=1), 1, generator=random).squeeze(1)
    return logits, labels


def of_confidence(confidence: list[float]) -> Tensor:
    """Logits of two classes, of which the second has this probability."""
    chance = torch.tensor(confidence, dtype=torch.float64)
    return torch.stack([torch.zeros_like(chance), chance.logit()], dim=1)


def test_likelihood_and_brier_score_are_scikit_learns() -> None:
    logits, labels = sampled()
    chances = logits.double().softmax(dim=1).numpy()
    assert negative_log_likelihood(logits, labels) == pytest.approx(log_loss(labels, chances), rel=1e-9)
    parts = [brier_score_loss(labels == label, chances[:, label]) for label in range(5)]
    assert brier_score(logits, labels) == pytest.approx(sum(parts), rel=1e-9)


def test_the_reliability_table_is_scikit_learns() -> None:
    logits, labels = sampled()
    confidence, answer = logits.double().softmax(dim=1).max(dim=1)
    accuracy, mean = calibration_curve((answer == labels).numpy(), confidence.numpy(), n_bins=15)
    bins = calibration(logits, labels).bins
    assert [part.accuracy for part in bins] == pytest.approx(accuracy.tolist())
    assert [part.confidence for part in bins] == pytest.approx(mean.tolist())
    assert sum(part.count for part in bins) == 2000


def test_bins_by_hand() -> None:
    logits = of_confidence([0.9, 0.9, 0.9, 0.7, 0.7])
    result = calibration(logits, torch.tensor([1, 1, 0, 1, 1]), bins=5)
    low, high = result.bins
    assert (low.low, low.high, low.count, low.accuracy) == (0.6, 0.8, 2, 1.0)
    assert (high.low, high.high, high.count, high.accuracy) == (0.8, 1.0, 3, pytest.approx(2 / 3))
    assert (low.confidence, high.confidence) == (pytest.approx(0.7), pytest.approx(0.9))
    assert result.ece == pytest.approx((2 * 0.3 + 3 * (0.9 - 2 / 3)) / 5)
    oracle = binomtest(2, 3).proportion_ci(method="wilson")
    assert high.interval == pytest.approx((oracle.low, oracle.high), abs=1e-6)
    assert result.confidence == pytest.approx((3 * 0.9 + 2 * 0.7) / 5)
    assert result.count == 5


def test_equal_mass_bins_by_hand() -> None:
    logits = of_confidence([0.99, 0.91, 0.93, 0.97])
    labels = torch.tensor([1, 0, 1, 1])
    result = calibration(logits, labels, bins=2)  # one bin of equal width: all confidences lie above a half
    assert result.ece == pytest.approx(abs(3 - (0.99 + 0.91 + 0.93 + 0.97)) / 4)
    assert result.ece_equal_mass == pytest.approx((abs(1 - 0.91 - 0.93) + (2 - 0.97 - 0.99)) / 4)


def test_a_confidence_on_a_bound_belongs_below_it() -> None:
    result = calibration(torch.zeros(4, 2), torch.tensor([0, 0, 1, 1]), bins=2)
    assert [(part.low, part.high) for part in result.bins] == [(0.0, 0.5)]
    assert result.ece == 0.0
    assert calibration(torch.tensor([[100.0, 0.0]]), torch.tensor([0])).bins[0].high == 1.0


def test_too_sure_is_seen_and_calibrated_is_not() -> None:
    logits, labels = sampled(20_000)
    good, bold, shy = (calibration(scale * logits, labels) for scale in (1.0, 3.0, 0.3))
    assert max(good.ece, good.ece_equal_mass) < 0.015 < 0.1 < min(bold.ece, bold.ece_equal_mass, shy.ece)
    accuracy = sum(part.accuracy * part.count for part in good.bins) / good.count
    assert shy.confidence < accuracy < bold.confidence
    assert good.confidence == pytest.approx(accuracy, abs=0.01)
    assert good.nll < min(bold.nll, shy.nll)
    assert good.brier < min(bold.brier, shy.brier)
    inside = [part.interval.low <= part.confidence <= part.interval.high for part in good.bins]
    assert np.mean(inside) > 0.7


def test_a_class_that_is_ruled_out_costs_infinitely_much_where_it_was_right() -> None:
    logits = torch.tensor([[0.0, -math.inf], [0.0, -math.inf]])
    assert calibration(logits, torch.tensor([0, 0])).nll == 0.0
    result = calibration(logits, torch.tensor([0, 1]))
    assert result.nll == math.inf
    assert result.brier == 1.0
    assert result.ece == 0.5


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        (torch.zeros(3), torch.zeros(3, dtype=torch.int64), "belong together"),
        (torch.zeros(0, 2), torch.zeros(0, dtype=torch.int64), "belong together"),
        (torch.zeros(2, 2), torch.tensor([0, 2]), "from 0 to 1, a column of logits each; got 0 to 2"),
        (torch.zeros(2, 2), torch.tensor([-1, 1]), "got -1 to 1"),
        (torch.tensor([[0.0, 1.0], [0.0, math.nan]]), torch.tensor([0, 1]), "1 images are not finite, first .* 1"),
        (torch.tensor([[0.0, math.inf]]), torch.tensor([0]), "are not finite"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused(logits: Tensor, labels: Tensor, message: str) -> None:
    for judge in (calibration, brier_score, negative_log_likelihood):
        with pytest.raises(UsageError, match=message):
            judge(logits, labels)


@pytest.mark.parametrize("bins", [0, -1, 1.5, True])
def test_there_is_at_least_one_bin(bins: int) -> None:
    with pytest.raises(UsageError, match=f"at least one bin; got bins={bins}"):
        calibration(torch.zeros(1, 2), torch.tensor([0]), bins=bins)
