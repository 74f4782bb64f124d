"""T21, T25: whether it learns from all of the images."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import Digits, needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.trainings._subject import TrainSubject, relabelled

__all__ = ["all_images_used", "halves_count"]


@check_of(
    "T21",
    "learns from all images",
    families=("evaluation-count", "order"),
    instrument="control",
    is_quick=False,
    seconds=120,
)
@needs_mnist
def all_images_used(subject: TrainSubject) -> Outcome:
    """Sort the images by class: a part that is never looked at lacks classes then."""
    if subject.main_accuracy < 0.6:
        return skipped("it learns too little to tell: see T8")
    digits = subject.main.digits
    order = np.argsort(digits.labels, kind="stable")
    made = subject.trained("sorted", Digits(digits.images[order], digits.labels[order]))
    answers, labels = made.answers(subject.held_out.images), subject.held_out.labels
    recall = np.array([float((answers[labels == one] == one).mean()) for one in range(10)])
    missing = np.flatnonzero(recall < 0.02)
    others = np.delete(recall, missing)
    is_end = len(missing) >= 3 and 9 in missing and np.array_equal(missing, np.arange(missing[0], 10))
    if is_end and len(others) and others.min() > 0.5:
        return failed(
            "evaluation-count",
            expected="all of the given images are learnt from",
            seen=f"of images sorted by class, the last {len(missing)} classes are never answered",
            where=f"training image {int((digits.labels < missing[0]).sum())} and all after it",
            cause="Only the first part of the images is used.",
            certainty=0.85,
        )
    overall = float((answers == labels).mean())
    if overall < 0.6 * subject.main_accuracy:
        said = f"{overall:.0%} where the images come sorted by class, {subject.main_accuracy:.0%} else"
        if subject.given.declares.get("shuffles") == "yes":
            return failed(
                "order",
                expected="images are shuffled, as declared",
                seen=said,
                where="training on sorted images",
                cause="The order of the images is that in which they are given.",
                certainty=0.85,
            )
        return warned(said, hint="It does not shuffle the images, or only within small parts.")
    return passed(f"{overall:.1%} from sorted images")


@check_of(
    "T25",
    "each half of the images counts",
    families=("evaluation-count",),
    instrument="control",
    is_quick=False,
    seconds=120,
)
@needs_mnist
def halves_count(subject: TrainSubject) -> Outcome:
    """Put other images and labels into half of the rows: whoever looks at them answers otherwise."""
    images = subject.held_out.images
    usual = subject.small.answers(images)
    if (subject.trained("small", subject.small.digits, noise=1).answers(images) != usual).any():
        return skipped("one seed does not give one result: see T7")
    if float((usual == subject.held_out.labels).mean()) < 0.4:
        return skipped("it learns too little to tell: see T8")
    others = relabelled(training_digits(500, draw=1))
    half = len(others) // 2
    for what, rows in (
        ("the second half", slice(half, None)),
        ("the first half", slice(None, half)),
        ("every second row, from the second", slice(1, None, 2)),
        ("every second row, from the first", slice(0, None, 2)),
    ):
        digits = subject.small.digits.first(len(others))
        digits.images[rows], digits.labels[rows] = others.images[rows], others.labels[rows]
        if (subject.trained(what, digits).answers(images) == usual).all():
            return failed(
                "evaluation-count",
                expected="other answers once half of the training images are others",
                seen="the same labels for all of 2,000 images",
                where=f"training images: {what}",
                cause=f"It never learns from {what} of the images.",
                certainty=0.9,
            )
    return passed("four halves")
