"""Behaviour on a case small enough to count by hand, and agreement of the parts with each other on real logits."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.evaluation import Mixup, evaluate


def logits(*rows: tuple[int, float]) -> torch.Tensor:
    """One row for each (predicted class, how sure)."""
    result = torch.zeros(len(rows), 3)
    for row, (predicted, sure) in enumerate(rows):
        result[row, predicted] = sure
    return result


def test_everything_on_five_images() -> None:
    answers = logits((0, 1), (1, 2), (1, 9), (2, 3), (1, 1))
    result = evaluate(answers, torch.tensor([0, 0, 2, 2, 0]))
    assert (result.correct, result.count, result.accuracy) == (2, 5, 0.4)
    assert result.confusion.tolist() == [[1, 2, 0], [0, 0, 0], [0, 1, 1]]
    assert [mistake.index for mistake in result.mistakes] == [2, 1, 4]
    assert result.mistakes[0].probability == pytest.approx(answers[2].softmax(0)[1].item())
    assert (result.mistakes[0].label, result.mistakes[0].predicted) == (2, 1)
    assert result.worst_mixups() == (Mixup(0, 1, 2), Mixup(2, 1, 1))
    assert result.worst_mixups(1) == (Mixup(0, 1, 2),)
    shares = result.class_accuracy().tolist()
    assert shares[0] == pytest.approx(1 / 3)
    assert shares[1] != shares[1]
    assert result.interval.low < 0.4 < result.interval.high


def test_a_perfect_model_has_no_mistakes() -> None:
    result = evaluate(torch.eye(4) * 5, torch.arange(4))
    assert result.accuracy == 1.0
    assert result.mistakes == ()
    assert result.worst_mixups() == ()


@pytest.mark.parametrize(
    ("answers", "labels"), [((3, 10), 2), ((3,), 3), ((0, 10), 0)], ids=["count", "axes", "empty"]
)
def test_what_does_not_belong_together_is_refused(answers: tuple[int, ...], labels: int) -> None:
    with pytest.raises(UsageError, match="belong together; got"):
        evaluate(torch.zeros(answers), torch.zeros(labels, dtype=torch.int64))
