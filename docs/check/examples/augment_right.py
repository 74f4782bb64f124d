"""Shifts by padding: what comes in is background."""

from __future__ import annotations

import numpy as np


def shift(images, most: int = 3):
    """Move each image [n, 28, 28] by up to three pixels."""
    moved = np.zeros_like(images)
    for row, image in enumerate(images):
        down, across = np.random.randint(0, 2 * most + 1, 2)
        moved[row] = np.pad(image, most)[down : down + 28, across : across + 28]
    return moved
