"""Wrong: a random brightness is added to bytes, which wrap around at 256."""

from __future__ import annotations

import torch

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
    """Make each image [n, 1, 28, 28] brighter by up to 60."""
    more = torch.randint(0, 61, (len(images), 1, 1, 1), dtype=torch.uint8)
    return images + more
