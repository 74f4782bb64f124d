"""Right: noise of the declared strength."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": "noise",
    "args": {},
    "declares": {"noise": "0.1"},
}


def augment(images, strength=0.1):
    """Add noise to images from 0 to 1."""
    return images + strength * torch.randn_like(images)
