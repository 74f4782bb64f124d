"""T8, T2, T22: what it has learnt, and from whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firstlight._errors import UnknownNameError, UsageError
from firstlight.checks._definition import check_of
from firstlight.checks._mnist import Digits, held_out_digits, needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks._statistics import binomial_band
from firstlight.checks.trainings._loop import last_accuracy
from firstlight.checks.trainings._subject import SECONDS, Trained, TrainSubject, relabelled

__all__ = ["as_known_good", "given_labels_only", "learns"]

FLOORS = {500: 0.5, 1000: 0.6, 4000: 0.75}  # a linear map reads 85, 88 and 90 %; few steps cost the rest
WELL_READ = 0.87  # less than 12 points are left then
CHANCE = binomial_band(2000, 0.1)[1] / 2000
FAMILIES = (
    "objective",
    "labels",
    "preprocessing",
    "order",
    "state",
    "capacity",
    "leakage",
    "train-eval-mode",
)


@check_of(
    "T2",
    "learns from the given labels only",
    families=("leakage", "labels"),
    instrument="control",
    seconds=120,
)
@needs_mnist
def given_labels_only(subject: TrainSubject) -> Outcome:
    """All classes were given other numbers; whoever answers with MNIST's own has another source."""
    truth = held_out_digits(2000)
    answers = subject.main.answers(truth.images)
    own = float((answers == truth.labels).mean())
    if own > max(0.5, 2 * CHANCE):
        return failed(
            "leakage",
            expected="answers with the labels it was given; every class has another number than in MNIST",
            seen=f"{own:.1%} of the held-out images have MNIST's own label",
            where="held-out images",
            cause="It does not learn from what it is given: it reads MNIST, test images included, by itself.",
            hint="Use the images and labels of the arguments only.",
            certainty=0.98,
        )
    return passed(f"{own:.1%} of MNIST's own labels: chance" if own < 0.2 else f"{own:.1%}")


@check_of("T8", "reads held-out digits", families=FAMILIES, instrument="control", seconds=180)
@needs_mnist
def learns(subject: TrainSubject) -> Outcome:
    """Held-out accuracy; where it is low, experiments that tell why."""
    made, seen = subject.main, subject.main_accuracy
    floor = float(subject.given.declares.get("accuracy", 0)) or FLOORS[subject.size]
    words = f"{seen:.1%} of 2,000 held-out images after {subject.size:,} training images"
    if floor <= seen < WELL_READ and (found := _better_changed(subject, made, seen)) is not None:
        return found
    if seen >= floor:
        low, high = binomial_band(2000, seen)
        return passed(
            words,
            power={"sentence": f"an accuracy below {floor:.0%}; seen {low / 20:.1f} to {high / 20:.1f} %"},
        )
    found = (
        _renamed(subject, made, seen)
        or _better_changed(subject, made, seen)
        or _other_network(made)
        or _as_quantities(subject, made, seen)
    )
    if found is not None:
        return found
    if "accuracy" in subject.given.declares:
        return failed(
            "capacity",
            expected=f"{floor:.1%}, as declared",
            seen=words,
            where="held-out images",
            cause="It learns less than it declares.",
            certainty=0.4,
        )
    if seen > 0.35:
        return warned(words, expected=f"about {floor:.0%}: it may be trained for too few steps")
    return _by_heart(subject, words, seen)


