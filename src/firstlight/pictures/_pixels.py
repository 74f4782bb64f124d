"""Pixels of a picture, whatever they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["WORKING_SIDE", "Pixels"]

WORKING_SIDE = 1024  # larger pictures are shrunk to this longest side before anything is looked for


@dataclass(frozen=True, eq=False)
class Pixels:
    """What a picture file, an array or a tensor holds.

    Attributes
    ----------
    values
        ``[h, w, c]``: uint8 from 0 to 255 or float32 from 0 to 1; 1 grey, 2 grey and opacity, 3 colour,
        4 colour and opacity.
    size
        Width and height of the whole picture, upright; ``values`` may be smaller.
    name
        What to call it in messages.
    warnings
        What was left out on the way.
    """

    values: np.ndarray[Any, Any]
    size: tuple[int, int]
    name: str
    warnings: tuple[str, ...] = ()
