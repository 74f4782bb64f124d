"""Evaluating functions: ``evaluate(predict, images, labels) -> accuracy``."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.evaluations._accuracy import right_accuracy
from firstlight.checks.evaluations._classes import unequal_classes
from firstlight.checks.evaluations._counts import each_counted
from firstlight.checks.evaluations._order import nothing_changed, order_is_kept, same_again
from firstlight.checks.evaluations._sizes import any_number
from firstlight.checks.evaluations._subject import EvaluateSubject

__all__ = ["KIND"]

KIND = Kind(
    name="evaluate",
    what="a function (predict, images uint8 [n, 28, 28], labels [n]) -> accuracy",
    subject=EvaluateSubject.of,
    checks=(
        right_accuracy,
        any_number,
        unequal_classes,
        each_counted,
        order_is_kept,
        same_again,
        nothing_changed,
    ),
    references=lambda: ("accuracy",),
    blind_spots=(
        "Whether the images it is given later were held out from training.",
        "More than 1,280 images at once.",
    ),
    sentence="An accuracy that is off by one image in 523, in any batch, order or class.",
)
