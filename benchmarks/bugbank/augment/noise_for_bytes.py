"""Wrong: noise for pixels from 0 to 255 is added to pixels from 0 to 1."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {"range": "unit"},
    "family": "augmentation",
    "also": [],
    "component": "range",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_noise.py:augment",
}


def augment(images, strength=25.0):
    """Add noise to images from 0 to 1."""
    return (images + strength * torch.randn_like(images)).clamp(0, 1)
