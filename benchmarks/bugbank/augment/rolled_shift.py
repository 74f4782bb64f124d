"""Wrong: a roll is used for a shift, so that what leaves on one side comes in on the other."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "roll",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_shift.py:augment",
}


def augment(images, most=3):
    """Move each image [n, 28, 28] by up to three pixels."""
    offsets = np.random.randint(-most, most + 1, (len(images), 2))
    return np.stack([np.roll(image, tuple(offset), (0, 1)) for image, offset in zip(images, offsets)])
