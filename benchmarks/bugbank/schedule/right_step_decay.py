"""The rate halves every ten epochs."""

from __future__ import annotations

ENTRY = {"target": "step_decay", "like": "step", "args": {}, "declares": {}}


def step_decay(epoch, initial_lr=0.1, drop=0.5, epochs_drop=10):
    return initial_lr * drop ** (epoch // epochs_drop)
