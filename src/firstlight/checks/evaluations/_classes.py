"""E6: classes that are rare, missing or alone."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, skipped
from firstlight.checks.evaluations._accuracy import FAMILIES
from firstlight.checks.evaluations._experiments import judged, unequal
from firstlight.checks.evaluations._subject import EvaluateSubject

__all__ = ["unequal_classes"]


@check_of("E6", "rare and missing classes", families=FAMILIES)
def unequal_classes(subject: EvaluateSubject) -> Outcome:
    """Ask where accuracy and the mean over classes differ, and where classes have no image."""
    if subject.error is not None:
        return skipped("it answers in no form of call")
    return judged(subject, unequal(subject), what="classes")
