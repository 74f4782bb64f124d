"""Wrong: uniform noise from 0 to 1 is added where it should lie around 0."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": "noise",
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "0",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_noise.py:augment",
}


def augment(images, strength=0.1):
    """Add noise to images from 0 to 1."""
    return (images + strength * torch.rand_like(images)).clamp(0, 1)
