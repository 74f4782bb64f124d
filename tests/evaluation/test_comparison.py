"""Behaviour: the four counts add up, and the p-value is symmetric."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.evaluation import compare


def test_counts_difference_and_symmetry() -> None:
    labels = torch.zeros(10, dtype=torch.int64)
    right, wrong = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    first = torch.stack([right] * 8 + [wrong] * 2)
    second = torch.stack([right] * 5 + [wrong] * 4 + [right])
    result, reverse = compare(first, second, labels), compare(second, first, labels)
    assert (result.both, result.only_first, result.only_second, result.neither) == (5, 3, 1, 1)
    assert result.difference == pytest.approx(0.2)
    assert reverse.difference == pytest.approx(-0.2)
    assert result.p_value == reverse.p_value == pytest.approx(0.625)


def test_models_of_other_images_are_refused() -> None:
    with pytest.raises(UsageError, match="got 3 and 4 rows of logits for 3 labels"):
        compare(torch.zeros(3, 2), torch.zeros(4, 2), torch.zeros(3, dtype=torch.int64))
