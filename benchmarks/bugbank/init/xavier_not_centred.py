"""random.rand is between 0 and 1 and is scaled without being centred: all weights are positive."""

import numpy as np

ENTRY = {
    "target": "xavier",
    "like": "xavier",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "mean",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_xavier_uniform.py:xavier_uniform",
}


def xavier(fan_in, fan_out):
    return np.random.rand(fan_in, fan_out) * np.sqrt(2.0 / (fan_in + fan_out))