def _by_heart(subject: TrainSubject, words: str, seen: float) -> Outcome:
    """Give it 32 images again and again, as often as there is time for: those it has to learn."""
    few = relabelled(training_digits(32))
    rows = min(60_000, max(subject.size, int(subject.size * SECONDS / max(subject.main.seconds, 1e-3))))
    times = -(-rows // 32)
    many = Digits(np.tile(few.images, (times, 1, 1)), np.tile(few.labels, times))
    made = subject.trained("32 images", many)
    answers = made.answers(few.images)
    known = float((answers == few.labels).mean())
    beside = _beside(answers, few.labels, known)
    if beside is not None:
        return beside
    if known < 0.04 and seen < 0.04:
        return failed(
            "sign",
            expected="most of 32 images, and at least a tenth by chance",
            seen=f"{known:.0%} of them, and {words}: less than chance gives",
            where="training on 32 images",
            cause="It learns to avoid the labels: weights go up the gradient.",
            certainty=0.75,
        )
    if known > 0.3 or _falls(made):
        return inconclusive(
            f"{words}, and {known:.0%} of 32 images that it sees {times} times",
            hint="It may take too few steps on so few images. Declare accuracy where it should reach one.",
        )
    if subject.size < 4000 and known > 0.2:
        return inconclusive(f"{words}: it is too slow to be given more images")
    return failed(
        "objective",
        expected=f"most of 32 images that it was shown {times} times each",
        seen=f"{known:.0%} of them, and {words}",
        where="training on 32 images",
        cause="It does not learn: what is minimised is not the error, or weights do not follow it."
        + (f" NumPy says: {made.watch.undefined[0]}." if made.watch.undefined else ""),
        certainty=0.35,
    )


def _beside(answers: NDArray[np.int64], labels: NDArray[np.int64], known: float) -> Outcome | None:
    """Are answers the labels of the images some rows before or after?"""
    for rows in (1, -1, 2, -2):
        share = float((answers == np.roll(labels, rows)).mean())
        if share > max(0.6, known + 0.3):
            return failed(
                "labels",
                expected="each image's own label",
                seen=f"{share:.0%} of 32 images get the label of the image {abs(rows)} "
                f"{'before' if rows > 0 else 'after'}, and {known:.0%} their own",
                where="training on 32 images",
                cause="Labels are shifted against the images by a row.",
                certainty=0.9,
            )
    return None


def _falls(made: Trained) -> bool:
    """Whether a loss was seen to fall: then it learns, slowly."""
    values = [one.value for one in made.watch.losses]
    tenth = max(1, len(values) // 10)
    return len(values) >= 10 and 0 < sum(values[-tenth:]) < 0.97 * sum(values[:tenth])


def _renamed(subject: TrainSubject, made: Trained, seen: float) -> Outcome | None:
    """Are its answers right, but for other names of the classes?"""
    answers, labels = made.answers(subject.held_out.images), subject.held_out.labels
    table = np.zeros((10, 10))
    np.add.at(table, (labels, np.clip(answers, 0, 9)), 1)
    names = table.argmax(axis=1)
    best = table.max(axis=1).sum() / len(labels)
    if best < seen + 0.2 or best < 0.45 or len(set(names.tolist())) < 10:
        return None
    shifts = {int(shift) for shift in (names - np.arange(10)) % 10}
    changed = np.flatnonzero(names != np.arange(10))
    what = f"shifted by {shifts.pop()}" if len(shifts) == 1 else f"class {changed[0]} as {names[changed[0]]}"
    return failed(
        "labels",
        expected="the labels that it was given",
        seen=f"{seen:.1%} right; {best:.1%} if answers are read as {what}",
        where=f"class {changed[0]}",
        cause="Answers and labels name the classes differently: off by one, or another order of classes.",
        certainty=0.95 if len(changed) > 3 else 0.8,
    )


CHANGES: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "transposed": lambda images: images.transpose(0, 2, 1),
    "flipped left to right": lambda images: images[:, :, ::-1],
    "flipped upside down": lambda images: images[:, ::-1],
    "turned by 90 degrees": lambda images: np.rot90(images, 1, axes=(1, 2)),
    "inverted": lambda images: 255 - images,
    "in [0, 1]": lambda images: (images / np.float32(255)).astype(np.float32),
    "normalised": lambda images: ((images / 255 - 0.1307) / 0.3081).astype(np.float32),
    "times 255": lambda images: images.astype(np.float32) * 255,
}


def _better_changed(subject: TrainSubject, made: Trained, seen: float) -> Outcome | None:
    """Does it read images better that are changed before it gets them?"""
    for name, change in CHANGES.items():
        try:
            images = np.ascontiguousarray(change(subject.held_out.images[:1000]))
            right = float((made.answers(images) == subject.held_out.labels[:1000]).mean())
        except Exception:
            continue
        if right > seen + 0.12 and right > 0.5:
            return failed(
                "preprocessing",
                expected="images that are treated alike in training and prediction",
                seen=f"{seen:.1%} right, but {right:.1%} of images that are first {name}",
                where="predict",
                cause=f"Training images are {name}, or scaled so, and images to predict are not.",
                hint="Use one function for both.",
                certainty=0.93,
            )
    return None


def _as_quantities(subject: TrainSubject, made: Trained, seen: float) -> Outcome | None:
    """Do wrong answers lie next to the right number? Class numbers are arbitrary here: they must not."""
    answers, labels = made.answers(subject.held_out.images), subject.held_out.labels
    away = (answers - labels)[answers != labels]
    up, down = (float((away == one).mean()) if len(away) else 0.0 for one in (1, -1))
    near, close = up + down, float((np.abs(away) <= 2).mean()) if len(away) else 0.0
    if min(up, down) < 0.1 or len(away) < 300 or len(set(answers.tolist())) < 6:
        return None  # all in one direction: classes are renamed
    # A fifth by chance, wherever the answers fall: at most two of nine other classes are neighbours.
    if near < 0.45 or close < 0.7:
        return None
    return failed(
        "objective",
        expected="wrong answers at any other class: the numbers of the classes mean nothing",
        seen=f"{seen:.1%} right; {near:.0%} of the wrong answers are the next number up or down",
        where="held-out images",
        cause="Labels are treated as quantities: the error is a distance between class numbers.",
        hint="Take a cross-entropy, or one-hot rows.",
        certainty=0.85,
    )


def _other_network(made: Trained) -> Outcome | None:
    """Was its network right about its batches, and is predict wrong about the same images?"""
    trained = last_accuracy(made.watch)
    if trained is None or trained < 0.75:
        return None
    again = made.accuracy(made.digits)
    if again > 0.6 * trained:
        return None
    return failed(
        "state",
        expected=f"about {trained:.0%} of the training images, as in its last batches",
        seen=f"{again:.0%} of them",
        where="predict",
        cause="predict does not use what was trained: an earlier copy, another network or other statistics.",
        certainty=0.75,
    )


@check_of("T22", "within its known-good band", families=("capacity",), instrument="statistical", seconds=120)
@needs_mnist
def as_known_good(subject: TrainSubject) -> Outcome:
    """Hold the accuracy against what the named algorithm reaches with as many images."""
    if subject.given.like is None:
        return skipped("no reference: --like names one")
    from firstlight.evaluation import band

    try:
        known = band(subject.given.like, train_size=subject.size)
    except (UnknownNameError, UsageError, ValueError) as error:
        return skipped(f"no band: {error}")
    noise = (known.sd**2 + known.mean * (1 - known.mean) / 2000) ** 0.5
    floor = known.mean - 4 * noise - 0.01
    seen = subject.main_accuracy
    if seen >= floor:
        return passed(
            f"{seen:.1%}; {known.mean:.1%} is usual",
            power={
                "sentence": f"a drop of {100 * (known.mean - floor) + 200 * noise:.1f} points with 95 % power"
            },
        )
    return failed(
        "capacity",
        expected=f"{known.mean:.1%} as {subject.given.like} reaches, at least {floor:.1%}",
        seen=f"{seen:.1%}",
        where=f"{subject.size:,} training images",
        cause="It learns less than its reference from as many images.",
        certainty=0.4,
    )
