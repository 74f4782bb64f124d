"""Wrong: the axis of the flip is that of the rows."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": "flip",
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "upside down",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_shift.py:augment",
}


def augment(images):
    """Mirror every other image [n, 1, 28, 28] left to right."""
    is_mirrored = torch.rand(len(images)) < 0.5
    return torch.where(is_mirrored[:, None, None, None], images.flip(2), images)
