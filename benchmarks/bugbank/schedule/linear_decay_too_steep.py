"""The decay is divided by the total instead of the steps after the warm-up: the rate jumps down where the warm-up ends."""

from __future__ import annotations

ENTRY = {
    "target": "make_factor",
    "like": "warmup-linear",
    "args": {"num_warmup_steps": 8, "num_training_steps": 50},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "warm-up",
    "first_bad_step": 8,
    "source": "catalogue 34",
    "is_published": True,
    "twin": "right_linear_warmup_decay.py:make_factor",
}


def make_factor(num_warmup_steps, num_training_steps):
    def factor(step):
        if step < num_warmup_steps:
            return step / max(1, num_warmup_steps)
        return max(0.0, (num_training_steps - step) / num_training_steps)

    return factor
