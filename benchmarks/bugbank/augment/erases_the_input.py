"""Wrong: the square is blanked in the images themselves, so the data set is worn down."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": "cutout",
    "args": {},
    "declares": {},
    "family": "aliasing",
    "also": [],
    "component": "input",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cutout.py:augment",
}


def augment(images, size=8):
    """Blank a square in each image [n, 28, 28]."""
    for image in images:
        top, left = np.random.randint(0, 28 - size + 1, 2)
        image[top : top + size, left : left + size] = 0
    return images
