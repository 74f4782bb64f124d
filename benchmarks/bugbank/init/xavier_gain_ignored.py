"""The gain is an argument and is never multiplied in."""

import math

import torch

ENTRY = {
    "target": "xavier_normal_",
    "like": "xavier-normal",
    "args": {"gain": 1.6666667},
    "declares": {},
    "family": "initialisation",
    "also": ["ignored-option"],
    "component": "gain",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_he_normal.py:he_normal_",
}


def xavier_normal_(tensor, gain=1.0):
    receptive = tensor[0][0].numel()
    fan_in, fan_out = tensor.size(1) * receptive, tensor.size(0) * receptive
    with torch.no_grad():
        return tensor.normal_(0, math.sqrt(2.0 / (fan_in + fan_out)))
