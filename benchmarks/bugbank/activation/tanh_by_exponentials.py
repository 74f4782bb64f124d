"""Tanh as the quotient of two exponentials: infinity by infinity for inputs above 710."""

ENTRY = {
    "target": "tanh",
    "like": "tanh",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "overflows",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_tanh.py:tanh",
}

import numpy as np


def tanh(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
