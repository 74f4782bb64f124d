"""The generator is seeded inside, for reproducible runs: all layers of a shape begin alike."""

import numpy as np

ENTRY = {
    "target": "lecun_normal",
    "like": "lecun-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": ["determinism"],
    "component": "seed",
    "first_bad_step": None,
    "source": "catalogue 73",
    "is_published": False,
    "twin": "right_lecun.py:lecun_normal",
}


def lecun_normal(shape):
    rng = np.random.default_rng(42)
    return rng.normal(0.0, np.sqrt(1.0 / shape[0]), size=shape)
