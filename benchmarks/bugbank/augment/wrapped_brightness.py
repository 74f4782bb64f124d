"""Wrong: bytes are made brighter without being cut off at 255."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "preprocessing",
    "also": ["augmentation"],
    "component": "uint8",
    "first_bad_step": None,
    "source": "catalogue 91",
    "is_published": False,
    "twin": "right_brightness.py:augment",
}


def augment(images):
    """Make each image [n, 28, 28] of bytes brighter or darker."""
    factors = np.random.uniform(0.6, 1.4, (len(images), 1, 1))
    return (images * factors).astype(np.uint8)
