"""LeCun's normal initialisation on arrays, [in, out]."""

import numpy as np

ENTRY = {"target": "lecun_normal", "like": "lecun-normal", "args": {}, "declares": {}}


def lecun_normal(shape):
    fan_in = np.prod(shape[:-1])
    return np.random.normal(0.0, np.sqrt(1.0 / fan_in), size=shape)
