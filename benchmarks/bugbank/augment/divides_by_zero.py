"""Wrong: contrast is stretched by the range of each image after a square was blanked, which may leave none."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": ["augmentation"],
    "component": "NaN",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cutout.py:augment",
}


def augment(images, size=26):
    """Show a window of each image [n, 28, 28], with its contrast stretched."""
    shown = np.zeros(images.shape, np.float32)
    for row, image in enumerate(images):
        size_here = np.random.randint(3, size)
        top, left = np.random.randint(0, 28 - size_here + 1, 2)
        part = image[top : top + size_here, left : left + size_here].astype(np.float32)
        with np.errstate(all="ignore"):
            shown[row, top : top + size_here, left : left + size_here] = (part - part.min()) / np.ptp(part)
    return shown
