"""E2: the same for any number of images."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, skipped
from firstlight.checks.evaluations._accuracy import FAMILIES
from firstlight.checks.evaluations._experiments import judged, sizes
from firstlight.checks.evaluations._subject import EvaluateSubject

__all__ = ["any_number"]


@check_of("E2", "any number of images", families=FAMILIES)
def any_number(subject: EvaluateSubject) -> Outcome:
    """Ask about 1 to 1,280 images whose wrong ones come last, so that a last batch weighs visibly."""
    if subject.error is not None:
        return skipped("it answers in no form of call")
    return judged(subject, sizes(subject), what="sizes")
