"""Right: each image is moved by whole pixels, and black comes in."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": "crop",
    "args": {},
    "declares": {},
}


def augment(images, most=3):
    """Move each image [n, 28, 28] by up to three pixels."""
    moved = np.zeros_like(images)
    for row, image in enumerate(images):
        down, across = np.random.randint(-most, most + 1, 2)
        padded = np.pad(image, most)
        moved[row] = padded[most - down : most - down + 28, most - across : most - across + 28]
    return moved
