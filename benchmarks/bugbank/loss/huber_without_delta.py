"""Huber's loss whose straight part is not multiplied by delta: unseen while delta is 1."""

ENTRY = {
    "target": "huber_loss",
    "like": "huber",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "delta",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_huber.py:huber_loss",
}

import torch


def huber_loss(prediction, target, delta=1.0):
    d = (prediction - target).abs()
    return torch.where(d <= delta, 0.5 * d**2, d - 0.5 * delta).mean()
