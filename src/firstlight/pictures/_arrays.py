"""Arrays and tensors as pictures: shapes and dtypes that can mean only one thing."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight._errors import UsageError
from firstlight.pictures._pixels import Pixels

__all__ = ["array_pixels"]

CHANNELS = (1, 2, 3, 4)


def array_pixels(array: np.ndarray[Any, Any], name: str = "the array") -> Pixels:
    """Take an array as a picture.

    Parameters
    ----------
    array
        ``[h, w]``, ``[h, w, c]`` or ``[c, h, w]`` with 1 channel (grey), 2 (grey, opacity), 3 (colour) or 4
        (colour, opacity). bool; integers from 0 to 255; uint16; floats from 0 to 1 or from 0 to 255.
    name
        What to call it in messages.

    Raises
    ------
    UsageError
        A shape, a dtype or values that are no picture, or that might be several.
    """
    values = _values(_channels_last(array, name), name)
    return Pixels(values, (values.shape[1], values.shape[0]), name)


def _channels_last(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    if array.ndim == 2:
        array = array[:, :, None]
    elif array.ndim == 3 and array.shape[2] not in CHANNELS and array.shape[0] in CHANNELS:
        array = array.transpose(1, 2, 0)
    if array.ndim == 4 or (array.ndim == 3 and array.shape[2] not in CHANNELS):
        raise UsageError(
            f"{name} is {list(array.shape)}; a picture is [height, width] or [height, width, channels]. "
            "For several pictures give a list: predict(list(images))."
        )
    if array.ndim != 3 or 0 in array.shape:
        raise UsageError(
            f"{name} is {list(array.shape)}; a picture is [height, width, channels], none of them 0."
        )
    return array


def _values(array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    kind = array.dtype
    if kind == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if kind == np.uint8:
        return array
    if kind == np.uint16:
        return (array / np.float32(65535)).astype(np.float32)
    if kind.kind not in "iuf":
        raise UsageError(f"{name} holds {kind}; a picture holds bytes from 0 to 255 or floats from 0 to 1.")
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 255):  # not a number fails too
        raise UsageError(
            f"{name} has values from {low:g} to {high:g}; a picture has bytes from 0 to 255 or floats from 0 "
            "to 1. Give it as it was before it was normalised."
        )
    return (array / np.float32(1 if kind.kind == "f" and high <= 1 else 255)).astype(np.float32)
