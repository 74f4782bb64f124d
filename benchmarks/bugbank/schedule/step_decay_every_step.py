"""The exponent is divided without rounding: the rate falls at every epoch."""

from __future__ import annotations

ENTRY = {
    "target": "step_decay",
    "like": "step",
    "args": {},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "rounded",
    "first_bad_step": 1,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_step_decay.py:step_decay",
}


def step_decay(epoch, initial_lr=0.1, drop=0.5, epochs_drop=10):
    return initial_lr * drop ** (epoch / epochs_drop)
