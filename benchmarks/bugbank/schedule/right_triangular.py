"""Triangular cycles as in Smith 2017."""

from __future__ import annotations

import math

ENTRY = {"target": "triangular", "like": "cyclic", "args": {"step_size": 15}, "declares": {}}


def triangular(iteration, base_lr=0.001, max_lr=0.006, step_size=20):
    cycle = math.floor(1 + iteration / (2 * step_size))
    x = abs(iteration / step_size - 2 * cycle + 1)
    return base_lr + (max_lr - base_lr) * max(0, 1 - x)
