"""`predict`: find the digits of a picture, ask a network what they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np
import torch

from firstlight.pictures import Findings, PictureSource, find_digits, source_name
from firstlight.prediction._prediction import Prediction, ReadDigit
from firstlight.prediction._reader import Reader, load_reader

if TYPE_CHECKING:
    from firstlight.training import Run

__all__ = ["predict"]

# Learnt from filled shapes: what is found in a picture, the strokes of a pen, looks like nothing of it.
NOT_DRAWN = ("fashion-mnist",)
PICTURES_AT_ONCE = 500

Several: TypeAlias = list[Any] | tuple[Any, ...]  # of sources; a list of paths is one too


@overload
def predict(
    picture: Several, *, run: str | Path | Run | Reader | None = None, steps: bool = False
) -> list[Prediction]: ...
@overload
def predict(
    picture: PictureSource, *, run: str | Path | Run | Reader | None = None, steps: bool = False
) -> Prediction: ...
def predict(
    picture: PictureSource | Several,
    *,
    run: str | Path | Run | Reader | None = None,
    steps: bool = False,
) -> Prediction | list[Prediction]:
    """Read the digits of any picture: a photo, a screenshot, a drawing.

    Works at once and offline, with a network that comes with firstlight. Does not know what is no digit:
    whatever is drawn is read as one.

    Parameters
    ----------
    picture
        A path, the bytes of a picture file, an open file, Pillow's Image, an array or a tensor (``[h, w]``,
        ``[h, w, c]`` or ``[c, h, w]``; bytes from 0 to 255 or floats from 0 to 1). A list or tuple of them
        gives a list of answers in the same order.
    run
        Which network reads: ``None`` the one that comes with firstlight, else a run, its folder or name, or
        ``"last"``.
    steps
        Keep an image of each step on the way from the picture to what the network sees.

    Returns
    -------
    Prediction
        ``.text``, ``.digits`` (each with ``.label``, ``.probability``, ``.box``), ``.warnings``, ``.steps``.
        Printed, it says what was done to the picture.

    Raises
    ------
    UsageError
        It is nothing that can be a picture, or has too many pixels; or the run reads other images.
    DataError
        A file is missing, cannot be read, or is no picture.

    Examples
    --------
    >>> page = np.full((200, 200), 250, dtype=np.uint8)
    >>> page[40:160, 95:105] = 20
    >>> found = predict(page)
    >>> found.text, found.digits[0].box, found.warnings
    ('1', Box(left=95, top=40, right=105, bottom=160), ())
    """
    reader = load_reader(run)
    if not isinstance(picture, list | tuple):
        return _read([picture], reader, steps=steps)[0]
    parts = (picture[start : start + PICTURES_AT_ONCE] for start in range(0, len(picture), PICTURES_AT_ONCE))
    return [answer for part in parts for answer in _read(part, reader, steps=steps)]


def _read(pictures: Iterable[PictureSource], reader: Reader, *, steps: bool) -> list[Prediction]:
    """Find all digits first, so that the network is asked once."""
    names, found = [], []
    for picture in pictures:
        names.append(source_name(picture))
        found.append(find_digits(picture, steps=steps))
    images = [digit.image for one in found for digit in one.digits]
    if not images:
        return [_answer(name, one, [], reader) for name, one in zip(names, found, strict=True)]
    chances = iter(reader.probabilities(torch.from_numpy(np.stack(images)).unsqueeze(1)).tolist())
    return [
        _answer(name, one, [next(chances) for _ in one.digits], reader)
        for name, one in zip(names, found, strict=True)
    ]


def _answer(name: str, found: Findings, chances: list[list[float]], reader: Reader) -> Prediction:
    digits = []
    for digit, row in zip(found.digits, chances, strict=True):
        by_class = dict(zip(reader.classes, row, strict=True))
        label = max(by_class, key=by_class.__getitem__)
        digits.append(ReadDigit(label, by_class[label], by_class, digit.box, digit.image))
    warnings = found.warnings
    if reader.dataset in NOT_DRAWN:
        warnings += (f"{reader.name} did not learn from drawings: its answers mean little here.",)
    return Prediction(name, tuple(digits), warnings, found.steps, found.size, found.done)
