"""(1 + epoch) // epochs_drop, from a tutorial whose epochs count from 0: each fall comes one epoch early."""

from __future__ import annotations

import math

ENTRY = {
    "target": "step_decay",
    "like": "step",
    "args": {},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "early",
    "first_bad_step": 9,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_step_decay.py:step_decay",
}


def step_decay(epoch, initial_lr=0.1, drop=0.5, epochs_drop=10):
    return initial_lr * math.pow(drop, math.floor((1 + epoch) / epochs_drop))
