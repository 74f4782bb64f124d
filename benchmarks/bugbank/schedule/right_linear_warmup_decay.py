"""Linear warm-up, linear decay to zero, for LambdaLR."""

from __future__ import annotations

ENTRY = {
    "target": "make_factor",
    "like": "warmup-linear",
    "args": {"num_warmup_steps": 8, "num_training_steps": 50},
    "declares": {},
}


def make_factor(num_warmup_steps, num_training_steps):
    def factor(step):
        if step < num_warmup_steps:
            return step / max(1, num_warmup_steps)
        left = num_training_steps - step
        return max(0.0, left / max(1, num_training_steps - num_warmup_steps))

    return factor
