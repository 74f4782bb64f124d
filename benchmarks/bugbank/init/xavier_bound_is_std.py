"""The bound of the uniform is the standard deviation: the factor sqrt(3) is forgotten."""

import numpy as np

ENTRY = {
    "target": "xavier_uniform",
    "like": "xavier-uniform",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "sqrt(3)",
    "first_bad_step": None,
    "source": "catalogue 71",
    "is_published": False,
    "twin": "right_xavier_uniform.py:xavier_uniform",
}


def xavier_uniform(n_in, n_out):
    bound = np.sqrt(2.0 / (n_in + n_out))
    return np.random.uniform(-bound, bound, size=(n_in, n_out))
