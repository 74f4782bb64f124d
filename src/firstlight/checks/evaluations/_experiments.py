"""The experiments: answers and labels whose accuracy is known, chosen so that each mistake shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.evaluations._hypotheses import Hypothesis, best_hypothesis
from firstlight.checks.evaluations._subject import EXACT, Asked, EvaluateSubject

__all__ = ["judged", "labels_of", "shares", "sizes", "unequal"]

CLASSES = 10
Labels = NDArray[np.int64]


def labels_of(count: int, *, seed: int = 1) -> Labels:
    """Return labels drawn evenly."""
    return np.random.default_rng(seed).integers(0, CLASSES, count)


def shares(subject: EvaluateSubject) -> list[Asked]:
    """Ask about predictors that are right about none, some and all of 1,000 images, and a constant one."""
    labels = labels_of(1000)
    found = []
    for share in (0.0, 0.25, 0.5, 0.875, 1.0):
        is_right = np.random.default_rng(2).permutation(1000) < round(1000 * share)
        answers = np.where(is_right, labels, (labels + 4) % CLASSES)
        found.append(subject.ask(f"{share:.1%} of 1,000 images right", answers, labels))
    found.append(subject.ask("always class 3", np.full(1000, 3), labels))
    found.append(subject.ask("always the next class", (labels + 1) % CLASSES, labels))
    found.append(subject.ask("always the class before", (labels - 1) % CLASSES, labels))
    return found


def sizes(subject: EvaluateSubject) -> list[Asked]:
    """Ask about 1 to 1,280 images of which the last ones are wrong, then of which only the last are right."""
    found = []
    for count in (1280, 1000, 997, 640, 128, 127, 10, 7, 1):
        labels = labels_of(count, seed=count)
        is_first = np.arange(count) < (2 * count) // 3
        for what, is_right in (("first two thirds", is_first), ("last third", ~is_first)):
            answers = np.where(is_right, labels, (labels + 5) % CLASSES)
            found.append(subject.ask(f"{count:,} images, the {what} right", answers, labels))
    return found


def unequal(subject: EvaluateSubject) -> list[Asked]:
    """Ask about classes that are rare, missing or alone."""
    random = np.random.default_rng(5)
    rare = np.where(random.random(900) < 0.9, 1, random.integers(0, CLASSES, 900))
    half = random.integers(0, 5, 600)
    alone = np.full(300, 7)
    return [
        subject.ask("nine of ten images of class 1, only they right", np.ones(900, np.int64), rare),
        subject.ask("only rare classes right", np.where(rare == 1, 8, rare), rare),
        subject.ask("classes 5 to 9 missing", np.where(random.random(600) < 0.4, half, (half + 5)), half),
        subject.ask("one class alone, half right", np.where(np.arange(300) % 2 == 0, 7, 2), alone),
        subject.ask("sorted by class", np.sort(labels_of(800)) % 7, np.sort(labels_of(800))),
    ]


def judged(subject: EvaluateSubject, cases: list[Asked], *, what: str) -> Outcome:
    """Hold all claims against the truth; name the mistake that gives all numbers, where one does."""
    reading = subject.reading
    wrong = [case for case in cases if case.error is not None or not case.is_right(reading)]
    if not wrong:
        return passed(f"{what}: {len(cases)} accuracies are right", dialect=_dialect(subject, cases))
    case = wrong[0]
    if case.error is not None:
        return failed(
            "shape",
            expected=f"an accuracy of {case.truth:.4f}",
            seen=f"{type(case.error).__name__}: {case.error}"[:300],
            where=case.what,
            hint="Call it with as many images as are named here.",
            certainty=0.5 if len(wrong) < len(cases) else 0.3,
        )
    claim = case.claim(reading)
    sizes(subject)  # all experiments together tell mistakes apart that give the same number in some
    unequal(subject)
    if not subject.mistakes:
        subject.mistakes.append(best_hypothesis(list(subject.kept.values()), reading))
    found: Hypothesis | None = subject.mistakes[0]
    unasked = _unasked(case)
    if unasked and not (found and found.family == "evaluation-count"):
        found = None  # what was never asked about explains more than any number
    if found is not None:
        family, cause, certainty = found.family, found.cause, 0.95
    elif unasked:
        family, cause, certainty = "evaluation-count", unasked, 0.8
    else:
        family, cause, certainty = "evaluation-metric", "The number is not the share of right answers.", 0.4
    return failed(
        family,
        expected=f"{case.truth:.6g}",
        seen=f"{case.returned!r}"[:120] if claim is None else f"{claim:.6g}",
        where=f"{case.what} ({len(wrong)} of {len(cases)} experiments are wrong)",
        cause=cause,
        hint="Count right answers and images over all batches; divide once, at the end.",
        certainty=certainty,
    )


def _unasked(case: Asked) -> str:
    """Say which images the predictor was never asked about."""
    asked = np.concatenate(case.calls) if case.calls else np.arange(0)
    missing = np.setdiff1d(np.arange(len(case.labels)), asked)
    if not len(missing):
        return ""
    return f"The predictor was not asked about {len(missing)} images, the first being image {missing[0]}."


def _dialect(subject: EvaluateSubject, cases: list[Asked]) -> str | None:
    reading = subject.reading
    words = ["percent"] if reading.scale == 100 else []
    if subject.form.answers == "logits":
        words.append("predict gives logits")
    claims = [(case.claim(reading), case.truth) for case in cases]
    if any(claim is not None and abs(claim - truth) > EXACT for claim, truth in claims):
        words.append("rounded")
    return ", ".join(words) or None
