"""The fan of a convolution is its channels alone; the size of the kernel is left out."""

import math

from torch import nn

ENTRY = {
    "target": "init_weights",
    "like": "he-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "kernel",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_init_weights.py:init_weights",
}


def init_weights(m):
    if isinstance(m, (nn.Linear, nn.Conv2d)):
        nn.init.normal_(m.weight, 0.0, math.sqrt(2.0 / m.weight.shape[1]))
        nn.init.zeros_(m.bias)
