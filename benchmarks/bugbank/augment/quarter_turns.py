"""Wrong: digits are turned by multiples of 90 degrees."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "turned",
    "first_bad_step": None,
    "source": "catalogue 93",
    "is_published": False,
    "twin": "right_rotation.py:augment",
}


def augment(images):
    """Turn each image by a random number of quarters."""
    return np.stack([np.rot90(image, np.random.randint(4)) for image in images])
