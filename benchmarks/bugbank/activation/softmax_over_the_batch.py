"""Softmax that normalises columns: probabilities of different images compete with each other."""

ENTRY = {
    "target": "softmax",
    "like": "softmax",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": ["batch-mixing"],
    "component": "axis",
    "first_bad_step": None,
    "source": "TheDeepChecker, wrong_softmax_impl (catalogue 37)",
    "is_published": True,
    "twin": "right_softmax.py:softmax",
}

import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=0))
    return e / e.sum(axis=0)
