"""Tanh of arrays that stays finite."""

ENTRY = {
    "target": "tanh",
    "like": "tanh",
    "args": {},
    "declares": {},
}

import numpy as np


def tanh(x):
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)
