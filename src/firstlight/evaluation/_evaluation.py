"""One model on one data set: accuracy with its interval, classes, calibration, and every mistake."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._metrics import Interval, accuracy, confusion_matrix, wilson_interval
from firstlight.evaluation._answers import check_answers
from firstlight.evaluation._calibration import Calibration, calibration
from firstlight.evaluation._class_scores import ClassScore, class_scores
from firstlight.evaluation._disputed import LabelAgreement
from firstlight.evaluation._rescaling import Rescaling

__all__ = ["Evaluation", "Mistake", "Mixup", "evaluate"]


@dataclass(frozen=True)
class Mistake:
    """One image that was read wrong.

    Attributes
    ----------
    index
        Its place in the data set.
    label, predicted
        What it is said to be, and what the model took it for.
    probability
        Which the model gave to its wrong answer, 0 to 1; not calibrated.
    """

    index: int
    label: int
    predicted: int
    probability: float


@dataclass(frozen=True)
class Mixup:
    """Images of class ``label`` that were taken for class ``predicted``: how many."""

    label: int
    predicted: int
    count: int


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How a model did on one data set.

    Attributes
    ----------
    accuracy, correct, count
        Fraction right, and what it was counted from.
    interval
        95 % Wilson interval of the accuracy: how far another test set of this kind might differ. It says
        nothing about another seed.
    confusion
        Row: label, column: prediction.
    mistakes
        Every image that was read wrong, the surest mistake first.
    calibration
        How far the probabilities can be believed, as the model gives them.
    disputed
        The answers where people disowned the label; ``None`` where nobody looked, or nobody asked
        (`evaluate_run` does).
    rescaling
        What temperature scaling makes of the probabilities; ``None`` where nobody asked.
    """

    accuracy: float
    correct: int
    count: int
    interval: Interval
    confusion: Int64[Tensor, "k k"]
    mistakes: tuple[Mistake, ...]
    calibration: Calibration
    disputed: LabelAgreement | None = None
    rescaling: Rescaling | None = None

    def worst_mixups(self, top: int = 5) -> tuple[Mixup, ...]:
        """Return the pairs of classes that were mixed up most often, the most frequent first."""
        wrong = self.confusion.clone().fill_diagonal_(0)
        counts, cells = wrong.flatten().sort(descending=True, stable=True)
        classes = len(wrong)
        return tuple(
            Mixup(cell // classes, cell % classes, count)
            for count, cell in zip(counts[:top].tolist(), cells[:top].tolist(), strict=True)
            if count
        )

    def class_accuracy(self) -> Float[Tensor, " k"]:
        """Return the fraction of each class that was read right; not a number for a class without images."""
        return self.confusion.diag() / self.confusion.sum(dim=1)

    def class_scores(self) -> tuple[ClassScore, ...]:
        """Return accuracy with its interval, precision and F1 of each class."""
        return class_scores(self.confusion)


def evaluate(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Evaluation:
    """Judge logits against labels.

    Parameters
    ----------
    logits
        A model's answers, one row an image.
    labels
        In the same order, from 0 to ``k - 1``.

    Raises
    ------
    UsageError
        The two do not belong together, there is nothing to judge, or a logit is no number.

    Examples
    --------
    >>> result = evaluate(torch.tensor([[3.0, 0.0], [3.0, 0.0], [0.0, 3.0]]), torch.tensor([0, 1, 1]))
    >>> result.correct, result.worst_mixups()
    (2, (Mixup(label=1, predicted=0, count=1),))
    """
    check_answers(logits, labels)
    probabilities, predictions = logits.softmax(dim=1).max(dim=1)
    wrong = torch.nonzero(predictions != labels).flatten()
    wrong = wrong[probabilities[wrong].argsort(descending=True, stable=True)]
    return Evaluation(
        accuracy=accuracy(logits, labels),
        correct=len(labels) - len(wrong),
        count=len(labels),
        interval=wilson_interval(len(labels) - len(wrong), len(labels)),
        confusion=confusion_matrix(predictions, labels, classes=logits.shape[1]),
        mistakes=tuple(
            Mistake(index, label, predicted, probability)
            for index, label, predicted, probability in zip(
                wrong.tolist(),
                labels[wrong].tolist(),
                predictions[wrong].tolist(),
                probabilities[wrong].tolist(),
                strict=True,
            )
        ),
        calibration=calibration(logits, labels),
    )
