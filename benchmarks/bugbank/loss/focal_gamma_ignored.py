"""Focal loss that takes gamma and computes with 2."""

ENTRY = {
    "target": "focal_loss",
    "like": "focal",
    "args": {},
    "declares": {},
    "family": "ignored-option",
    "also": [],
    "component": "gamma",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_focal.py:FocalLoss",
}

import torch


def focal_loss(logits, labels, gamma=2.0):
    log_probs = torch.log_softmax(logits, dim=1)
    log_pt = log_probs[torch.arange(len(labels)), labels]
    return -((1 - log_pt.exp()) ** 2 * log_pt).mean()
