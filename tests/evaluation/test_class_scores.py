"""Oracle: scikit-learn's precision, recall and F1. Behaviour for classes that nothing is known of."""

from __future__ import annotations

import math

import pytest
import torch
from sklearn.metrics import precision_recall_fscore_support

from firstlight._metrics import confusion_matrix, wilson_interval
from firstlight.evaluation import class_scores, evaluate


def test_they_are_scikit_learns() -> None:
    random = torch.Generator().manual_seed(0)
    logits, labels = torch.randn(500, 6, generator=random), torch.randint(0, 6, (500,), generator=random)
    logits[torch.arange(500), labels] += 1.5
    scores = evaluate(logits, labels).class_scores()
    precision, recall, f1, count = precision_recall_fscore_support(labels, logits.argmax(dim=1))
    assert [score.precision for score in scores] == pytest.approx(precision.tolist())
    assert [score.accuracy for score in scores] == pytest.approx(recall.tolist())
    assert [score.f1 for score in scores] == pytest.approx(f1.tolist())
    assert [score.count for score in scores] == count.tolist()
    assert [score.label for score in scores] == list(range(6))
    assert sum(score.predicted for score in scores) == 500
    assert scores[2].interval == wilson_interval(scores[2].correct, scores[2].count)


def test_a_class_without_images_or_without_answers() -> None:
    labels, answers = torch.tensor([0, 0, 2]), torch.tensor([0, 1, 1])
    empty, missed = class_scores(confusion_matrix(answers, labels, classes=4))[1:3]
    assert math.isnan(empty.accuracy)
    assert all(map(math.isnan, empty.interval))
    assert (empty.count, empty.predicted, empty.precision, empty.f1) == (0, 2, 0.0, 0.0)
    assert (missed.accuracy, missed.predicted, missed.f1) == (0.0, 0, 0.0)
    assert math.isnan(missed.precision)
    assert math.isnan(class_scores(confusion_matrix(answers, labels, classes=4))[3].f1)
