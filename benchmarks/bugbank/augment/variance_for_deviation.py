"""Wrong: the square root of the declared strength is used."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": "noise",
    "args": {},
    "declares": {"noise": "0.05"},
    "family": "augmentation",
    "also": [],
    "component": "noise",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_noise.py:augment",
}


def augment(images, strength=0.05):
    """Add noise to images from 0 to 1."""
    return (images + strength**0.5 * torch.randn_like(images)).clamp(0, 1)
