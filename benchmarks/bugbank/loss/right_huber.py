"""Huber's loss."""

ENTRY = {
    "target": "huber_loss",
    "like": "huber",
    "args": {},
    "declares": {},
}

import torch


def huber_loss(prediction, target, delta=1.0):
    d = (prediction - target).abs()
    return torch.where(d <= delta, 0.5 * d**2, delta * (d - 0.5 * delta)).mean()
