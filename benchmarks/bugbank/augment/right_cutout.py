"""Right: a square of each image is blanked, in a copy."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": "cutout",
    "args": {},
    "declares": {},
}


def augment(images, size=8):
    """Blank a square in each image [n, 28, 28]."""
    images = images.copy()
    for image in images:
        top, left = np.random.randint(0, 28 - size + 1, 2)
        image[top : top + size, left : left + size] = 0
    return images
