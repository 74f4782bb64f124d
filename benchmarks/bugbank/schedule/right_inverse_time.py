"""The initial rate divided by 1 + decay t."""

from __future__ import annotations

ENTRY = {
    "target": "InverseTime",
    "like": "inverse-time",
    "args": {"initial_lr": 0.2, "decay": 0.05},
    "declares": {},
}


class InverseTime:
    def __init__(self, initial_lr, decay):
        self.lr, self.decay = initial_lr, decay

    def __call__(self, step):
        return self.lr / (1 + self.decay * step)
