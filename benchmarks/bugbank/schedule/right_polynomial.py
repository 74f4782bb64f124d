"""The poly rate of segmentation networks."""

from __future__ import annotations

ENTRY = {"target": "poly_lr", "like": "polynomial", "args": {"base_lr": 0.05, "max_iter": 80}, "declares": {}}


def poly_lr(iteration, base_lr=0.01, max_iter=1000, power=0.9):
    return base_lr * (1 - iteration / max_iter) ** power
