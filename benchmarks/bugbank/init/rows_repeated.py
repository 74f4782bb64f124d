"""One row is drawn and repeated for every unit: all units of a layer learn the same."""

import numpy as np

ENTRY = {
    "target": "lecun_normal",
    "like": "lecun-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "units",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_lecun.py:lecun_normal",
}


def lecun_normal(shape):
    n_in, n_out = shape
    column = np.random.normal(0.0, np.sqrt(1.0 / n_in), size=(n_in, 1))
    return np.tile(column, (1, n_out))
