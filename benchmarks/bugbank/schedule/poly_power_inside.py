"""The power is taken of the progress: 1 - (t / T)^power."""

from __future__ import annotations

ENTRY = {
    "target": "poly_lr",
    "like": "polynomial",
    "args": {"base_lr": 0.05, "max_iter": 80},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "power",
    "first_bad_step": 1,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_polynomial.py:poly_lr",
}


def poly_lr(iteration, base_lr=0.01, max_iter=1000, power=0.9):
    return base_lr * (1 - (iteration / max_iter) ** power)
