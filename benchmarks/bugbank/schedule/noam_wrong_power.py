"""The warm-up is raised to -0.5 instead of -1.5: the rate soars until both branches cross."""

from __future__ import annotations

ENTRY = {
    "target": "Noam",
    "like": "noam",
    "args": {"model_size": 64, "warmup": 50},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "power",
    "first_bad_step": 0,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_noam.py:Noam",
}


class Noam:
    def __init__(self, model_size, warmup, factor=1.0):
        self.model_size, self.warmup, self.factor = model_size, warmup, factor

    def rate(self, step):
        step = max(step, 1)
        return self.factor * self.model_size**-0.5 * min(step**-0.5, step * self.warmup**-0.5)
