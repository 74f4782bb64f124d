"""E4: the order of the images does not matter, and neither does what was evaluated before."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.evaluations._experiments import labels_of
from firstlight.checks.evaluations._subject import ROUNDED, EvaluateSubject

__all__ = ["nothing_changed", "order_is_kept", "same_again"]


@check_of("E4", "order of images does not matter", families=("order", "evaluation-metric"))
def order_is_kept(subject: EvaluateSubject) -> Outcome:
    """Give the same images and labels in three orders."""
    if subject.error is not None:
        return skipped("it answers in no form of call")
    labels = labels_of(700, seed=9)
    answers = np.where(np.random.default_rng(4).random(700) < 0.7, labels, (labels + 6) % 10)
    truth = float((answers == labels).mean())
    orders = {
        "drawn": np.arange(700),
        "sorted by label": np.argsort(labels, kind="stable"),
        "right ones first": np.argsort(answers != labels, kind="stable"),
        "reversed": np.arange(700)[::-1],
    }
    for name, order in orders.items():
        case = subject.ask(f"700 images, {name}", answers[order], labels[order])
        claim = case.claim(subject.reading)
        if claim is None or abs(claim - truth) > ROUNDED:
            is_chance = claim is not None and claim < 0.5 * truth
            return failed(
                "order" if is_chance else "evaluation-metric",
                expected=f"{truth:.5f} in any order",
                seen="no number" if claim is None else f"{claim:.5f}",
                where=f"images {name}",
                cause="Answers and labels of different images are compared, or not all images count alike.",
                certainty=0.38,
            )
    return passed("four orders give the same accuracy")


@check_of("E7", "same again", families=("state", "determinism", "evaluation-count"))
def same_again(subject: EvaluateSubject) -> Outcome:
    """Evaluate the same twice, with another evaluation between."""
    if subject.error is not None:
        return skipped("it answers in no form of call")
    labels = labels_of(1000)
    is_right = np.random.default_rng(2).permutation(1000) < 500
    answers = np.where(is_right, labels, (labels + 4) % 10)
    first = subject.ask("50.0% of 1,000 images right", answers, labels)
    subject.ask("all of 300 images right", labels[:300], labels[:300])
    second = subject.ask("50.0% of 1,000 images right", answers, labels, again=1)
    one, other = first.claim(subject.reading), second.claim(subject.reading)
    if one is not None and other is not None and abs(one - other) <= 1e-9:
        return passed(f"{one:.4f} both times")
    asked = [
        np.unique(np.concatenate(case.calls)) if case.calls else np.arange(0) for case in (first, second)
    ]
    is_drawn = len(asked[0]) < 1000 and not np.array_equal(asked[0], asked[1])
    return failed(
        "evaluation-count" if is_drawn else "state",
        expected="the same number from the same predictor, images and labels",
        seen=f"{one} and then {other}",
        where="the second call",
        cause="It evaluates on images that it draws." if is_drawn else "Something is kept between calls.",
        hint="Set all counts to zero at the start of the function.",
        certainty=0.9 if is_drawn else 0.85,
    )


@check_of("E8", "images and labels stay as they are", families=("aliasing",))
def nothing_changed(subject: EvaluateSubject) -> Outcome:
    """Hold the caller's arrays, after all experiments, against what they were."""
    if subject.error is not None:
        return skipped("it answers in no form of call")
    for case in subject.kept.values():
        if not case.is_unchanged:
            return failed(
                "aliasing",
                expected="the caller's images and labels as they were",
                seen="they were changed in place",
                where=case.what,
                cause="It shuffles, scales or overwrites the arrays that it was given.",
                hint="Work on a copy.",
                certainty=0.8,
            )
    return passed(f"{len(subject.kept)} calls changed nothing")
