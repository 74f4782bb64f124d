"""lr = lr / (1 + decay * epoch) is applied to the last rate again and again, where the initial rate is meant."""

from __future__ import annotations

ENTRY = {
    "target": "InverseTime",
    "like": "inverse-time",
    "args": {"initial_lr": 0.2, "decay": 0.05},
    "declares": {},
    "family": "state",
    "also": ["schedule"],
    "component": "state between calls",
    "first_bad_step": 2,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_inverse_time.py:InverseTime",
}


class InverseTime:
    def __init__(self, initial_lr, decay):
        self.lr, self.decay = initial_lr, decay

    def __call__(self, step):
        self.lr = self.lr / (1 + self.decay * step)
        return self.lr
