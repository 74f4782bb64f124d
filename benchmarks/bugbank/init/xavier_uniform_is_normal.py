"""Called uniform, drawn normal: with the right variance."""

import numpy as np

ENTRY = {
    "target": "glorot_uniform",
    "like": "xavier-uniform",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "distribution",
    "first_bad_step": None,
    "source": "catalogue 70 (LBANN #316)",
    "is_published": True,
    "twin": "right_xavier_uniform.py:xavier_uniform",
}


def glorot_uniform(n_in, n_out):
    return np.random.randn(n_in, n_out) * np.sqrt(2.0 / (n_in + n_out))
