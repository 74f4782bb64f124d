"""Wrong: randint leaves out its last number, so that images move up and left more often."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": "crop",
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "one-sided",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_shift.py:augment",
}


def augment(images, most=3):
    """Move each image [n, 28, 28] by up to three pixels."""
    moved = np.zeros_like(images)
    for row, image in enumerate(images):
        down, across = np.random.randint(-most, most, 2)
        padded = np.pad(image, most)
        moved[row] = padded[most - down : most - down + 28, most - across : most - across + 28]
    return moved
