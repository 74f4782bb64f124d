"""Oracle: probabilities averaged by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from firstlight._errors import UsageError
from firstlight.models import MLP, Ensemble, combined_logits


@pytest.fixture
def members() -> list[nn.Module]:
    return [
        MLP((1, 4, 4), 5, hidden=(8,), generator=torch.Generator().manual_seed(seed)) for seed in range(3)
    ]


def test_probabilities_are_averaged(members: list[nn.Module]) -> None:
    images = torch.randn(7, 1, 4, 4, generator=torch.Generator().manual_seed(9))
    mean = torch.stack([member(images).softmax(dim=1) for member in members]).mean(dim=0)
    torch.testing.assert_close(Ensemble(members)(images).exp(), mean)


def test_logits_are_averaged(members: list[nn.Module]) -> None:
    images = torch.randn(7, 1, 4, 4, generator=torch.Generator().manual_seed(9))
    mean = torch.stack([member(images) for member in members]).mean(dim=0)
    torch.testing.assert_close(Ensemble(members, combine="logits")(images), mean)


def test_it_is_the_combination_of_what_each_says(members: list[nn.Module]) -> None:
    images = torch.randn(7, 1, 4, 4, generator=torch.Generator().manual_seed(9))
    said = torch.stack([member(images) for member in members])
    assert torch.equal(Ensemble(members)(images), combined_logits(said))


def test_certainty_does_not_overflow() -> None:
    logits = torch.tensor([[[1e4, 0.0]], [[0.0, 1e4]]])
    torch.testing.assert_close(combined_logits(logits).exp(), torch.tensor([[0.5, 0.5]]))


def test_nobody_is_no_ensemble() -> None:
    with pytest.raises(UsageError, match="at least one member and combines 'probabilities'"):
        Ensemble([])
