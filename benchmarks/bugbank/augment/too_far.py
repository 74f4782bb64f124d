"""Wrong: shares of the image are taken for half of it twice over, so digits leave their square."""

from __future__ import annotations

import math

import torch
from torch.nn import functional

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "strong",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_rotation.py:augment",
}


def augment(images, degrees=12.0):
    """Turn each image [n, 1, 28, 28] about its middle."""
    angles = (torch.rand(len(images)) * 2 - 1) * math.radians(degrees)
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    theta = torch.stack([torch.stack([cos, -sin, zero], 1), torch.stack([sin, cos, zero], 1)], 1)
    theta[:, :, 2] = torch.rand(len(images), 2) * 4 - 2
    grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False)
