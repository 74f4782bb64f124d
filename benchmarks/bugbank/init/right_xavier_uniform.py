"""Xavier's uniform initialisation on arrays."""

import numpy as np

ENTRY = {"target": "xavier_uniform", "like": "xavier-uniform", "args": {}, "declares": {}}


def xavier_uniform(n_in, n_out):
    bound = np.sqrt(6.0 / (n_in + n_out))
    return np.random.uniform(-bound, bound, size=(n_in, n_out))
