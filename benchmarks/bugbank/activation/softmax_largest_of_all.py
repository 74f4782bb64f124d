"""Softmax that subtracts the largest number of the whole batch: rows far below it become 0 / 0."""

ENTRY = {
    "target": "softmax",
    "like": "softmax",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "largest",
    "first_bad_step": None,
    "source": "crysx_nn issue 7 (catalogue 38)",
    "is_published": True,
    "twin": "right_softmax.py:softmax",
}

import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=1, keepdims=True)
