"""The way down ends at the first rate: final_div_factor is taken and not used."""

from __future__ import annotations

import math

ENTRY = {
    "target": "one_cycle",
    "like": "one-cycle",
    "args": {"max_lr": 0.4, "total_steps": 60},
    "declares": {},
    "family": "schedule",
    "also": ["ignored-option"],
    "component": "final_div_factor",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_one_cycle.py:one_cycle",
}


def one_cycle(step, max_lr=0.1, total_steps=100, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    first = max_lr / div_factor
    top = pct_start * total_steps - 1
    if step <= top:
        before, after, part = first, max_lr, step / top
    else:
        before, after, part = max_lr, first, (step - top) / (total_steps - 1 - top)
    return after + (before - after) * (1 + math.cos(math.pi * part)) / 2
