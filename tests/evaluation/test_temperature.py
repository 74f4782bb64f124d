"""Oracle: scipy.optimize, by minimising and by its root finder. Behaviour where no temperature is best."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_softmax, softmax
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.evaluation import calibration, evaluate, fit_temperature, rescale


def sampled(count: int, *, temperature: float, classes: int = 10, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Logits, and labels drawn as if they had been divided by a temperature."""
    random = torch.Generator().manual_seed(seed)
    logits = 5 * torch.randn(count, classes, generator=random)
    labels = torch.multinomial((logits / temperature).softmax(dim=1), 1, generator=random).squeeze(1)
    return logits, labels


@pytest.mark.parametrize("temperature", [0.02, 0.5, 1.0, 1.7, 40.0])
@pytest.mark.parametrize(("count", "classes"), [(300, 2), (2000, 10)])
def test_it_is_scipys_optimum(count: int, classes: int, temperature: float) -> None:
    logits, labels = sampled(count, temperature=temperature, classes=classes)
    if temperature < 0.1:
        labels[0] = logits[0].argmin()  # else all are right, and no temperature is best
    scores, rows = logits.double().numpy(), np.arange(count)

    def loss(log_temperature: float) -> float:
        return -log_softmax(scores * math.exp(-log_temperature), axis=1)[rows, labels].mean()

    def slope(log_temperature: float) -> float:
        chances = softmax(scores * math.exp(-log_temperature), axis=1)
        return (scores[rows, labels] - (chances * scores).sum(axis=1)).mean()

    fitted = fit_temperature(logits, labels)
    root = brentq(slope, -6, 6, xtol=1e-13)
    lowest = minimize_scalar(loss, bounds=(-6, 6), method="bounded", options={"xatol": 1e-9})
    assert math.log(fitted.value) == pytest.approx(root, abs=1e-7)
    assert math.log(fitted.value) == pytest.approx(lowest.x, abs=1e-4)
    assert fitted.nll_after == pytest.approx(lowest.fun, rel=1e-9)
    assert fitted.nll_before == pytest.approx(loss(0.0), rel=1e-9)
    assert fitted.count == count


def test_large_logits_lose_no_digits() -> None:
    logits, labels = sampled(500, temperature=2.0)
    shifted = fit_temperature(logits.double() + 1e6, labels).value
    assert shifted == pytest.approx(fit_temperature(logits, labels).value, rel=1e-6)
    assert fit_temperature(1000 * logits, labels).value == pytest.approx(1000 * shifted, rel=1e-6)


def test_a_ruled_out_class_does_no_harm_unless_it_is_the_label() -> None:
    logits, labels = sampled(400, temperature=2.0)
    wide = torch.cat([logits, torch.full((400, 1), -math.inf)], dim=1)
    assert fit_temperature(wide, labels).value == pytest.approx(
        fit_temperature(logits, labels).value, rel=1e-9
    )
    labels[7] = 10
    with pytest.raises(UsageError, match="probability zero stays impossible"):
        fit_temperature(wide, labels)


def test_no_temperature_is_best_for_the_perfect_and_for_the_hopeless() -> None:
    logits, _ = sampled(100, temperature=1.0)
    with pytest.raises(UsageError, match=r"All 100 images were read right .* Hold out more"):
        fit_temperature(logits, logits.argmax(dim=1))
    with pytest.raises(UsageError, match="no better than chance"):
        fit_temperature(logits, logits.argmin(dim=1))
    with pytest.raises(UsageError, match=r"no better than chance|read right or nearly so"):
        fit_temperature(torch.zeros(3, 2), torch.tensor([0, 1, 0]))


def test_rescaling_mends_other_images_and_changes_no_answer() -> None:
    held_out, test = sampled(3000, temperature=3.0), sampled(3000, temperature=3.0, seed=1)
    result = rescale(*test, held_out=held_out)
    assert result.temperature is not None
    assert result.after is not None
    assert result.reason == ""
    assert 2.7 < result.temperature.value < 3.3
    before = calibration(*test)
    assert result.after.nll < before.nll
    assert result.after.ece < 0.3 * before.ece
    scaled = result.temperature(test[0])
    assert evaluate(scaled, test[1]).confusion.equal(evaluate(*test).confusion)


def test_rescaling_says_why_it_cannot() -> None:
    logits, labels = sampled(50, temperature=1.0)
    result = rescale(logits, labels, held_out=(logits, logits.argmax(dim=1)))
    assert result.temperature is result.after is None
    assert "Hold out more images" in result.reason
