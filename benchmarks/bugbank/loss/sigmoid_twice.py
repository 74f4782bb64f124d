"""Binary cross-entropy with logits that are given a sigmoid first."""

ENTRY = {
    "target": "bce_with_logits",
    "like": "bce-with-logits",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "sigmoid",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_bce.py:bce_with_logits",
}

import torch
from torch.nn import functional


def bce_with_logits(logits, targets):
    return functional.binary_cross_entropy_with_logits(torch.sigmoid(logits), targets)
