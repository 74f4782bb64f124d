"""Wrong: digits are mirrored at random, as photographs are."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "mirrored",
    "first_bad_step": None,
    "source": "catalogue 93 (Stack Overflow 57275278)",
    "is_published": True,
    "twin": "right_shift.py:augment",
}


def augment(images):
    """Mirror every other image."""
    is_mirrored = torch.rand(len(images)) < 0.5
    return torch.where(is_mirrored[:, None, None, None], images.flip(-1), images)
