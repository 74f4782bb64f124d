"""Wrong: the generator is made in the function, so that each call draws the same numbers."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": ["determinism"],
    "component": "call",
    "first_bad_step": None,
    "source": "catalogue 95",
    "is_published": False,
    "twin": "right_shift.py:augment",
}


def augment(images, most=3):
    """Move each image [n, 28, 28] by up to three pixels."""
    rng = np.random.default_rng(0)
    moved = np.zeros_like(images)
    for row, image in enumerate(images):
        down, across = rng.integers(-most, most + 1, 2)
        padded = np.pad(image, most)
        moved[row] = padded[most - down : most - down + 28, most - across : most - across + 28]
    return moved
