"""The step is divided by the steps of an epoch before it enters the cosine, whose length is in steps: the rate hardly falls."""

from __future__ import annotations

import math

ENTRY = {
    "target": "make_schedule",
    "like": "cosine",
    "args": {"base_lr": 0.2, "total_steps": 100, "steps_per_epoch": 10},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "unit",
    "first_bad_step": 1,
    "source": "catalogue 35",
    "is_published": True,
    "twin": "right_cosine.py:cosine",
}


def make_schedule(base_lr, total_steps, steps_per_epoch):
    def schedule(step):
        epoch = step // steps_per_epoch
        return 0.5 * base_lr * (1 + math.cos(math.pi * epoch / total_steps))

    return schedule
