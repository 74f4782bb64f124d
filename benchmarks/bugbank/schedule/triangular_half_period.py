"""The cycle takes step_size steps, not twice as many."""

from __future__ import annotations

import math

ENTRY = {
    "target": "triangular",
    "like": "cyclic",
    "args": {"step_size": 15},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "cycle",
    "first_bad_step": 1,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_triangular.py:triangular",
}


def triangular(iteration, base_lr=0.001, max_lr=0.006, step_size=20):
    cycle = math.floor(1 + iteration / step_size)
    x = abs(2 * iteration / step_size - 2 * cycle + 1)
    return base_lr + (max_lr - base_lr) * max(0, 1 - x)
