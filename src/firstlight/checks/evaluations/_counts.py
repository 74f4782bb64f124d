"""E3: each image is counted, and counted once."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.evaluations._experiments import labels_of
from firstlight.checks.evaluations._subject import ROUNDED, EvaluateSubject

__all__ = ["each_counted"]

COUNT = 523
PLACES = (0, 1, 63, 64, 127, 128, 255, 256, 261, 499, 500, 511, 512, 521, 522)


@check_of("E3", "each image counts once", families=("evaluation-count", "leakage", "preprocessing"))
def each_counted(subject: EvaluateSubject) -> Outcome:
    """Make the answer about one image right, and see the accuracy rise by one image."""
    if subject.error is not None:
        return skipped("it answers in no form of call")
    labels = labels_of(COUNT)
    wrong = (labels + 2) % 10
    plain = subject.ask("no image right", wrong, labels)
    asked = np.concatenate(plain.calls) if plain.calls else np.arange(0)
    if len(asked) and (asked < 0).mean() > 0.5:
        return failed(
            "leakage" if len(asked) > 2 * COUNT else "preprocessing",
            expected=f"the predictor is asked about the {COUNT} images that were given",
            seen=f"it is asked about {int((asked < 0).sum())} images that are none of them, or are changed",
            where="the images that reach predict",
            cause="It evaluates on other images than those it is given, or changes them on the way.",
            certainty=0.7,
        )
    is_right_without = plain.error is None and plain.is_right(subject.reading)
    for place in PLACES:
        answers = wrong.copy()
        answers[place] = labels[place]
        case = subject.ask(f"only image {place} of {COUNT} right", answers, labels)
        claim = case.claim(subject.reading)
        if claim is None or abs(claim - 1 / COUNT) > ROUNDED:
            times = "not at all" if claim is None or claim < 1e-9 else f"{claim * COUNT:.3g} times"
            return failed(
                "evaluation-count" if is_right_without else "evaluation-metric",
                expected=f"accuracy 1/{COUNT} = {1 / COUNT:.5f}",
                seen="no number" if claim is None else f"{claim:.5f}: the image counts {times}",
                where=f"image {place} of {COUNT}",
                cause="Not each image is counted exactly once.",
                certainty=0.6 if is_right_without else 0.35,
            )
    return passed(f"each of {len(PLACES)} images counts once")
