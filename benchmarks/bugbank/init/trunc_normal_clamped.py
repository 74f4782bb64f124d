"""The tails are clamped to the bounds instead of drawn again: weights heap up at both."""

import torch

ENTRY = {
    "target": "trunc_normal_",
    "like": "trunc-normal",
    "args": {"std": 0.02, "a": -0.02, "b": 0.02},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "weights",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_trunc_normal.py:trunc_normal_",
}


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    with torch.no_grad():
        return tensor.normal_(mean, std).clamp_(a, b)
