"""Right: brightness changes, and bytes stop at 255."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "augment",
    "like": None,
    "args": {},
    "declares": {"range": "bytes"},
}


def augment(images):
    """Make each image [n, 28, 28] of bytes brighter or darker."""
    factors = np.random.uniform(0.6, 1.4, (len(images), 1, 1))
    return np.clip(images * factors, 0, 255).astype(np.uint8)
