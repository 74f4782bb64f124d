"""Shifts by a roll: what leaves on one side comes in on the other."""

from __future__ import annotations

import numpy as np


def shift(images, most: int = 3):
    """Move each image [n, 28, 28] by up to three pixels."""
    offsets = np.random.randint(-most, most + 1, (len(images), 2))
    return np.stack([np.roll(image, offset, (0, 1)) for image, offset in zip(images, offsets, strict=True)])
