"""Oracle: votes counted by hand, one image at a time; behaviour: ties and certainty."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.models import combined_logits
from firstlight.recipes import EnsembleRecipe, find_recipe


def answer(*said: int) -> list[int]:
    """What members that say these classes, all equally sure, say together."""
    logits = torch.zeros(len(said), 1, 5)
    for member, label in enumerate(said):
        logits[member, 0, label] = 2.0
    return combined_logits(logits, combine="votes")[0].topk(2).indices.tolist()


def test_three_votes_follow_the_majority() -> None:
    assert answer(1, 1, 0)[0] == 1
    assert answer(4, 2, 4)[0] == 4


def test_nine_votes_are_counted_by_threes() -> None:
    # Class 0 has four of nine votes but only one of three groups.
    assert answer(0, 0, 0, 1, 1, 0, 1, 1, 2)[0] == 1
    # Members that do not come in threes vote all at once.
    assert answer(0, 0, 0, 1, 1, 0, 1)[0] == 0


def test_many_random_votes() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(9, 500, 3, generator=generator)
    answers = combined_logits(logits, combine="votes").argmax(1)
    decided = 0
    for image, got in enumerate(answers.tolist()):
        said = logits[:, image].argmax(1).tolist()
        groups = [Counter(said[start : start + 3]).most_common(1)[0] for start in (0, 3, 6)]
        (label, count) = Counter(label for label, _ in groups).most_common(1)[0]
        if count > 1 and all(votes > 1 for _, votes in groups):
            decided += 1
            assert got == label
    assert decided > 100


def test_equal_votes_go_to_the_more_probable_class() -> None:
    logits = torch.tensor([[[0.0, 1.0, 0.0]], [[0.0, 0.0, 9.0]], [[1.0, 0.0, 0.0]]])
    assert combined_logits(logits, combine="votes").argmax(1).item() == 2


def test_the_result_is_a_distribution_with_finite_logarithms() -> None:
    logits = torch.randn(9, 20, 10) * 200
    together = combined_logits(logits, combine="votes")
    assert torch.isfinite(together).all()
    assert together.exp().sum(1) == pytest.approx(torch.ones(20), abs=1e-4)


def test_an_unknown_combination_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'probabilities', 'logits' or 'votes'; got 1 members and 'median'"):
        EnsembleRecipe("x", "x", members=((find_recipe("m7"), 2),), combine="median")  # type: ignore[arg-type]
