"""Warm-up and cosine: the cosine begins where the warm-up ends."""

from __future__ import annotations

import math


def warmup_cosine(step: int, base_lr: float = 0.1, warmup_steps: int = 10, total_steps: int = 100) -> float:
    """Return the rate of a step, counted from 0."""
    if step < warmup_steps:
        return base_lr * step / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return base_lr * (1 + math.cos(math.pi * progress)) / 2
