"""The Transformer's schedule: linear warm-up, then the inverse square root."""

from __future__ import annotations

ENTRY = {"target": "Noam", "like": "noam", "args": {"model_size": 64, "warmup": 50}, "declares": {}}


class Noam:
    def __init__(self, model_size, warmup, factor=1.0):
        self.model_size, self.warmup, self.factor = model_size, warmup, factor

    def rate(self, step):
        step = max(step, 1)
        return self.factor * self.model_size**-0.5 * min(step**-0.5, step * self.warmup**-1.5)
