"""T19, T20: what the network is fed: the right labels, and the same numbers in training as in prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.trainings._subject import Trained, TrainSubject
from firstlight.checks.trainings._watch import Fed, watched

__all__ = ["labels_of_images", "same_preprocessing"]

PIXELS = 784
KNOWN = 0.999  # correlation at which a row is taken to be that image


@dataclass(frozen=True)
class Known:
    """A row that the network got, and which image of the training it is."""

    row: NDArray[np.float64]
    image: int
    place: int  # in its batch


@check_of("T19", "images keep their labels", families=("labels", "order"), seconds=120)
@needs_mnist
def labels_of_images(subject: TrainSubject) -> Outcome:
    """Recognise each image that the network gets, and hold the label that the loss gets against its own."""
    made = subject.small
    watch = made.watch
    pairs: list[tuple[int, int, int]] = []
    for fed, loss in _batches(made):
        for known in _known(fed, made.digits.images):
            pairs.append((known.image, int(loss[known.place]), fed.step))
    if len(pairs) < 20:
        return skipped(
            "the images that a network gets cannot be recognised" if watch.fed else "no network of torch"
        )
    table = np.zeros((10, 1 + max(target for _, target, _ in pairs)))
    for image, target, _ in pairs:
        if target >= 0:
            table[made.digits.labels[image], target] += 1
    agreeing = table.max(axis=1).sum() / table.sum()
    if agreeing >= 0.75:
        wrong = 1 - agreeing
        if wrong > 0.02 and len(pairs) > 100:
            return _apart(made, pairs, table, agreeing, family="labels")
        return passed(f"{len(pairs)} images with their labels")
    return _apart(made, pairs, table, agreeing, family="order")


def _apart(
    made: Trained,
    pairs: list[tuple[int, int, int]],
    table: NDArray[np.float64],
    agreeing: float,
    *,
    family: str,
) -> Outcome:
    usual = table.argmax(axis=1)
    image, target, step = next(
        (one for one in pairs if one[1] != usual[made.digits.labels[one[0]]]), pairs[0]
    )
    return failed(
        family,
        expected=f"label {made.digits.labels[image]} for training image {image}",
        seen=f"label {target}; {agreeing:.0%} of {len(pairs)} images have the label of their class",
        where=f"step {step + 1}, training image {image}",
        cause="Images and labels are put into different orders, or belong to different batches."
        if family == "order"
        else "A part of the labels is not that of its image.",
        hint="Index images and labels with the same permutation.",
        certainty=0.96 if family == "order" else 0.8,
    )


def _batches(made: Trained) -> Iterator[tuple[Fed, NDArray[np.int64]]]:
    """Yield what was fed together with the labels of its loss, where both can be told."""
    fed = made.watch.fed
    losses = made.watch.losses
    for batch, loss in zip(fed, losses, strict=False):
        if len(batch.images) != len(loss.targets):
            return
        yield batch, loss.targets.numpy()


def _known(fed: Fed, images: NDArray[np.uint8]) -> Iterator[Known]:
    rows = _rows(fed)
    if rows is None:
        return
    best, likeness = _nearest(rows, images.reshape(len(images), -1).astype(np.float64))
    for place, (image, sure) in enumerate(zip(best, likeness, strict=True)):
        if sure > KNOWN:
            yield Known(rows[place], int(image), place)


def _rows(fed: Fed) -> NDArray[np.float64] | None:
    array = fed.images.double().numpy()
    flat = array.reshape(len(array), -1)
    return flat if flat.shape[1] == PIXELS else None


def _nearest(rows: Any, images: Any) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    def centred(values: Any) -> Any:
        moved = values - values.mean(axis=1, keepdims=True)
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)

    likeness = centred(rows) @ centred(images).T
    return likeness.argmax(axis=1), likeness.max(axis=1)


@check_of(
    "T20", "the same numbers in training and prediction", families=("preprocessing", "order"), seconds=120
)
@needs_mnist
def same_preprocessing(subject: TrainSubject) -> Outcome:
    """Predict training images: the network gets them as it got them while it was trained."""
    made = subject.small
    if not made.watch.fed:
        return skipped("no network of torch")
    with watched(subject.given.target) as watch:
        made.raw(made.digits.images[:64])
    if not watch.fed or (predicted := _rows(watch.fed[0])) is None or len(predicted) > 64:
        return skipped("the images that a network gets cannot be recognised")
    trained = {one.image: one.row for fed in made.watch.fed for one in _known(fed, made.digits.images)}
    given = made.digits.images[:64].reshape(64, -1).astype(np.float64)
    places, likeness = _nearest(predicted, given)
    is_known = likeness > KNOWN
    if len(predicted) == 64 and is_known.mean() > 0.9 and (places != np.arange(64))[is_known].mean() > 0.5:
        return failed(
            "order",
            expected="the images in the order in which they are given to predict",
            seen=f"image {places[0]} comes first, then images {', '.join(map(str, places[1:5]))}",
            where="the network's input in predict",
            cause="The images are shuffled while predicting: answers belong to other images.",
            hint="Predict with shuffle=False.",
            certainty=0.98,
        )
    turned = _turned(made, predicted)
    if turned:
        return turned
    both = [(trained[i], predicted[i]) for i in range(len(predicted)) if i in trained]
    odd = _odd(made, trained)
    if odd is not None:
        return odd
    if len(both) < 3:
        return skipped("too few of the images were seen in training as they are (they may be augmented)")
    first, second = (np.stack(some) for some in zip(*both, strict=True))
    scale = max(first.std(), 1e-12)
    difference = float(np.abs(first - second).mean() / scale)
    if difference < 0.02:
        return passed(f"{len(both)} images: the same numbers")
    return failed(
        "preprocessing",
        expected=f"pixels from {first.min():.3g} to {first.max():.3g}, as in training",
        seen=f"from {second.min():.3g} to {second.max():.3g}",
        where="the network's input in predict",
        cause="Images are scaled or normalised otherwise in prediction than in training.",
        hint="Use one function for both.",
        certainty=0.97,
    )


TURNS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "transposed": lambda images: images.transpose(0, 2, 1),
    "flipped left to right": lambda images: images[:, :, ::-1],
    "flipped upside down": lambda images: images[:, ::-1],
    "turned by 90 degrees": lambda images: np.rot90(images, 1, axes=(1, 2)),
    "turned by 270 degrees": lambda images: np.rot90(images, -1, axes=(1, 2)),
}


def _turned(made: Trained, predicted: NDArray[np.float64]) -> Outcome | None:
    """Say whether images lie otherwise in prediction than in training."""
    given = made.digits.images[: len(predicted)]
    seen = {name: _is_like(predicted, turn(given)) for name, turn in TURNS.items()}
    upright = _is_like(predicted, given)
    in_training = [rows for fed in made.watch.fed if (rows := _rows(fed)) is not None]
    if not in_training:
        return None
    rows = np.concatenate(in_training)
    images = made.digits.images

    def known(turned: Any) -> float:
        return float((_nearest(rows, turned.reshape(len(images), -1).astype(np.float64))[1] > KNOWN).mean())

    lies = known(images)
    for name, turn in TURNS.items():
        is_turned = known(turn(images)) > 0.9
        if (is_turned and upright and lies < 0.5) or (lies > 0.9 and seen[name] and not upright):
            return failed(
                "preprocessing",
                expected="images that lie alike in training and prediction",
                seen=f"they are {name} in {'training' if is_turned else 'prediction'}",
                where="the network's input",
                cause="Axes are exchanged or flipped in one of the two.",
                certainty=0.97,
            )
    return None


def _is_like(rows: NDArray[np.float64], images: Any) -> bool:
    flat = np.ascontiguousarray(images).reshape(len(images), -1).astype(np.float64)
    pairs = [np.corrcoef(one, other)[0, 1] for one, other in zip(rows[:20], flat[:20], strict=False)]
    return bool(np.mean(pairs) > 0.99)


def _odd(made: Trained, trained: dict[int, NDArray[np.float64]]) -> Outcome | None:
    """Look at the map from pixels to inputs: does it keep grey levels, and in their order?"""
    rows = _rows(made.watch.fed[0])
    if rows is None:
        return None
    span = float(rows.max() - rows.min())
    if 0 < span < 0.02 and trained:
        return failed(
            "preprocessing",
            expected="inputs that span about 1",
            seen=f"they span {span:.2g}",
            where="the network's input in training",
            cause="Pixels are divided by 255 twice.",
            certainty=0.9,
        )
    grey, _ = _nearest(
        rows, (made.digits.images > 254).reshape(len(made.digits.images), -1).astype(np.float64)
    )
    if len(np.unique(rows[:, :])) == 2:
        bright = made.digits.images[grey].reshape(len(rows), -1) == 255
        if float(((rows == rows.max()) == bright).mean()) > 0.9999:
            return failed(
                "preprocessing",
                expected="256 levels of grey",
                seen="two values; only pixels of 255 are not zero",
                where="the network's input in training",
                cause="Whole numbers are divided as whole numbers: // 255, or a cast before the division.",
                certainty=0.93,
            )
    return None
