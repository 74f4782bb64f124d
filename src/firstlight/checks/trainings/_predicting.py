"""T12 to T14: what is returned predicts each image for itself, the same each time."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist
from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.trainings._subject import ShapeError, Trained, TrainSubject
from firstlight.checks.trainings._watch import has_modes, watched

__all__ = ["a_label_each", "image_for_itself", "inputs_unchanged"]

FAMILIES = ("train-eval-mode", "batch-mixing", "order", "shape", "determinism")
LET_PASS = 0.01  # share of images whose answer rounding may turn
HINT = "Call eval() on the network in predict, and go through the images in their order."


@check_of("T12", "a label for each image", families=("shape", "evaluation-count", "labels"), seconds=120)
@needs_mnist
def a_label_each(subject: TrainSubject) -> Outcome:
    """Predict 1, 7, 100 and 333 images: as many labels come back, all of them among the classes."""
    made, images = subject.small, subject.held_out.images
    for count in (333, 100, 64, 7, 1):
        try:
            found = made.answers(images[:count])
        except ShapeError as error:
            return failed(
                "shape",
                expected=f"{count} labels for {count} images",
                seen=f"an answer of shape {error}",
                where=f"predict of {count} images",
                cause="argmax runs along the wrong axis, or a batch that is not full is left out.",
                certainty=0.85,
            )
        except Exception as error:
            cause = error.__cause__ or error
            is_norm = "more than 1 value per channel" in str(cause)
            return failed(
                "train-eval-mode" if is_norm else "shape",
                expected=f"{count} labels for {count} images",
                seen=f"{type(cause).__name__}: {cause}"[:250],
                where=f"predict of {count} images",
                cause="Batch normalisation is in training mode while predicting."
                if is_norm
                else "predict does not take every number of images.",
                certainty=0.95 if is_norm else 0.5,
            )
        strange = np.setdiff1d(found, np.arange(10))
        if len(strange):
            return failed(
                "labels",
                expected="labels from 0 to 9, as those it was given",
                seen=f"{strange[:5].tolist()}",
                where=f"predict of {count} images",
                cause="Classes are counted from one, or answers are no labels.",
                certainty=0.8,
            )
    return passed("1 to 333 images")


@check_of("T13", "each image for itself, twice the same", families=FAMILIES, seconds=120)
@needs_mnist
def image_for_itself(subject: TrainSubject) -> Outcome:
    """Predict twice, in another order, in parts, and beside other images."""
    made, images = subject.main, subject.held_out.images[:300]
    first = made.answers(images)
    again = made.answers(images)
    if (off := float((first != again).mean())) > LET_PASS:
        is_order = _is_shuffled(first, again, off)
        return _varying(
            made,
            f"other labels for {off:.0%} of 300 images the second time",
            family="order" if is_order else "train-eval-mode",
            cause="The images are shuffled while predicting."
            if is_order
            else "Dropout, or something else that is random, is active while predicting.",
        )
    for what, seen in (
        ("in reversed order", made.answers(images[::-1].copy())[::-1]),
        ("in parts of 50", np.concatenate([made.answers(images[i : i + 50]) for i in range(0, 300, 50)])),
        ("in parts of 1", _one_by_one(made, images, first)),
        ("beside blank images", made.answers(np.concatenate([images, np.zeros_like(images)]))[:300]),
        ("sorted by class", _sorted(made, images, first)),
    ):
        off = float((seen != first).mean())
        if off > LET_PASS:
            return _varying(made, f"other labels for {off:.0%} of 300 images {what}")
    return passed("twice, reversed, in parts, beside other images")


def _one_by_one(made: Trained, images: np.ndarray, first: np.ndarray) -> np.ndarray:
    count = 60
    alone = [made.answers(images[i : i + 1]) for i in range(count)]
    return np.concatenate([*alone, first[count:]])


def _sorted(made: Trained, images: np.ndarray, first: np.ndarray) -> np.ndarray:
    order = np.argsort(first, kind="stable")
    seen = np.empty_like(first)
    seen[order] = made.answers(images[order])
    return seen


def _is_shuffled(first: np.ndarray, again: np.ndarray, off: float) -> bool:
    """The same labels as often, at other images: they were exchanged."""
    return (
        off > 0.5 and np.abs(np.bincount(first, minlength=10) - np.bincount(again, minlength=10)).max() <= 2
    )


def _varying(made: Trained, seen: str, *, family: str | None = None, cause: str = "") -> Outcome:
    with watched(made.subject.given.target) as watch:
        made.raw(made.subject.held_out.images[:64])
    is_training = any(one.training and has_modes(one) for one in watch.roots)
    if is_training:
        family, cause = "train-eval-mode", "The network is in training mode while predicting."
    return failed(
        family or "batch-mixing",
        expected="an image's label depends on the image alone",
        seen=seen,
        where=f"predict; {type(watch.roots[-1]).__name__}.training is True" if is_training else "predict",
        cause=cause or "The answer for an image depends on the images beside it.",
        hint=HINT,
        certainty=0.96 if is_training else 0.9,
    )


@check_of("T14", "inputs and earlier results stay", families=("aliasing", "state"), seconds=120)
@needs_mnist
def inputs_unchanged(subject: TrainSubject) -> Outcome:
    """Images and labels are not changed; a second training leaves the first predictor as it was."""
    made = subject.small
    if made.is_changed:
        return failed(
            "aliasing",
            expected="the caller's images and labels as they were",
            seen="they were changed in place",
            where="train",
            cause="It shuffles, scales or relabels the arrays that it was given.",
            hint="Work on a copy.",
            certainty=0.97,
        )
    images = subject.held_out.images[:200]
    given = images.copy()
    first = made.answers(images)
    made.predict(given) if callable(made.predict) and made.arrays == "numpy" else None
    if not np.array_equal(given, images):
        return failed(
            "aliasing",
            expected="the caller's images as they were",
            seen="predict changed them in place",
            where="predict",
            cause="It scales the array that it was given.",
            hint="Work on a copy.",
            certainty=0.97,
        )
    if float((made.answers(images) != first).mean()) > LET_PASS:
        return passed("inputs are as they were; answers differ from call to call: see T13")
    second = subject.main if subject.size != 500 else subject.trained("small", made.digits, seed=1)
    off = float((made.answers(images) != first).mean())
    both_alike = bool((second.answers(images) == made.answers(images)).all())
    if off > 0.05:
        return failed(
            "state",
            expected="the first predictor to predict as before after a second training",
            seen=f"other labels for {off:.0%} of 200 images{', those of the second' if both_alike else ''}",
            where="the second call of train",
            cause="Both share one network: it is global, or the default of an argument.",
            hint="Make the network inside the function.",
            certainty=0.9,
        )
    return passed("images, labels and the first predictor are as they were")
