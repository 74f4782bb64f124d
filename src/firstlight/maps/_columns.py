"""`ImageColumn`: what is known of each image besides its label; and what its neighbours say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from firstlight._errors import UsageError

if TYPE_CHECKING:
    from firstlight.maps._image_map import ImageMap

__all__ = ["ImageColumn", "check_columns", "neighbours_say"]

Kind = Literal["class", "flag", "number"]


@dataclass(frozen=True, eq=False)
class ImageColumn:
    """One thing about each image that a page of a map can colour by.

    Whole numbers are classes, -1 where there is none; booleans are yes or no; other numbers are as they are,
    NaN where there is none.

    Attributes
    ----------
    name
        Such as ``"prediction"`` (then the page tells right from wrong, too) or ``"suspicion"``.
    values
        ``[n]``, one for each image of the map.
    note
        Where it comes from, in a sentence: shown on the page.
    """

    name: str
    values: NDArray[Any]
    note: str = ""

    @property
    def kind(self) -> Kind:
        """What the values are: ``"class"``, ``"flag"`` or ``"number"``."""
        kinds: dict[str, Kind] = {"b": "flag", "i": "class", "u": "class"}
        return kinds.get(self.values.dtype.kind, "number")


def check_columns(columns: Sequence[ImageColumn], n: int, classes: int) -> None:
    """Refuse columns of another length, of text, or with classes that are not there."""
    for column in columns:
        values = column.values
        if values.shape != (n,) or values.dtype.kind not in "biuf":
            raise UsageError(
                f"Column {column.name!r} must be {n:,} numbers or booleans; "
                f"got {values.dtype} {values.shape}."
            )
        if column.kind == "class" and (values.min() < -1 or values.max() >= classes):
            raise UsageError(
                f"Column {column.name!r} holds classes from -1 (unknown) to {classes - 1}; "
                f"got {values.min()} to {values.max()}. Give numbers that are no classes as floats."
            )
        if column.kind == "number" and np.isinf(values).any():
            raise UsageError(f"Column {column.name!r} holds infinity; give NaN where nothing is known.")


def neighbours_say(image_map: ImageMap) -> tuple[ImageColumn, ...]:
    """Return the class that most of an image's neighbours have, and the share of them that disagree with it.

    No image has a vote on itself. Features that a network learnt know the labels of the train images: there
    only test images are judged, and by train images where the map holds them. Nothing comes back where there
    is one class only, or nothing that may be judged.
    """
    labels, splits = image_map.labels, image_map.splits
    if len(np.unique(labels)) < 2:
        return ()
    near = image_map.graph.indices
    counts = np.ones(near.shape, np.bool_)
    judged = np.ones(len(labels), np.bool_)
    kind = str(image_map.settings.get("features"))
    if kind == "learned":
        judged = splits == "test"
        if (splits == "train").any():
            counts = (splits == "train")[near]
        judged &= counts.any(1)
    if not judged.any():
        return ()
    winner, against = _vote(labels[near], counts, labels, len(image_map.classes))
    note = _note(kind, image_map.graph.k, has_train=bool((splits == "train").any()))
    share = "Share of the votes for another label. " + note
    return (
        ImageColumn("prediction", np.where(judged, winner, -1), note),
        ImageColumn("suspicion", np.where(judged, against, np.nan), share),
    )


def _vote(
    said: NDArray[np.int64], counts: NDArray[np.bool_], labels: NDArray[np.int64], classes: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    n, k = said.shape
    # A little more for the nearer ones, so that they decide a tie.
    weights = counts * (1 + np.linspace(0.5 / k, 0, k))
    votes = np.zeros((n, classes))
    np.add.at(votes, (np.arange(n)[:, None], said), weights)
    total = np.maximum(counts.sum(1), 1)
    against = ((said != labels[:, None]) & counts).sum(1) / total
    return votes.argmax(1), against.astype(np.float32)


def _note(kind: str, k: int, *, has_train: bool) -> str:
    if kind == "learned":
        who = "train" if has_train else "other test"
        return (
            f"By a vote of its nearest {who} images in learned features. Test images only: "
            "the network has seen the labels of the train images."
        )
    own = " Whether your features know the labels, you know." if kind == "own" else ""
    return f"By a vote of its {k} nearest neighbours; the image itself and its label have none.{own}"
