"""Wrong: an image is changed where the coin says it should not be."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {"p": "0.1"},
    "family": "augmentation",
    "also": [],
    "component": "coin",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cutout.py:augment",
}


def augment(images, probability=0.1):
    """Make one image [n, 1, 28, 28] in ten paler."""
    is_paler = torch.rand(len(images)) > probability
    return torch.where(is_paler[:, None, None, None], images * 0.7, images)
