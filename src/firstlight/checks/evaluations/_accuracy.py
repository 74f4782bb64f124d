"""E1: the accuracy of predictors whose answers are known."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive
from firstlight.checks.evaluations._experiments import judged, shares
from firstlight.checks.evaluations._subject import EvaluateSubject

__all__ = ["right_accuracy"]

FAMILIES = ("evaluation-metric", "evaluation-count", "labels", "order", "state", "shape", "leakage")


@check_of("E1", "accuracy of known predictors", families=FAMILIES)
def right_accuracy(subject: EvaluateSubject) -> Outcome:
    """Ask about predictors that are right about none, some and all images."""
    if subject.error is not None:
        return inconclusive(
            f"it raised in every form of call: {type(subject.error).__name__}: {subject.error}"[:300],
            hint="It is called as evaluate(predict, images uint8 [n, 28, 28], labels [n]).",
        )
    cases = shares(subject)
    if all(case.claim(subject.reading) is None and case.error is None for case in cases):
        return failed(
            "evaluation-metric",
            expected="a number",
            seen=f"{cases[0].returned!r}"[:200],
            where="what it returns",
            cause="It does not return the accuracy.",
            certainty=0.9,
        )
    return judged(subject, cases, what="shares")
